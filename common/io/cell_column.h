// A column of rows that are read value by value, in any order of the columns.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// Has room for as many rows as it was told; all are unknown until they are set. Not for sets.
class CellColumn {
 public:
  explicit CellColumn(Field field);

  [[nodiscard]] const Field& field() const { return field_; }
  [[nodiscard]] bool is_known(std::size_t row) const { return known_.data()[row] != std::byte{0}; }
  /// T as visit_values() gives it for the type; Address for addresses.
  template <class T>
  [[nodiscard]] T get(std::size_t row) const {
    assert(sizeof(T) == width_);
    return values_.as<T>()[row];
  }
  template <class T>
  void set(std::size_t row, T value) {
    assert(sizeof(T) == width_);
    values_.as<T>()[row] = value;
    known_.data()[row] = std::byte{1};
  }
  void set_address(std::size_t row, const Address& address) {
    set(row, address);
    all_ipv4_ = all_ipv4_ && is_ipv4(address);
  }

  /// Makes room for `rows` rows; what is there stays.
  void reserve(std::size_t rows);
  /// Forgets all rows, and the room for them.
  void clear();
  /// Hands the first `rows` rows to `batch` as its last column, and starts anew without room.
  void move_to(Batch& batch, std::size_t rows);

 private:
  void narrow(std::size_t rows);

  Field field_;
  std::size_t width_;
  bool all_ipv4_ = true;
  Buffer values_;
  Buffer known_;
};

}  // namespace nfql
