// What the tests of text output share: rows written down by hand, and what a writer makes of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/flow/column_builder.h"
#include "common/io/writer.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {

/// Columns with their schema.
struct Rows {
  Schema schema;
  Batch batch;

  /// Adds a column of numbers; nullopt is unknown.
  template <class T>
  Rows& numbers(const Field& field, const std::vector<std::optional<T>>& values) {
    ColumnBuilder builder(field);
    for (const std::optional<T>& value : values) {
      value.has_value() ? builder.push(*value) : builder.push_unknown();
    }
    return add(field, builder);
  }
  /// Adds a column of addresses; "" is unknown.
  Rows& addresses(const Field& field, const std::vector<std::string_view>& values) {
    ColumnBuilder builder(field);
    for (const std::string_view text : values) {
      text.empty() ? builder.push_unknown() : builder.push_address(parse_address(text).value());
    }
    return add(field, builder);
  }
  template <class T>
  Rows& sets(const Field& field, const std::vector<std::vector<T>>& values) {
    ColumnBuilder builder(field);
    for (const std::vector<T>& value : values) {
      builder.push_set(std::span<const T>(value));
    }
    return add(field, builder);
  }

  /// The rows as a block; leaves the schema.
  Block block(BlockKind kind, std::uint16_t branch = 0) {
    return {kind, branch, std::exchange(batch, Batch()), {}};
  }

 private:
  Rows& add(const Field& field, ColumnBuilder& builder) {
    schema.add(field);
    builder.move_to(batch);
    return *this;
  }
};

inline Field number(std::string name, Type type = Type::u64, Meaning meaning = Meaning::number) {
  return {std::move(name), {}, type, meaning, type};
}

inline Field set_of(std::string name, Type type, Meaning meaning = Meaning::number) {
  return {std::move(name), {}, Type::set, meaning, type};
}

/// What the writer of options.format makes of a stream.
inline std::string written(const StreamHeader& header, std::vector<Block> blocks,
                           const WriteOptions& options) {
  const TemporaryFile file;
  const std::unique_ptr<Writer> writer = open_writer(OutputFile(file.path()), header, options);
  for (Block& block : blocks) {
    writer->put(std::move(block));
  }
  writer->finish();
  std::string content = file.bytes();
  if (content.size() != writer->bytes_written()) {
    content += "(bytes_written() is wrong)";
  }
  return content;
}

inline std::vector<Block> blocks() {
  return {};
}
template <class... Rest>
std::vector<Block> blocks(Block&& first, Rest&&... rest) {
  std::vector<Block> all;
  all.push_back(std::move(first));
  (all.push_back(std::forward<Rest>(rest)), ...);
  return all;
}

inline WriteOptions format(OutputFormat format) {
  WriteOptions options;
  options.format = format;
  return options;
}

inline WriteOptions columns(std::vector<std::string> names) {
  WriteOptions options = format(OutputFormat::csv);
  options.columns = std::move(names);
  return options;
}

}  // namespace nfql::test
