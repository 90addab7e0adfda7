// A stream of one block, put together column by column.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/flow/column_builder.h"
#include "common/stream/block.h"
#include "tests/unit/flow/push_value.h"

namespace nfql::test {

// A stream of one block: columns with one value a row.
class Table {
 public:
  explicit Table(StreamKind kind = StreamKind::flows) : kind_(kind) {}

  template <class T>
  Table& column(Field field, const std::vector<std::optional<T>>& values) {
    ColumnBuilder builder(field);
    for (const std::optional<T>& value : values) {
      test::push_value(builder, value);
    }
    builder.move_to(batch_);
    schema_.add(std::move(field));
    return *this;
  }
  [[nodiscard]] StreamHeader header() const {
    const bool flows = kind_ == StreamKind::flows;
    return {kind_, false, {{"", flows ? Schema() : schema_, flows ? schema_ : Schema()}}};
  }
  Block block() {
    Block block;
    block.kind = kind_ == StreamKind::flows ? BlockKind::flows : BlockKind::groups;
    block.batch = std::move(batch_);
    return block;
  }

 private:
  StreamKind kind_;
  Schema schema_;
  Batch batch_;
};

using U8 = std::vector<std::optional<std::uint8_t>>;
using U64 = std::vector<std::optional<std::uint64_t>>;
using Times = std::vector<std::optional<std::int64_t>>;

inline Field computed(const char* name, Type type) {
  return {name, {}, type, Meaning::number, type};
}

}  // namespace nfql::test
