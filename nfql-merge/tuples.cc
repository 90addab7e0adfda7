#include "nfql-merge/tuples.h"

namespace nfql::merge {

Tuples gather(const Tuples& tuples, std::span<const std::uint32_t> rows) {
  Tuples out(tuples.ids.size());
  out.rows = rows.size();
  for (std::size_t i = 0; i < tuples.ids.size(); ++i) {
    const std::vector<GroupId>& from = tuples.ids[i];
    out.ids[i].resize(from.empty() ? 0 : out.rows);
    for (std::size_t row = 0; row < out.ids[i].size(); ++row) {
      out.ids[i][row] = from[rows[row]];
    }
  }
  return out;
}

Tuples extend(const Tuples& tuples, std::span<const std::uint32_t> rows, std::size_t branch,
              std::span<const GroupId> groups) {
  Tuples out = gather(tuples, rows);
  out.ids[branch].assign(groups.begin(), groups.end());
  return out;
}

}  // namespace nfql::merge
