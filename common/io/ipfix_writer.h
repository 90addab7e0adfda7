// Writes IPFIX files (RFC 5655), also into pipes.
#pragma once

#include <memory>

#include "common/io/writer.h"

namespace nfql {

/// Writes flows, or of groups one record each (make_ipfix_cells() says which columns become which
/// elements; members are not written). Anything else is Error(Exit::usage).
///
/// A template comes before its first record; there is one for each set of fields that rows know, so
/// that an unknown value is one that its record does not have, and one for each family of
/// addresses. The first template has all fields, so that a reader knows what may come. Elements of
/// no registry are explained first, as RFC 5610 has it. The order of rows is kept. A message says
/// that it was made when the latest of the flows until then ended, so the same flows make the same
/// bytes. Throws Error(Exit::usage) for compression; put() throws Error(Exit::failed) for values
/// for which an element has no room, naming row and field.
[[nodiscard]] std::unique_ptr<Writer> make_ipfix_writer(OutputFile file, const StreamHeader& header,
                                                        const WriteOptions& options);

}  // namespace nfql
