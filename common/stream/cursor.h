// Takes fields one after the other from bytes that nobody has checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"

namespace nfql {

/// Reads little-endian fields from the front of `bytes`, which it views. Each call throws
/// Error(Exit::failed), with `where` in front, when the bytes end inside what is asked for.
class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, std::string where)
      : bytes_(bytes), where_(std::move(where)) {}

  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::span<const std::byte> rest() const { return bytes_; }

  template <class T>
  T take() {
    return load<T>(take_bytes(sizeof(T)).data());
  }
  /// A text with its length in front.
  std::string_view take_text() {
    const auto text = take_bytes(take<std::uint16_t>());
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }

 private:
  std::span<const std::byte> take_bytes(std::size_t size) {
    if (size > bytes_.size()) {
      fail(Exit::failed, "{}: ends inside a field", where_);
    }
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }

  std::span<const std::byte> bytes_;
  std::string where_;
};

}  // namespace nfql
