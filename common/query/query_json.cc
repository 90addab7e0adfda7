#include "common/query/query_json.h"

#include <algorithm>
#include <utility>

#include "common/base/names.h"
#include "common/query/json.h"
#include "common/query/term_form.h"

namespace nfql {
namespace {

/// Translates one document. Keys of both forms are known everywhere, so that they may be mixed.
class Translator {
 public:
  explicit Translator(Problems& problems) : problems_(problems) {}

  Query translate(const JsonValue& top) {
    const JsonObject object(
        top, {"branches", "branchset", "merge", "merger", "except", "emit", "ungroup", "ungrouper",
              "limit", "input", "output", "$schema", "comment"});
    problems_.attempt([&] { branches(top, object.find("branches", "branchset")); });
    problems_.attempt([&] { merger(object); });
    problems_.attempt([&] { ungrouper(object); });
    problems_.attempt([&] { files(object); });
    problems_.attempt([&] {
      if (const JsonValue* limit = object.find("limit")) {
        query_.limit = limit->number();
      }
    });
    branch_outputs(object.has_unknown());
    return std::move(query_);
  }

 private:
  void branches(const JsonValue& top, const JsonValue* value) {
    if (value == nullptr) {
      top.refuse("'branches' is missing", "a query has \"branches\" (or \"branchset\")");
    }
    if (value->is_object()) {
      check_names(*value);
      for (const JsonEntry& branch : value->members()) {
        add_branch(branch.name, branch.span, branch.value);
      }
    } else {
      for (const JsonValue& branch : value->array()) {
        add_branch(fmt::format("{}", query_.branches.size()), branch.span(), branch);
      }
    }
    if (query_.branches.empty()) {
      value->refuse("a query has at least one branch");
    }
  }

  static void check_names(const JsonValue& branches) {
    std::vector<std::string_view> names;
    for (const JsonMember& member : branches.keys()) {
      const auto twice = std::find_if(names.begin(), names.end(), [&](std::string_view other) {
        return same_name(other, member.name);
      });
      if (!is_branch_name(member.name)) {
        branches.complain(member.span, fmt::format("'{}' is no name of a branch", member.name),
                          "letters, digits and '_' are");
      } else if (twice != names.end() && *twice != member.name) {
        branches.complain(member.span, fmt::format("there is a branch '{}' already", *twice),
                          "names of branches differ in more than case");
      }
      names.push_back(member.name);
    }
  }

  void add_branch(const std::string& name, Span span, const JsonValue& value) {
    BranchQuery& branch = query_.branches.emplace_back();
    branch.name = name;
    branch.span = span;
    if (!problems_.attempt([&] { read_branch(value, branch); })) {
      branch.incomplete = true;
    }
  }

  void read_branch(const JsonValue& value, BranchQuery& branch) {
    const JsonObject object(value, {"filter", "group", "grouper", "modules", "aggregate", "gfilter",
                                    "groupfilter", "order", "members", "output", "comment"});
    problems_.attempt([&] { branch.filter = filter(object.find("filter")); });
    const JsonValue* group = object.find("group", "grouper");
    branch.incomplete = object.has_unknown();
    branch.lost_end = object.has_unknown();
    if (group == nullptr) {
      refuse_orphans(object, {"modules", "aggregate", "order", "members"},
                     "stands without a 'group'", "\"group\": \"\" makes one group of all flows");
    } else if (!problems_.attempt([&] { grouper(*group, object, branch); })) {
      branch.incomplete = true;
    }
    problems_.attempt([&] { branch.gfilter = filter(object.find("gfilter", "groupfilter")); });
    problems_.attempt([&] {
      if (const JsonValue* output = object.find("output")) {
        branch.output = {output->string(), output->span()};
      }
    });
  }

