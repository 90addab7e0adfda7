// Names of output files whose ending promises a format that no tool here writes.
#pragma once

#include <string>

namespace nfql {

/// Throws Error(Exit::usage) for a name such as `out.csv.gz`, `x.rw` or `x.pcap`, with what to do.
void check_output_name(const std::string& path);

}  // namespace nfql
