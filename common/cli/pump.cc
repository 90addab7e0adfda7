#include "common/cli/pump.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "common/base/error.h"
#include "common/cli/run_tool.h"
#include "common/flow/elements.h"
#include "common/flow/schema.h"

namespace nfql {
namespace {

std::unique_ptr<Writer> open_tee(const CommonOptions& options, const StreamHeader& header) {
  if (options.tee.empty()) {
    return nullptr;
  }
  WriteOptions write;
  write.format = OutputFormat::native;
  write.threads = threads_of(options);
  return open_writer(OutputFile(options.tee), header, write);
}

// Whether the registry gives an element values that may be longer than a column's.
bool may_be_too_long(ElementId id) {
  const ElementInfo* info = find_element_info(id);
  return info != nullptr && (size_of(info->type) == 0 || info->type == DataType::unsigned256);
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
    : kind_(header.kind), limit_(options.limit) {
  check_distinct({path, options.tee});
  writer_ = open_output(options, path, header);
  tee_ = open_tee(options, header);
}

template <class Write>
void Outlet::to_both(const Write& write) {
  if (tee_) {
    try {
      write(*tee_, true);
    } catch (const BrokenPipe&) {
      tee_.reset();
    }
  }
  if (!closed_) {
    try {
      write(*writer_, false);
      return;
    } catch (const BrokenPipe&) {
      closed_ = true;
    }
  }
  if (!tee_) {
    throw BrokenPipe();
  }
}

void Outlet::put(Block&& block) {
  rows_ += rows_of(kind_, block);
  to_both([&block](Writer& writer, bool tee) {
    if (tee) {
      writer.put(borrow(block));
    } else {
      writer.put(std::move(block));
    }
  });
}

void Outlet::finish() {
  to_both([](Writer& writer, bool) { writer.finish(); });
}

void check_distinct(std::vector<std::string> outputs) {
  const auto is_shareable = [](const std::string& path) {
    std::error_code error;
    return path.empty() || std::filesystem::is_character_file(path, error);  // /dev/null
  };
  outputs.erase(std::remove_if(outputs.begin(), outputs.end(), is_shareable), outputs.end());
  std::sort(outputs.begin(), outputs.end());
  const auto twice = std::adjacent_find(outputs.begin(), outputs.end());
  if (twice != outputs.end()) {
    throw Error(Exit::usage, fmt::format("{}: is named for two outputs", *twice),
                "give each its own file");
  }
}

void check_fields(const Reader& reader) {
  const std::vector<ElementId> missing = reader.missing_fields();
  if (missing.empty()) {
    return;
  }
  std::vector<std::string> names;
  for (const ElementId id : missing) {
    names.push_back(field_of(id).name);
  }
  throw Error(Exit::failed,
              fmt::format("no flow of the input has a value for the field{} '{}'",
                          names.size() == 1 ? "" : "s", fmt::join(names, "', '")),
              std::any_of(missing.begin(), missing.end(), may_be_too_long)
                  ? "text, lists and octets longer than 8 cannot be the values of fields"
                  : "which fields there are is up to who exported the flows");
}

void print_warnings(const std::vector<std::string>& warnings, const CommonOptions& options,
                    std::string_view tool) {
  for (const std::string& warning : warnings) {
    if (!options.quiet) {
      warn(tool, warning);
    }
  }
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
  check_fields(reader);
  out.finish();
  stats.rows_out = out.rows();
  stats.bytes_in = reader.bytes_read();
  stats.bytes_out = out.bytes();
  clock.measure(stats);
  const std::string tool = fmt::format("nfql-{}", stats.stage);
  print_stats(options.stats, tool, clock.wall_s(), {stats});
  print_warnings(reader.warnings(), options, tool);
  print_warnings(out.warnings(), options, tool);
  check_fault(reader);
}

}  // namespace nfql
