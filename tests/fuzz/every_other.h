// A choice of rows for fuzz targets of readers.
#pragma once

#include <cstddef>
#include <vector>

#include "common/flow/schema.h"
#include "common/stream/block.h"
#include "common/stream/row_chooser.h"

/// Every other row of a batch; it says that it looks at a column, if the flows have one.
class EveryOther final : public nfql::RowChooser {
 public:
  explicit EveryOther(const nfql::StreamHeader& header) {
    if (header.kind == nfql::StreamKind::flows && header.flows().size() != 0) {
      columns_.push_back(header.flows().size() / 2);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const nfql::Batch& batch, std::vector<nfql::RowId>& rows) override {
    rows.clear();
    for (std::size_t row = 0; row < batch.rows; row += 2) {
      rows.push_back(static_cast<nfql::RowId>(row));
    }
  }

 private:
  std::vector<std::size_t> columns_;
};
