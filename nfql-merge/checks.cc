#include "nfql-merge/checks.h"

#include <algorithm>

#include "common/expr/allen.h"
#include "nfql-merge/bind.h"

namespace nfql::merge {

Checks::Checks(const BoundExpression& expression, const std::vector<Branch>& branches,
               const std::vector<GroupStore>& stores, FlatColumns& columns, ZoneMinutes zone)
    : leaves_(expression.leaves), stores_(stores), columns_(columns) {
  for (const Leaf& leaf : leaves_) {
    auto& predicate = predicates_.emplace_back();
    if (!leaf.allen) {
      predicate.emplace(leaf.term, schema_of(leaf, branches), zone);
    }
  }
}

void Checks::keep(const std::vector<Node>& nodes, Tuples& tuples) {
  Mask mask;
  for (const Node& node : nodes) {
    if (tuples.rows == 0) {
      return;
    }
    evaluate(node, tuples, mask);
    std::size_t kept = 0;
    for (std::vector<GroupId>& ids : tuples.ids) {
      if (ids.empty()) {
        continue;
      }
      kept = 0;
      for (std::size_t row = 0; row < tuples.rows; ++row) {
        ids[kept] = ids[row];
        kept += mask[row];
      }
      ids.resize(kept);
    }
    tuples.rows = kept;
  }
}

std::vector<GroupId> Checks::select(const std::vector<Node>& nodes, std::size_t branch) {
  const GroupId size = stores_[branch].size();
  std::vector<GroupId> selected;
  Tuples tuples(stores_.size());
  std::vector<GroupId>& ids = tuples.ids[branch];
  for (GroupId begin = 0; begin < size;) {
    const GroupId end = size - begin > kMaxRows ? begin + GroupId{kMaxRows} : size;
    ids.clear();
    for (; begin < end; ++begin) {
      ids.push_back(begin);
    }
    tuples.rows = ids.size();
    keep(nodes, tuples);
    selected.insert(selected.end(), ids.begin(), ids.end());
  }
  return selected;
}

void Checks::evaluate(const Node& node, const Tuples& tuples, Mask& mask) {
  if (node.kind == Node::Kind::leaf) {
    mask.resize(tuples.rows);
    if (const auto& pair = leaves_[node.leaf].allen) {
      evaluate_allen(*pair, tuples, mask);
    } else {
      evaluate_term(node.leaf, tuples, mask);
    }
    return;
  }
  const bool all = node.kind == Node::Kind::all;
  mask.assign(tuples.rows, all ? 1 : 0);
  Mask part_mask;
  for (const Node& part : node.parts) {
    evaluate(part, tuples, part_mask);
    for (std::size_t row = 0; row < tuples.rows; ++row) {
      mask[row] =
          static_cast<std::uint8_t>(all ? mask[row] & part_mask[row] : mask[row] | part_mask[row]);
    }
  }
}

void Checks::evaluate_term(std::size_t leaf, const Tuples& tuples, Mask& mask) {
  Batch batch;
  batch.rows = tuples.rows;
  for (const ColumnRef& ref : leaves_[leaf].columns) {
    const std::span<const GroupId> ids = tuples.ids[ref.branch];
    batch.columns.push_back(stores_[ref.branch].groups().gather_column(ref.column, ids, batch));
  }
  predicates_[leaf]->evaluate(batch, mask);
}

void Checks::evaluate_allen(const AllenPair& pair, const Tuples& tuples, Mask& mask) {
  const auto side = [&](const ColumnRef& start, const ColumnRef& end) {
    return [&starts = columns_.get(start), &ends = columns_.get(end),
            &ids = tuples.ids[start.branch]](std::size_t row) -> std::optional<Interval> {
      const GroupId group = ids[row];
      if (!starts.is_known(group) || !ends.is_known(group)) {
        return std::nullopt;
      }
      return Interval{starts.number(group), ends.number(group)};
    };
  };
  const auto x_of = side(pair.x_start, pair.x_end);
  const auto y_of = side(pair.y_start, pair.y_end);
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    const auto x = x_of(row);
    const auto y = y_of(row);
    const bool known = x && y;
    mask[row] = known && holds(pair.relation, *x, *y, pair.delta) != pair.negated ? 1 : 0;
  }
}

}  // namespace nfql::merge