  void refuse_orphans(const JsonObject& object, std::initializer_list<const char*> keys,
                      std::string_view message, const std::string& hint) {
    for (const char* key : keys) {
      const JsonValue* orphan = object.has_unknown() ? nullptr : object.find(key);
      if (orphan != nullptr && !orphan->is_empty_list()) {
        problems_.attempt([&] { orphan->refuse(message, hint); });
      }
    }
  }

  std::optional<ExpressionText> filter(const JsonValue* value) {
    if (value == nullptr) {
      return std::nullopt;
    }
    return expression(value->is_object() ? filter_text(*value) : value->text(), Grammar::filter,
                      *value);
  }

  // Nothing where there is no text, or it is no expression; the problems say why.
  std::optional<ExpressionText> expression(std::optional<MappedText> text, Grammar grammar,
                                           const JsonValue& value) {
    if (!text) {
      return std::nullopt;
    }
    return parse(std::move(*text), grammar, value.path(), problems_);
  }

  void grouper(const JsonValue& value, const JsonObject& object, BranchQuery& branch) {
    branch.group.emplace();
    std::optional<JsonValue> aggregate;
    if (const JsonValue* text = object.find("aggregate")) {
      aggregate = *text;
    }
    std::optional<MappedText> terms;
    if (!value.is_object()) {
      terms = value.text();
    } else {
      const JsonObject stage(value, {"dnf-expr", "aggregation"});
      terms = group_text(stage.at("dnf-expr"));
      if (const JsonValue* aggregation = stage.find("aggregation")) {
        if (aggregate) {
          aggregate->refuse("says again what 'aggregation' says");
        }
        aggregate = *aggregation;
      }
    }
    if (auto parsed = expression(std::move(terms), Grammar::group_terms, value)) {
      branch.group->terms = std::move(*parsed);
    } else {
      branch.incomplete = true;
    }
    if (aggregate) {
      branch.incomplete |= !problems_.attempt([&] { aggregates(*aggregate, branch); });
    }
    group_options(object, branch);
  }

  void aggregates(const JsonValue& value, BranchQuery& branch) {
    std::optional<MappedText> text = value.is_object() ? aggregate_text(value) : value.text();
    if (!text) {
      branch.incomplete = true;
      return;
    }
    GroupQuery& group = *branch.group;
    group.aggregates = std::move(*text).take(value.path());
    try {
      group.items = parse_aggregates(group.aggregates.text);
    } catch (const TextError& error) {
      problems_.add(error, group.aggregates);
      branch.incomplete = true;
    }
  }

  void group_options(const JsonObject& object, BranchQuery& branch) {
    GroupQuery& group = *branch.group;
    problems_.attempt([&] { group.input_order = input_order(object.find("order")); });
    problems_.attempt([&] {
      const JsonValue* members = object.find("members");
      group.members = members == nullptr || members->boolean();
      group.members_span = members == nullptr ? Span() : members->span();
    });
    branch.incomplete |= !problems_.attempt([&] {
      if (const JsonValue* modules = object.find("modules")) {
        group.modules = module_names(*modules, group.terms);
      }
    });
  }

  static void count_modules(const Expr& terms, std::size_t& count) {
    if (const auto* any = std::get_if<Or>(&terms.node)) {
      for (const Expr& part : any->parts) {
        count_modules(part, count);
      }
    } else {
      ++count;
    }
  }

  static std::vector<std::string> module_names(const JsonValue& value,
                                               const ExpressionText& terms) {
    std::vector<std::string> names;
    for (const JsonValue& name : value.array()) {
      if (!is_branch_name(name.string())) {
        name.refuse(fmt::format("'{}' is no name of a module", name.string()),
                    "letters, digits and '_' are");
      }
      if (std::any_of(names.begin(), names.end(),
                      [&](const std::string& other) { return same_name(other, name.string()); })) {
        name.refuse(fmt::format("there is a module '{}' already", name.string()),
                    "names of modules differ in more than case");
      }
      names.push_back(name.string());
    }
    const bool known = !terms.what.empty();  // else they are wrong
    std::size_t count = 0;
    count_modules(terms.expr, count);
    if (known && !names.empty() && names.size() != count) {
      value.refuse(fmt::format("the terms have {} modules, but this names {}", count, names.size()),
                   "a module is a list of terms, and 'or' stands between lists");
    }
    return names;
  }

