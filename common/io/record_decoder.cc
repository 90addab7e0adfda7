#include "common/io/record_decoder.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

namespace nfql {

RecordDecoder::RecordDecoder(const Schema& schema) {
  targets_.resize(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    targets_[i].field = schema[i];
  }
}

void RecordDecoder::append(const DecodePlan& plan, const RecordSpan& records,
                           const RecordContext& context) {
  const std::size_t end = rows_ + records.count;
  for (const DecodePlan::AddressStep& step : plan.address_steps) {
    decode_addresses(targets_[step.target], step.places, records);
  }
  for (const DecodePlan::Step& step : plan.steps) {
    Target& target = targets_[step.target];
    if (target.rows != end) {
      room(target, records.count);
      mark(target, records.count, true);
    }
    const std::size_t width = width_of_values(target);
    step.kernel(records, step.place, context.clock, target.values.data() + rows_ * width);
  }
  for (Target& target : targets_) {
    if (target.rows != end) {
      fill_absent(target, records.count, context);
    }
  }
  rows_ = end;
}

std::size_t RecordDecoder::width_of_values(const Target& target) {
  return target.wide ? sizeof(Address) : width_of(target.field.type);
}

// Makes room for the values of more rows; returns where they go.
std::byte* RecordDecoder::room(Target& target, std::size_t rows) {
  const std::size_t width = width_of_values(target);
  // Most inputs fill batches, and none should take the memory of one for a few flows.
  constexpr std::size_t kFewRows = 1024;
  if (target.rows < kFewRows && target.rows + rows >= kFewRows) {
    target.values.reserve(kMaxRows * width);
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
  std::byte* to = room(target, records.count);
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
  std::byte* to = room(target, rows);
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

void RecordDecoder::fill_absent(Target& target, std::size_t rows,
                                const RecordContext& context) const {
  const ElementId id = target.field.id;
  for (const RecordConstant& constant : context.constants) {
    if (constant.id == id) {
      fill_constant(target, rows, constant);
      return;
    }
  }
  std::byte* to = room(target, rows);
  if (id == element::kFlowId) {
    auto* values = reinterpret_cast<std::uint64_t*>(to);
    std::iota(values, values + rows, context.first_flow);
  } else if (id == element::kFlowCount) {
    std::fill_n(reinterpret_cast<std::uint64_t*>(to), rows, std::uint64_t{1});
  } else {
    std::memset(to, 0, rows * width_of_values(target));
    mark(target, rows, false);
    return;
  }
  mark(target, rows, true);
}

void RecordDecoder::move_to(Batch& batch) {
  batch.clear();
  batch.rows = rows_;
  for (Target& target : targets_) {
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
