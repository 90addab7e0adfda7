// Reads flow-tools files: NetFlow versions 1, 5, 6, 7 and 1005, plain and compressed.
#pragma once

#include <memory>

#include "common/io/reader.h"

namespace nfql {

/// A reader of the flows of a flow-tools file (FORMATS in flow_tools_format.h).
///
/// Every stream in the file (`cat a b |`) is a source of its own, announced by a block before its
/// flows; flowIds go on over all of them. The columns are the same for all versions; what records
/// of one version lack is unknown. Start and end are wall clock made of the router's uptime, which
/// may wrap once between them and the export; end before start is kept here (see flow_times.h).
/// A file that is cut short, damaged, or has not as many records as its header says, gives the good
/// records first and then throws; with ReadOptions::salvage it ends there and fault() tells.
/// Throws Error(Exit::failed), also for aggregates (version 8) and unknown versions.
[[nodiscard]] std::unique_ptr<Reader> make_flow_tools_reader(InputFile file,
                                                             const ReadOptions& options);

}  // namespace nfql
