#include "nfql-merge/tuple_list.h"

#include <algorithm>
#include <numeric>

namespace nfql::merge {
namespace {

// A counting sort of `order` by one column, which keeps the order of equals.
void sort_by(const std::vector<GroupId>& ids, std::size_t groups, std::vector<std::size_t>& order) {
  std::vector<std::size_t> next(groups + 1);
  for (const GroupId id : ids) {
    ++next[id + std::size_t{1}];
  }
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::size_t> sorted(order.size());
  for (const std::size_t row : order) {
    sorted[next[ids[row]]++] = row;
  }
  order = std::move(sorted);
}

}  // namespace

bool TupleList::put(const Tuples& tuples) {
  for (std::size_t branch = 0; branch < tuples.ids.size(); ++branch) {
    tuples_.ids[branch].insert(tuples_.ids[branch].end(), tuples.ids[branch].begin(),
                               tuples.ids[branch].end());
  }
  tuples_.rows += tuples.rows;
  return true;
}

std::vector<std::size_t> TupleList::sorted(const std::vector<std::size_t>& sizes) const {
  std::vector<std::size_t> order(tuples_.rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t most = *std::max_element(sizes.begin(), sizes.end());
  if (most / 16 > tuples_.rows) {  // few tuples of many groups: counting would cost more
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      for (const std::vector<GroupId>& ids : tuples_.ids) {
        if (ids[a] != ids[b]) {
          return ids[a] < ids[b];
        }
      }
      return false;
    });
    return order;
  }
  for (std::size_t branch = sizes.size(); branch-- > 0;) {
    sort_by(tuples_.ids[branch], sizes[branch], order);
  }
  return order;
}

bool TupleList::equal(std::size_t a, std::size_t b) const {
  return std::all_of(tuples_.ids.begin(), tuples_.ids.end(),
                     [a, b](const std::vector<GroupId>& ids) { return ids[a] == ids[b]; });
}

void TupleList::pass_on(const std::vector<std::size_t>& sizes, TupleSink& sink) {
  std::vector<std::size_t> order = sorted(sizes);
  order.erase(std::unique(order.begin(), order.end(),
                          [this](std::size_t a, std::size_t b) { return equal(a, b); }),
              order.end());
  Tuples out(tuples_.ids.size());
  for (std::size_t begin = 0; begin < order.size(); begin += kBatchRows) {
    out.rows = std::min(kBatchRows, order.size() - begin);
    for (std::size_t branch = 0; branch < out.ids.size(); ++branch) {
      out.ids[branch].resize(out.rows);
      for (std::size_t i = 0; i < out.rows; ++i) {
        out.ids[branch][i] = tuples_.ids[branch][order[begin + i]];
      }
    }
    if (!sink.put(out)) {
      return;
    }
  }
}

}  // namespace nfql::merge
