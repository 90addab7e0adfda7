#include "common/query/text_chains.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/names.h"
#include "common/query/text_chain_checks.h"

namespace nfql {
namespace {

using Steps = std::vector<PathStep>;

/// Stages that names which are not known may have meant.
class Guesses {
 public:
  // Null means that it may be any.
  void add(const TextStage* stage) {
    any_ |= stage == nullptr;
    stages_.insert(stage);
  }
  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] bool has(const TextStage* stage) const { return any_ || stages_.contains(stage); }
  [[nodiscard]] const std::set<const TextStage*>& stages() const { return stages_; }

 private:
  std::set<const TextStage*> stages_;
  bool any_ = false;
};

/// Sorts chains into inputs, branches and what follows a stage, then puts them together.
class Joiner {
 public:
  Joiner(TextNames& names, Problems& problems) : names_(names), problems_(problems) {}

  TextPaths join(const std::vector<TextChain>& chains) {
    for (const TextChain& chain : chains) {
      add(chain);
    }
    for (BranchPath& branch : paths_.branches) {
      extend(branch.steps);
      cut_at_merger(branch);
    }
    find_tail();
    for (const BranchPath& branch : paths_.branches) {
      check_order(branch.steps, problems_);
      if (has_known_end(branch)) {
        check_end(branch, paths_, problems_);
      }
    }
    check_order(paths_.tail, problems_);
    if (paths_.branches.empty() && problems_.empty()) {
      problems_.add(Error(Exit::usage, "the query has no branch",
                          "write a chain such as: S branch A -> req -> g -> \"out.csv\""));
    }
    return std::move(paths_);
  }

 private:
  void add(const TextChain& chain) {
    Steps steps;
    const TextWord* branch = nullptr;
    bool whole = true;
    bool known = true;
    for (const ChainLink& link : chain) {
      const TextStage* stage = link.file ? nullptr : names_.find(link.word);
      known = link.file || stage != nullptr;
      whole &= known;
      if (known) {
        check_splitter(stage, link.word);
        steps.push_back({stage, link.word});
      } else if (!link.branch) {
        led_to_.add(names_.nearest(link.word));
      }
      if (link.branch) {
        check_branch(steps, *link.branch);
        branch = &*link.branch;
        steps.clear();
        whole = true;
      }
    }
    if (branch != nullptr) {
      paths_.branches.push_back({*branch, std::move(steps), whole, known});
    } else if (whole) {
      add_plain(std::move(steps));
    } else {
      add_lost(chain.front(), steps);
    }
  }

  // A chain that is left out might have said where branches go on.
  void add_lost(const ChainLink& first, const Steps& known) {
    const bool is_known = !known.empty() && known.front().word.span.begin == first.word.span.begin;
    if (!first.file) {
      led_on_.add(is_known ? known.front().stage : names_.nearest(first.word));
    }
  }

  void check_splitter(const TextStage* stage, const TextWord& word) {
    if (stage == nullptr || stage->kind != StageKind::splitter) {
      return;
    }
    splitter_ = splitter_ == nullptr ? stage : splitter_;
    if (stage != splitter_ && more_splitters_.insert(stage).second) {
      problems_.add(word.span, "a query has one splitter",
                    fmt::format("the other is '{}'", splitter_->name.text));
    }
  }

  // `branch NAME` stands behind the splitter, which nothing but files precedes.
  void check_branch(const Steps& before, const TextWord& branch) {
    if (!before.empty() && !is_stage(before.back(), StageKind::splitter)) {
      problems_.add(before.back().word.span,
                    fmt::format("{} has no branches", name_in_message(before.back())),
                    "only the splitter has: S branch NAME -> ...");
    }
    add_inputs(before);
    const auto twice = std::find_if(
        paths_.branches.begin(), paths_.branches.end(),
        [&](const BranchPath& other) { return same_name(other.name.text, branch.text); });
    if (twice != paths_.branches.end()) {
      problems_.add(branch.span, fmt::format("there is a branch '{}' already", twice->name.text),
                    "names of branches differ in more than case");
    }
  }

  void add_inputs(const Steps& steps) {
    if (!steps.empty() && steps.front().stage == nullptr) {
      paths_.inputs.push_back(steps.front().word);
    }
  }

