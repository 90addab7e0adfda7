// Flows that are read as text, row by row: which columns they have, and batches of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/io/cell_column.h"
#include "common/io/cell_text.h"
#include "common/io/reader.h"
#include "common/io/text_names.h"

namespace nfql {

/// The columns of a file by the names that it has for them. Those that are wanted and have a field
/// are read; of several of one field the last value that is not 0 counts (records with an IPv4 and
/// an IPv6 address have zeros in one of them). A column of another element that stands for a field
/// (`octetTotalCount` for `bytes`) is read where there is none of the field itself.
///
/// Rows get a flowId, counted from 0, whatever the file says. Where the file has start and duration
/// but no end, or the uptimes and the time of export of flow-tools but neither start nor end, these
/// are made of them. Who asks for it gets deltaFlowCount, too: 1, unless the file says it.
class TextFlows {
 public:
  /// Whether `names` are all that will come. Where they are not, fields of ReadOptions::named have
  /// columns too, and add_late() may be called.
  enum class Names : std::uint8_t { all, some };

  /// Throws Error(Exit::failed) when no name has a field, or two names of ours have the same, and
  /// Error(Exit::usage) when a name is `count` and ReadOptions::named has element::kCount: then
  /// groups are asked for. `where` begins its message.
  TextFlows(const std::vector<std::string>& names, const ReadOptions& options, Names extent,
            const std::string& where);

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] TextOrigin origin() const { return origin_; }
  /// Names of the file that nobody knows.
  [[nodiscard]] const std::vector<std::string>& unknown_names() const { return unknown_; }
  /// Whether the column of that name (by its index) is read.
  [[nodiscard]] bool reads(std::size_t name) const { return inputs_[name].read != nullptr; }

  /// A name that comes late: true if it is that of a field that is missing(), or of an address that
  /// has a column (flows of IPv6 may come late); then it is the next of the names.
  [[nodiscard]] bool add_late(std::string_view name);
  /// Fields of ReadOptions::named that have columns, while no name was theirs so far.
  [[nodiscard]] const std::vector<ElementId>& missing() const { return missing_; }

  /// Sets the value of a column that is read in the current row; false if the text is none for it.
  [[nodiscard]] bool put(std::size_t name, std::string_view text);
  /// What put() would have taken.
  [[nodiscard]] std::string expected(std::size_t name) const;
  /// A time of the first batch, where all that are written as whole numbers and so were read as
  /// milliseconds would as seconds be of 2001 to 2100; and the column it is of.
  [[nodiscard]] const std::optional<std::pair<std::string, std::int64_t>>& doubtful_time() const {
    return doubtful_;
  }
  /// The row is complete.
  void end_row();

  /// Complete rows that were not moved yet.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] bool full() const { return rows_ == kMaxRows; }
  /// Moves the complete rows to `batch`.
  void move_to(Batch& batch);

 private:
  // A column of the file.
  struct Input {
    ReadCell read = nullptr;
    std::size_t cells = 0;
    bool shared = false;  // other columns have the same field
    Notation notation = Notation::plain;
  };
  // What is made of other columns, by their places in cells_.
  struct Derived {
    std::optional<std::size_t> start, end, duration;
    std::optional<std::size_t> seconds, nanoseconds, uptime, first, last;
  };

  void make_room();
  std::size_t cells_of(const Field& field);
  [[nodiscard]] std::optional<std::size_t> find_cells(ElementId id) const;
  void plan(const std::vector<TextName>& names, const ReadOptions& options);
  void plan_named(const std::vector<TextName>& names, const ReadOptions& options);
  void plan_made(const std::vector<TextName>& names, const ReadOptions& options);
  [[nodiscard]] bool is_needed(ElementId id) const;
  void add_input(const TextName& name, bool shown);
  void add_shown(ElementId id);
  void mark_shared();
  void look_for_seconds();
  void derive_end();
  void derive_from_uptime();

  TextOrigin origin_;
  std::vector<std::string> unknown_;
  std::vector<ElementId> missing_;
  std::vector<Input> inputs_;
  std::vector<CellColumn> cells_;
  std::vector<std::size_t> shown_;  // of cells_, in the order of the schema; then the made ones
  Schema schema_;
  Derived derived_;
  std::optional<std::pair<std::string, std::int64_t>> doubtful_;
  bool makes_end_ = false;
  bool makes_times_ = false;
  bool counts_ones_ = false;
  TimeText times_;
  std::size_t rows_ = 0;
  std::size_t room_ = 0;
  std::size_t last_rows_ = 0;  // of the batch before: the next is likely to be as large
  std::uint64_t flows_ = 0;
};

}  // namespace nfql