  static bool input_order(const JsonValue* order) {
    if (order == nullptr || order->string() == "time") {
      return false;
    }
    if (order->string() != "input") {
      order->refuse(fmt::format("'{}' is no order", order->string()), "\"time\" or \"input\"");
    }
    return true;
  }

  void merger(const JsonObject& top) {
    const JsonValue* value = top.find("merge", "merger");
    if (value == nullptr) {
      refuse_orphans(top, {"except", "emit"}, "stands without a 'merge'",
                     "\"merge\": \"\" makes all tuples");
      return;
    }
    query_.merge.emplace();
    problems_.attempt([&] {
      if (auto expr = merge_expression(*value)) {
        query_.merge->expr = std::move(*expr);
      }
    });
    problems_.attempt([&] { exclusion(top.find("except")); });
    problems_.attempt([&] {
      if (const JsonValue* emit = top.find("emit")) {
        query_.merge->collection = collection(*emit);
      }
    });
  }

  std::optional<ExpressionText> merge_expression(const JsonValue& value) {
    return expression(value.is_object() ? merge_text(value, query_.branches.size()) : value.text(),
                      Grammar::merge, value);
  }

  void exclusion(const JsonValue* except) {
    if (except == nullptr) {
      return;
    }
    for (const JsonValue& value : except->array()) {
      problems_.attempt([&] {
        if (auto expr = merge_expression(value)) {
          query_.merge->except.push_back(std::move(*expr));
        }
      });
    }
  }

  static bool collection(const JsonValue& emit) {
    const std::string& what = emit.string();
    if (what != "tuples" && what != "collection") {
      emit.refuse(fmt::format("'{}' cannot be emitted", what), "\"tuples\" or \"collection\"");
    }
    return what == "collection";
  }

  void ungrouper(const JsonObject& top) {
    const JsonValue* value = top.find("ungroup", "ungrouper");
    if (value == nullptr) {
      return;
    }
    query_.ungroup.emplace();
    if (!query_.merge && query_.branches.size() > 1 && !top.has_unknown()) {
      value->refuse("several branches are ungrouped without a merger",
                    "add \"merge\": \"\" for all tuples, or ungroup one branch a query");
    }
    const JsonObject options(*value, {"flat"});
    const JsonValue* flat = options.find("flat");
    query_.ungroup->flat = flat != nullptr && flat->boolean();
  }

  void files(const JsonObject& top) {
    if (const JsonValue* output = top.find("output")) {
      query_.output = {output->string(), output->span()};
    }
    const JsonValue* input = top.find("input");
    if (input != nullptr && input->is_string()) {
      query_.inputs.push_back({input->string(), input->span()});
    } else if (input != nullptr) {
      for (const JsonValue& file : input->array()) {
        query_.inputs.push_back({file.string(), file.span()});
      }
    }
  }

  // A file of a branch is for a result of its own.
  void branch_outputs(bool may_be_merged) {
    for (BranchQuery& branch : query_.branches) {
      branch.lost_end |= may_be_merged || query_.ungroup;
      if (query_.merge && !branch.output.name.empty()) {
        problems_.warn(
            branch.output.span,
            fmt::format("branches.{}.output: is not used, as the branch is merged", branch.name));
      }
    }
    if (query_.branches.size() == 1 && query_.output.name.empty()) {
      query_.output = std::exchange(query_.branches.front().output, {});
    }
  }

  Problems& problems_;
  Query query_;
};

}  // namespace

Query parse_query_json(const QuerySource& source, Problems& problems) {
  Query query;
  problems.attempt([&] {
    const JsonNode top = parse_json(source);
    query = Translator(problems).translate(JsonValue(top, {&source, &problems}, ""));
  });
  return query;
}

}  // namespace nfql
