#include "common/query/text_stages.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/base/names.h"
#include "common/query/text_tokens.h"

namespace nfql {
namespace {

// Filters made of filters made of filters could become as long as one likes; an argument of a
// command, which it ends as, is at most 128 KiB long on Linux.
constexpr std::size_t kMaxFilterBytes = 120'000;
constexpr std::size_t kMaxNesting = 100;  // expressions have at most 200 levels

void add_or_any(MappedText& to, const MappedText& part) {
  if (part.empty()) {
    to.add("any");
  } else {
    to.add(part);
  }
}

// The names of other filters that stand in an expression, in the order of the text.
void collect_references(const Expr& expr, std::vector<const Operand*>& found) {
  if (const auto* bare = std::get_if<Bare>(&expr.node)) {
    found.push_back(&bare->operand);
  } else if (const auto* negation = std::get_if<Not>(&expr.node)) {
    collect_references(*negation->part, found);
  } else if (const auto* all = std::get_if<And>(&expr.node)) {
    for (const Expr& part : all->parts) {
      collect_references(part, found);
    }
  } else if (const auto* any = std::get_if<Or>(&expr.node)) {
    for (const Expr& part : any->parts) {
      collect_references(part, found);
    }
  }
}

// A list that stands in parentheses begins before its first part.
template <class List>
bool is_bare_list(const Expr& expr) {
  const auto* list = std::get_if<List>(&expr.node);
  return list != nullptr && list->parts.front().span.begin == expr.span.begin;
}

// Whether it can stand beside an operator without parentheses.
bool is_term(const TextStage& filter) {
  if (filter.rules.size() != 1) {
    return false;
  }
  const Expr& expr = filter.rules.front().expr;
  return !is_bare_list<And>(expr) && !is_bare_list<Or>(expr) &&
         !std::holds_alternative<Bare>(expr.node);
}

// Where a module begins that has no name.
Span first_of(const TextModule& module) {
  return module.rules.empty() ? module.branches.front().span : module.rules.front().span;
}

}  // namespace

bool check_modules(const TextStage& stage, Problems& problems) {
  bool right = true;
  std::vector<std::string_view> names;
  for (const TextModule& module : stage.modules) {
    const std::string& name = module.name.text;
    if (name.empty() && stage.modules.size() > 1) {
      problems.add(first_of(module), "this stands in no module",
                   fmt::format("a {} has rules in modules, or rules alone", name_of(stage.kind)));
      right = false;
    } else if (std::any_of(names.begin(), names.end(),
                           [&](std::string_view other) { return same_name(other, name); })) {
      problems.add(module.name.span, fmt::format("there is a module '{}' already", name),
                   "names of modules differ in more than case");
      right = false;
    }
    names.push_back(name);
  }
  return right;
}

std::optional<ExpressionText> TextStages::filter(const std::vector<const TextStage*>& stages) {
  const bool faulty =
      std::any_of(stages.begin(), stages.end(), [](const TextStage* s) { return s->faulty; });
  if (stages.empty() || faulty) {
    return std::nullopt;
  }
  const TextStage& first = *stages.front();
  MappedText text = filter(first);
  for (std::size_t i = 1; i < stages.size(); ++i) {
    MappedText both;
    for (const MappedText& part : {std::move(text), filter(*stages[i])}) {
      both.add(both.empty() ? "" : " and ");
      both.add("(");
      add_or_any(both, part);
      both.add(")");
    }
    text = std::move(both);
  }
  return parse(std::move(text), Grammar::filter,
               fmt::format("{} {}", name_of(first.kind), first.name.text), problems_);
}

const MappedText& TextStages::filter(const TextStage& stage) {
  const auto known = written_.find(&stage);
  return known != written_.end() ? known->second : written_[&stage] = write_out(stage);
}

MappedText TextStages::write_out(const TextStage& stage) {
  MappedText text;
  if (open_.size() >= kMaxNesting || std::find(open_.begin(), open_.end(), &stage) != open_.end()) {
    problems_.add(stage.name.span,
                  fmt::format("the {} '{}' is made of {}", name_of(stage.kind), stage.name.text,
                              open_.size() >= kMaxNesting ? "too many others" : "itself"),
                  "it would have no end: break the circle of names");
    return text;
  }
  open_.push_back(&stage);
  for (const Rule& rule : stage.rules) {
    const bool parentheses = stage.rules.size() > 1 && is_bare_list<Or>(rule.expr);
    text.add(text.empty() ? "" : " and ");
    text.add(parentheses ? "(" : "");
    add_rule(text, rule, stage.kind);
    text.add(parentheses ? ")" : "");
    if (text.text().size() > kMaxFilterBytes) {
      problems_.add(stage.name.span, fmt::format("the {} '{}' is too long when written out",
                                                 name_of(stage.kind), stage.name.text));
      text = MappedText();
      break;
    }
  }
  open_.pop_back();
  return text;
}

void TextStages::add_rule(MappedText& to, const Rule& rule, StageKind kind) {
  std::vector<const Operand*> references;
  collect_references(rule.expr, references);
  std::size_t begin = rule.span.begin;
  for (const Operand* reference : references) {
    add_tidy(to, source_.text, {begin, reference->span.begin});
    add_reference(to, kind, {std::get<Name>(reference->node).name, reference->span});
    begin = reference->span.end;
  }
  add_tidy(to, source_.text, {begin, rule.span.end});
}

void TextStages::add_reference(MappedText& to, StageKind kind, const TextWord& name) {
  const TextStage* stage = names_.find(kind, name);
  if (stage == nullptr) {
    to.add("any");
    return;
  }
  const MappedText& text = filter(*stage);
  if (text.empty() || is_term(*stage)) {
    add_or_any(to, text);
  } else {
    to.add("(");
    to.add(text);
    to.add(")");
  }
}

MappedText TextStages::rules(const std::vector<Rule>& rules) {
  MappedText text;
  for (const Rule& rule : rules) {
    const bool parentheses = rules.size() > 1 && is_bare_list<Or>(rule.expr);
    text.add(text.empty() ? "" : " and ");
    text.add(parentheses ? "(" : "");
    add_tidy(text, source_.text, rule.span);
    text.add(parentheses ? ")" : "");
  }
  return text;
}

void TextStages::group(const TextStage& stage, BranchQuery& branch) {
  GroupQuery& group = branch.group.emplace();
  group.input_order = stage.input_order;
  group.members = !stage.no_members;
  group.members_span = stage.no_members.value_or(Span());
  const bool right = check_modules(stage, problems_);
  branch.incomplete = stage.faulty || !right;
  if (auto parsed = parse(terms(stage, group), Grammar::group_terms,
                          fmt::format("grouper {}", stage.name.text), problems_)) {
    group.terms = std::move(*parsed);
  } else {
    branch.incomplete = true;
  }
  if (!right) {
    group.modules.clear();
  }
  group.aggregates = aggregates(stage).take(fmt::format("grouper {}", stage.name.text));
  group.items = parse_aggregates(group.aggregates.text);
}

// Modules are alternatives; each is the list of its rules.
MappedText TextStages::terms(const TextStage& stage, GroupQuery& group) {
  MappedText text;
  bool default_names = true;
  for (const TextModule& module : stage.modules) {
    for (const Rule& rule : module.rules) {
      if (is_bare_list<Or>(rule.expr)) {
        problems_.add(rule.span, "'or' does not stand in a grouper's module",
                      "write each alternative as a module of its own");
      }
    }
    const MappedText part = rules(module.rules);
    text.add(group.modules.empty() ? "" : " or ");
    if (stage.modules.size() > 1) {
      add_or_any(text, part);
    } else {
      text.add(part);
    }
    group.modules.push_back(module.name.text);
    default_names &= module.name.text.empty() ||
                     same_name(module.name.text, fmt::format("g{}", group.modules.size()));
  }
  if (default_names) {
    group.modules.clear();
  }
  return text;
}

MappedText TextStages::aggregates(const TextStage& stage) const {
  MappedText text;
  for (const Span list : stage.aggregates) {
    text.add(text.empty() ? "" : ", ");
    add_tidy(text, source_.text, list);
  }
  return text;
}

}  // namespace nfql
