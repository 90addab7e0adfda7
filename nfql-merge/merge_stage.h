// The merger: tuples with one group of each branch, for which an expression holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/expr/parse.h"
#include "common/flow/time.h"
#include "common/stage/group_store.h"
#include "common/stream/block.h"
#include "nfql-merge/conjuncts.h"
#include "nfql-merge/flat_column.h"
#include "nfql-merge/join_plan.h"
#include "nfql-merge/layout.h"
#include "nfql-merge/removal.h"
#include "nfql-merge/tuples.h"

namespace nfql {

enum class Emit : std::uint8_t { tuples, collection };

struct MergeOptions {
  ExpressionText expr;                 ///< Grammar::merge; no terms: all tuples
  std::vector<ExpressionText> except;  ///< the same; what is removed
  std::vector<std::string> names;      ///< of the branches, in their order
  Emit emit = Emit::tuples;
  ZoneMinutes zone = 0;                ///< of time literals
  std::optional<std::uint64_t> limit;  ///< of tuples
};

/// Takes the streams of all branches, of groups or of flows (each then is a group), and gives
/// tuples, ordered by the branches' group order, the first branch slowest; or a collection: the
/// groups that are in some tuple, each once, with the number of their connected component.
///
/// A tuple is removed when groups of the branches that are not in the output (see merge::lay_out)
/// exist with which an except-expression is true for it.
///
/// Flows that branches have in common are so in the output too: see SourceUnion.
class MergeStage {
 public:
  /// `inputs` are the headers of the branches' streams. Throws Error(Exit::usage) for streams that
  /// cannot be merged, names used twice and whatever is wrong with the expressions, contradictions
  /// too.
  MergeStage(MergeOptions options, const std::vector<StreamHeader>& inputs);
  MergeStage(const MergeStage&) = delete;
  MergeStage& operator=(const MergeStage&) = delete;
  ~MergeStage() = default;

  [[nodiscard]] const StreamHeader& output_header() const { return header_; }
  /// For the user: branches that no term reads, and which therefore multiply the result;
  /// alternatives that are never true; except-expressions that remove everything or nothing.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  /// The group columns that the expressions read: by branch as given, each once, ascending.
  [[nodiscard]] std::vector<std::vector<std::size_t>> columns_read() const;

  /// Takes a block of one branch. Calls for different branches may run at the same time.
  void consume(std::size_t branch, Block&& block) {
    stores_[layout_.places[branch]].consume(std::move(block));
  }
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

  [[nodiscard]] merge::BoundExpression bind(ExpressionText text);
  void bind_excepts(std::vector<ExpressionText> texts, ZoneMinutes zone);
  void warn_of_product();
  void make_header();
  void put_sources(BlockSink& out);
  // The stores of the branches that are in the output.
  [[nodiscard]] std::span<const GroupStore> outputs() const {
    return std::span(stores_).first(layout_.outputs);
  }
  [[nodiscard]] std::vector<std::size_t> output_sizes() const;
  void find_tuples(merge::Removal& removal, BlockSink& out);
  void find_components(merge::Removal& removal, BlockSink& out);
  [[nodiscard]] std::vector<merge::Conjunct> conjuncts() const;
  [[nodiscard]] std::optional<Prepared> prepare(const merge::Conjunct& conjunct,
                                                const merge::Removal& removal);
  void run(const Prepared& prepared, merge::Removal& removal, merge::TupleSink& sink);

  Emit emit_;
  std::optional<std::uint64_t> limit_;
  merge::Layout layout_;
  std::vector<std::string> warnings_;
  std::vector<GroupStore> stores_;  // as the branches of layout_
  merge::FlatColumns columns_;
  merge::BoundTerms terms_;
  std::deque<merge::BoundTerms> excepts_;
  StreamHeader header_;
};

}  // namespace nfql
