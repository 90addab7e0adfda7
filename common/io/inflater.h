// Inflation of a zlib stream, piece by piece; the only place that knows which library does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct inflate_state;

namespace nfql {

/// Inflates one zlib stream (RFC 1950) after the other, and checks the checksum at its end.
/// The library is ISA-L, twice as fast as zlib; the tests hold it against zlib.
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
  /// At the end of a stream the bytes after it are not consumed. What was not consumed must come
  /// again in the next step.
  Step step(std::span<const std::byte> in, std::span<std::byte> out);

 private:
  struct Delete {
    void operator()(inflate_state* state) const;
  };
  std::unique_ptr<inflate_state, Delete> state_;  // 90 KiB
  // Bytes that the library has fetched, but were not said to be consumed.
  std::size_t held_ = 0;
};

}  // namespace nfql
