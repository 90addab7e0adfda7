// Rows chosen while a stream is read: what nobody wants is not decoded, or not even read.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/column_extremes.h"

namespace nfql {

/// Says which flows are wanted, by some of their columns. Its functions may be called by several
/// threads at a time.
class RowChooser {
 public:
  RowChooser() = default;
  RowChooser(const RowChooser&) = delete;
  RowChooser& operator=(const RowChooser&) = delete;
  virtual ~RowChooser() = default;

  /// The columns of the schema that choose() looks at.
  [[nodiscard]] virtual const std::vector<std::size_t>& columns() const = 0;
  /// Replaces `rows` by the rows that are wanted, ascending. Of the batch's columns those of
  /// columns() have values, the others only types.
  virtual void choose(const Batch& batch, std::vector<RowId>& rows) = 0;
  /// False when choose() would leave no row of any batch whose columns, all of the schema, have
  /// such values: it need not be read.
  [[nodiscard]] virtual bool may_choose(std::span<const ColumnExtremes> columns) {
    static_cast<void>(columns);
    return true;
  }
};

}  // namespace nfql
