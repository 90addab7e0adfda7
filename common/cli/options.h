// The options that all tools share.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/output_file.h"
#include "common/io/reader.h"
#include "common/io/writer.h"

namespace nfql {

/// As typed; the functions below say what they mean.
struct CommonOptions {
  std::string output = "-";
  std::string output_format;
  std::string input_format;
  std::string compress;
  std::string columns;
  std::string zone = "UTC";
  std::string time = "iso";
  std::string tee;
  std::string stats;     ///< "", "text" or "json"
  std::string progress;  ///< "", "text", or "json" for nfql-run
  std::string since;
  std::string until;
  std::vector<std::string> time_offsets;  ///< SOURCE=MS
  bool active = false;
  bool starts = false;
  std::optional<std::uint64_t> limit;
  std::optional<std::size_t> threads;
  bool salvage = false;
  bool skip_unrepresentable = false;
  bool split_biflow = false;  ///< only of tools that add it
  bool quiet = false;
};

/// What a tool's --help prints around the options that all tools share.
struct HelpText {
  std::string_view head;     ///< what it does, synopsis, arguments and own options
  std::string_view example;  ///< ends the page
};

/// Declares the shared options, --help, --version and --help-fields.
void add_common_options(CLI::App& app, CommonOptions& options, const HelpText& help);

[[nodiscard]] ZoneMinutes zone_of(const CommonOptions& options);
/// What --threads says, else as many as there are processors for this process.
[[nodiscard]] std::size_t threads_of(const CommonOptions& options);
/// What readers are asked for. Throws Error(Exit::usage) for a time or an offset that is none.
[[nodiscard]] ReadOptions read_options(const CommonOptions& options);

/// Opens -o (by default standard output) for a stream with this header. The format is that of -O,
/// else that of the file's ending, else a table on a terminal and the native stream elsewhere.
/// Throws Error(Exit::usage) rather than write a binary stream to a terminal.
[[nodiscard]] std::unique_ptr<Writer> open_output(const CommonOptions& options,
                                                  const StreamHeader& header);
/// The same to the file `path` in place of -o.
[[nodiscard]] std::unique_ptr<Writer> open_output(const CommonOptions& options,
                                                  const std::string& path,
                                                  const StreamHeader& header);
/// The format that open_output() chooses for `path`. Throws Error(Exit::usage) for an unknown one.
[[nodiscard]] OutputFormat format_for(const CommonOptions& options, const std::string& path,
                                      bool is_terminal);
/// Whether what goes to -o is read by people or spreadsheets: rows without members or flowIds.
[[nodiscard]] bool writes_text(const CommonOptions& options, const std::string& path);
/// The names in --columns, or nothing.
[[nodiscard]] std::optional<std::vector<std::string>> columns_of(const CommonOptions& options);

/// Whether an argument is an input and not an expression: it names an existing file, or is "-".
[[nodiscard]] bool is_existing_file(const std::string& argument);
/// Whether a word ends as files of a known format do: `trace.ft`.
[[nodiscard]] bool has_file_ending(const std::string& word);

}  // namespace nfql
