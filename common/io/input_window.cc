#include "common/io/input_window.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "common/base/hash.h"

namespace nfql {
namespace {

// Asked of the system at a time: two full pieces of what our own tools write to a pipe.
constexpr std::size_t kReadBytes = 128 * 1024;

}  // namespace

std::span<const std::byte> InputWindow::peek(std::size_t count) {
  std::size_t have = buffer_.size() - begin_;
  if (have < count) {
    if (begin_ != 0 && have != 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, have);
    }
    begin_ = 0;
    buffer_.resize(have);
    buffer_.reserve(std::max(count, kReadBytes));
  }
  while (have < count) {
    buffer_.resize(buffer_.capacity());
    const std::size_t got = file_.read(buffer_.data() + have, buffer_.capacity() - have);
    have += got;
    buffer_.resize(have);
    if (got == 0) {
      break;
    }
  }
  return buffer_.bytes().subspan(begin_);
}

void InputWindow::skip(std::size_t count) {
  assert(count <= buffer_.size() - begin_);
  begin_ += count;
  offset_ += count;
}

std::uint64_t fingerprint(InputWindow& window) {
  constexpr std::size_t kBytes = 64 * 1024;
  const std::span<const std::byte> bytes = window.peek(kBytes);
  return xxh3(bytes.first(std::min(bytes.size(), kBytes)));
}

}  // namespace nfql
