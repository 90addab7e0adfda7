// Fields that an expression may name although no column holds them: they are computed from others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// Reads one field of the batches of a schema: a column, or one of
/// - `duration` where there are start and end: end - start, unknown where either is, held at the
///   ends of i64;
/// - `flows` and `count` where there are flows, not groups: 1.
class FieldReader {
 public:
  /// What `name` means in `schema` (see Schema::find; also `A.duration`); nothing when it has no
  /// such field and none that it could be computed from.
  [[nodiscard]] static std::optional<FieldReader> find(const Schema& schema, std::string_view name);
  /// Column `index` of `schema` as it is.
  FieldReader(const Schema& schema, std::size_t index);

  /// Name, type and meaning; of a computed field the name is the one that was asked for.
  [[nodiscard]] const Field& field() const { return field_; }
  /// The column's index, or nothing when the field is computed.
  [[nodiscard]] std::optional<std::size_t> column() const;
  /// Adds the columns that read() looks at, as far as they are not there.
  void collect_columns(std::vector<std::size_t>& columns) const;
  /// The values in `batch`. Valid as long as both batches: a computed column's memory is added to
  /// `scratch`.
  [[nodiscard]] Column read(const Batch& batch, Batch& scratch) const;

 private:
  enum class Kind : std::uint8_t { column, duration, one };

  FieldReader(Field field, Kind kind) : field_(std::move(field)), kind_(kind) {}

  Field field_;
  Kind kind_;
  std::size_t first_ = 0;   // the column; of a duration, that of the start
  std::size_t second_ = 0;  // of a duration, the column of the end
};

/// True when the rows of `schema` are groups (or tuples), not flows.
[[nodiscard]] bool has_groups(const Schema& schema);

/// `address` with all bits after the first `length` cleared. The length counts the bits of the
/// address's own family: 24 of 10.1.2.3 is 10.1.2.0. IPv4 addresses keep their 32 bits beyond that.
[[nodiscard]] constexpr Address network_of(const Address& address, unsigned length) {
  if (is_ipv4(address)) {
    return Prefix::masked(address, 96 + (length < 32 ? length : 32));
  }
  return Prefix::masked(address, length);
}

/// What `prefix(column, length)` is: network_of() for each row, as wide as the column. The memory
/// of the result is added to `scratch`.
[[nodiscard]] Column networks_of(const Column& column, unsigned length, Batch& scratch);

/// A column of addresses as one of 16-byte Addresses; itself if it is one. The memory of the result
/// is added to `scratch`. Sets of addresses likewise.
[[nodiscard]] Column widened(const Column& column, Batch& scratch);

}  // namespace nfql
