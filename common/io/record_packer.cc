#include "common/io/record_packer.h"

#include <algorithm>

namespace nfql {

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

RecordSpan RecordPacker::select(const RecordSpan& records, Template::Place place) {
  selected_.clear();
  std::size_t count = 0;
  for (std::size_t i = 0; i < records.count; ++i) {
    const std::byte* record = records.at + i * records.stride;
    const std::byte* from = record + place.offset;
    if (std::any_of(from, from + place.width, [](std::byte b) { return b != std::byte{0}; })) {
      selected_.append(record, records.stride);
      ++count;
    }
  }
  return {selected_.data(), records.stride, count};
}

}  // namespace nfql
