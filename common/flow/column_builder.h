// Columns that grow: value by value, or by rows of other columns.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/buffer.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// Collects the values of one column. Addresses stay 4 bytes wide until the first that is no IPv4
/// address comes, then all become 16 wide.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(const Field& field)
      : type_(field.type),
        element_type_(field.type == Type::set ? field.element_type : field.type),
        width_(width_of(element_type_)) {}

  [[nodiscard]] std::size_t rows() const { return rows_; }

  /// Appends a value; T as visit_values() gives it for the column's type. Not for sets.
  template <class T>
  void push(T value) {
    assert(sizeof(T) == width_ && type_ != Type::set);
    values_.push(value);
    grow(1, true);
  }
  void push_address(const Address& address);
  void push_unknown();
  /// Appends a set; `values` are sorted and distinct, of the width that the builder has
  /// (use append() for addresses).
  template <class T>
  void push_set(std::span<const T> values) {
    assert(sizeof(T) == width_ && type_ == Type::set);
    values_.append(values.data(), values.size_bytes());
    end_set();
  }
  /// Appends all rows of `column`, which has this type.
  void append(const Column& column);
  /// Appends the given rows of `column`, which has this type.
  void append(const Column& column, std::span<const RowId> rows);

  /// The column so far; valid until the next change.
  [[nodiscard]] Column view() const;
  /// Hands the column and its memory to `batch` (as its last column) and starts anew.
  void move_to(Batch& batch);

 private:
  void widen();
  void grow(std::size_t rows, bool known);
  void end_set();
  void add_set_end();
  void append_offsets(const Column& column);

  Type type_;
  Type element_type_;
  std::size_t width_;
  std::size_t rows_ = 0;
  Buffer values_;
  Buffer known_;    // empty: all known
  Buffer offsets_;  // of sets
};

}  // namespace nfql
