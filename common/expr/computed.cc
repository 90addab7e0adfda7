#include "common/expr/computed.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "common/base/names.h"

namespace nfql {
namespace {

// What a group of one flow counts.
constexpr std::string_view kCountName = "count";

// `A.` of `A.duration`, with the dot; else empty.
std::string_view branch_of(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? "" : name.substr(0, dot + 1);
}

std::optional<std::size_t> find_in_branch(const Schema& schema, std::string_view branch,
                                          std::string_view name) {
  return schema.find(std::string(branch).append(name));
}

bool is_time(const Field& field) {
  return field.type == Type::i64 && field.meaning == Meaning::time;
}

// end - start, held at the ends of i64. Written without a branch, so that the loop vectorises.
void subtract(const std::int64_t* end, const std::int64_t* start, std::size_t rows,
              std::int64_t* out) {
  for (std::size_t i = 0; i < rows; ++i) {
    const auto a = static_cast<std::uint64_t>(end[i]);
    const auto b = static_cast<std::uint64_t>(start[i]);
    const std::uint64_t difference = a - b;
    const bool overflow = (((a ^ b) & (a ^ difference)) >> 63) != 0;
    const std::uint64_t limit = (a >> 63) + std::numeric_limits<std::int64_t>::max();
    out[i] = static_cast<std::int64_t>(overflow ? limit : difference);
  }
}

const std::uint8_t* both_known(const Column& a, const Column& b, Batch& scratch) {
  if (a.known == nullptr || b.known == nullptr) {
    return a.known == nullptr ? b.known : a.known;
  }
  Buffer known(a.rows);
  auto* out = known.as<std::uint8_t>();
  for (std::size_t i = 0; i < a.rows; ++i) {
    out[i] = a.known[i] & b.known[i];
  }
  return reinterpret_cast<const std::uint8_t*>(scratch.keep(std::move(known)));
}

Column column_of(const Field& field, std::size_t rows) {
  Column column;
  column.type = field.type;
  column.element_type = field.type;
  column.width = static_cast<std::uint8_t>(width_of(field.type));
  column.rows = rows;
  return column;
}

}  // namespace

std::optional<FieldReader> FieldReader::find(const Schema& schema, std::string_view name) {
  if (const auto index = schema.find(name)) {
    return FieldReader(schema, *index);
  }
  if (same_name(name, kCountName) && !has_groups(schema)) {
    return FieldReader({std::string(name), {}, Type::u64, Meaning::number, Type::u64}, Kind::one);
  }
  const std::string_view branch = branch_of(name);
  const FieldInfo* info = find_field(name.substr(branch.size()));
  if (info == nullptr) {
    return std::nullopt;
  }
  Field field = field_of(*info);
  field.name = name;
  if (info->id == element::kFlowCount && branch.empty() && !has_groups(schema)) {
    return FieldReader(std::move(field), Kind::one);
  }
  if (info->id != element::kDuration) {
    return std::nullopt;
  }
  const auto start = find_in_branch(schema, branch, "start");
  const auto end = find_in_branch(schema, branch, "end");
  if (!start || !end || !is_time(schema[*start]) || !is_time(schema[*end])) {
    return std::nullopt;
  }
  FieldReader reader(std::move(field), Kind::duration);
  reader.first_ = *start;
  reader.second_ = *end;
  return reader;
}

FieldReader::FieldReader(const Schema& schema, std::size_t index)
    : field_(schema[index]), kind_(Kind::column), first_(index) {}

std::optional<std::size_t> FieldReader::column() const {
  return kind_ == Kind::column ? std::optional<std::size_t>(first_) : std::nullopt;
}

void FieldReader::collect_columns(std::vector<std::size_t>& columns) const {
  const auto add = [&columns](std::size_t column) {
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
      columns.push_back(column);
    }
  };
  if (kind_ != Kind::one) {
    add(first_);
  }
  if (kind_ == Kind::duration) {
    add(second_);
  }
}

Column FieldReader::read(const Batch& batch, Batch& scratch) const {
  if (kind_ == Kind::column) {
    return batch.columns[first_];
  }
  Column result = column_of(field_, batch.rows);
  Buffer values(batch.rows * result.width);
  if (kind_ == Kind::one) {
    std::fill_n(values.as<std::uint64_t>(), batch.rows, std::uint64_t{1});
  } else {
    const Column& start = batch.columns[first_];
    const Column& end = batch.columns[second_];
    subtract(end.values<std::int64_t>().data(), start.values<std::int64_t>().data(), batch.rows,
             values.as<std::int64_t>());
    result.known = both_known(start, end, scratch);
  }
  result.data = scratch.keep(std::move(values));
  return result;
}

bool has_groups(const Schema& schema) {
  return schema.find(element::kCount).has_value();
}

Column networks_of(const Column& column, unsigned length, Batch& scratch) {
  Column result = column;
  Buffer values(column.data_bytes());
  if (column.width == sizeof(Address)) {
    const auto from = column.values<Address>();
    std::transform(from.begin(), from.end(), values.as<Address>(),
                   [length](const Address& a) { return network_of(a, length); });
  } else {
    const auto from = column.values<std::uint32_t>();
    const std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - std::min(length, 32U));
    std::transform(from.begin(), from.end(), values.as<std::uint32_t>(),
                   [mask](std::uint32_t a) { return a & mask; });
  }
  result.data = scratch.keep(std::move(values));
  return result;
}

Column widened(const Column& column, Batch& scratch) {
  if (column.width == sizeof(Address)) {
    return column;
  }
  Column result = column;
  result.width = sizeof(Address);
  const std::size_t count = column.data_bytes() / column.width;
  const auto* from = reinterpret_cast<const std::uint32_t*>(column.data);
  Buffer values(count * sizeof(Address));
  std::transform(from, from + count, values.as<Address>(), mapped);
  result.data = scratch.keep(std::move(values));
  return result;
}

}  // namespace nfql
