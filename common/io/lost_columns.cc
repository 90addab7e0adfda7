#include "common/io/lost_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/io/record_columns.h"

namespace nfql {
namespace {

bool is_of_every_group(const Field& column) {
  constexpr std::array kMadeOfAll = {element::kStart, element::kEnd, element::kDuration,
                                     element::kCount};
  return std::find(kMadeOfAll.begin(), kMadeOfAll.end(), column.id) != kMadeOfAll.end();
}

// A column that could have been a counter, had it been called so.
bool may_be_sum(const Field& column) {
  return !column.id.any() && column.type == Type::u64 && column.meaning == Meaning::number;
}

std::string advice(const Schema& groups, const std::vector<std::size_t>& lost) {
  const bool any_sum = std::any_of(lost.begin(), lost.end(),
                                   [&](std::size_t column) { return may_be_sum(groups[column]); });
  std::vector<std::string_view> free;
  for (const ElementId id : {element::kOctets, element::kPackets}) {
    if (any_sum && !find_record_column(groups, id)) {
      free.push_back(find_field(id)->short_name());
    }
  }
  if (!free.empty()) {
    return fmt::format("; a sum named {} is", fmt::join(free, " or "));
  }
  const bool sets = std::all_of(lost.begin(), lost.end(), [&](std::size_t column) {
    return groups[column].type == Type::set;
  });
  return sets ? "; nfql, csv and json hold sets" : "";
}

}  // namespace

std::optional<std::string> lost_columns(const Schema& groups,
                                        const std::vector<std::size_t>& written,
                                        std::string_view format) {
  std::vector<std::size_t> lost;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (std::find(written.begin(), written.end(), i) == written.end() &&
        !is_of_every_group(groups[i])) {
      lost.push_back(i);
      names.push_back(fmt::format("'{}'", groups[i].name));
    }
  }
  if (lost.empty()) {
    return std::nullopt;
  }
  const bool one = lost.size() == 1;
  return fmt::format("{} {} {} not written: {} has no field for {}{}", one ? "column" : "columns",
                     fmt::join(names, ", "), one ? "was" : "were", format, one ? "it" : "them",
                     advice(groups, lost));
}

}  // namespace nfql
