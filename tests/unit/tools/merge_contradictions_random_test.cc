// What is called a contradiction has no values that make it true: tried with all small ones.
#include "common/base/error.h"
#include "nfql-merge/merge_stage.h"
#include "tests/unit/tools/merge_model.h"
#include "tests/unit/tools/merge_support.h"

namespace nfql::test {
namespace {

// The columns that terms read; small numbers all.
struct Values {
  int start;
  int end;
  int number;
  int ip;
  int real;
};
using Pair = std::array<Values, 2>;
struct Term {
  std::string text;
  std::function<bool(const Pair&)> holds;
};

class Terms {
 public:
  explicit Terms(std::uint64_t seed) : random_(seed) {}

  Term next() {
    Term term = plain();
    if (below(2) == 0) {
      return term;
    }
    return {"not " + term.text, [holds = term.holds](const Pair& pair) { return !holds(pair); }};
  }
  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  struct Side {
    std::string text;
    std::function<int(const Pair&)> value;
  };

  Term plain() {
    switch (below(6)) {
      case 0:
      case 1:
        return allen();
      case 2:
        return compared(column("ip", &Values::ip), column("ip", &Values::ip), "");
      case 3:
        return compared(column("real", &Values::real), column("real", &Values::real), "");
      case 4:
        return membership();
      default:
        return sums();
    }
  }

  Term allen() {
    static constexpr std::array<const char*, 13> kRelations = {
        "before",     "after",  "meets",    "met-by",   "overlaps",    "overlapped-by", "starts",
        "started-by", "during", "contains", "finishes", "finished-by", "equals"};
    const std::string relation = kRelations.at(below(13));
    const std::size_t x = below(2);
    const std::size_t y = below(8) == 0 ? x : 1 - x;
    std::optional<std::int64_t> delta;
    if (below(4) == 0) {
      delta = static_cast<std::int64_t>(below(3));
    }
    const std::string text = name(x) + " " + relation + " " + name(y) +
                             (delta ? " delta " + std::to_string(*delta) : "");
    return {text, [=](const Pair& pair) {
              return spelled_out_allen(relation, pair[x].start, pair[x].end, pair[y].start,
                                       pair[y].end, delta);
            }};
  }

  Term sums() {
    const bool times = below(2) == 0;
    const auto side = [&] {
      const Side bare = !times          ? column("number", &Values::number)
                        : below(2) == 0 ? column("start", &Values::start)
                                        : column("end", &Values::end);
      if (below(3) != 0) {
        return bare;
      }
      const int more = static_cast<int>(below(3));
      return Side{bare.text + " + " + std::to_string(more),
                  [value = bare.value, more](const Pair& pair) { return value(pair) + more; }};
    };
    const Side left = side();
    return compared(left, side(), below(4) == 0 ? std::to_string(below(2)) : "");
  }

  Term membership() {
    const Side left = column("number", &Values::number);
    const int low = static_cast<int>(below(3));
    const bool negated = below(2) == 0;
    return {left.text + (negated ? " not in " : " in ") + std::to_string(low) + "..2",
            [=](const Pair& pair) { return (left.value(pair) >= low) != negated; }};
  }

  Side column(const std::string& column, int Values::*member) {
    const std::size_t of = below(2);
    return {name(of) + "." + column, [=](const Pair& pair) { return pair.at(of).*member; }};
  }

  Term compared(const Side& left, const Side& right, const std::string& delta) {
    static constexpr std::array<const char*, 6> kOps = {"=", "!=", "<", "<=", ">", ">="};
    const std::size_t op = below(6);
    const int d = delta.empty() ? 0 : std::stoi(delta);
    const std::string text =
        left.text + " " + kOps.at(op) + " " + right.text + (delta.empty() ? "" : " delta " + delta);
    return {text, [=](const Pair& pair) {
              const int a = left.value(pair);
              const int b = right.value(pair);
              const std::array<bool, 6> holds = {std::abs(a - b) <= d, std::abs(a - b) > d,
                                                 a<b + d, a <= b + d, a> b - d, a >= b - d};
              return holds.at(op);
            }};
  }

  static std::string name(std::size_t branch) { return branch == 0 ? "A" : "B"; }

  Random random_;
};

// All values from 0 to 2 of the columns, and intervals of up to 2 ms.
std::vector<Values> all_values() {
  std::vector<Values> all;
  for (int start = 0; start < 3; ++start) {
    for (int end = start; end < 3; ++end) {
      for (int rest = 0; rest < 12; ++rest) {
        all.push_back({start, end, rest % 3, rest / 3 % 2, rest / 6});
      }
    }
  }
  return all;
}

bool can_hold(const std::vector<Term>& terms, const std::vector<Values>& values) {
  for (const Values& a : values) {
    for (const Values& b : values) {
      const Pair pair = {a, b};
      if (std::all_of(terms.begin(), terms.end(),
                      [&pair](const Term& term) { return term.holds(pair); })) {
        return true;
      }
    }
  }
  return false;
}

bool is_refused(const std::string& text) {
  try {
    const MergeStage stage(options_of(text, 2, Emit::tuples), std::vector(2, model_header(false)));
    return false;
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("can never hold"));
    return true;
  }
}

TEST(Contradictions, HaveNoValuesThatMakeThemTrue) {
  Terms terms(3);
  const std::vector<Values> values = all_values();
  int refused = 0;
  for (int round = 0; round < 1000 && !testing::Test::HasFailure(); ++round) {
    std::vector<Term> conjunct;
    std::string text;
    for (std::size_t i = 1 + terms.below(4); i > 0; --i) {
      conjunct.push_back(terms.next());
      text += (text.empty() ? "" : " and ") + conjunct.back().text;
    }
    if (is_refused(text)) {
      EXPECT_FALSE(can_hold(conjunct, values)) << text;
      ++refused;
    }
  }
  EXPECT_GT(refused, 230);  // of some 400, some of which hold for larger values
}

}  // namespace
}  // namespace nfql::test
