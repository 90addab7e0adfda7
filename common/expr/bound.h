// Bound conditions: the tree that a predicate runs, over byte masks with 0 or 1 a row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/expr/computed.h"
#include "common/flow/batch.h"
#include "common/flow/column_extremes.h"

namespace nfql {

/// A field that conditions read, by the index of its Slot.
struct Slot {
  FieldReader reader;
  std::optional<unsigned> network;  ///< prefix length: networks_of() the field
};

/// The slots' columns in one batch; each is read once, when a condition first asks for it.
class Frame {
 public:
  explicit Frame(std::vector<Slot> slots) : slots_(std::move(slots)), columns_(slots_.size()) {}

  /// Goes on to `batch`, which must outlive the use of the columns.
  void reset(const Batch& batch);
  [[nodiscard]] std::size_t rows() const { return batch_->rows; }
  [[nodiscard]] const Column& column(std::size_t slot);
  /// The column as 16-byte addresses, or sets of such.
  [[nodiscard]] Column wide_addresses(std::size_t slot);
  /// What the slots' values can be where the columns' can be those.
  [[nodiscard]] std::vector<ColumnExtremes> extremes(std::span<const ColumnExtremes> columns) const;
  /// The columns of a batch that slots are read from.
  [[nodiscard]] std::vector<std::size_t> batch_columns() const;

 private:
  std::vector<Slot> slots_;
  std::vector<std::optional<Column>> columns_;
  const Batch* batch_ = nullptr;
  Batch scratch_;
};

/// True, false or unknown for each row. Only *true* is ever asked for: negation has been pushed
/// down to the leaves when the tree was made, so "not true" need not be told into false and
/// unknown.
class Condition {
 public:
  Condition() = default;
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  virtual ~Condition() = default;

  /// Sets mask[i] to 0 where this is not true for row i; the mask has frame.rows() bytes.
  virtual void narrow(Frame& frame, std::uint8_t* mask) = 0;
  /// About what a row costs, in bytes of a column compared with a constant; decides the order.
  [[nodiscard]] virtual unsigned cost() const = 0;
  /// False when it is true for no row of any batch where the slots have such values.
  [[nodiscard]] virtual bool may_hold(std::span<const ColumnExtremes> slots) const {
    static_cast<void>(slots);
    return true;
  }
  /// True or false when it is that for every row.
  [[nodiscard]] virtual std::optional<bool> constant() const { return std::nullopt; }
};

using ConditionPtr = std::unique_ptr<Condition>;

/// The same for every row.
[[nodiscard]] ConditionPtr constant_condition(bool value);
/// True where the field is known.
[[nodiscard]] ConditionPtr known_condition(std::size_t slot);
/// All of `parts`; the cheapest runs first, and none once no row is left.
[[nodiscard]] ConditionPtr all_of(std::vector<ConditionPtr> parts);
/// At least one of `parts`; likewise.
[[nodiscard]] ConditionPtr any_of(std::vector<ConditionPtr> parts);

/// Sets mask[i] to 0 where the column's value is unknown.
void narrow_to_known(const Column& column, std::uint8_t* mask);

/// Sets mask[i] to 0 where test(values[i]) is false. `test` must not branch on the value, so that
/// the loop vectorises; it is passed by value because writing the mask might change it otherwise.
template <class T, class Test>
inline void narrow_values(const T* __restrict values, std::size_t rows, Test test,
                          std::uint8_t* __restrict mask) {
  for (std::size_t i = 0; i < rows; ++i) {
    mask[i] = static_cast<std::uint8_t>(mask[i] & static_cast<std::uint8_t>(test(values[i])));
  }
}

}  // namespace nfql
