// The keys of a grouping: what its equality terms read of a flow.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "common/expr/computed.h"
#include "common/expr/parse.h"
#include "common/flow/batch.h"
#include "common/flow/schema.h"

namespace nfql {

/// A field, or the network of an address.
class GroupKey {
 public:
  GroupKey(FieldReader reader, Field field, std::optional<unsigned> prefix_length)
      : reader_(std::move(reader)), field_(std::move(field)), prefix_length_(prefix_length) {}

  /// The key as a column of groups.
  [[nodiscard]] const Field& field() const { return field_; }
  /// Whether its value is that of `input`, not of a network.
  [[nodiscard]] bool is(const Field& input) const {
    return !prefix_length_ && reader_.field().name == input.name;
  }
  /// The values in `batch`; memory is added to `scratch`.
  [[nodiscard]] Column read(const Batch& batch, Batch& scratch) const;

  /// Whether two keys are the same but for their names.
  friend bool same_key(const GroupKey& a, const GroupKey& b) {
    return a.prefix_length_ == b.prefix_length_ && a.reader_.field().name == b.reader_.field().name;
  }

 private:
  FieldReader reader_;
  Field field_;
  std::optional<unsigned> prefix_length_;
};

/// The keys of `terms`, named as these write them: `srcip`, `srcip = srcip`, `prefix(srcip, 24)`,
/// the latter named `prefix(srcip, 24)`; or as what stands after `as`. No terms: no keys.
///
/// Throws Error(Exit::usage) with a caret for fields that `flows` does not have, for what is no
/// group term, and for the terms that this version does not support: those that need the order of
/// flows, and lists joined by `or`.
[[nodiscard]] std::vector<GroupKey> bind_keys(const ExpressionText& terms, const Schema& flows);

/// The field `name` of `schema`. Throws Error(Exit::usage) with a caret under the span, and the
/// nearest name as a hint.
[[nodiscard]] FieldReader bind_field(const Schema& schema, std::string_view name,
                                     std::string_view what, std::string_view text, Span span);

}  // namespace nfql
