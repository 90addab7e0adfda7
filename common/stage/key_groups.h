// Numbers flows by their keys: the equality part of grouping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/expr/aggregate.h"
#include "common/flow/batch.h"
#include "common/stage/group_table.h"
#include "common/stage/key_columns.h"

namespace nfql {

/// Rows whose key columns are equal (unknown equals unknown) get one number, from 0 in the order in
/// which keys are first seen. A key of no columns is one number for all.
class KeyGroups {
 public:
  /// The fields are not sets.
  explicit KeyGroups(const std::vector<Field>& keys) : layout_(keys), table_(layout_.words()) {}

  /// Numbers so far.
  [[nodiscard]] std::size_t size() const { return table_.size(); }

  /// Replaces `groups` by the numbers of `rows` rows with the key `columns`.
  void number(std::span<const Column> columns, std::size_t rows, std::vector<GroupId>& groups);

  /// Frees what only number() needs, which may not be called any more.
  void end_numbering() { table_.end_numbering(); }

  /// Key column `index` of `groups`; its memory is added to `owner`.
  [[nodiscard]] Column keys(std::size_t index, std::span<const GroupId> groups,
                            Batch& owner) const {
    return layout_.unpack(table_.keys(), groups, index, owner);
  }

 private:
  KeyColumns layout_;
  GroupTable table_;
  std::vector<std::uint64_t> packed_;
};

}  // namespace nfql
