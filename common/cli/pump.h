// The loop of a tool: from a reader through a stage to a writer, counting.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/cli/options.h"
#include "common/cli/progress.h"
#include "common/cli/stats.h"
#include "common/io/reader.h"
#include "common/io/writer.h"
#include "common/stage/stage.h"

namespace nfql {

/// Rows of a block that a stage counts as its input or output: flows and groups, tuples rather than
/// their groups.
[[nodiscard]] std::uint64_t rows_of(StreamKind kind, const Block& block);

/// The output of a tool: the writer, the copy of --tee, and the rows that passed.
///
/// When the reader of one of them has gone, the other is still written to its end; when both have,
/// put() and finish() throw BrokenPipe.
class Outlet : public BlockSink {
 public:
  Outlet(const CommonOptions& options, const StreamHeader& header);
  Outlet(const CommonOptions& options, const std::string& path, const StreamHeader& header);

  void put(Block&& block) override;
  /// All rows that are wanted are written, so the rest need not be made.
  [[nodiscard]] bool full() const { return (closed_ || writer_->full()) && !tee_; }
  void finish();
  /// Rows that went to the writer, --limit considered.
  [[nodiscard]] std::uint64_t rows() const { return limit_ ? std::min(rows_, *limit_) : rows_; }
  [[nodiscard]] std::uint64_t bytes() const { return writer_->bytes_written(); }
  /// After finish(): what is to be said of the output.
  [[nodiscard]] std::vector<std::string> warnings() const { return writer_->warnings(); }

 private:
  template <class Write>
  void to_both(const Write& write);

  StreamKind kind_;
  std::optional<std::uint64_t> limit_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Writer> tee_;  // none once its reader has gone
  bool closed_ = false;          // the writer's reader has gone
  std::uint64_t rows_ = 0;
};

/// Throws Error(Exit::usage) when two of the paths ("" is none) are one file, of which one output
/// would be lost.
void check_distinct(std::vector<std::string> outputs);

/// Gives all blocks of the reader to the stage and finishes it; returns the rows that went in, with
/// those that the reader left out because it was asked to.
template <class Out>
std::uint64_t feed(Reader& reader, Stage& stage, Out& out, Progress& progress) {
  std::uint64_t rows = 0;
  Block block;
  const StreamKind kind = reader.header().kind;
  while (!out.full() && reader.next(block)) {
    rows += rows_of(kind, block);
    stage.consume(std::move(block), out);
    block = Block();
    progress.tell(reader.bytes_read(), rows);
  }
  stage.finish(out);
  return rows + reader.rows_left_out();
}

/// Throws Error(Exit::failed) when the request names a field that turned out to be of no flow;
/// before the output is complete, as an unknown field is no empty answer.
void check_fields(const Reader& reader);

/// Prints what is to be said of an input or an output in the end, unless the user wants quiet.
void print_warnings(const std::vector<std::string>& warnings, const CommonOptions& options,
                    std::string_view tool);

/// Runs a stage with one input and one output to its end, prints the stats.
/// Throws Error(Exit::failed) at the end when the input had a fault that --salvage let pass.
void pump(Reader& reader, Stage& stage, const CommonOptions& options, StageStats stats);

/// Throws the fault that a reader met and was told to let pass, if any.
void check_fault(const Reader& reader);

}  // namespace nfql
