// The groups of one branch, arranged so that those which go with a tuple are found quickly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nfql-merge/flat_column.h"
#include "nfql-merge/join_plan.h"
#include "nfql-merge/key_table.h"
#include "nfql-merge/span_tree.h"
#include "nfql-merge/tuples.h"

namespace nfql::merge {

/// Groups lie in buckets of equal keys (one bucket when nothing must be equal), and in each bucket
/// by the column of the first axis, with a SpanTree over that of the second. So a probe costs about
/// O(log n) and what it finds. Further axes are checked on what is found.
class JoinIndex {
 public:
  /// Of the given groups, ascending, of plan.branch. `plan` and `columns` must outlive this.
  JoinIndex(const StepPlan& plan, const std::vector<GroupId>& groups, FlatColumns& columns);

  /// All groups that can be found, in the order of the index.
  [[nodiscard]] std::span<const GroupId> groups() const { return groups_; }
  /// Whether the groups found for one tuple ascend.
  [[nodiscard]] bool ascending() const { return axes_.empty(); }

  /// For each row of `tuples`, in order, calls visit(row, begin, end) for the disjoint spans of
  /// groups() that are all the groups which go with it. `visit` returns false to stop; then this
  /// returns false too.
  template <class Visit>
  bool probe(const Tuples& tuples, Visit&& visit);
  /// Calls visit(row) for each row of `tuples`, in order, that some group goes with.
  template <class Visit>
  void probe_any(const Tuples& tuples, Visit&& visit);

 private:
  struct Probe {
    std::size_t branch;
    const FlatColumn* column;
    std::int64_t low;
    std::int64_t high;
  };
  struct BoundAxis {
    const FlatColumn* own;
    std::vector<Probe> probes;
  };
  struct Slice {
    std::size_t begin;
    std::size_t end;
  };

  void fill_buckets(const StepPlan& plan, const std::vector<GroupId>& groups, FlatColumns& columns);
  void sort_buckets();
  [[nodiscard]] bool has_all(GroupId group) const;
  [[nodiscard]] Slice bucket(std::size_t row) const;
  [[nodiscard]] static Bounds bounds_of(const BoundAxis& axis, const Tuples& tuples,
                                        std::size_t row);
  template <class ProbeRow>
  bool for_each_row(const Tuples& tuples, ProbeRow&& probe_row);
  template <class Visit>
  bool probe_row(const Tuples& tuples, std::size_t row, Visit& visit) const;
  template <class Visit>
  bool check_rest(const Tuples& tuples, std::size_t row, Slice found, Visit& visit) const;

  std::vector<BoundAxis> axes_;
  std::vector<GroupId> groups_;
  std::vector<std::uint32_t> starts_;  // of each bucket, and the end
  std::optional<KeyPacker> packer_;
  std::optional<KeyTable> table_;
  std::vector<std::int64_t> first_;  // the first axis' column, by position
  SpanTree second_;
  PackedKeys keys_;  // of the tuples being probed with
};

template <class ProbeRow>
bool JoinIndex::for_each_row(const Tuples& tuples, ProbeRow&& probe_row) {
  if (packer_) {
    packer_->pack_left(tuples, keys_);
  }
  for (std::size_t row = 0; row < tuples.rows; ++row) {
    if (packer_ && row + KeyTable::kAhead < tuples.rows) {
      table_->prefetch(keys_.hashes[row + KeyTable::kAhead]);
    }
    if (!probe_row(row)) {
      return false;
    }
  }
  return true;
}

template <class Visit>
bool JoinIndex::probe(const Tuples& tuples, Visit&& visit) {
  return for_each_row(tuples, [&](std::size_t row) { return this->probe_row(tuples, row, visit); });
}

template <class Visit>
void JoinIndex::probe_any(const Tuples& tuples, Visit&& visit) {
  const auto stop = [](std::size_t, std::size_t, std::size_t) { return false; };
  for_each_row(tuples, [&](std::size_t row) {
    if (!this->probe_row(tuples, row, stop)) {
      visit(row);
    }
    return true;
  });
}

template <class Visit>
bool JoinIndex::probe_row(const Tuples& tuples, std::size_t row, Visit& visit) const {
  Slice found = bucket(row);
  if (found.begin == found.end) {
    return true;
  }
  if (axes_.empty()) {
    return visit(row, found.begin, found.end);
  }
  const Bounds bounds = bounds_of(axes_.front(), tuples, row);
  if (bounds.empty()) {
    return true;
  }
  const auto begin = first_.begin() + static_cast<std::ptrdiff_t>(found.begin);
  const auto end = first_.begin() + static_cast<std::ptrdiff_t>(found.end);
  const auto low = std::lower_bound(begin, end, bounds.low);
  const auto high = std::upper_bound(low, end, bounds.high);
  found = {static_cast<std::size_t>(low - first_.begin()),
           static_cast<std::size_t>(high - first_.begin())};
  if (found.begin == found.end) {
    return true;
  }
  if (axes_.size() == 1) {
    return visit(row, found.begin, found.end);
  }
  const Bounds second = bounds_of(axes_[1], tuples, row);
  return second.empty() ||
         second_.search(found.begin, found.end, second, [&](std::size_t from, std::size_t to) {
           return axes_.size() == 2 ? visit(row, from, to)
                                    : check_rest(tuples, row, {from, to}, visit);
         });
}

template <class Visit>
bool JoinIndex::check_rest(const Tuples& tuples, std::size_t row, Slice found, Visit& visit) const {
  for (std::size_t at = found.begin; at < found.end; ++at) {
    const bool holds = std::all_of(axes_.begin() + 2, axes_.end(), [&](const BoundAxis& axis) {
      return bounds_of(axis, tuples, row).contain(axis.own->number(groups_[at]));
    });
    if (holds && !visit(row, at, at + 1)) {
      return false;
    }
  }
  return true;
}

}  // namespace nfql::merge
