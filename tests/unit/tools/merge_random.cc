// Random branches and expressions for merge_model.h.
#include <array>
#include <cmath>
#include <utility>

#include "tests/unit/tools/merge_model.h"

namespace nfql::test {
namespace {

__extension__ typedef __int128 Exact;  // holds u64, i64 and their differences

using Groups = std::vector<const ModelGroup*>;
using Number = std::optional<std::int64_t>;

std::int64_t pick(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

template <class T>
std::optional<T> maybe(Random& random, T value) {
  return pick(random, 0, 9) == 0 ? std::nullopt : std::optional(value);
}

ModelGroup random_group(Random& random, std::uint64_t id, bool ipv6) {
  ModelGroup group;
  group.id = id;
  group.port = maybe(random, static_cast<std::uint16_t>(pick(random, 1, 4)));
  group.small = maybe(random, static_cast<std::uint32_t>(pick(random, 0, 5)));
  group.number = maybe(random, pick(random, -3, 3));
  group.large = maybe(random, static_cast<std::uint64_t>(pick(random, 0, 4)));
  if (pick(random, 0, 9) == 0) {
    group.large = 0xffff'ffff'ffff'fffdULL + static_cast<std::uint64_t>(pick(random, 0, 2));
  }
  group.real = maybe(random, static_cast<double>(pick(random, 0, 4)) / 2);
  const auto host = static_cast<std::uint64_t>(pick(random, 1, 4));
  group.ip = maybe(random, ipv6 && pick(random, 0, 2) == 0
                               ? Address{0x2001'0db8'0000'0000ULL, host}
                               : mapped(static_cast<std::uint32_t>(0x0a00'0000 + host)));
  const std::int64_t start = pick(random, 1000, 1008);
  group.start = maybe(random, start);
  group.end = maybe(random, start + pick(random, 0, 5));
  for (std::int64_t i = pick(random, 0, 3); i > 0; --i) {
    group.members.push_back({start + 3 - i, id * 10 + static_cast<std::uint64_t>(3 - i)});
  }
  return group;
}

std::string branch_name(std::size_t branch) {
  return {static_cast<char>('A' + branch)};
}

constexpr std::array<const char*, 6> kOps = {"=", "!=", "<", "<=", ">", ">="};

// `a op b delta d`, spelled out in numbers wide enough for all.
bool compare(Exact a, std::size_t op, Exact b, Exact d) {
  switch (op) {
    case 0:
      return a - b <= d && b - a <= d;
    case 1:
      return !(a - b <= d && b - a <= d);
    case 2:
      return a < b + d;
    case 3:
      return a <= b + d;
    case 4:
      return a > b - d;
    default:
      return a >= b - d;
  }
}

using Big = std::optional<Exact>;
using BigOf = std::function<Big(const Groups&)>;

struct Side {
  std::string text;
  BigOf value;
};

template <class T>
Side side(std::size_t branch, const char* name, std::optional<T> ModelGroup::*member) {
  return {branch_name(branch) + "." + name, [branch, member](const Groups& groups) {
            const auto& value = groups[branch]->*member;
            return value ? Big(*value) : std::nullopt;
          }};
}

class Maker {
 public:
  Maker(Random& random, std::size_t branches) : random_(random), branches_(branches) {}

  ModelExpression expression(int depth) {
    const std::int64_t kind = depth == 0 ? 0 : pick(random_, 0, 7);
    if (kind <= 2) {
      return term();
    }
    if (kind == 7) {
      const ModelExpression part = expression(depth - 1);
      return {"not (" + part.text + ")", [meaning = part.meaning](const Groups& groups) {
                const Truth truth = meaning(groups);
                return truth ? Truth(!*truth) : std::nullopt;
              }};
    }
    const bool all = kind <= 5;
    const ModelExpression left = expression(depth - 1);
    const ModelExpression right = expression(depth - 1);
    return {"(" + left.text + (all ? " and " : " or ") + right.text + ")",
            [all, a = left.meaning, b = right.meaning](const Groups& groups) -> Truth {
              const Truth x = a(groups);
              const Truth y = b(groups);
              if (x == Truth(!all) || y == Truth(!all)) {
                return !all;
              }
              return x && y ? Truth(all) : std::nullopt;
            }};
  }

 private:
  std::size_t branch() {
    return static_cast<std::size_t>(pick(random_, 0, static_cast<std::int64_t>(branches_) - 1));
  }

  Side number_side() {
    const std::size_t of = branch();
    switch (pick(random_, 0, 2)) {
      case 0:
        return side(of, "small", &ModelGroup::small);
      case 1:
        return side(of, "number", &ModelGroup::number);
      default:
        return side(of, "large", &ModelGroup::large);
    }
  }

  Side time_side() {
    const std::size_t of = branch();
    Side result = pick(random_, 0, 1) == 0 ? side(of, "start", &ModelGroup::start)
                                           : side(of, "end", &ModelGroup::end);
    if (pick(random_, 0, 3) == 0) {
      const std::int64_t more = pick(random_, 0, 3);
      result.text += " + " + std::to_string(more) + "ms";
      result.value = [value = result.value, more](const Groups& groups) -> Big {
        const Big time = value(groups);
        return time ? Big(*time + more) : std::nullopt;
      };
    }
    return result;
  }

  ModelExpression comparison(const Side& left, const Side& right, bool may_have_delta) {
    const auto op = static_cast<std::size_t>(pick(random_, 0, 9) < 4 ? 0 : pick(random_, 0, 5));
    const std::int64_t delta = may_have_delta && pick(random_, 0, 2) == 0 ? pick(random_, 0, 3) : 0;
    std::string text = left.text + " " + kOps.at(op) + " " + right.text;
    if (delta != 0) {
      text += " delta " + std::to_string(delta);
    }
    return {text, [=](const Groups& groups) -> Truth {
              const Big a = left.value(groups);
              const Big b = right.value(groups);
              return a && b ? Truth(compare(*a, op, *b, delta)) : std::nullopt;
            }};
  }

  ModelExpression gap_term() {
    const Side x = side(branch(), "end", &ModelGroup::end);
    const Side y = side(branch(), "start", &ModelGroup::start);
    const Side gap{"gap(" + x.text + ", " + y.text + ")", [=](const Groups& groups) -> Big {
                     const Big a = x.value(groups);
                     const Big b = y.value(groups);
                     return a && b ? Big(*b - *a) : std::nullopt;
                   }};
    const std::int64_t limit = pick(random_, 0, 4);
    return comparison(
        gap, {std::to_string(limit) + "ms", [limit](const Groups&) { return Big(limit); }}, false);
  }

  ModelExpression address_term() {
    const std::size_t a = branch();
    const std::size_t b = branch();
    const bool equal = pick(random_, 0, 3) != 0;
    return {branch_name(a) + ".srcip" + (equal ? " = " : " != ") + branch_name(b) + ".ip",
            [=](const Groups& groups) -> Truth {
              const auto& x = groups[a]->ip;
              const auto& y = groups[b]->ip;
              return x && y ? Truth((*x == *y) == equal) : std::nullopt;
            }};
  }

  ModelExpression real_term() {
    const std::size_t a = branch();
    const std::size_t b = branch();
    const bool equal = pick(random_, 0, 1) == 0;
    return {branch_name(a) + ".real" + (equal ? " = " : " < ") + branch_name(b) + ".real",
            [=](const Groups& groups) -> Truth {
              const auto& x = groups[a]->real;
              const auto& y = groups[b]->real;
              return x && y ? Truth(equal ? *x == *y : *x < *y) : std::nullopt;
            }};
  }

  ModelExpression set_term() {
    const std::size_t of = branch();
    const bool negated = pick(random_, 0, 2) == 0;
    return {branch_name(of) + ".small" + (negated ? " not in {1, 3..4}" : " in {1, 3..4}"),
            [=](const Groups& groups) -> Truth {
              const auto& x = groups[of]->small;
              return x ? Truth((*x == 1 || *x == 3 || *x == 4) != negated) : std::nullopt;
            }};
  }

  ModelExpression allen_term() {
    static const std::array<std::string, 13> kNames = {
        "before",     "after",  "meets",    "met-by",   "overlaps",    "overlapped-by", "starts",
        "started-by", "during", "contains", "finishes", "finished-by", "equals"};
    const std::size_t a = branch();
    const std::size_t b = branch();
    const std::string& relation = kNames.at(static_cast<std::size_t>(pick(random_, 0, 12)));
    const Number delta = pick(random_, 0, 2) == 0 ? Number(pick(random_, 0, 2)) : std::nullopt;
    std::string text = branch_name(a) + " " + relation + " " + branch_name(b);
    if (delta) {
      text += " delta " + std::to_string(*delta) + "ms";
    }
    return {text, [=](const Groups& groups) -> Truth {
              const ModelGroup& x = *groups[a];
              const ModelGroup& y = *groups[b];
              if (!x.start || !x.end || !y.start || !y.end) {
                return std::nullopt;
              }
              return spelled_out_allen(relation, *x.start, *x.end, *y.start, *y.end, delta);
            }};
  }

  ModelExpression term() {
    switch (pick(random_, 0, 9)) {
      case 0:
      case 1:
        return comparison(number_side(), number_side(), true);
      case 2:
        return comparison(side(branch(), "port", &ModelGroup::port),
                          side(branch(), "port", &ModelGroup::port), true);
      case 3:
        return comparison(time_side(), time_side(), true);
      case 4:
        return gap_term();
      case 5:
        return address_term();
      case 6:
        return real_term();
      case 7: {
        const std::int64_t value = pick(random_, 0, 4);
        return comparison(side(branch(), "small", &ModelGroup::small),
                          {std::to_string(value), [value](const Groups&) { return Big(value); }},
                          false);
      }
      case 8:
        return pick(random_, 0, 1) == 0 ? set_term() : address_term();
      default:
        return allen_term();
    }
  }

  Random& random_;
  std::size_t branches_;
};

}  // namespace

std::vector<ModelBranch> random_branches(Random& random, std::size_t branches,
                                         std::size_t most_groups) {
  std::vector<ModelBranch> result;
  for (std::size_t i = 0; i < branches; ++i) {
    const std::int64_t size =
        pick(random, 0, 19) == 0 ? 0 : pick(random, 1, static_cast<std::int64_t>(most_groups));
    const bool ipv6 = pick(random, 0, 1) == 0;
    ModelBranch& branch = result.emplace_back();
    for (std::int64_t group = 0; group < size; ++group) {
      branch.push_back(random_group(random, i * 1000 + static_cast<std::uint64_t>(group), ipv6));
    }
  }
  return result;
}

ModelExpression random_expression(Random& random, std::size_t branches, int depth) {
  return Maker(random, branches).expression(depth);
}

}  // namespace nfql::test
