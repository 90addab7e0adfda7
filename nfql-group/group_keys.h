// The keys of a grouping: what its equality terms read of a flow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
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
  GroupKey(FieldReader reader, Field field, std::optional<unsigned> prefix_length, Span span)
      : reader_(std::move(reader)),
        field_(std::move(field)),
        prefix_length_(prefix_length),
        span_(span) {}

  /// The key as a column of groups.
  [[nodiscard]] const Field& field() const { return field_; }
  /// Where it stands in the terms.
  [[nodiscard]] Span span() const { return span_; }
  /// Whether its value is that of `input`, not of a network.
  [[nodiscard]] bool is(const Field& input) const {
    return !prefix_length_ && reader_.field().name == input.name;
  }
  /// The values in `batch`; memory is added to `scratch`.
  [[nodiscard]] Column read(const Batch& batch, Batch& scratch) const;
  [[nodiscard]] const FieldReader& reader() const { return reader_; }

  /// Whether two keys are the same but for their names.
  friend bool same_key(const GroupKey& a, const GroupKey& b) {
    return a.prefix_length_ == b.prefix_length_ && a.reader_.field().name == b.reader_.field().name;
  }

 private:
  FieldReader reader_;
  Field field_;
  std::optional<unsigned> prefix_length_;
  Span span_;
};

/// The key that an operand of `source` stands for: `srcip`, or `prefix(srcip, 24)`, which is then
/// also its name, whatever the blanks; or it is named `alias`, if that is not empty. The name's
/// qualifier is not looked at.
///
/// Throws Error(Exit::usage) with a caret for fields that `flows` does not have and for what is no
/// key.
[[nodiscard]] GroupKey bind_key(const ExpressionText& source, const Schema& flows,
                                const Operand& operand, const std::string& alias);

/// The field `name` of `schema`. Throws Error(Exit::usage) with a caret under the span, and the
/// nearest name as a hint.
[[nodiscard]] FieldReader bind_field(const Schema& schema, std::string_view name,
                                     std::string_view what, std::string_view text, Span span);

/// Adds the indices of the columns that `reader`, of the schema `flows`, reads.
void add_columns(const FieldReader& reader, const Schema& flows, std::vector<std::size_t>& columns);

}  // namespace nfql
