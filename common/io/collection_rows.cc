#include "common/io/collection_rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/flow/column_builder.h"
#include "common/io/text_columns.h"

namespace nfql {
namespace {

constexpr std::string_view kBranch = "branch";

// The list without `branch`, which is no column of the stream.
std::optional<std::vector<std::string>> without_branch(
    std::optional<std::vector<std::string>> listed) {
  if (listed.has_value()) {
    listed->erase(std::remove_if(listed->begin(), listed->end(),
                                 [](const std::string& name) { return same_name(name, kBranch); }),
                  listed->end());
  }
  return listed;
}

Field component_field() {
  return {"component", element::kComponent};
}

// One printed column: the place of its values in each branch.
struct Place {
  bool is_branch = false;
  std::vector<std::optional<std::size_t>> columns;  // in BranchGroups::kept
};

// What is kept of one branch's groups. The groups come sorted by component.
struct BranchGroups {
  std::string name;
  ColumnBuilder components{component_field()};
  std::size_t component_column = 0;
  std::vector<std::size_t> columns;  // of the schema
  std::vector<Meaning> meanings;
  std::vector<ColumnBuilder> kept;  // one for each of `columns`
};

using Components = std::span<const std::uint64_t>;

// The lowest component that some branch has in its next row; nothing when all have ended.
std::optional<std::uint64_t> lowest(std::span<const Components> components,
                                    std::span<const std::size_t> next) {
  std::optional<std::uint64_t> result;
  for (std::size_t branch = 0; branch < next.size(); ++branch) {
    if (next[branch] < components[branch].size()) {
      const std::uint64_t component = components[branch][next[branch]];
      result = std::min(component, result.value_or(component));
    }
  }
  return result;
}

class CollectionRows final : public TextRows {
 public:
  CollectionRows(const StreamHeader& header, const std::optional<std::vector<std::string>>& listed)
      : columns_(header, without_branch(listed)) {
    for (const BranchSchema& branch : columns_.header().branches) {
      add_branch(branch);
    }
    if (listed.has_value()) {
      add_listed(*listed);
    } else {
      for (std::size_t branch = 0; branch < branches_.size(); ++branch) {
        add_column(branch, branches_[branch].component_column, "component", component_field());
      }
      add_branch_names(std::string(kBranch));
      for (const Projection::Selected& column : columns_.columns()) {
        add_column(column.branch, column.column, column.name, columns_.field(column));
      }
    }
  }

  [[nodiscard]] const std::vector<Heading>& headings() const override { return headings_; }

  void put(Block&& block, RowSink& /*out*/) override {
    if (block.kind != BlockKind::groups) {
      return;
    }
    columns_.apply(block);
    BranchGroups& groups = branches_[block.branch];
    groups.components.append(block.batch.columns[groups.component_column]);
    for (std::size_t i = 0; i < groups.kept.size(); ++i) {
      groups.kept[i].append(block.batch.columns[groups.columns[i]]);
    }
  }

  void finish(RowSink& out) override;

 private:
  void add_branch(const BranchSchema& branch);
  void add_listed(const std::vector<std::string>& listed);
  void add_branch_names(const std::string& name);
  void add_column(std::size_t branch, std::size_t column, const std::string& name,
                  const Field& field);
  std::vector<TextValues> values_of(const BranchGroups& groups, const Column& nothing) const;

  TextColumns columns_;
  std::vector<BranchGroups> branches_;
  std::vector<Heading> headings_;
  std::vector<Place> places_;  // one for each of headings_
};

void CollectionRows::add_branch(const BranchSchema& branch) {
  const auto component = branch.groups.find(element::kComponent);
  if (!component.has_value() || branch.groups[*component].type != Type::u64) {
    fail(Exit::failed, "branch '{}' of the collection has no component numbers", branch.name);
  }
  BranchGroups& groups = branches_.emplace_back();
  groups.name = branch.name;
  groups.component_column = *component;
}

void CollectionRows::add_listed(const std::vector<std::string>& listed) {
  auto column = columns_.columns().begin();
  for (const std::string& name : listed) {
    if (same_name(name, kBranch)) {
      add_branch_names(name);
      continue;
    }
    for (; column != columns_.columns().end() && column->name == name; ++column) {
      add_column(column->branch, column->column, column->name, columns_.field(*column));
    }
  }
}

void CollectionRows::add_branch_names(const std::string& name) {
  headings_.push_back({name, Alignment::left});
  places_.push_back({true, std::vector<std::optional<std::size_t>>(branches_.size())});
}

// Columns of one name in several branches share a place.
void CollectionRows::add_column(std::size_t branch, std::size_t column, const std::string& name,
                                const Field& field) {
  BranchGroups& groups = branches_[branch];
  groups.columns.push_back(column);
  groups.meanings.push_back(field.meaning);
  groups.kept.emplace_back(field);
  std::size_t place = 0;
  while (place < places_.size() &&
         (places_[place].is_branch || places_[place].columns[branch].has_value() ||
          !same_name(headings_[place].name, name))) {
    ++place;
  }
  if (place == places_.size()) {
    headings_.push_back(heading_of(name, field));
    places_.push_back({false, std::vector<std::optional<std::size_t>>(branches_.size())});
  }
  places_[place].columns[branch] = groups.kept.size() - 1;
}

std::vector<TextValues> CollectionRows::values_of(const BranchGroups& groups,
                                                  const Column& nothing) const {
  const auto branch = static_cast<std::size_t>(&groups - branches_.data());
  std::vector<TextValues> values;
  for (const Place& place : places_) {
    const auto& column = place.columns[branch];
    if (place.is_branch) {
      values.push_back({nothing, {}, &groups.name});
    } else if (column.has_value()) {
      values.push_back({groups.kept[*column].view(), groups.meanings[*column]});
    } else {
      values.push_back({nothing, {}});
    }
  }
  return values;
}

void CollectionRows::finish(RowSink& out) {
  std::size_t most = 0;
  std::vector<Components> components;
  for (const BranchGroups& groups : branches_) {
    components.push_back(groups.components.view().values<std::uint64_t>());
    most = std::max(most, components.back().size());
  }
  ColumnBuilder unknowns(Field{"", {}, Type::u8});  // the column of a branch that lacks it
  for (std::size_t row = 0; row < most; ++row) {
    unknowns.push_unknown();
  }
  std::vector<std::vector<TextValues>> values;
  for (const BranchGroups& groups : branches_) {
    values.push_back(values_of(groups, unknowns.view()));
  }
  std::vector<std::size_t> next(branches_.size());  // row, by branch
  while (const auto component = lowest(components, next)) {
    for (std::size_t branch = 0; branch < next.size(); ++branch) {
      const std::size_t begin = next[branch];
      std::size_t& end = next[branch];
      while (end < components[branch].size() && components[branch][end] == *component) {
        ++end;
      }
      if (begin != end) {
        out.put_rows({values[branch], begin, end});
      }
    }
  }
}

}  // namespace

std::unique_ptr<TextRows> make_collection_rows(
    const StreamHeader& header, const std::optional<std::vector<std::string>>& listed) {
  return std::make_unique<CollectionRows>(header, listed);
}

}  // namespace nfql
