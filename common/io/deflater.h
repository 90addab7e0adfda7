// Deflation to a zlib stream; the only place that knows which library does it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "common/base/output_file.h"

struct z_stream_s;

namespace nfql {

/// Writes one zlib stream (RFC 1950) to an output.
class Deflater {
 public:
  /// `level` is 1 (fast) to 9 (small).
  explicit Deflater(int level);

  void write(std::span<const std::byte> bytes, OutputFile& output);
  /// Ends the stream. Nothing may be written after it.
  void finish(OutputFile& output);

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  void run(std::span<const std::byte> bytes, int flush, OutputFile& output);

  // Not a value: zlib's state points back at it, so it must not move.
  std::unique_ptr<z_stream_s, End> stream_;
};

}  // namespace nfql
