// The filter: keeps the flows for which an expression is true.
#pragma once

#include <vector>

#include "common/expr/predicate.h"
#include "common/stage/stage.h"

namespace nfql {

/// Flows in, flows out, in their order; source tables pass through.
class FilterStage final : public Stage {
 public:
  /// Throws Error(Exit::usage) when the input is no stream of flows, and as Predicate.
  FilterStage(const StreamHeader& input, const ExpressionText& expression, ZoneMinutes zone = 0);

  /// Whether every flow passes.
  [[nodiscard]] bool passes_all() const { return chosen_ || predicate_.always(); }
  /// What is consumed was chosen by the expression before.
  void pass_all() { chosen_ = true; }
  [[nodiscard]] const StreamHeader& output_header() const override { return header_; }
  /// A block of which every row is kept is put as it is, one of which none is kept is not put.
  void consume(Block&& block, BlockSink& out) override;

 private:
  StreamHeader header_;
  Predicate predicate_;
  bool chosen_ = false;
  std::vector<RowId> rows_;
};

}  // namespace nfql
