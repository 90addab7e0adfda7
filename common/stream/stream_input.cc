#include "common/stream/stream_input.h"

#include <algorithm>

#include "common/base/error.h"

namespace nfql {
namespace {

// What is believed without proof: it costs nothing to speak of.
constexpr std::uint64_t kBelieved = 1U << 20;

}  // namespace

std::span<const std::byte> StreamInput::peek(std::size_t count) {
  const auto bytes = file_.peek(count);
  if (bytes.empty()) {
    fail(Exit::failed, "{}: is empty", name());
  }
  return bytes;
}

void StreamInput::read(std::byte* to, std::size_t size) {
  if (file_.read_full(to, size) != size) {
    fail_incomplete();
  }
}

void StreamInput::append(Buffer& to, std::uint64_t size) {
  std::uint64_t got = 0;
  while (got < size) {
    const std::uint64_t credit = std::max({kBelieved, proven_, std::uint64_t{to.size()}});
    const std::size_t piece = static_cast<std::size_t>(std::min(size - got, credit));
    const std::size_t old = to.size();
    to.resize(old + piece);
    read(to.data() + old, piece);
    got += piece;
  }
  proven_ = std::max(proven_, size);
}

void StreamInput::skip(std::uint64_t size) {
  if (file_.skip(size) != size) {
    fail_incomplete();
  }
}

std::uint64_t StreamInput::drain() {
  std::uint64_t count = 0;
  while (count <= kBelieved) {
    const std::uint64_t more = file_.skip(kBelieved);
    if (more == 0) {
      break;
    }
    count += more;
  }
  return count;
}

void StreamInput::fail_incomplete() const {
  throw Error(Exit::failed,
              fmt::format("{}: stream is incomplete: ends at byte {} without an end block", name(),
                          offset()),
              "the program that wrote it stopped early; look at its message");
}

}  // namespace nfql
