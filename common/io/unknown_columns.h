// Columns of unknown values that share their memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/flow/batch.h"

namespace nfql {

/// Gives columns of unknown values to one batch, which takes the memory of one for them all.
class UnknownColumns {
 public:
  /// `batch` owns the memory and must outlive this.
  UnknownColumns(Batch& batch, std::size_t rows) : batch_(batch), rows_(rows) {}

  /// A column as of unknown_column().
  [[nodiscard]] Column make(const Field& field) {
    if (!zeros_) {
      zeros_ = unknown_column(field, rows_, batch_);
    }
    const bool set = field.type == Type::set;
    Column column = *zeros_;
    column.type = field.type;
    column.element_type = set ? field.element_type : field.type;
    column.width = static_cast<std::uint8_t>(width_of(column.element_type));
    column.offsets = set ? reinterpret_cast<const std::uint32_t*>(column.data) : nullptr;
    return column;
  }

 private:
  Batch& batch_;
  std::size_t rows_;
  std::optional<Column> zeros_;
};

}  // namespace nfql