  // A chain without `branch`: flows for the splitter, or what follows a stage.
  void add_plain(Steps&& steps) {
    const bool from_file = steps.front().stage == nullptr;
    const PathStep& first = steps[from_file ? 1 : 0];
    if (from_file && !is_stage(first, StageKind::splitter)) {
      problems_.add(first.word.span, "flows go from a file to a splitter",
                    fmt::format("write \"{}\" -> S and S branch A -> {}", steps.front().word.text,
                                first.word.text));
      led_on_.add(first.stage);
      return;
    }
    add_inputs(steps);
    if (is_stage(first, StageKind::splitter)) {
      if (&first != &steps.back()) {
        problems_.add(
            first.word.span, "expected 'branch NAME' behind the splitter",
            fmt::format("write {} branch A -> {}", first.word.text, (&first + 1)->word.text));
        led_to_.add(nullptr);
      }
      return;
    }
    const TextStage* stage = first.stage;
    follow(stage,
           {std::make_move_iterator(steps.begin() + 1), std::make_move_iterator(steps.end())});
  }

  // Notes what follows a stage; said twice, it has to be the same.
  void follow(const TextStage* stage, Steps&& steps) {
    const auto [place, added] = behind_.emplace(stage, steps);
    const auto same = [](const PathStep& a, const PathStep& b) {
      return a.stage == b.stage && (a.stage != nullptr || a.word.text == b.word.text);
    };
    if (!added &&
        !std::equal(steps.begin(), steps.end(), place->second.begin(), place->second.end(), same)) {
      problems_.add(steps.front().word.span,
                    fmt::format("the {} '{}' leads somewhere else already", name_of(stage->kind),
                                stage->name.text),
                    "only the splitter leads to several stages");
    }
  }

  void extend(Steps& steps) {
    std::set<const TextStage*> passed;
    while (!steps.empty() && steps.back().stage != nullptr) {
      const TextStage* last = steps.back().stage;
      const auto next = behind_.find(last);
      if (next == behind_.end() || last->kind == StageKind::merger) {
        return;
      }
      if (!passed.insert(last).second) {
        problems_.add(steps.back().word.span, "the chains go in a circle here");
        return;
      }
      followed_.insert(last);
      steps.insert(steps.end(), next->second.begin(), next->second.end());
    }
  }

  // The merger stays the last step; what follows it, follows it whatever branch it was written in.
  void cut_at_merger(BranchPath& branch) {
    const auto merger =
        std::find_if(branch.steps.begin(), branch.steps.end(),
                     [](const PathStep& step) { return is_stage(step, StageKind::merger); });
    if (merger == branch.steps.end()) {
      return;
    }
    if (merger + 1 != branch.steps.end()) {
      follow(merger->stage, {merger + 1, branch.steps.end()});
      branch.steps.erase(merger + 1, branch.steps.end());
    }
  }

  // Else it goes on somewhere, and the problems say why we do not know where.
  [[nodiscard]] bool has_known_end(const BranchPath& branch) const {
    return branch.known_end && (branch.steps.empty() || !led_on_.has(branch.steps.back().stage));
  }

  void find_tail() {
    for (const BranchPath& branch : paths_.branches) {
      if (branch.merger() != nullptr && paths_.tail.empty()) {
        paths_.tail.push_back(branch.steps.back());
        const auto next = behind_.find(branch.merger());
        if (next != behind_.end()) {
          followed_.insert(next->first);
          paths_.tail.insert(paths_.tail.end(), next->second.begin(), next->second.end());
          extend(paths_.tail);
        }
      }
    }
    for (const TextStage* guess : led_to_.stages()) {
      Steps way = {{guess, {}}};
      extend(way);
    }
    for (const auto& [stage, steps] : behind_) {
      if (!followed_.contains(stage) && !led_to_.any()) {
        problems_.add(steps.front().word.span,
                      fmt::format("no branch comes to the {} '{}' before this",
                                  name_of(stage->kind), stage->name.text),
                      "a branch begins with: S branch NAME -> ...");
      }
    }
  }

  TextNames& names_;
  Problems& problems_;
  TextPaths paths_;
  std::map<const TextStage*, Steps> behind_;  // what chains that begin with a stage go on with
  std::set<const TextStage*> followed_;
  Guesses led_to_;                       // by what was left out of chains
  Guesses led_on_;                       // where a chain that was left out began
  const TextStage* splitter_ = nullptr;  // the first
  std::set<const TextStage*> more_splitters_;
};

}  // namespace

const TextStage* BranchPath::merger() const {
  return !steps.empty() && is_stage(steps.back(), StageKind::merger) ? steps.back().stage : nullptr;
}

TextPaths join_chains(const std::vector<TextChain>& chains, TextNames& names, Problems& problems) {
  return Joiner(names, problems).join(chains);
}

}  // namespace nfql
