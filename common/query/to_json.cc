#include <string_view>

#include "common/io/text_name.h"
#include "common/query/query.h"

namespace nfql {
namespace {

std::string quoted(std::string_view text) {
  return text_of_name(TextStyle::json, text);
}

template <class List, class Text>
std::string list_of(const List& list, const Text& text) {
  std::string result;
  for (const auto& item : list) {
    result += (result.empty() ? "" : ", ") + quoted(text(item));
  }
  return "[" + result + "]";
}

std::string list_of(const std::vector<std::string>& list) {
  return list_of(list, [](const std::string& text) { return text; });
}

/// The members of an object, one a line.
class Object {
 public:
  explicit Object(std::size_t depth) : indent_(2 * depth + 2, ' ') {}

  void add(std::string_view key, const std::string& value) {
    text_ += text_.empty() ? "\n" : ",\n";
    text_ += indent_ + quoted(key) + ": " + value;
  }
  [[nodiscard]] std::string text() const {
    return text_.empty() ? "{}" : "{" + text_ + "\n" + indent_.substr(2) + "}";
  }

 private:
  std::string indent_;
  std::string text_;
};

void add_group(const GroupQuery& group, Object& to) {
  to.add("group", quoted(group.terms.text));
  if (!group.modules.empty()) {
    to.add("modules", list_of(group.modules));
  }
  if (!group.aggregates.text.empty()) {
    to.add("aggregate", quoted(group.aggregates.text));
  }
  if (group.input_order) {
    to.add("order", quoted("input"));
  }
  if (!group.members) {
    to.add("members", "false");
  }
}

std::string branch_text(const BranchQuery& branch) {
  Object object(2);
  if (branch.filter) {
    object.add("filter", quoted(branch.filter->text));
  }
  if (branch.group) {
    add_group(*branch.group, object);
  }
  if (branch.gfilter) {
    object.add("gfilter", quoted(branch.gfilter->text));
  }
  if (!branch.output.name.empty()) {
    object.add("output", quoted(branch.output.name));
  }
  return object.text();
}

std::string branches_text(const std::vector<BranchQuery>& branches) {
  Object object(1);
  for (const BranchQuery& branch : branches) {
    object.add(branch.name, branch_text(branch));
  }
  return object.text();
}

void add_merge(const MergeQuery& merge, Object& to) {
  to.add("merge", quoted(merge.expr.text));
  if (!merge.except.empty()) {
    to.add("except", list_of(merge.except, [](const ExpressionText& text) { return text.text; }));
  }
  if (merge.collection) {
    to.add("emit", quoted("collection"));
  }
}

}  // namespace

std::string to_json(const Query& query) {
  Object object(0);
  if (!query.inputs.empty()) {
    object.add("input", list_of(query.inputs, [](const QueryFile& file) { return file.name; }));
  }
  object.add("branches", branches_text(query.branches));
  if (query.merge) {
    add_merge(*query.merge, object);
  }
  if (query.ungroup) {
    object.add("ungroup", query.ungroup->flat ? R"({ "flat": true })" : "{}");
  }
  if (query.limit) {
    object.add("limit", fmt::format("{}", *query.limit));
  }
  if (!query.output.name.empty()) {
    object.add("output", quoted(query.output.name));
  }
  return object.text() + "\n";
}

}  // namespace nfql
