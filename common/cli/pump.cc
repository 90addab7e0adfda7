#include "common/cli/pump.h"

#include <filesystem>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

std::unique_ptr<Writer> open_tee(const CommonOptions& options, const StreamHeader& header) {
  if (options.tee.empty()) {
    return nullptr;
  }
  WriteOptions write;
  write.format = format_for({}, options.tee, false);
  return open_writer(OutputFile(options.tee), header, write);
}

}  // namespace

std::uint64_t rows_of(StreamKind kind, const Block& block) {
  switch (block.kind) {
    case BlockKind::flows:
    case BlockKind::tuples:
      return block.batch.rows;
    case BlockKind::groups:
      return kind == StreamKind::tuples ? 0 : block.batch.rows;
    default:
      return 0;
  }
}

Outlet::Outlet(const CommonOptions& options, const StreamHeader& header)
    : Outlet(options, options.output, header) {}

Outlet::Outlet(const CommonOptions& options, const std::string& path, const StreamHeader& header)
    : kind_(header.kind),
      writer_(open_output(options, path, header)),
      tee_(open_tee(options, header)) {}

void Outlet::put(Block&& block) {
  rows_ += rows_of(kind_, block);
  if (tee_) {
    tee_->put(borrow(block));
  }
  writer_->put(std::move(block));
}

void Outlet::finish() {
  if (tee_) {
    tee_->finish();
  }
  writer_->finish();
}

void check_fault(const Reader& reader) {
  if (const std::optional<std::string> fault = reader.fault()) {
    throw Error(Exit::failed, *fault, "what came before it was kept (--salvage)");
  }
}

void pump(Reader& reader, Stage& stage, const CommonOptions& options, StageStats stats) {
  const ProcessClock clock;
  Progress progress(options.progress, stats.stage, reader.bytes_total());
  Outlet out(options, stage.output_header());
  stats.rows_in = feed(reader, stage, out, progress);
  out.finish();
  stats.rows_out = out.rows();
  stats.bytes_in = reader.bytes_read();
  stats.bytes_out = out.bytes();
  clock.measure(stats);
  print_stats(options.stats, fmt::format("nfql-{}", stats.stage), clock.wall_s(), {stats});
  check_fault(reader);
}

}  // namespace nfql
