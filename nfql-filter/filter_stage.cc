#include "nfql-filter/filter_stage.h"

#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

const StreamHeader& checked(const StreamHeader& input) {
  switch (input.kind) {
    case StreamKind::flows:
      return input;
    case StreamKind::groups:
      throw Error(Exit::usage, "the input is a stream of groups", "use nfql-gfilter");
    case StreamKind::tuples:
    case StreamKind::collection:
      break;
  }
  throw Error(Exit::usage, "the input is a stream of tuples, not of flows",
              "nfql-ungroup gives the flows of tuples");
}

}  // namespace

FilterStage::FilterStage(const StreamHeader& input, const ExpressionText& expression,
                         ZoneMinutes zone)
    : header_(checked(input)), predicate_(expression, header_.flows(), zone) {}

void FilterStage::consume(Block&& block, BlockSink& out) {
  if (block.kind != BlockKind::flows || passes_all()) {
    out.put(std::move(block));
    return;
  }
  predicate_.select(block.batch, rows_);
  if (rows_.empty()) {
    return;
  }
  if (rows_.size() != block.batch.rows) {
    block.batch = gather(block.batch, rows_);
  }
  out.put(std::move(block));
}

}  // namespace nfql
