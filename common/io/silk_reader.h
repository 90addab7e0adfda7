// Reads SiLK files of flows that are not packed: what its tools write to files and pipes.
#pragma once

#include <memory>

#include "common/io/reader.h"

namespace nfql {

/// A reader of the flows of a SiLK file (FORMATS in silk_format.h): FT_RWGENERIC version 5 and
/// FT_RWIPV6ROUTING versions 1 and 3, with any of their compressions.
///
/// Every stream in the file (`cat a b |`) is a source of its own, announced by a block before its
/// flows; flowIds go on over all of them. A file that is cut short or damaged gives the good
/// records first and then throws; with ReadOptions::salvage it ends there and fault() tells. Throws
/// Error(Exit::failed), also for the packed files of a repository, which rwcat unpacks.
[[nodiscard]] std::unique_ptr<Reader> make_silk_reader(InputFile file, const ReadOptions& options);

}  // namespace nfql
