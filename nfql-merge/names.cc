#include "nfql-merge/names.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/expr/computed.h"
#include "common/expr/scope.h"

namespace nfql::merge {
namespace {

Schema qualified(const Branch& branch) {
  Schema schema;
  for (std::size_t i = 0; i < branch.groups.size(); ++i) {
    schema.add(qualified(branch, i));
  }
  return schema;
}

}  // namespace

Field qualified(const Branch& branch, std::size_t column) {
  Field field = branch.groups[column];
  field.name = branch.name + "." + field.name;
  return field;
}

void NameBinder::fail_here(Span span, const std::string& message, std::string hint) const {
  fail_at(source_.what, source_.text, span, message, std::move(hint));
}

void NameBinder::bind(Operand& operand, Leaf& leaf) const {
  if (auto* name = std::get_if<Name>(&operand.node)) {
    if (name->qualifier.empty()) {
      bind_word(operand);
    } else {
      bind_name(*name, operand.span, leaf);
    }
  } else if (auto* binary = std::get_if<Binary>(&operand.node)) {
    bind(*binary->left, leaf);
    bind(*binary->right, leaf);
  } else if (std::holds_alternative<Call>(operand.node)) {
    bind_call(operand, leaf);
  } else if (auto* range = std::get_if<Range>(&operand.node)) {
    bind(*range->low, leaf);
    bind(*range->high, leaf);
  } else if (auto* set = std::get_if<SetLiteral>(&operand.node)) {
    for (Operand& item : set->items) {
      bind(item, leaf);
    }
  }
}

// Afterwards the name is exactly that of a column of schema_of(leaf).
void NameBinder::bind_name(Name& name, Span span, Leaf& leaf) const {
  const std::size_t index = find_branch(name.qualifier, span);
  const Branch& branch = branches_[index];
  const auto field = FieldReader::find(branch.groups, name.name);
  if (!field) {
    fail_no_column(branch, name.name, span);
  }
  name.qualifier = branch.name;
  if (const auto column = field->column()) {
    name.name = branch.groups[*column].name;
    insert_once(leaf.columns, {index, *column});
    return;
  }
  // A duration, which the predicate computes from the two times.
  name.name = field->field().name;
  insert_once(leaf.columns, find_time(index, element::kStart, span));
  insert_once(leaf.columns, find_time(index, element::kEnd, span));
}

// A word without a branch is a protocol, a service …, never a column, whatever columns there are.
void NameBinder::bind_word(Operand& operand) const {
  const std::string word = std::get<Name>(operand.node).name;
  for (const Branch& branch : branches_) {
    if (same_name(branch.name, word)) {
      fail_here(operand.span, fmt::format("'{}' is a branch, and its columns are compared", word),
                fmt::format("write {0}.srcip or such; in time 'X before {0}', 'not X = {0}'",
                            branch.name));
    }
  }
  for (const Branch& branch : branches_) {
    if (branch.groups.find(word)) {
      fail_here(operand.span, fmt::format("'{}' is a column, but of which branch?", word),
                fmt::format("write {}.{}; a word that is no column is quoted: \"{}\"", branch.name,
                            word, word));
    }
  }
  operand.node = WordLiteral{word, true};
}

// `A.sum(bytes)` and `A.prefix(srcip, 24)` are columns.
void NameBinder::bind_call(Operand& operand, Leaf& leaf) const {
  auto& call = std::get<Call>(operand.node);
  if (call.qualifier.empty()) {
    for (Operand& argument : call.arguments) {
      bind(argument, leaf);
    }
    return;
  }
  const std::size_t index = find_branch(call.qualifier, operand.span);
  const Branch& branch = branches_[index];
  call.qualifier = branch.name;
  const Schema schema = qualified(branch);
  const auto column = Scope(source_, schema, 0).find(call);
  if (!column) {
    std::string_view written = source_.text;
    written = written.substr(operand.span.begin, operand.span.end - operand.span.begin);
    written.remove_prefix(std::min(written.find('.') + 1, written.size()));
    fail_here(operand.span,
              fmt::format("the groups of branch '{}' have no '{}'", branch.name, written),
              fmt::format("add '{}' to the aggregates of branch '{}'", written, branch.name));
  }
  insert_once(leaf.columns, {index, *column->column()});
  operand.node = Name{branch.name, branch.groups[*column->column()].name};
}

std::size_t NameBinder::find_branch(std::string_view name, Span span) const {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    if (same_name(branches_[i].name, name)) {
      return i;
    }
    names.push_back(branches_[i].name);
  }
  fail_here(span, fmt::format("no branch is named '{}'", name),
            hint_of(name, names, "the branches are"));
}

ColumnRef NameBinder::find_time(std::size_t branch, ElementId id, Span span) const {
  const auto column = branches_[branch].groups.find(id);
  if (!column || branches_[branch].groups[*column].type != Type::i64) {
    fail_no_column(branches_[branch], std::string(find_field(id)->short_name()), span);
  }
  return {branch, *column};
}

void NameBinder::fail_no_column(const Branch& branch, const std::string& name, Span span) const {
  const FieldInfo* info = find_field(name);
  const std::string near = branch.groups.nearest(name);
  std::string hint;
  if (info != nullptr) {
    hint = aggregate_hint(field_of(*info), qualified(branch), branch.name);
  } else if (!near.empty()) {
    hint = fmt::format("did you mean '{}.{}'?", branch.name, near);
  } else {
    hint = fmt::format("add an aggregate to branch '{}': '... as {}'", branch.name, name);
  }
  fail_here(span, fmt::format("the groups of branch '{}' have no '{}'", branch.name, name), hint);
}

}  // namespace nfql::merge
