#include "common/io/record_decoder.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "common/io/unknown_columns.h"

namespace nfql {

RecordDecoder::RecordDecoder(const Schema& schema) {
  // Reached with a hundred columns: what has a few thousand has shorter batches.
  constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
  std::size_t row_bytes = 1;
  targets_.resize(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    targets_[i].field = schema[i];
    row_bytes += sizeof(std::uint64_t) + 1;
  }
  most_rows_ = std::min(kMostBytes / row_bytes, kMaxRows);
}

void RecordDecoder::append(const DecodePlan& plan, const RecordSpan& records,
                           const RecordContext& context) {
  const std::size_t end = rows_ + records.count;
  for (const DecodePlan::AddressStep& step : plan.address_steps) {
    if (targets_[step.target].rows != end) {
      decode_addresses(targets_[step.target], step.places, records);
    }
  }
  for (const DecodePlan::Step& step : plan.steps) {
    Target& target = targets_[step.target];
    if (target.rows != end) {
      next_values(target, records.count);
      mark(target, records.count, true);
    }
    const std::size_t width = width_of_values(target);
    step.kernel(records, step.place, context.clock, target.values.data() + rows_ * width);
  }
  for (Target& target : targets_) {
    if (target.rows != end) {
      fill_from_context(target, records.count, context);
    }
  }
  rows_ = end;
}

std::size_t RecordDecoder::width_of_values(const Target& target) {
  return target.wide ? sizeof(Address) : width_of(target.field.type);
}

// Makes room for the values of the next rows, with those before unknown where there were none;
// returns where they go.
std::byte* RecordDecoder::next_values(Target& target, std::size_t rows) {
  catch_up(target);
  return grow(target, rows);
}

void RecordDecoder::catch_up(Target& target) {
  if (target.rows < rows_) {
    const std::size_t rows = rows_ - target.rows;
    std::memset(grow(target, rows), 0, rows * width_of_values(target));
    mark(target, rows, false);
  }
}

std::byte* RecordDecoder::grow(Target& target, std::size_t rows) const {
  const std::size_t width = width_of_values(target);
  // Most inputs fill batches, and none should take the memory of one for a few flows.
  constexpr std::size_t kFewRows = 1024;
  if (target.rows < kFewRows && target.rows + rows >= kFewRows) {
    target.values.reserve(most_rows_ * width);
  }
  const std::size_t begin = target.rows * width;
  target.values.resize(begin + rows * width);
  return target.values.data() + begin;
}

// Counts rows whose values were made room for.
void RecordDecoder::mark(Target& target, std::size_t rows, bool known) {
  target.ever_known = target.ever_known || known;
  if (!known && target.known.size() == 0) {
    target.known.resize(target.rows);
    std::fill_n(target.known.as<std::uint8_t>(), target.rows, std::uint8_t{1});
  }
  if (!known || target.known.size() != 0) {
    target.known.resize(target.rows + rows);
    std::fill_n(target.known.as<std::uint8_t>() + target.rows, rows,
                static_cast<std::uint8_t>(known ? 1 : 0));
  }
  target.rows += rows;
}

void RecordDecoder::widen(Target& target) {
  if (std::exchange(target.wide, true)) {
    return;
  }
  Buffer wide(target.rows * sizeof(Address));
  const auto* narrow = target.values.as<std::uint32_t>();
  for (std::size_t i = 0; i < target.rows; ++i) {
    wide.as<Address>()[i] = mapped(narrow[i]);
  }
  target.values = std::move(wide);
}

void RecordDecoder::decode_addresses(Target& target, const AddressPlaces& places,
                                     const RecordSpan& records) {
  if (!target.wide && any_ipv6(records, places)) {
    widen(target);
  }
  std::byte* to = next_values(target, records.count);
  if (target.wide) {
    decode_wide(records, places, reinterpret_cast<Address*>(to));
  } else {
    decode_narrow(records, places, reinterpret_cast<std::uint32_t*>(to));
  }
  mark(target, records.count, true);
}

void RecordDecoder::fill_constant(Target& target, std::size_t rows,
                                  const RecordConstant& constant) {
  if (target.field.type == Type::address && !is_ipv4(constant.address)) {
    widen(target);
  }
  std::byte* to = next_values(target, rows);
  if (target.wide) {
    std::fill_n(reinterpret_cast<Address*>(to), rows, constant.address);
  } else if (target.field.type == Type::address) {
    std::fill_n(reinterpret_cast<std::uint32_t*>(to), rows, ipv4_of(constant.address));
  } else if (target.field.type == Type::u8) {
    std::fill_n(reinterpret_cast<std::uint8_t*>(to), rows,
                static_cast<std::uint8_t>(constant.number));
  } else {
    std::fill_n(reinterpret_cast<std::uint32_t*>(to), rows,
                static_cast<std::uint32_t>(constant.number));
  }
  mark(target, rows, true);
}

// Fills a column that the records themselves have no field for, if something else tells it.
void RecordDecoder::fill_from_context(Target& target, std::size_t rows,
                                      const RecordContext& context) {
  const ElementId id = target.field.id;
  for (const RecordConstant& constant : context.constants) {
    if (constant.id == id) {
      fill_constant(target, rows, constant);
      return;
    }
  }
  if (id == element::kFlowId) {
    auto* values = reinterpret_cast<std::uint64_t*>(next_values(target, rows));
    std::iota(values, values + rows, context.first_flow);
    mark(target, rows, true);
  } else if (id == element::kFlowCount) {
    std::fill_n(reinterpret_cast<std::uint64_t*>(next_values(target, rows)), rows,
                std::uint64_t{1});
    mark(target, rows, true);
  }
}

void RecordDecoder::move_to(Batch& batch) {
  batch.clear();
  batch.rows = rows_;
  UnknownColumns unknown(batch, rows_);
  for (Target& target : targets_) {
    if (target.rows == 0) {
      batch.columns.push_back(unknown.make(target.field));
      continue;
    }
    catch_up(target);
    Column column;
    column.type = target.field.type;
    column.element_type = target.field.type;
    column.width = static_cast<std::uint8_t>(width_of_values(target));
    column.rows = rows_;
    column.data = batch.keep(std::exchange(target.values, Buffer()));
    if (target.known.size() != 0) {
      column.known =
          reinterpret_cast<const std::uint8_t*>(batch.keep(std::exchange(target.known, Buffer())));
    }
    batch.columns.push_back(column);
    target.wide = false;
    target.rows = 0;
  }
  rows_ = 0;
}

}  // namespace nfql
