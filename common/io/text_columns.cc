#include "common/io/text_columns.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace nfql {
namespace {

constexpr std::array kFlowColumns = {element::kStart,
                                     element::kEnd,
                                     element::kSourceAddress,
                                     element::kSourcePort,
                                     element::kDestinationAddress,
                                     element::kDestinationPort,
                                     element::kProtocol,
                                     element::kTcpFlags,
                                     element::kPackets,
                                     element::kOctets};

using Indices = std::vector<std::size_t>;

Indices all_columns(const Schema& schema) {
  Indices all(schema.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = i;
  }
  return all;
}

void add_column(const Schema& schema, ElementId id, Indices& to) {
  if (const auto column = schema.find(id); column.has_value()) {
    to.push_back(*column);
  }
}

Indices default_flow_columns(const Schema& schema) {
  Indices columns;
  for (const ElementId id : kFlowColumns) {
    add_column(schema, id, columns);
  }
  if (columns.empty()) {
    return all_columns(schema);
  }
  if (const auto stream = schema.find(element::kStream); stream.has_value()) {
    columns.insert(columns.begin(), *stream);
  }
  return columns;
}

// True when the groups of a branch are single flows: the columns of a flow, and `count`. Where the
// members' columns are not there to compare with, a flow is known by its flowId, and a group that
// has one as its key by start, end and count at the end.
bool groups_are_flows(const BranchSchema& branch, bool members) {
  std::vector<Field> fields = branch.groups.fields();
  const auto structural = [](const Field& field) {
    return field.id == element::kCount || field.id == element::kComponent;
  };
  fields.erase(std::remove_if(fields.begin(), fields.end(), structural), fields.end());
  if (members) {
    return fields == branch.flows.fields();
  }
  const std::size_t size = fields.size();
  const bool grouped =
      size >= 2 && fields[size - 2].id == element::kStart && fields[size - 1].id == element::kEnd;
  return !grouped && branch.groups.find(element::kFlowId).has_value();
}

Indices default_group_columns(const BranchSchema& branch, bool members) {
  if (!groups_are_flows(branch, members)) {
    return all_columns(branch.groups);
  }
  Indices columns = default_flow_columns(branch.groups);
  add_column(branch.groups, element::kCount, columns);
  return columns;
}

}  // namespace

TextColumns::TextColumns(const StreamHeader& from,
                         const std::optional<std::vector<std::string>>& listed)
    : header_(from) {
  if (listed.has_value()) {
    projection_.emplace(from, *listed, KeptColumns::structural);
    columns_ = projection_->selected();
    return;
  }
  for (std::size_t branch = 0; branch < from.branches.size(); ++branch) {
    add_default_columns(branch);
  }
}

void TextColumns::add_default_columns(std::size_t branch) {
  const BranchSchema& schemas = header_.branches[branch];
  const auto add = [&](const Schema& schema, const Indices& columns, const std::string& prefix) {
    for (const std::size_t column : columns) {
      columns_.push_back(
          {static_cast<std::uint16_t>(branch), column, prefix + schema[column].name});
    }
  };
  switch (header_.kind) {
    case StreamKind::flows:
      add(schemas.flows, default_flow_columns(schemas.flows), "");
      break;
    case StreamKind::groups:
      add(schemas.groups, all_columns(schemas.groups), "");
      break;
    case StreamKind::tuples:
      add(schemas.groups, default_group_columns(schemas, header_.members), schemas.name + ".");
      break;
    case StreamKind::collection: {
      Indices columns = default_group_columns(schemas, header_.members);
      const auto component = schemas.groups.find(element::kComponent);
      if (component.has_value()) {
        columns.erase(std::remove(columns.begin(), columns.end(), *component), columns.end());
      }
      add(schemas.groups, columns, "");
      break;
    }
  }
}

const Field& TextColumns::field(const Projection::Selected& column) const {
  const BranchSchema& branch = header().branches[column.branch];
  return (header_.kind == StreamKind::flows ? branch.flows : branch.groups)[column.column];
}

void TextColumns::apply(Block& block) const {
  if (projection_.has_value()) {
    projection_->apply(block);
  }
}

}  // namespace nfql
