// Rows chosen while a stream is read: what nobody wants is not decoded.
#pragma once

#include <cstddef>
#include <vector>

#include "common/flow/batch.h"

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
};

}  // namespace nfql
