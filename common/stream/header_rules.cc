#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/stream/header.h"

namespace nfql {
namespace {

// Length of the UTF-8 character that begins `text`, or 0 when none does or it is a control
// character.
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return first >= 0x20 && first != 0x7f ? 1 : 0;
  }
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) {
    return 0;
  }
  // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
  const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) {
      return 0;
    }
  }
  return length;
}

bool printable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::string find_name_problem(std::string_view what, std::string_view name) {
  if (name.size() > UINT16_MAX) {
    return fmt::format("the name of a {} is longer than {} bytes", what, UINT16_MAX);
  }
  if (!printable(name)) {
    return fmt::format("the name of a {} is not UTF-8 text without control characters", what);
  }
  return {};
}

// The type that a field must have, if any: stages rely on those of the first six without looking,
// on the others only among flows.
std::optional<Type> required_type(ElementId id, bool flows) {
  if (id == element::kStart || id == element::kEnd) {
    return Type::i64;
  }
  if (id == element::kFlowId || id == element::kCount || id == element::kComponent ||
      id == element::kStream) {
    return Type::u64;
  }
  const FieldInfo* info = flows && id.any() ? find_field(id) : nullptr;
  return info == nullptr ? std::nullopt : std::optional(info->type);
}

enum class SchemaOf : std::uint8_t { groups, flows };

std::string find_field_problem(const Field& field, SchemaOf of) {
  if (field.name.empty()) {
    return "a column has no name";
  }
  if (std::string problem = find_name_problem("column", field.name); !problem.empty()) {
    return problem;
  }
  if (field.element_type == Type::set) {
    return fmt::format("column '{}' is of sets of sets", field.name);
  }
  if (required_type(field.id, of == SchemaOf::flows).value_or(field.type) != field.type) {
    return fmt::format("column '{}' has not the type of its element", field.name);
  }
  return {};
}

std::string find_schema_problem(const Schema& schema, SchemaOf of) {
  if (schema.size() > kMaxColumns) {
    return fmt::format("{} columns, at most {} are allowed", schema.size(), kMaxColumns);
  }
  for (const Field& field : schema.fields()) {
    if (std::string problem = find_field_problem(field, of); !problem.empty()) {
      return problem;
    }
  }
  return {};
}

std::string find_branch_problem(const StreamHeader& header, const BranchSchema& branch) {
  for (std::string problem : {find_name_problem("branch", branch.name),
                              find_schema_problem(branch.groups, SchemaOf::groups),
                              find_schema_problem(branch.flows, SchemaOf::flows)}) {
    if (!problem.empty()) {
      return problem;
    }
  }
  if (header.members && !branch.groups.find(element::kCount).has_value()) {
    return "groups with members have no column that counts them";
  }
  return {};
}

}  // namespace

std::string find_problem(const StreamHeader& header) {
  const bool several = header.kind == StreamKind::tuples || header.kind == StreamKind::collection;
  const std::size_t most = several ? kMaxBranches : 1;
  if (header.branches.empty() || header.branches.size() > most) {
    return fmt::format("{} branches, from 1 to {} are allowed", header.branches.size(), most);
  }
  if (header.members && header.kind == StreamKind::flows) {
    return "flows have no members";
  }
  std::vector<std::string_view> names;
  std::size_t columns = 0;
  for (const BranchSchema& branch : header.branches) {
    if (std::string problem = find_branch_problem(header, branch); !problem.empty()) {
      return problem;
    }
    names.push_back(branch.name);
    columns += branch.groups.size() + branch.flows.size();
  }
  if (columns > kMaxTotalColumns) {
    return fmt::format("more than {} columns", kMaxTotalColumns);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() ? std::string() : fmt::format("two branches are named '{}'", *twice);
}

}  // namespace nfql
