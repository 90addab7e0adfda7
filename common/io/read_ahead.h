// Reading in a thread of its own, while the blocks before are worked on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "common/base/run_ahead.h"
#include "common/io/reader.h"

namespace nfql {

/// The same blocks, read up to three ahead, by a thread that starts with the first next(). What
/// `reader` throws comes when all blocks before it were given. Only for inputs that never keep one
/// waiting, such as regular files: the destructor, and who asks how the reading went, wait for the
/// block that is being read. Of an input that was not read to its end there is no fault and no
/// missing field; next() must not be called after such a question.
[[nodiscard]] std::unique_ptr<Reader> read_ahead(std::unique_ptr<Reader> reader);

/// Whether an input of so many bytes (0: a pipe) is worth one of `threads` of its own.
[[nodiscard]] Beside beside_for(std::uint64_t bytes, std::size_t threads);

}  // namespace nfql
