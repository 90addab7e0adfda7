// One block of rows as the bytes of a stream.
#pragma once

#include "common/base/buffer.h"
#include "common/flow/schema.h"
#include "common/stream/block.h"
#include "common/stream/compression.h"

namespace nfql {

/// Head, directory and payload of a block of 1 to kMaxRows rows with the columns of `schema`. Does
/// not know the blocks around it, so that each may have its own thread.
[[nodiscard]] Buffer encode_block(const Block& block, const Schema& schema,
                                  Compression compression);

}  // namespace nfql
