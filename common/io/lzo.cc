#include "common/io/lzo.h"

#include <cstdint>
#include <cstring>

namespace nfql {
namespace {

// A stream is a row of instructions. Each copies a match, something that was written before, or
// a long run of literals; after a match come up to three literals more, whose number is the state
// in which the next instruction is read.
constexpr std::size_t kAfterLongRun = 4;

// Stands at the end of a stream in place of a match.
constexpr std::size_t kFarBase = 16384;

class Lzo1x {
 public:
  Lzo1x(std::span<const std::byte> stored, std::span<std::byte> raw) : in_(stored), out_(raw) {}

  std::optional<std::size_t> run() {
    // The first byte may say how many literals begin the stream.
    constexpr std::size_t kFirstRun = 17;
    if (!in_.empty() && peek() > kFirstRun) {
      const std::size_t literals = next() - kFirstRun;
      copy_literals(literals);
      state_ = literals < kAfterLongRun ? literals : kAfterLongRun;
    }
    while (good_ && !ended_) {
      step();
    }
    if (!good_ || at_ != in_.size()) {
      return std::nullopt;
    }
    return written_;
  }

 private:
  void step() {
    const std::size_t code = next();
    if (code >= 64) {
      // 1LLDDDSS or 01LDDDSS, then the high bits of the distance.
      const std::size_t length = code >= 128 ? 5 + (code >> 5 & 3) : 3 + (code >> 5 & 1);
      match(length, (next() << 3) + (code >> 2 & 7) + 1, code & 3);
    } else if (code >= 32) {
      const std::size_t length = 2 + long_length(code & 31, 31);
      const std::size_t tail = next16();
      match(length, (tail >> 2) + 1, tail & 3);
    } else if (code >= 16) {
      const std::size_t length = 2 + long_length(code & 7, 7);
      const std::size_t tail = next16();
      const std::size_t distance = kFarBase + ((code & 8) << 11) + (tail >> 2);
      if (distance == kFarBase) {
        ended_ = true;
        good_ = good_ && length == 3;
      } else {
        match(length, distance, tail & 3);
      }
    } else if (state_ == 0) {
      copy_literals(3 + long_length(code, 15));
      state_ = kAfterLongRun;
    } else {
      const bool far = state_ == kAfterLongRun;
      match(far ? 3 : 2, (next() << 2) + (code >> 2) + (far ? 2049 : 1), code & 3);
    }
  }

  std::size_t peek() const { return std::to_integer<std::size_t>(in_[at_]); }
  std::size_t next() {
    if (at_ == in_.size()) {
      good_ = false;
      return 0;
    }
    const std::size_t byte = peek();
    ++at_;
    return byte;
  }
  std::size_t next16() {
    const std::size_t low = next();
    return low | next() << 8;
  }

  // A length that is 0 in its instruction goes on: each zero byte adds 255, another byte ends it.
  std::size_t long_length(std::size_t length, std::size_t largest) {
    if (length != 0) {
      return length;
    }
    std::size_t byte = 0;
    std::size_t zeros = 0;
    while ((byte = next()) == 0 && good_) {
      ++zeros;
    }
    return largest + zeros * 255 + byte;
  }

  void copy_literals(std::size_t count) {
    if (!good_ || count > in_.size() - at_ || count > out_.size() - written_) {
      good_ = false;
      return;
    }
    if (count != 0) {
      std::memcpy(out_.data() + written_, in_.data() + at_, count);
    }
    at_ += count;
    written_ += count;
  }

  void match(std::size_t length, std::size_t distance, std::size_t literals) {
    if (!good_ || distance > written_ || length > out_.size() - written_) {
      good_ = false;
      return;
    }
    std::byte* to = out_.data() + written_;
    const std::byte* from = to - distance;
    if (distance >= length) {
      std::memcpy(to, from, length);
    } else {
      for (std::size_t i = 0; i < length; ++i) {  // repeats what it has just written
        to[i] = from[i];
      }
    }
    written_ += length;
    copy_literals(literals);
    state_ = literals;
  }

  std::span<const std::byte> in_;
  std::span<std::byte> out_;
  std::size_t at_ = 0;
  std::size_t written_ = 0;
  std::size_t state_ = 0;
  bool good_ = true;
  bool ended_ = false;
};

}  // namespace

std::optional<std::size_t> decompress_lzo1x(std::span<const std::byte> stored,
                                            std::span<std::byte> raw) {
  return Lzo1x(stored, raw).run();
}

}  // namespace nfql
