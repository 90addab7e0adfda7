// Reads nfdump files of layout 2 (nfcapd and nfdump 1.7), with any of their compressions.
#pragma once

#include <memory>

#include "common/io/reader.h"

namespace nfql {

/// A reader of the flows of an nfdump file (FORMATS in nfdump_format.h).
///
/// Such a file does not say which fields its flows have. Unless columns are chosen there is one for
/// each field that every flow has, and for those that some flow of the first block with flows has;
/// warnings() names what came later. Fields without which a flow came are unknown there. A field
/// that was named (ReadOptions) and that no flow had is one of missing_fields(), unless there was
/// no flow at all.
///
/// Every file in the input (`cat a b |`) is a source of its own, announced by a block before its
/// flows; flowIds go on over all of them. Records of other kinds than flows are passed over, but
/// for those that name exporters and samplers. A file that is cut short or damaged, or has fewer
/// blocks than its header says, gives the good flows first and then throws; with
/// ReadOptions::salvage it ends there and fault() tells. Throws Error(Exit::failed).
[[nodiscard]] std::unique_ptr<Reader> make_nfdump_reader(InputFile file,
                                                         const ReadOptions& options);

}  // namespace nfql
