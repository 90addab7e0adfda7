#include "common/io/record_packer.h"

#include <algorithm>

namespace nfql {
namespace {

bool is_zero_at(const std::byte* record, const Template::Place& place) {
  const std::byte* from = record + place.offset;
  return std::all_of(from, from + place.width, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

RecordSpan RecordPacker::pack(std::span<const std::byte> set, const Template& layout) {
  packed_.clear();
  std::size_t count = 0;
  const std::size_t least = std::max<std::size_t>(layout.least_bytes(), 1);
  while (set.size() >= least) {
    const auto taken = for_each_field(
        set, layout, [this](const FieldSpec& spec, std::span<const std::byte> bytes) {
          if (spec.length != kVariableLength) {
            packed_.append(bytes.data(), bytes.size());
          }
        });
    if (!taken) {
      break;
    }
    set = set.subspan(*taken);
    ++count;
  }
  rest_ = set.size();
  return {packed_.data(), layout.fixed_bytes(), count};
}

RecordSpan RecordPacker::select(const RecordSpan& records,
                                std::span<const Template::Place> places) {
  selected_.clear();
  std::size_t count = 0;
  for (std::size_t i = 0; i < records.count; ++i) {
    const std::byte* record = records.at + i * records.stride;
    if (std::any_of(places.begin(), places.end(), [record](const Template::Place& place) {
          return !is_zero_at(record, place);
        })) {
      selected_.append(record, records.stride);
      ++count;
    }
  }
  return {selected_.data(), records.stride, count};
}

}  // namespace nfql
