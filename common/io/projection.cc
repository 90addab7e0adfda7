#include "common/io/projection.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/flow/near_names.h"

namespace nfql {
namespace {

bool qualified(StreamKind kind) {
  return kind == StreamKind::tuples || kind == StreamKind::collection;
}

// The rest of `name` after `branch.`, or nothing.
std::optional<std::string_view> without_branch(std::string_view name, std::string_view branch) {
  if (name.size() <= branch.size() || name[branch.size()] != '.' ||
      !same_name(name.substr(0, branch.size()), branch)) {
    return std::nullopt;
  }
  return name.substr(branch.size() + 1);
}

}  // namespace

Projection::Projection(const StreamHeader& from, const std::vector<std::string>& names,
                       KeptColumns kept)
    : from_(from), header_(from), origins_(from.branches.size()) {
  for (std::size_t branch = 0; branch < from_.branches.size(); ++branch) {
    projected(branch) = Schema();
  }
  for (const std::string& name : names) {
    select(name);
  }
  if (kept == KeptColumns::listed || from_.kind == StreamKind::flows) {
    return;
  }
  for (std::size_t branch = 0; branch < from_.branches.size(); ++branch) {
    if (from_.members) {
      keep(branch, element::kCount);
    }
    if (from_.kind == StreamKind::collection) {
      keep(branch, element::kComponent);
    }
  }
}

const Schema& Projection::original(std::size_t branch) const {
  const BranchSchema& schemas = from_.branches[branch];
  return from_.kind == StreamKind::flows ? schemas.flows : schemas.groups;
}

Schema& Projection::projected(std::size_t branch) {
  BranchSchema& schemas = header_.branches[branch];
  return from_.kind == StreamKind::flows ? schemas.flows : schemas.groups;
}

void Projection::select(const std::string& name) {
  if (!qualified(from_.kind)) {
    if (!select_from(0, name, name)) {
      fail_unknown(name);
    }
    return;
  }
  for (std::size_t branch = 0; branch < from_.branches.size(); ++branch) {
    const auto rest = without_branch(name, from_.branches[branch].name);
    if (rest.has_value() && select_from(branch, *rest, name)) {
      return;
    }
  }
  bool found = false;
  for (std::size_t branch = 0;
       from_.kind == StreamKind::collection && branch < from_.branches.size(); ++branch) {
    found = select_from(branch, name, name) || found;
  }
  if (!found) {
    fail_unknown(name);
  }
}

bool Projection::select_from(std::size_t branch, std::string_view name, const std::string& typed) {
  const std::optional<FieldReader> reader = FieldReader::find(original(branch), name);
  if (!reader.has_value()) {
    return false;
  }
  Field field = reader->field();
  field.name = name;
  Schema& to = projected(branch);
  const auto same = [&](const Field& other) { return same_name(other.name, name); };
  if (std::any_of(to.fields().begin(), to.fields().end(), same)) {
    throw Error(Exit::usage, fmt::format("columns: '{}' is named twice", typed),
                "name each column once");
  }
  to.add(std::move(field));
  origins_[branch].push_back(*reader);
  selected_.push_back({static_cast<std::uint16_t>(branch), to.size() - 1, typed});
  return true;
}

void Projection::keep(std::size_t branch, ElementId id) {
  const auto column = original(branch).find(id);
  if (column.has_value() && !projected(branch).find(id).has_value()) {
    projected(branch).add(original(branch)[*column]);
    origins_[branch].emplace_back(original(branch), *column);
  }
}

void Projection::fail_unknown(const std::string& name) const {
  if (from_.kind == StreamKind::flows) {
    // Which columns there are is no help: readers give those that they are asked for.
    const std::string hint = input_field_hint(original(0), name);
    throw Error(Exit::usage, fmt::format("columns: the input has no column '{}'", name),
                hint.empty() && !find_element(name) ? "--help-fields lists the fields" : hint);
  }
  std::vector<std::string> names;
  for (std::size_t branch = 0; branch < from_.branches.size(); ++branch) {
    const std::string prefix =
        qualified(from_.kind) ? from_.branches[branch].name + "." : std::string();
    const std::string_view rest =
        prefix.empty() ? name : without_branch(name, from_.branches[branch].name).value_or("");
    const std::string nearest = rest.empty() ? "" : original(branch).nearest(rest);
    if (!nearest.empty()) {
      throw Error(Exit::usage, fmt::format("columns: the input has no column '{}'", name),
                  fmt::format("did you mean '{}{}'?", prefix, nearest));
    }
    for (const Field& field : original(branch).fields()) {
      names.push_back(prefix + field.name);
    }
  }
  throw Error(Exit::usage, fmt::format("columns: the input has no column '{}'", name),
              fmt::format("it has {}", fmt::join(names, ", ")));
}

void Projection::apply(Block& block) const {
  const BlockKind kind = from_.kind == StreamKind::flows ? BlockKind::flows : BlockKind::groups;
  if (block.kind != kind) {
    return;
  }
  std::vector<Column> columns;
  columns.reserve(origins_[block.branch].size());
  for (const FieldReader& origin : origins_[block.branch]) {
    columns.push_back(origin.read(block.batch, block.batch));
  }
  block.batch.columns = std::move(columns);
}

}  // namespace nfql
