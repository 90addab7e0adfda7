// Group columns as plain arrays, for joins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "common/stage/group_store.h"
#include "nfql-merge/terms.h"

namespace nfql::merge {

/// Values of an integer or address column, by group.
struct FlatColumn {
  Type type = Type::u64;
  std::vector<std::uint64_t> low;   ///< integers, signed ones as two's complement; IPv4 addresses
  std::vector<std::uint64_t> high;  ///< with it `low` is of 128-bit addresses; else empty
  std::vector<std::uint8_t> known;  ///< empty: all are
  bool fits_signed = true;          ///< integers: all are of the range of i64

  [[nodiscard]] bool is_known(std::size_t row) const { return known.empty() || known[row] != 0; }
  [[nodiscard]] std::int64_t number(std::size_t row) const {
    return static_cast<std::int64_t>(low[row]);
  }
};

[[nodiscard]] FlatColumn flatten(const RowStore& rows, std::size_t column);

/// Makes each array once, when it is first needed.
class FlatColumns {
 public:
  /// The stores must be complete and outlive this.
  explicit FlatColumns(const std::vector<GroupStore>& stores) : stores_(stores) {}

  /// Stays valid. Only for columns of integers and addresses.
  [[nodiscard]] const FlatColumn& get(const ColumnRef& ref);

 private:
  const std::vector<GroupStore>& stores_;
  std::map<ColumnRef, FlatColumn> columns_;
};

}  // namespace nfql::merge
