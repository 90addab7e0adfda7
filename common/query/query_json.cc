#include <simdjson.h>

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/query/json.h"
#include "common/query/query.h"
#include "common/query/term_form.h"

namespace nfql {
namespace {

/// Translates one document. Keys of both forms are known everywhere, so that they may be mixed.
class Translator {
 public:
  Query translate(const JsonValue& top) {
    const JsonObject object(top, {"branches", "branchset", "merge", "merger", "except", "emit",
                                  "ungroup", "ungrouper", "limit", "$schema", "comment"});
    branches(top, object.find("branches", "branchset"));
    if (const JsonValue* merge = object.find("merge", "merger")) {
      query_.merge = merger(*merge, object);
    } else {
      refuse_without_merge(object);
    }
    if (const JsonValue* ungroup = object.find("ungroup", "ungrouper")) {
      const JsonObject options(*ungroup, {"flat"});
      const JsonValue* flat = options.find("flat");
      query_.ungroup = UngroupQuery{flat != nullptr && flat->boolean()};
    }
    if (const JsonValue* limit = object.find("limit")) {
      query_.limit = limit->number();
    }
    return std::move(query_);
  }

 private:
  void branches(const JsonValue& top, const JsonValue* value) {
    if (value == nullptr) {
      top.refuse("'branches' is missing", "a query has \"branches\" (or \"branchset\")");
    }
    if (value->is_object()) {
      for (const auto& [name, branch] : value->members()) {
        query_.branches.push_back(this->branch(name, branch));
      }
    } else {
      for (const JsonValue& branch : value->array()) {
        query_.branches.push_back(this->branch(fmt::format("{}", query_.branches.size()), branch));
      }
    }
    if (query_.branches.empty()) {
      value->refuse("a query has at least one branch");
    }
  }

  BranchQuery branch(const std::string& name, const JsonValue& value) {
    const JsonObject object(value, {"filter", "group", "grouper", "aggregate", "modules",
                                    "gfilter", "groupfilter", "order", "members", "comment"});
    BranchQuery result;
    result.name = name;
    if (const JsonValue* filter = object.find("filter")) {
      result.filter = expression(*filter, Grammar::filter);
    }
    if (const JsonValue* group = object.find("group", "grouper")) {
      result.group = grouper(*group, object);
    } else {
      for (const char* key : {"aggregate", "modules", "order", "members"}) {
        if (const JsonValue* orphan = object.find(key)) {
          orphan->refuse("stands without a 'group'",
                         "\"group\": \"\" makes one group of all flows");
        }
      }
    }
    if (const JsonValue* gfilter = object.find("gfilter", "groupfilter")) {
      result.gfilter = expression(*gfilter, Grammar::filter);
    }
    return result;
  }

  ExpressionText expression(const JsonValue& value, Grammar grammar) {
    return parse(value.is_string() ? value.string() : keep_warnings(filter_text(value)), grammar,
                 value.path());
  }

  std::string keep_warnings(TermText&& text) {
    for (std::string& warning : text.warnings) {
      query_.warnings.push_back(std::move(warning));
    }
    return std::move(text.text);
  }

  GroupQuery grouper(const JsonValue& value, const JsonObject& branch) {
    GroupQuery result;
    std::optional<JsonValue> aggregate;
    if (const JsonValue* text = branch.find("aggregate")) {
      aggregate = *text;
    }
    std::string terms;
    if (value.is_string()) {
      terms = value.string();
    } else {
      const JsonObject object(value, {"dnf-expr", "aggregation"});
      terms = keep_warnings(group_text(object.at("dnf-expr")));
      if (const JsonValue* aggregation = object.find("aggregation")) {
        if (aggregate) {
          aggregate->refuse("says again what 'aggregation' says");
        }
        aggregate = *aggregation;
      }
    }
    result.terms = parse(std::move(terms), Grammar::group_terms, value.path());
    if (aggregate) {
      result.aggregates.what = aggregate->path();
      result.aggregates.text =
          aggregate->is_string() ? aggregate->string() : aggregate_text(*aggregate);
      result.items = parse_aggregates(result.aggregates.text);
    }
    result.input_order = input_order(branch.find("order"));
    if (const JsonValue* modules = branch.find("modules")) {
      for (const JsonValue& name : modules->array()) {
        result.modules.push_back(name.string());
      }
    }
    const JsonValue* members = branch.find("members");
    result.members = members == nullptr || members->boolean();
    return result;
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

  ExpressionText merge_expression(const JsonValue& value) {
    return parse(value.is_string() ? value.string()
                                   : keep_warnings(merge_text(value, query_.branches.size())),
                 Grammar::merge, value.path());
  }

  MergeQuery merger(const JsonValue& value, const JsonObject& top) {
    MergeQuery result;
    result.expr = merge_expression(value);
    if (const JsonValue* except = top.find("except")) {
      for (const JsonValue& item : except->array()) {
        result.except.push_back(merge_expression(item));
      }
    }
    if (const JsonValue* emit = top.find("emit")) {
      const std::string what = emit->string();
      if (what != "tuples" && what != "collection") {
        emit->refuse(fmt::format("'{}' cannot be emitted", what), "\"tuples\" or \"collection\"");
      }
      result.collection = what == "collection";
    }
    return result;
  }

  static void refuse_without_merge(const JsonObject& top) {
    for (const char* key : {"except", "emit"}) {
      if (const JsonValue* orphan = top.find(key)) {
        orphan->refuse("stands without a 'merge'", "\"merge\": \"\" makes all tuples");
      }
    }
  }

  Query query_;
};

[[noreturn]] void refuse_syntax(const std::string& name, simdjson::error_code error) {
  throw Error(Exit::usage, fmt::format("{}: is not JSON: {}", name, simdjson::error_message(error)),
              "a JSON checker such as 'jq . FILE' shows the place");
}

}  // namespace

Query parse_query_json(const std::string& text, const std::string& name) {
  simdjson::dom::parser parser;
  simdjson::dom::element top;
  const simdjson::error_code error = parser.parse(text).get(top);
  if (error != simdjson::SUCCESS) {
    refuse_syntax(name, error);
  }
  return Translator().translate(JsonValue(top, name));
}

}  // namespace nfql
