// All blocks of a reader, kept so that tests can look at single values.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "common/io/reader.h"

namespace nfql::test {

/// What a reader of flows gave.
struct AllFlows {
  Schema schema;
  std::vector<Source> sources;
  std::vector<Batch> batches;
  std::string error;  ///< what it threw in the end, if it did

  [[nodiscard]] std::size_t rows() const {
    std::size_t rows = 0;
    for (const Batch& batch : batches) {
      rows += batch.rows;
    }
    return rows;
  }
  /// A value as text, "?" where it is unknown.
  [[nodiscard]] std::string at(std::size_t row, std::string_view name) const {
    const std::size_t column = schema.find(name).value();
    for (const Batch& batch : batches) {
      if (row < batch.rows) {
        return text(batch.columns[column], row);
      }
      row -= batch.rows;
    }
    return "no such row";
  }

 private:
  static std::string text(const Column& column, std::size_t row) {
    if (!column.is_known(row)) {
      return "?";
    }
    if (column.type == Type::address) {
      return to_string(column.address(row));
    }
    return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
      if constexpr (std::is_same_v<T, Address>) {
        return std::string();
      } else {
        return fmt::format("{}", column.values<T>()[row]);
      }
    });
  }
};

inline AllFlows read_all(Reader& reader) {
  AllFlows all;
  all.schema = reader.header().flows();
  try {
    for (Block block; reader.next(block); block = Block()) {
      all.sources.insert(all.sources.end(), block.sources.begin(), block.sources.end());
      if (block.kind == BlockKind::flows) {
        all.batches.push_back(std::move(block.batch));
      }
    }
  } catch (const std::exception& error) {
    all.error = error.what();
  }
  return all;
}

}  // namespace nfql::test
