// Records of flow-tools files to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/io/fixed_records.h"
#include "common/io/flow_tools_header.h"

namespace nfql {

/// The fields that flows of flow-tools files have, in order; only those of `wanted` if given. Files
/// of some versions lack some of them: there they are unknown. Who asks for it gets deltaFlowCount,
/// too: 1 in every flow.
[[nodiscard]] Schema flow_tools_schema(const std::optional<std::vector<ElementId>>& wanted);

/// Decodes records piece by piece into the columns of one batch after the other.
class FlowToolsDecoder {
 public:
  explicit FlowToolsDecoder(const Schema& schema);

  /// Prepares for the records after this header.
  void bind(const FlowToolsHeader& header);
  /// Appends records, which have these flowIds.
  void append(std::span<const std::byte> records, const FlowNumbers& numbers);
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Moves what was appended to `batch` and starts anew, in the memory that `batch` had.
  void move_to(Batch& batch);

 private:
  struct Target {
    Field field;
    FixedDecode decode = nullptr;  // none: the records do not have it
    std::size_t offset = 0;
    Buffer values;
  };

  std::vector<Target> targets_;
  std::size_t record_size_ = 0;
  std::size_t rows_ = 0;
  std::size_t last_rows_ = 0;  // of the batch before: the next is likely to be as large
};

}  // namespace nfql
