// What --except leaves out, against nested loops.
#include "common/base/error.h"
#include "nfql-merge/merge_stage.h"
#include "tests/unit/tools/merge_model.h"
#include "tests/unit/tools/merge_support.h"

namespace nfql::test {
namespace {

using Groups = std::vector<const ModelGroup*>;
using Indices = std::vector<std::size_t>;

// Texts of the model have capitals in names of branches only.
std::vector<bool> named_in(const std::string& text, std::size_t branches) {
  std::vector<bool> named;
  for (std::size_t i = 0; i < branches; ++i) {
    named.push_back(text.find(static_cast<char>('A' + i)) != std::string::npos);
  }
  return named;
}

Indices outputs_of(std::size_t branches, const ModelExpression& main,
                   const std::vector<ModelExpression>& excepts) {
  Indices outputs;
  for (std::size_t i = 0; i < branches; ++i) {
    const bool excepted =
        std::any_of(excepts.begin(), excepts.end(),
                    [&](const auto& except) -> bool { return named_in(except.text, branches)[i]; });
    if (named_in(main.text, branches)[i] || !excepted) {
      outputs.push_back(i);
    }
  }
  return outputs;
}

// Calls use(groups, tuple) for each choice of groups of `chosen`, until it returns false.
bool for_all(const std::vector<ModelBranch>& branches, const Indices& chosen, Groups& groups,
             ModelTuple& tuple, const std::function<bool()>& use) {
  if (tuple.size() == chosen.size()) {
    return use();
  }
  const std::size_t branch = chosen[tuple.size()];
  for (std::size_t i = 0; i < branches[branch].size(); ++i) {
    groups[branch] = &branches[branch][i];
    tuple.push_back(i);
    const bool more = for_all(branches, chosen, groups, tuple, use);
    tuple.pop_back();
    if (!more) {
      return false;
    }
  }
  return true;
}

bool is_excluded(const std::vector<ModelBranch>& branches, const ModelExpression& except,
                 const Indices& outputs, Groups groups) {
  Indices further;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (named_in(except.text, branches.size())[i] &&
        std::find(outputs.begin(), outputs.end(), i) == outputs.end()) {
      further.push_back(i);
    }
  }
  ModelTuple tuple;
  return !for_all(branches, further, groups, tuple,
                  [&] { return except.meaning(groups) != Truth(true); });
}

std::vector<ModelTuple> naive_rest(const std::vector<ModelBranch>& branches,
                                   const ModelExpression& main,
                                   const std::vector<ModelExpression>& excepts,
                                   const Indices& outputs) {
  std::vector<ModelTuple> result;
  Groups groups(branches.size());
  ModelTuple tuple;
  for_all(branches, outputs, groups, tuple, [&] {
    const bool excluded = std::any_of(excepts.begin(), excepts.end(), [&](const auto& except) {
      return is_excluded(branches, except, outputs, groups);
    });
    if (main.meaning(groups) == Truth(true) && !excluded) {
      result.push_back(tuple);
    }
    return true;
  });
  return result;
}

std::vector<ModelBranch> chosen(const std::vector<ModelBranch>& branches, const Indices& outputs) {
  std::vector<ModelBranch> result;
  for (const std::size_t branch : outputs) {
    result.push_back(branches[branch]);
  }
  return result;
}

// One random case; false when the expressions leave no branch, or contradict themselves.
bool check_random(Random& random, int round) {
  const std::size_t count = 2 + static_cast<std::size_t>(round % 3);
  const auto branches = random_branches(random, count, count == 2 ? 30 : count == 3 ? 10 : 6);
  const ModelExpression any{"", [](const Groups&) { return Truth(true); }};
  const ModelExpression main =
      round % 7 == 0 ? any : random_expression(random, 1 + static_cast<std::size_t>(round % 2), 1);
  std::vector<ModelExpression> excepts;
  Feed feed{1 + static_cast<std::size_t>(round % 5), round % 4 != 0, {}, {}};
  for (int i = 0; i <= round % 2; ++i) {
    excepts.push_back(random_expression(random, count, round % 3));
    feed.except.push_back(excepts.back().text);
  }
  SCOPED_TRACE(main.text + " except " + testing::PrintToString(feed.except) + " of " +
               std::to_string(count));
  const Indices outputs = outputs_of(count, main, excepts);
  const std::vector<ModelTuple> expected = naive_rest(branches, main, excepts, outputs);
  try {
    const auto blocks = merged(branches, main.text, Emit::tuples, feed);
    const auto kept = chosen(branches, outputs);
    EXPECT_EQ(OutputReader(blocks, kept, 0, feed.members).tuples, expected);
    feed.members = true;
    const OutputReader collection(merged(branches, main.text, Emit::collection, feed), kept, 1,
                                  true);
    const auto components = naive_components(kept, expected);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      std::vector<std::pair<std::uint64_t, std::size_t>> found;
      for (std::size_t row = 0; row < collection.places[i].size(); ++row) {
        found.emplace_back(collection.components[i][row], collection.places[i][row]);
      }
      EXPECT_EQ(found, components[i]);
    }
    return true;
  } catch (const Error& error) {
    const bool contradiction =
        std::string(error.what()).find("can never hold") != std::string::npos;
    EXPECT_TRUE(contradiction || outputs.empty()) << error.what();
    return false;
  }
}

