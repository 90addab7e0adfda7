// The one interface of all output formats.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/output_file.h"
#include "common/flow/time.h"
#include "common/stream/block.h"

namespace nfql {

/// Takes the blocks of a stream of which it was given the header, and writes them.
class Writer : public BlockSink {
 public:
  /// Ends the stream and puts the output in place. Without this call the output is incomplete, and
  /// shows it (a file does not appear, a native stream has no end block).
  virtual void finish() = 0;
  /// Bytes written so far.
  [[nodiscard]] virtual std::uint64_t bytes_written() const = 0;
  /// True when the limit on rows is reached: what is put from now on is thrown away, so the tool
  /// may stop reading and finish().
  [[nodiscard]] virtual bool full() const { return false; }
  /// After finish(): what users should know of the output, e.g. of rows that were left out.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }
};

enum class OutputFormat : std::uint8_t { native, flow_tools, nfdump, ipfix, csv, json, table };

/// `nfql`, `flow-tools`, `nfdump`, `ipfix`, `csv`, `json` or `table`, case ignored. Throws
/// Error(Exit::usage).
[[nodiscard]] OutputFormat parse_output_format(std::string_view name);
[[nodiscard]] std::string_view name_of(OutputFormat format);

enum class TimeFormat : std::uint8_t { iso, milliseconds };

/// How to write; made from the command line.
struct WriteOptions {
  OutputFormat format = OutputFormat::native;
  std::string compress;                             ///< -z: a method or level; "" is the default
  std::optional<std::vector<std::string>> columns;  ///< --columns
  ZoneMinutes zone = 0;                             ///< --tz
  TimeFormat time = TimeFormat::iso;                ///< --time
  std::optional<std::uint64_t> limit;               ///< -n: rows of output at most
  bool skip_unrepresentable = false;  ///< leave out rows that the format has no room for
  std::size_t threads = 1;            ///< that may encode, the one that puts blocks among them
};

/// Makes the writer for a stream with this header.
/// Throws Error(Exit::usage) when the format cannot hold such a stream, or a column is not there.
[[nodiscard]] std::unique_ptr<Writer> open_writer(OutputFile file, const StreamHeader& header,
                                                  const WriteOptions& options);

}  // namespace nfql
