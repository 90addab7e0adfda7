// Keys of several columns as rows of fixed width, which compare and hash as words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// How the values of a key lie in a row of 64-bit words.
///
/// Two keys of one layout are equal if and only if their words are: unknown equals unknown and
/// nothing else, the two zeros of reals are one, and so are the values that are no number. A layout
/// starts as narrow as can be (IPv4 addresses, nothing unknown) and is widened when that no longer
/// holds the values.
class KeyColumns {
 public:
  /// The fields are not sets.
  explicit KeyColumns(const std::vector<Field>& fields);

  /// Columns of a key.
  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  /// Words of a row; 0 for a key of no columns.
  [[nodiscard]] std::size_t words() const { return words_; }

  /// Whether rows of this layout can hold all values of `columns`.
  [[nodiscard]] bool holds(std::span<const Column> columns) const;
  /// This layout, widened as far as `columns` need.
  [[nodiscard]] KeyColumns widened_for(std::span<const Column> columns) const;

  /// Packs rows [first, first + count) of `columns`, which the layout holds, into `to`, which has
  /// count * words() words.
  void pack(std::span<const Column> columns, std::size_t first, std::size_t count,
            std::uint64_t* to) const;
  /// Rows of this layout as rows of a wider one.
  [[nodiscard]] std::vector<std::uint64_t> repack(std::span<const std::uint64_t> rows,
                                                  const KeyColumns& wider) const;
  /// The values of key column `index` in the given ones of `rows`; the column is tidy() and its
  /// memory added to `owner`.
  [[nodiscard]] Column unpack(std::span<const std::uint64_t> rows,
                              std::span<const std::uint32_t> selected, std::size_t index,
                              Batch& owner) const;

 private:
  struct Part {
    Type type = Type::u64;
    std::uint8_t width = 0;
    bool nullable = false;
    std::size_t offset = 0;      // bytes into a row
    std::size_t unknown_at = 0;  // offset of a byte that is 1 where the value is unknown
  };

  void lay_out();

  std::vector<Part> parts_;
  std::size_t words_ = 0;
};

}  // namespace nfql
