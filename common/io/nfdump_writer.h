// Writes nfdump files of layout 2, which nfdump 1.7 reads.
#pragma once

#include <memory>

#include "common/io/writer.h"

namespace nfql {

/// Writes flows, or of groups one record each (NfdumpEncoder says which columns go where; members
/// are not written). Anything else is Error(Exit::usage).
///
/// Blocks are compressed with LZ4 unless -z says none or zstd, which nfdump 1.7.1 cannot read. The
/// file ends with the sums that nfdump -I shows. The same flows make the same bytes: what nfdump
/// has as the time when the file was made is the end of the latest flow.
/// Throws Error(Exit::usage) when the output is no regular file, as nfdump reads nothing else, and
/// for --columns; put() throws Error(Exit::failed) for values that have no room in a record.
[[nodiscard]] std::unique_ptr<Writer> make_nfdump_writer(OutputFile file,
                                                         const StreamHeader& header,
                                                         const WriteOptions& options);

}  // namespace nfql
