// Raw memory for columns: 64-byte aligned, never initialised, grown without copying what is unused.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace nfql {

/// Owns bytes. Moving it keeps the address of the bytes, so views of them stay valid.
class Buffer {
 public:
  static constexpr std::align_val_t kAlignment{64};

  Buffer() = default;
  explicit Buffer(std::size_t size) { resize(size); }
  Buffer(Buffer&& other) noexcept
      : bytes_(std::move(other.bytes_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() = default;

  [[nodiscard]] std::byte* data() { return bytes_.get(); }
  [[nodiscard]] const std::byte* data() const { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {data(), size_}; }

  /// The bytes as `T`s; the buffer must have been filled with them.
  template <class T>
  [[nodiscard]] T* as() {
    return reinterpret_cast<T*>(bytes_.get());
  }
  template <class T>
  [[nodiscard]] const T* as() const {
    return reinterpret_cast<const T*>(bytes_.get());
  }

  /// Sets the size; keeps the first min(old, new) bytes, the rest is not initialised.
  void resize(std::size_t size) {
    if (size > capacity_) {
      reserve(size > 2 * capacity_ ? size : 2 * capacity_);
    }
    size_ = size;
  }

  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) {
      return;
    }
    Bytes grown(static_cast<std::byte*>(::operator new(capacity, kAlignment)));
    if (size_ != 0) {
      std::memcpy(grown.get(), bytes_.get(), size_);
    }
    bytes_ = std::move(grown);
    capacity_ = capacity;
  }

  void clear() { size_ = 0; }

  void append(const void* from, std::size_t size) {
    const std::size_t old = size_;
    resize(old + size);
    if (size != 0) {
      std::memcpy(bytes_.get() + old, from, size);
    }
  }

  /// Appends one value of a trivially copyable type.
  template <class T>
  void push(const T& value) {
    append(&value, sizeof value);
  }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { ::operator delete(bytes, kAlignment); }
  };
  using Bytes = std::unique_ptr<std::byte[], Free>;

  Bytes bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace nfql
