// --since, --until and --time-offset: what users write about the times of flows.
#pragma once

#include <string>
#include <vector>

#include "common/cli/options.h"
#include "common/io/reader.h"

namespace nfql {

/// The window that --since, --until, --active and --starts describe. Throws Error(Exit::usage) for
/// what is no time, a window that no time is in, and a meaning without a window.
[[nodiscard]] TimeWindow window_of(const CommonOptions& options);
/// The corrections of --time-offset. Throws Error(Exit::usage) for what is not SOURCE=MS.
[[nodiscard]] std::vector<TimeOffset> offsets_of(const CommonOptions& options);
/// The words that ask another tool for the same.
[[nodiscard]] std::vector<std::string> time_options(const CommonOptions& options);

}  // namespace nfql
