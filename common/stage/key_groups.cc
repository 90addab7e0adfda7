#include "common/stage/key_groups.h"

#include <algorithm>
#include <utility>

namespace nfql {
namespace {

// Rows packed and looked up at a time: few enough to stay in the first-level cache in between.
constexpr std::size_t kSlice = 1024;

}  // namespace

void KeyGroups::number(std::span<const Column> columns, std::size_t rows,
                       std::vector<GroupId>& groups) {
  if (!layout_.holds(columns)) {
    KeyColumns wider = layout_.widened_for(columns);
    table_.replace_keys(layout_.repack(table_.keys(), wider), wider.words());
    layout_ = std::move(wider);
  }
  groups.resize(rows);
  packed_.resize(kSlice * layout_.words());
  for (std::size_t first = 0; first < rows; first += kSlice) {
    const std::size_t count = std::min(kSlice, rows - first);
    layout_.pack(columns, first, count, packed_.data());
    table_.number(std::span(packed_).first(count * layout_.words()),
                  std::span(groups).subspan(first, count));
  }
}

}  // namespace nfql
