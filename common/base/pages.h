// Memory for what grows large and is read in any order: zeros at first, grown without being copied.
#pragma once

#include <cstddef>
#include <utility>

namespace nfql {

/// Owns bytes that are 0 until they are written. What was never written takes no memory, so there
/// may be as much of it as could be needed. Large ones ask the system for large pages, with which
/// looking up a place costs less.
class Pages {
 public:
  /// Whether untouched parts shall stay without memory as far as can be: then no large pages.
  enum class Use : bool { dense, sparse };

  explicit Pages(Use use = Use::dense) : use_(use) {}
  Pages(Pages&& other) noexcept
      : use_(other.use_),
        bytes_(std::exchange(other.bytes_, nullptr)),
        mapped_(std::exchange(other.mapped_, 0)) {}
  Pages& operator=(Pages&& other) noexcept {
    std::swap(use_, other.use_);
    std::swap(bytes_, other.bytes_);
    std::swap(mapped_, other.mapped_);
    return *this;
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { clear(); }

  /// Makes room for `size` bytes. Keeps what is there but may move it. Throws std::bad_alloc.
  void reserve(std::size_t size) {
    if (size > mapped_) {
      grow(size);
    }
  }
  /// Gives all memory back.
  void clear() noexcept;

  /// The bytes as `T`s, page-aligned.
  template <class T>
  [[nodiscard]] T* as() const {
    return static_cast<T*>(bytes_);
  }

 private:
  void grow(std::size_t size);

  Use use_;
  void* bytes_ = nullptr;
  std::size_t mapped_ = 0;
};

}  // namespace nfql
