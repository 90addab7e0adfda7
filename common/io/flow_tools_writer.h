// Writes flow-tools files of version 5, little-endian.
#pragma once

#include <memory>

#include "common/io/writer.h"

namespace nfql {

/// Writes flows, or of groups one record each (FlowToolsEncoder says which columns go where;
/// members are not written). Anything else is Error(Exit::usage).
///
/// A file is compressed unless `-z 0` says otherwise and has its number of records and their times
/// in its header once it is complete. A pipe gets what flow-cat would write: a header that says no
/// more than what comes, and records as they are, compressed only if -z asks for it.
/// Throws Error(Exit::usage) for a -z that is no level from 0 to 9 and for --columns. Where values
/// have no room in a record, finish() throws Error(Exit::failed) with the number of such rows; with
/// WriteOptions::skip_unrepresentable they are left out, and warnings() tells; and of columns of
/// groups that a record has no field for (lost_columns()).
[[nodiscard]] std::unique_ptr<Writer> make_flow_tools_writer(OutputFile file,
                                                             const StreamHeader& header,
                                                             const WriteOptions& options);

}  // namespace nfql
