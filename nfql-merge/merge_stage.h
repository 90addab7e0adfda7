// The merger: tuples with one group of each branch, for which an expression holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/expr/parse.h"
#include "common/flow/time.h"
#include "common/stage/group_store.h"
#include "common/stream/block.h"
#include "nfql-merge/checks.h"
#include "nfql-merge/conjuncts.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/plan.h"
#include "nfql-merge/terms.h"
#include "nfql-merge/tuples.h"

namespace nfql {

enum class Emit : std::uint8_t { tuples, collection };

struct MergeOptions {
  ExpressionText expr;             ///< Grammar::merge; no terms: all tuples
  std::vector<std::string> names;  ///< of the branches, in their order
  Emit emit = Emit::tuples;
  ZoneMinutes zone = 0;                ///< of time literals
  std::optional<std::uint64_t> limit;  ///< of tuples
};

/// Takes the streams of all branches, of groups or of flows (each then is a group), and gives
/// tuples, ordered by the branches' group order, the first branch slowest; or a collection: the
/// groups that are in some tuple, each once, with the number of their connected component.
///
/// Flows that branches have in common are so in the output too: see SourceUnion.
class MergeStage {
 public:
  /// `inputs` are the headers of the branches' streams. Throws Error(Exit::usage) for streams that
  /// cannot be merged, names used twice and whatever is wrong with the expression.
  MergeStage(MergeOptions options, const std::vector<StreamHeader>& inputs);
  MergeStage(const MergeStage&) = delete;
  MergeStage& operator=(const MergeStage&) = delete;
  ~MergeStage() = default;

  [[nodiscard]] const StreamHeader& output_header() const { return header_; }
  /// For the user: branches that no term reads, and which therefore multiply the result.
  [[nodiscard]] std::vector<std::string> warnings() const;

  /// Takes a block of one branch. Calls for different branches may run at the same time.
  void consume(std::size_t branch, Block&& block) { stores_[branch].consume(std::move(block)); }
  /// To be called after the last block of all branches. When one alternative of the expression is
  /// all there is, joined in the order of the branches, tuples are put as they are found; else
  /// when all are.
  void finish(BlockSink& out);

 private:
  // A conjunct ready to be joined.
  struct Prepared {
    std::vector<std::vector<merge::GroupId>> groups;  // by branch: those that may take part
    merge::Plan plan;
  };

  void make_header();
  void put_sources(BlockSink& out);
  void find_tuples(BlockSink& out);
  [[nodiscard]] std::optional<Prepared> prepare(const merge::Conjunct& conjunct);
  bool run(const Prepared& prepared, merge::TupleSink& sink);

  Emit emit_;
  std::optional<std::uint64_t> limit_;
  std::vector<GroupStore> stores_;
  std::vector<merge::Branch> branches_;
  merge::BoundExpression expression_;
  merge::FlatColumns columns_;
  merge::Checks checks_;
  StreamHeader header_;
};

}  // namespace nfql
