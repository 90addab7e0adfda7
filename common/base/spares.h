// Things used before whose memory is used again.
#pragma once

#include <utility>
#include <vector>

namespace nfql {

/// Keeps what was used and will be needed again. As many as are in use at a time are ever made.
template <class T>
class Spares {
 public:
  /// One that was put, as it is, else make().
  template <class Make>
  [[nodiscard]] T take(const Make& make) {
    if (spares_.empty()) {
      return make();
    }
    T one = std::move(spares_.back());
    spares_.pop_back();
    return one;
  }
  void put(T&& one) { spares_.push_back(std::move(one)); }

 private:
  std::vector<T> spares_;
};

}  // namespace nfql
