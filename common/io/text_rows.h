// Streams of every kind as rows of one table: what the text writers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/io/value_text.h"
#include "common/stream/block.h"

namespace nfql {

/// Where a value stands in the column of a table.
enum class Alignment : std::uint8_t { left, right };

/// What stands over a column.
struct Heading {
  std::string name;
  Alignment alignment = Alignment::left;
};

/// The heading of a column of this field; numbers, durations and ports stand right, others left.
[[nodiscard]] Heading heading_of(std::string name, const Field& field);

/// Rows [begin, end) of columns, one for each of TextRows::headings().
struct RowRange {
  std::span<const TextValues> columns;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Takes rows; they are valid during the call.
class RowSink {
 public:
  RowSink() = default;
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;
  virtual ~RowSink() = default;

  virtual void put_rows(const RowRange& rows) = 0;
};

/// Turns the blocks of one stream into rows:
/// - flows and groups as they come, members left out;
/// - tuples: a row a tuple, the columns of each branch's group side by side. Keeps the groups;
/// - a collection: `component`, `branch`, and what the branches have, columns of one name as one; a
///   row a group, ordered by component, branch, and group. Keeps the groups and gives all rows in
///   finish().
class TextRows {
 public:
  TextRows() = default;
  TextRows(const TextRows&) = delete;
  TextRows& operator=(const TextRows&) = delete;
  virtual ~TextRows() = default;

  /// Of the columns in the order of printing.
  [[nodiscard]] virtual const std::vector<Heading>& headings() const = 0;
  /// Takes the next block. Throws Error(Exit::failed) for tuples of groups that did not come, and
  /// Error(Exit::usage) for flows that have no column to print.
  virtual void put(Block&& block, RowSink& out) = 0;
  /// Called once, after the last block.
  virtual void finish(RowSink& out) = 0;
};

/// `listed` is --columns; see TextColumns for what is printed without. In a collection it may have
/// `component` and `branch`.
/// Throws Error(Exit::usage) when a listed column is not there, and for an empty list.
[[nodiscard]] std::unique_ptr<TextRows> make_text_rows(
    const StreamHeader& header, const std::optional<std::vector<std::string>>& listed);

}  // namespace nfql
