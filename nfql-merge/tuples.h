// Tuples of groups while a merge is at work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nfql::merge {

/// Number of a group within its branch.
using GroupId = std::uint32_t;

/// Tuples that go from step to step at a time: enough to share the cost of a batch, few enough that
/// what a step reads of them is still in the cache for the next.
inline constexpr std::size_t kBatchRows = 8192;

/// Tuples, perhaps of some branches only: a column of group numbers for each branch.
struct Tuples {
  explicit Tuples(std::size_t branches) : ids(branches) {}

  std::size_t rows = 0;
  std::vector<std::vector<GroupId>> ids;  ///< by branch; empty of branches that are not in yet
};

/// The given rows of `tuples`, in that order.
[[nodiscard]] Tuples gather(const Tuples& tuples, std::span<const std::uint32_t> rows);
/// The given rows, each with a group of `branch` too; the spans are of the same length.
[[nodiscard]] Tuples extend(const Tuples& tuples, std::span<const std::uint32_t> rows,
                            std::size_t branch, std::span<const GroupId> groups);

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
