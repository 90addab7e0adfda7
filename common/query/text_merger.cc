#include "common/query/text_merger.h"

#include <algorithm>
#include <utility>

#include "common/base/names.h"
#include "common/query/branch_names.h"

namespace nfql {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [name](const std::string& other) { return same_name(other, name); });
}

/// A module with its branches resolved.
struct Module {
  const TextModule* text;
  Names branches;  // as the chains call them
  Names in_rules;  // those of them that its rules name
};

class Merger {
 public:
  Merger(const TextStage& stage, const std::vector<BranchPath>& branches, const std::string& source,
         Problems& problems)
      : stage_(stage), source_(source), problems_(problems) {
    for (const BranchPath& branch : branches) {
      branches_.push_back(branch.name.text);
    }
    for (const TextModule& module : stage.modules) {
      modules_.push_back(read(module));
    }
    if (modules_.empty()) {
      modules_.push_back({&no_module_, branches_, {}});
    }
    exported_ = find_exported();
  }

  [[nodiscard]] bool reads(std::string_view branch) const {
    return std::any_of(modules_.begin(), modules_.end(),
                       [branch](const Module& module) { return has(module.branches, branch); });
  }

  // The branches in the order of the tuples, then the others.
  [[nodiscard]] Names order() const {
    Names names = modules_[exported_].branches;
    for (const std::string& branch : branches_) {
      if (!has(names, branch) && reads(branch)) {
        names.push_back(branch);
      }
    }
    return names;
  }

  MergeQuery query(TextStages& stages) const {
    MergeQuery merge;
    merge.collection = stage_.collection;
    if (auto text = expression(modules_[exported_], stages)) {
      merge.expr = std::move(*text);
    }
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      if (i != exported_) {
        if (auto text = expression(modules_[i], stages)) {
          merge.except.push_back(std::move(*text));
        }
      }
    }
    return merge;
  }

 private:
  Module read(const TextModule& module) {
    Module result{&module, {}, {}};
    for (const TextWord& word : module.branches) {
      if (const std::string* branch = find(word.text, word.span)) {
        if (has(result.branches, *branch)) {
          problems_.add(word.span, fmt::format("the branch '{}' is named twice", *branch));
        } else {
          result.branches.push_back(*branch);
        }
      }
    }
    if (module.branches.empty()) {
      result.branches = branches_;
    }
    for (const Rule& rule : module.rules) {
      for (const BranchName& use : branch_names(rule.expr, source_)) {
        check_use(use, result);
      }
    }
    return result;
  }

  const std::string* find(std::string_view name, Span span) {
    const auto found =
        std::find_if(branches_.begin(), branches_.end(),
                     [name](const std::string& branch) { return same_name(branch, name); });
    if (found != branches_.end()) {
      return &*found;
    }
    const std::vector<std::string_view> known(branches_.begin(), branches_.end());
    problems_.add(span,
                  fmt::format("no branch '{}' comes to the merger '{}'", name, stage_.name.text),
                  hint_of(name, known, "those that do are"));
    return nullptr;
  }

  void check_use(const BranchName& use, Module& module) {
    if (has(module.branches, use.name)) {
      module.in_rules.push_back(use.name);
    } else if (find(use.name, use.span) != nullptr) {
      problems_.add(
          use.span,
          fmt::format("the branch '{}' is not among the branches of the module '{}'", use.name,
                      module.text->name.text),
          fmt::format("write: branches {}, {}", fmt::join(module.branches, ", "), use.name));
    }
  }

  std::size_t find_exported() {
    if (stage_.exports.empty() && modules_.size() > 1) {
      problems_.add(
          stage_.name.span,
          fmt::format("the merger '{}' has several modules and exports none", stage_.name.text),
          "say which one's matches come out: export NAME");
    }
    if (stage_.exports.size() > 1) {
      problems_.add(stage_.exports[1].span, "a merger exports one module",
                    "alternatives stand in one module, joined by OR");
    }
    if (stage_.exports.empty()) {
      return 0;
    }
    const TextWord& wanted = stage_.exports.front();
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      names.push_back(modules_[i].text->name.text);
      if (same_name(names.back(), wanted.text)) {
        return i;
      }
    }
    problems_.add(wanted.span, fmt::format("there is no module '{}' to export", wanted.text),
                  hint_of(wanted.text, names, "the modules are"));
    return 0;
  }

  // The rules, and for branches that only have to be there a term that is always true of them.
  std::optional<ExpressionText> expression(const Module& module, TextStages& stages) const {
    MappedText text;
    text.add("", stage_.name.span.begin);  // where a merger without rules stands
    text.add(stages.rules(module.text->rules));
    const bool exported = &module == &modules_[exported_];
    const bool lone_or = module.text->rules.size() == 1 &&
                         std::holds_alternative<Or>(module.text->rules.front().expr.node);
    for (const std::string& branch : module.branches) {
      const bool elsewhere =
          exported ? excluded(branch) : !has(modules_[exported_].branches, branch);
      if (has(module.in_rules, branch) || !elsewhere) {
        continue;
      }
      MappedText more;
      more.add(lone_or ? "(" : "");
      more.add(text);
      more.add(lone_or ? ")" : "");
      more.add(fmt::format("{}{}.count > 0", text.empty() ? "" : " and ", branch));
      text = std::move(more);
    }
    if (!exported && text.empty()) {
      text.add("any");
    }
    return parse(std::move(text), Grammar::merge, what_of(module), problems_);
  }

  // Whether another module has it in its rules, so that no term makes it one of those excluded.
  [[nodiscard]] bool excluded(const std::string& branch) const {
    return std::any_of(modules_.begin(), modules_.end(), [&](const Module& module) {
      return &module != &modules_[exported_] && has(module.in_rules, branch);
    });
  }

  [[nodiscard]] std::string what_of(const Module& module) const {
    const std::string& name = module.text->name.text;
    return name.empty() ? fmt::format("merger {}", stage_.name.text)
                        : fmt::format("module {} of merger {}", name, stage_.name.text);
  }

  const TextStage& stage_;
  const std::string& source_;
  Problems& problems_;
  TextModule no_module_;  // of a merger without rules
  Names branches_;
  std::vector<Module> modules_;
  std::size_t exported_ = 0;
};

}  // namespace

void add_merger(const TextStage& stage, const std::vector<BranchPath>& branches, TextStages& stages,
                Problems& problems, Query& query) {
  if (stage.faulty || !check_modules(stage, problems)) {
    query.merge.emplace();
    return;
  }
  const Merger merger(stage, branches, stages.source().text, problems);
  query.merge = merger.query(stages);
  for (const BranchPath& branch : branches) {
    if (!merger.reads(branch.name.text)) {
      problems.warn(
          branch.name.span,
          fmt::format("no module of the merger '{}' has the branch '{}', which is left out",
                      stage.name.text, branch.name.text));
    }
  }
  std::vector<BranchQuery> ordered;
  for (const std::string& name : merger.order()) {
    const auto found =
        std::find_if(query.branches.begin(), query.branches.end(),
                     [&name](const BranchQuery& branch) { return branch.name == name; });
    if (found != query.branches.end()) {
      ordered.push_back(std::move(*found));
      query.branches.erase(found);
    }
  }
  query.branches = std::move(ordered);
}

}  // namespace nfql
