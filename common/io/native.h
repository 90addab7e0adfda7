// Native streams behind the interfaces of all formats.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "common/io/reader.h"
#include "common/io/writer.h"

namespace nfql {

/// Whether a file that begins with these bytes is a native stream.
[[nodiscard]] bool looks_native(std::span<const std::byte> first_bytes);

/// Throws Error(Exit::failed) as StreamReader does.
[[nodiscard]] std::unique_ptr<Reader> make_native_reader(InputFile file,
                                                         const ReadOptions& options);

/// Does not compress unless told to. Of the options it uses `compress`, `columns` (names of the
/// output, too), `limit` and `threads`. Throws Error(Exit::usage) for
/// a compression or column that is not there.
[[nodiscard]] std::unique_ptr<Writer> make_native_writer(OutputFile file,
                                                         const StreamHeader& header,
                                                         const WriteOptions& options);

}  // namespace nfql
