// What every main() has in common: parsing, the one error handler, exit codes.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string_view>

namespace nfql {

/// Parses the command line into `app`, runs `body`, and turns what it throws into one message on
/// standard error ("TOOL: WHERE: WHAT", the hint on a line of its own) and an exit code
/// (base/error.h).
///
/// A broken pipe is success. Standard descriptors that the caller closed are replaced by ones that
/// fail when used, so that no file of ours takes their number.
[[nodiscard]] int run_tool(CLI::App& app, int argc, char** argv, const std::function<void()>& body);

/// Prints "TOOL: warning: TEXT" to standard error.
void warn(std::string_view tool, std::string_view text);

}  // namespace nfql
