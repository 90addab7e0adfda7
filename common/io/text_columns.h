// Which columns of a stream a text output prints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/io/projection.h"
#include "common/stream/block.h"

namespace nfql {

/// The columns that --columns lists or, without it, the default ones:
/// - of flows: `stream` if there, then those of start, end, srcip, srcport, dstip, dstport, proto,
///   flags, packets, bytes that are there; all columns if none of these is;
/// - of groups: all columns;
/// - of tuples and collections: all columns of each branch's groups, but the default ones of flows
///   and `count` where each group is a flow (a branch without grouper).
class TextColumns {
 public:
  /// Throws Error(Exit::usage) as Projection does.
  TextColumns(const StreamHeader& from, const std::optional<std::vector<std::string>>& listed);

  /// What apply() makes of the stream.
  [[nodiscard]] const StreamHeader& header() const {
    return projection_.has_value() ? projection_->header() : header_;
  }
  /// The columns in the order of printing, those of a branch found in its schema of header().
  /// Default ones have the schema's names: in tuples with the branch in front, in a collection
  /// without, and there `component` is not among them.
  [[nodiscard]] const std::vector<Projection::Selected>& columns() const { return columns_; }
  /// The field of one of columns(); the name to print is that of the column.
  [[nodiscard]] const Field& field(const Projection::Selected& column) const;
  void apply(Block& block) const;

 private:
  void add_default_columns(std::size_t branch);

  StreamHeader header_;
  std::optional<Projection> projection_;
  std::vector<Projection::Selected> columns_;
};

}  // namespace nfql