TEST(MergeExcept, IsTheNaiveRestForRandomExpressions) {
  Random random(42);
  int checked = 0;
  for (int round = 0; round < 2000 && !testing::Test::HasFailure(); ++round) {
    checked += check_random(random, round) ? 1 : 0;
  }
  EXPECT_GT(checked, 1200);
}

ModelGroup small_group(std::uint64_t id, std::uint32_t small) {
  ModelGroup result;
  result.id = id;
  result.small = small;
  return result;
}

ModelBranch branch_of(const std::vector<std::uint32_t>& values) {
  ModelBranch branch;
  for (const std::uint32_t value : values) {
    branch.push_back(small_group(branch.size(), value));
  }
  return branch;
}

std::vector<ModelTuple> rest(const std::vector<ModelBranch>& branches, const Indices& outputs,
                             const std::string& text, const std::vector<std::string>& except,
                             std::optional<std::uint64_t> limit = {}) {
  const Feed feed{1000, true, limit, except};
  return OutputReader(merged(branches, text, Emit::tuples, feed), chosen(branches, outputs), 0,
                      true)
      .tuples;
}

TEST(MergeExcept, RemovesWhatAFurtherBranchGoesWith) {
  const std::vector<ModelBranch> branches = {branch_of({1, 2, 3}), branch_of({3, 1, 2}),
                                             branch_of({2, 2, 9})};
  EXPECT_THAT(rest(branches, {0, 1}, "A.small = B.small", {"A.small = C.small"}),
              ElementsAre(ModelTuple{0, 1}, ModelTuple{2, 0}));
  EXPECT_THAT(rest(branches, {0, 1}, "A.small = B.small", {"A.small = C.small", "B.small = 3"}),
              ElementsAre(ModelTuple{0, 1}));
  // Both must be there for one tuple.
  EXPECT_THAT(
      rest(branches, {0, 1}, "A.small < B.small", {"A.small = C.small - 1 and B.small = C.small"}),
      ElementsAre(ModelTuple{0, 0}, ModelTuple{1, 0}));
}

TEST(MergeExcept, RemovesNothingWhenAFurtherBranchHasNoGroup) {
  std::vector<ModelBranch> branches = {branch_of({1, 2}), branch_of({1}), {}};
  EXPECT_THAT(rest(branches, {0}, "A.small > 0", {"A.small = B.small or A.small = C.small"}),
              ElementsAre(ModelTuple{0}, ModelTuple{1}));
  EXPECT_THAT(rest(branches, {0}, "A.small > 0", {"A.small = B.small", "A.small = C.small"}),
              ElementsAre(ModelTuple{1}));
}

TEST(MergeExcept, NarrowsFurtherBranchesByEachOther) {
  const std::vector<ModelBranch> branches = {branch_of({1, 2, 3}), branch_of({1, 2, 3}),
                                             branch_of({2, 3}), branch_of({3})};
  EXPECT_THAT(rest(branches, {0}, "A.small > 0",
                   {"A.small = B.small and B.small = C.small and C.small = D.small"}),
              ElementsAre(ModelTuple{0}, ModelTuple{1}));
  EXPECT_THAT(rest(branches, {0}, "A.small > 0",
                   {"A.small = B.small and C.small > D.small and D.small != C.small"}),
              ElementsAre(ModelTuple{0}, ModelTuple{1}, ModelTuple{2}));
}

