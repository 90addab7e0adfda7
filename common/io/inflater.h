// Inflation of a zlib stream, piece by piece; the only place that knows which library does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct z_stream_s;

namespace nfql {

/// Inflates one zlib stream (RFC 1950) after the other, and checks the checksum at its end.
class Inflater {
 public:
  enum class State : std::uint8_t { running, ended, corrupt };
  /// What one step did. What was produced before a fault is good.
  struct Step {
    std::size_t consumed;
    std::size_t produced;
    State state;
  };

  Inflater();

  /// Forgets everything: the next step begins a new stream.
  void reset();
  /// Inflates from `in` to `out` until one of them is used up, the stream ends or a fault shows.
  /// At the end of a stream the bytes after it are not consumed.
  Step step(std::span<const std::byte> in, std::span<std::byte> out);

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  // Not a value: zlib's state points back at it, so it must not move.
  std::unique_ptr<z_stream_s, End> stream_;
};

}  // namespace nfql
