// Tuples of groups while a merge is at work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nfql::merge {

/// Number of a group within its branch.
using GroupId = std::uint32_t;

/// Tuples, perhaps of some branches only: a column of group numbers for each branch.
struct Tuples {
  explicit Tuples(std::size_t branches) : ids(branches) {}

  std::size_t rows = 0;
  std::vector<std::vector<GroupId>> ids;  ///< by branch; empty of branches that are not in yet
};

/// Takes the tuples that a join finds.
class TupleSink {
 public:
  TupleSink() = default;
  TupleSink(const TupleSink&) = delete;
  TupleSink& operator=(const TupleSink&) = delete;
  virtual ~TupleSink() = default;

  /// Takes whole tuples; false when no more are wanted.
  virtual bool put(const Tuples& tuples) = 0;

  /// Whether the tuples of a last join step may come as runs instead.
  [[nodiscard]] virtual bool takes_runs() const { return false; }
  /// The runs that follow are of these groups of `branch`, which stay where they are.
  virtual void begin_runs(std::size_t branch, std::span<const GroupId> groups) {
    static_cast<void>(branch);
    static_cast<void>(groups);
  }
  /// Row `row` of `left` forms tuples with each of groups [begin, end) of those given.
  virtual void put_run(const Tuples& left, std::size_t row, std::size_t begin, std::size_t end) {
    static_cast<void>(left);
    static_cast<void>(row);
    static_cast<void>(begin);
    static_cast<void>(end);
  }
};

}  // namespace nfql::merge