TEST(MergeExcept, LimitsWhatIsLeft) {
  const std::vector<ModelBranch> branches = {branch_of({1, 2, 3, 4}), branch_of({1, 2, 3, 4}),
                                             branch_of({1, 2})};
  EXPECT_THAT(rest(branches, {0, 1}, "A.small = B.small", {"A.small = C.small"}, 1),
              ElementsAre(ModelTuple{2, 2}));
  EXPECT_THAT(
      rest(branches, {0, 1}, "A.small = B.small", {"A.small = C.small and B.small = C.small"}, 1),
      ElementsAre(ModelTuple{2, 2}));
}

// Every group matches every other: who looks at more than the first match never ends.
TEST(MergeExcept, StopsAtTheFirstMatch) {
  constexpr std::size_t kGroups = 100'000;
  const ModelBranch same = branch_of(std::vector<std::uint32_t>(kGroups, 1));
  std::vector<ModelBranch> branches = {same, same, same};
  for (std::size_t i = 0; i < kGroups; ++i) {
    branches[1][i].large = i;
    branches[2][i].large = i;
  }
  for (const char* except :
       {"A.small = B.small", "A.small <= B.small", "A.small = B.small and B.small = C.small",
        "A.small = B.small and B.large != C.large and A.small = C.small",
        "A.id = B.id and A.id != C.id", "A.small + B.small = C.small + 1"}) {
    EXPECT_THAT(rest(branches, {0}, "A.small = 1", {except}), IsEmpty()) << except;
  }
}

std::vector<std::string> except_warnings(const std::string& text, const std::string& except) {
  MergeOptions options = options_of(text, 3, Emit::tuples);
  options.except.push_back(parse(except, Grammar::merge, "except"));
  return MergeStage(std::move(options), std::vector(3, model_header(false))).warnings();
}

TEST(MergeExcept, WarnsOfWhatIsHardlyMeant) {
  EXPECT_THAT(except_warnings("A.ip = B.ip", "A.ip = C.ip"), IsEmpty());
  EXPECT_THAT(except_warnings("A.small = 1", "A.ip = C.ip"),
              ElementsAre("branch 'B' is in no term: it multiplies the result"));
  EXPECT_THAT(except_warnings("A.ip = B.ip", "C.small > 2"),
              ElementsAre("except: names no branch of the output: it removes every tuple or none"));
}

std::string except_error(const std::string& text, const std::string& except) {
  try {
    static_cast<void>(except_warnings(text, except));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "no error";
}

TEST(MergeExcept, RefusesWhatMakesNoSense) {
  EXPECT_THAT(except_error("", "A.ip = B.ip and B.ip = C.ip"),
              testing::AllOf(HasSubstr("merge: names no branch"), HasSubstr("'A.count > 0'")));
  EXPECT_THAT(except_error("A.ip = B.ip", "A.ip = X.ip"), HasSubstr("no branch is named 'X'"));
  EXPECT_THAT(except_error("A.ip = B.ip", ""), HasSubstr("except: is always true"));
  EXPECT_THAT(except_error("A.ip = B.ip", "A before C and A after C"),
              HasSubstr("'A before C' and 'A after C' can never hold together"));
}

// The branches in the output and nothing of the others.
TEST(MergeExcept, PutsBranchesOfTheOutputOnly) {
  MergeOptions options = options_of("A.ip = C.ip", 3, Emit::tuples);
  options.except.push_back(parse("C.ip = B.ip", Grammar::merge, "except"));
  const MergeStage stage(std::move(options),
                         {model_header(true), model_header(false), model_header(true)});
  EXPECT_TRUE(stage.output_header().members);
  ASSERT_EQ(stage.output_header().branches.size(), 2U);
  EXPECT_EQ(stage.output_header().branches[0].name, "A");
  EXPECT_EQ(stage.output_header().branches[1].name, "C");
}

}  // namespace
}  // namespace nfql::test
