#include "common/io/text_rows.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "common/base/error.h"
#include "common/flow/column_builder.h"
#include "common/io/collection_rows.h"
#include "common/io/text_columns.h"

namespace nfql {
namespace {

// Flows or groups.
class PlainRows final : public TextRows {
 public:
  PlainRows(const StreamHeader& header, const std::optional<std::vector<std::string>>& listed)
      : columns_(header, listed),
        kind_(header.kind == StreamKind::flows ? BlockKind::flows : BlockKind::groups) {
    for (const Projection::Selected& column : columns_.columns()) {
      headings_.push_back(heading_of(column.name, columns_.field(column)));
    }
    values_.resize(headings_.size());
  }

  [[nodiscard]] const std::vector<Heading>& headings() const override { return headings_; }

  void put(Block&& block, RowSink& out) override {
    if (block.kind != kind_) {
      return;
    }
    if (values_.empty()) {
      throw Error(Exit::usage, "columns: the input has none of those that are printed by default",
                  "--columns names others; --help-fields lists the fields");
    }
    columns_.apply(block);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const Projection::Selected& column = columns_.columns()[i];
      values_[i] = {block.batch.columns[column.column], columns_.field(column).meaning};
    }
    out.put_rows({values_, 0, block.batch.rows});
  }

  void finish(RowSink& /*out*/) override {}

 private:
  TextColumns columns_;
  BlockKind kind_;
  std::vector<Heading> headings_;
  std::vector<TextValues> values_;
};

class TupleRows final : public TextRows {
 public:
  TupleRows(const StreamHeader& header, const std::optional<std::vector<std::string>>& listed)
      : columns_(header, listed), groups_(header.branches.size()) {
    for (const Projection::Selected& column : columns_.columns()) {
      const Field& field = columns_.field(column);
      headings_.push_back(heading_of(column.name, field));
      kept_.emplace_back(field);
    }
    values_.resize(headings_.size());
  }

  [[nodiscard]] const std::vector<Heading>& headings() const override { return headings_; }

  void put(Block&& block, RowSink& out) override {
    if (block.kind == BlockKind::groups) {
      keep(std::move(block));
    } else if (block.kind == BlockKind::tuples) {
      print(block.batch, out);
    }
  }

  void finish(RowSink& /*out*/) override {}

 private:
  void keep(Block&& block) {
    groups_[block.branch] += block.batch.rows;
    columns_.apply(block);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      const Projection::Selected& column = columns_.columns()[i];
      if (column.branch == block.branch) {
        kept_[i].append(block.batch.columns[column.column]);
      }
    }
  }

  void print(const Batch& tuples, RowSink& out) {
    std::vector<std::vector<RowId>> rows(groups_.size());
    for (std::size_t branch = 0; branch < groups_.size(); ++branch) {
      rows[branch] = groups_of(tuples.columns[branch], branch);
    }
    Batch gathered;
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      const Projection::Selected& column = columns_.columns()[i];
      values_[i] = {gather(kept_[i].view(), rows[column.branch], gathered),
                    columns_.field(column).meaning};
    }
    out.put_rows({values_, 0, tuples.rows});
  }

  [[nodiscard]] std::vector<RowId> groups_of(const Column& indices, std::size_t branch) const {
    const std::uint64_t groups =
        std::min<std::uint64_t>(groups_[branch], std::numeric_limits<RowId>::max());
    std::vector<RowId> rows;
    rows.reserve(indices.rows);
    for (const std::uint64_t index : indices.values<std::uint64_t>()) {
      if (index >= groups) {
        fail(Exit::failed, "tuples: group {} of branch '{}', of which {} came", index,
             columns_.header().branches[branch].name, groups);
      }
      rows.push_back(static_cast<RowId>(index));
    }
    return rows;
  }

  TextColumns columns_;
  std::vector<std::uint64_t> groups_;  // how many came, by branch
  std::vector<Heading> headings_;
  std::vector<ColumnBuilder> kept_;  // of the groups, by column
  std::vector<TextValues> values_;
};

}  // namespace

Heading heading_of(std::string name, const Field& field) {
  const bool number = field.meaning == Meaning::number || field.meaning == Meaning::duration ||
                      field.meaning == Meaning::port;
  const bool right = number && field.type != Type::address && field.type != Type::set;
  return {std::move(name), right ? Alignment::right : Alignment::left};
}

std::unique_ptr<TextRows> make_text_rows(const StreamHeader& header,
                                         const std::optional<std::vector<std::string>>& listed) {
  if (listed.has_value() && listed->empty()) {
    fail(Exit::usage, "columns: the list is empty");
  }
  switch (header.kind) {
    case StreamKind::flows:
    case StreamKind::groups:
      break;
    case StreamKind::tuples:
      return std::make_unique<TupleRows>(header, listed);
    case StreamKind::collection:
      return make_collection_rows(header, listed);
  }
  return std::make_unique<PlainRows>(header, listed);
}

}  // namespace nfql
