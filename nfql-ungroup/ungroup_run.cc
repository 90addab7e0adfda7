#include "nfql-ungroup/ungroup_run.h"

#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "common/base/error.h"
#include "common/cli/arguments.h"
#include "common/cli/pump.h"
#include "nfql-ungroup/stream_splitter.h"
#include "nfql-ungroup/ungroup_stage.h"

namespace nfql {
namespace {

std::string_view ending_of(OutputFormat format) {
  switch (format) {
    case OutputFormat::flow_tools:
      return "ft";
    case OutputFormat::nfdump:
      return "nfdump";
    case OutputFormat::ipfix:
      return "ipfix";
    case OutputFormat::csv:
      return "csv";
    case OutputFormat::json:
      return "json";
    case OutputFormat::table:
      return "txt";
    case OutputFormat::native:
      break;
  }
  return "nfql";
}

void make_directory(const std::string& path) {
  constexpr mode_t kMode = 0777;  // less the umask
  if (::mkdir(path.c_str(), kMode) == 0) {
    return;
  }
  const int reason = errno;
  struct stat status {};
  if (reason != EEXIST) {
    fail_system(path, "cannot create", reason);
  }
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    fail(Exit::failed, "{}: is no directory", path);
  }
}

/// One file a stream, and the flows that went into them.
class StreamFiles : public BlockSink {
 public:
  StreamFiles(const std::string& directory, const StreamHeader& header,
              const CommonOptions& options)
      : splitter_(header, [directory, options](std::uint64_t stream, const StreamHeader& of) {
          const std::string path = fmt::format("{}/stream-{:06}", directory, stream);
          return open_output(
              options, fmt::format("{}.{}", path, ending_of(format_for(options, path, false))), of);
        }) {}

  void put(Block&& block) override {
    rows_ += rows_of(StreamKind::flows, block);
    splitter_.put(std::move(block));
  }
  void finish() { splitter_.finish(); }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] std::uint64_t bytes() const { return splitter_.bytes_written(); }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return splitter_.warnings(); }
  [[nodiscard]] static bool full() { return false; }

 private:
  StreamSplitter splitter_;
  std::uint64_t rows_ = 0;
};

template <class Out>
void run(Reader& reader, UngroupStage& stage, Out& out, const CommonOptions& options) {
  const ProcessClock clock;
  StageStats stats;
  stats.stage = "ungroup";
  Progress progress(options.progress, stats.stage, reader.bytes_total());
  stats.rows_in = feed(reader, stage, out, progress);
  out.finish();
  stats.rows_out = out.rows();
  stats.bytes_in = reader.bytes_read();
  stats.bytes_out = out.bytes();
  stats.streams = stage.streams();
  clock.measure(stats);
  print_stats(options.stats, "nfql-ungroup", clock.wall_s(), {stats});
  print_warnings(reader.warnings(), options, "nfql-ungroup");
  print_warnings(out.warnings(), options, "nfql-ungroup");
  check_fault(reader);
}

}  // namespace

void run_ungroup(const UngroupArguments& arguments, const CommonOptions& options) {
  std::vector<std::string> inputs = arguments.inputs;
  if (inputs.empty()) {
    inputs.emplace_back("-");
  }
  refuse_terminal_input(inputs);
  if (arguments.flat && !arguments.directory.empty()) {
    throw Error(Exit::usage, "--flat makes one stream, --streams a file for each",
                "give one of them");
  }
  if (!arguments.directory.empty() &&
      (options.output != "-" || !options.tee.empty() || options.limit)) {
    throw Error(Exit::usage, "--streams writes one file a stream, complete",
                "-o, --tee and --limit are for one output");
  }
  const auto reader = open_inputs(inputs, read_options(options));
  UngroupStage stage(reader->header(), arguments.flat ? Streams::flat : Streams::numbered,
                     threads_of(options));
  if (arguments.directory.empty()) {
    Outlet out(options, stage.output_header());
    run(*reader, stage, out, options);
    return;
  }
  make_directory(arguments.directory);
  StreamFiles out(arguments.directory, stage.output_header(), options);
  run(*reader, stage, out, options);
}

}  // namespace nfql
