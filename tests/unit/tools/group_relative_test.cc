// Terms that need the order of flows, against the plainest evaluation of what the pages say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/tools/group_support.h"

namespace nfql {
namespace {

// --- The reference. ---

using Members = std::vector<const Flow*>;  // of a group, in the order in which they joined
using Accepts = std::function<bool(const Members&, const Flow&)>;

struct Term {
  const char* text;
  Accepts accepts;
};

// What is unknown makes a comparison unknown, so not true.
template <class A, class B, class Test>
bool both(const std::optional<A>& a, const std::optional<B>& b, Test test) {
  return a && b && test(*a, *b);
}

template <class T>
using FieldOf = std::optional<T> Flow::*;

template <class T>
std::optional<T> greatest(const Members& group, FieldOf<T> field) {
  std::optional<T> result;
  for (const Flow* flow : group) {
    result = flow->*field && (!result || *result < *(flow->*field)) ? flow->*field : result;
  }
  return result;
}

template <class T>
std::optional<T> least(const Members& group, FieldOf<T> field) {
  std::optional<T> result;
  for (const Flow* flow : group) {
    result = flow->*field && (!result || *(flow->*field) < *result) ? flow->*field : result;
  }
  return result;
}

std::optional<std::int64_t> length_of(const Flow& flow) {
  return flow.start && flow.end ? std::optional(*flow.end - *flow.start) : std::nullopt;
}

std::optional<Address> net24(std::optional<Address> address) {
  return address ? std::optional(network_of(*address, 24)) : std::nullopt;
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

// NEW.y - OLD.x of two times.
template <class Test>
bool gap(const std::optional<std::int64_t>& x, const std::optional<std::int64_t>& y, Test test) {
  return both(x, y, [&](std::int64_t a, std::int64_t b) { return test(b - a); });
}

bool less_bytes(const std::optional<std::uint64_t>& a, const std::optional<std::uint64_t>& b,
                std::int64_t more) {
  return both(a, b, [more](auto x, auto y) { return number(x) < number(y) + more; });
}

const Term kTerms[] = {
    {"srcip", [](const Members& g, const Flow& f) { return g.front()->srcip == f.srcip; }},
    {"bytes", [](const Members& g, const Flow& f) { return g[0]->bytes == f.bytes; }},
    {"dstip = dstip", [](const Members& g, const Flow& f) { return g[0]->dstip == f.dstip; }},
    {"first.srcport = sport",
     [](const Members& g, const Flow& f) { return g[0]->srcport == f.srcport; }},
    {"prefix(dstip, 24) as net",
     [](const Members& g, const Flow& f) { return net24(g[0]->dstip) == net24(f.dstip); }},
    {"duration = duration",
     [](const Members& g, const Flow& f) { return length_of(*g[0]) == length_of(f); }},
    {"any", [](const Members&, const Flow&) { return true; }},
    {"srcip = dstip",
     [](const Members& g, const Flow& f) { return g[0]->srcip && g[0]->srcip == f.dstip; }},
    {"srcip = first.dstip",
     [](const Members& g, const Flow& f) { return f.srcip && g[0]->dstip == f.srcip; }},
    {"prefix(srcip, 24) = prefix(dstip, 24)",
     [](const Members& g, const Flow& f) {
       return f.dstip && net24(g[0]->srcip) == net24(f.dstip);
     }},
    {"last.srcip = dstip",
     [](const Members& g, const Flow& f) { return f.dstip && g.back()->srcip == f.dstip; }},
    {"last.srcport = srcport",
     [](const Members& g, const Flow& f) { return f.srcport && g.back()->srcport == f.srcport; }},
    {"srcport = srcport rdelta 0",
     [](const Members& g, const Flow& f) { return f.srcport && g.back()->srcport == f.srcport; }},
    {"last.srcport != srcport",
     [](const Members& g, const Flow& f) {
       return both(g.back()->srcport, f.srcport, [](auto a, auto b) { return a != b; });
     }},
    {"srcport = srcport delta 1",
     [](const Members& g, const Flow& f) {
       return both(g[0]->srcport, f.srcport, [](int a, int b) { return std::abs(a - b) <= 1; });
     }},
    {"bytes != bytes rdelta 300",
     [](const Members& g, const Flow& f) {
       return both(g.back()->bytes, f.bytes,
                   [](auto a, auto b) { return std::abs(number(a) - number(b)) > 300; });
     }},
    {"end < start rdelta 5ms",
     [](const Members& g, const Flow& f) {
       return gap(g.back()->end, f.start, [](auto d) { return 0 <= d && d < 5; });
     }},
    {"end <= start delta 5",
     [](const Members& g, const Flow& f) {
       return gap(g[0]->end, f.start, [](auto d) { return 0 <= d && d <= 5; });
     }},
    {"end > start delta 5",
     [](const Members& g, const Flow& f) {
       return gap(g[0]->end, f.start, [](auto d) { return -5 < d && d <= 0; });
     }},
    {"max.end >= start delta 5",
     [](const Members& g, const Flow& f) {
       return gap(greatest(g, &Flow::end), f.start, [](auto d) { return -5 <= d && d <= 0; });
     }},
    {"not (end < start rdelta 5)",
     [](const Members& g, const Flow& f) {
       return gap(g.back()->end, f.start, [](auto d) { return d < 0 || d >= 5; });
     }},
    {"gap(last.end, start) < 6ms",
     [](const Members& g, const Flow& f) {
       return gap(g.back()->end, f.start, [](auto d) { return d < 6; });
     }},
    {"start < max.end + 6",
     [](const Members& g, const Flow& f) {
       return gap(greatest(g, &Flow::end), f.start, [](auto d) { return d < 6; });
     }},
    {"gap(end, start) <= 9",
     [](const Members& g, const Flow& f) {
       return gap(g[0]->end, f.start, [](auto d) { return d <= 9; });
     }},
    {"9 >= gap(first.start, start)",
     [](const Members& g, const Flow& f) {
       return gap(g[0]->start, f.start, [](auto d) { return d <= 9; });
     }},
    {"gap(last.start, start) in {0, 2..7}",
     [](const Members& g, const Flow& f) {
       return gap(g.back()->start, f.start, [](auto d) { return d == 0 || (2 <= d && d <= 7); });
     }},
    {"gap(first.start, last.end) < 4",
     [](const Members& g, const Flow&) {
       return gap(g[0]->start, g.back()->end, [](auto d) { return d < 4; });
     }},
    {"bytes < bytes",
     [](const Members& g, const Flow& f) { return less_bytes(g[0]->bytes, f.bytes, 0); }},
    {"last.bytes < bytes + 100",
     [](const Members& g, const Flow& f) { return less_bytes(g.back()->bytes, f.bytes, 100); }},
    {"last.bytes - 99.5 < bytes",
     [](const Members& g, const Flow& f) { return less_bytes(g.back()->bytes, f.bytes, 100); }},
    {"min.bytes + 50 > bytes",
     [](const Members& g, const Flow& f) {
       return less_bytes(f.bytes, least(g, &Flow::bytes), 50);
     }},
    {"max.bytes < 700",
     [](const Members& g, const Flow&) { return less_bytes(greatest(g, &Flow::bytes), 700, 0); }},
    {"first.bytes < 500",
     [](const Members& g, const Flow&) { return less_bytes(g[0]->bytes, 500, 0); }},
    {"not last.bytes in 0..400",
     [](const Members& g, const Flow&) { return less_bytes(400, g.back()->bytes, 0); }},
    {"500 > bytes", [](const Members&, const Flow& f) { return less_bytes(f.bytes, 500, 0); }},
    {"(last.bytes & 4) = (bytes & 4)",
     [](const Members& g, const Flow& f) {
       return both(g.back()->bytes, f.bytes, [](auto a, auto b) { return (a & 4) == (b & 4); });
     }},
    {"last.srcip <= dstip",
     [](const Members& g, const Flow& f) {
       return both(g.back()->srcip, f.dstip, [](auto a, auto b) { return a <= b; });
     }},
    {"not max.dstip = dstip",
     [](const Members& g, const Flow& f) {
       return both(greatest(g, &Flow::dstip), f.dstip, [](auto a, auto b) { return a != b; });
     }},
    {"min.dstip = 0.0.0.0/23",
     [](const Members& g, const Flow&) {
       return both(least(g, &Flow::dstip), std::optional(mapped(0x200)),
                   [](auto a, auto b) { return mapped(0) <= a && a < b; });
     }},
    {"last.duration <= duration + 2",
     [](const Members& g, const Flow& f) {
       return gap(length_of(*g.back()), length_of(f), [](auto d) { return d >= -2; });
     }},
    {"any, (last.srcport = srcport or last.dstip = dstip)",
     [](const Members& g, const Flow& f) {
       return (f.srcport && g.back()->srcport == f.srcport) ||
              (f.dstip && g.back()->dstip == f.dstip);
     }},
};

struct Reference {
  struct Group {
    Members members;
    std::vector<std::uint64_t> counts;  // by module
  };
  std::vector<std::vector<const Term*>> modules;
  std::vector<Group> groups;

  void add(const Flow& flow) {
    for (Group& group : groups) {
      std::vector<bool> accepted;
      for (const auto& module : modules) {
        accepted.push_back(std::all_of(module.begin(), module.end(), [&](const Term* term) {
          return term->accepts(group.members, flow);
        }));
      }
      if (std::find(accepted.begin(), accepted.end(), true) != accepted.end()) {
        for (std::size_t i = 0; i < accepted.size(); ++i) {
          group.counts[i] += accepted[i] ? 1U : 0U;
        }
        group.members.push_back(&flow);
        return;
      }
    }
    groups.push_back({{&flow}, std::vector<std::uint64_t>(modules.size(), 1)});
  }

  [[nodiscard]] std::string text() const {
    std::string all;
    for (const auto& module : modules) {
      std::string list;
      for (const Term* term : module) {
        list += (list.empty() ? "" : ", ") + std::string(term->text);
      }
      all += (all.empty() ? "" : " or ") + list;
    }
    return all;
  }
};

Reference random_query(std::mt19937_64& random) {
  Reference query;
  query.modules.resize(random() % 3 == 0 ? 2 + random() % 2 : 1);
  for (auto& module : query.modules) {
    for (std::size_t terms = 1 + random() % 3; terms > 0; --terms) {
      const Term* term = &kTerms[random() % std::size(kTerms)];
      if (std::find(module.begin(), module.end(), term) == module.end()) {
        module.push_back(term);
      }
    }
  }
  return query;
}

std::vector<std::vector<std::uint64_t>> ids_of(const Reference& reference) {
  std::vector<std::vector<std::uint64_t>> ids;
  for (const Reference::Group& group : reference.groups) {
    ids.emplace_back();
    for (const Flow* flow : group.members) {
      ids.back().push_back(flow->id);
    }
  }
  return ids;
}

std::vector<Flow> by_start(std::vector<Flow> flows) {
  std::stable_sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) {
    return std::tuple(a.start, a.id) < std::tuple(b.start, b.id);  // no value is the least
  });
  return flows;
}

void check(Reference query, const std::vector<Flow>& flows, bool input_order) {
  const std::vector<Flow> taken = input_order ? flows : by_start(flows);
  for (const Flow& flow : taken) {
    query.add(flow);
  }
  std::string aggregates;
  for (std::size_t i = 0; i < query.modules.size(); ++i) {
    aggregates += fmt::format("{}g{}.count", i == 0 ? "" : ", ", i + 1);
  }
  GroupOptions made = options(query.text(), aggregates);
  made.input_order = input_order;
  const Result result = run(made, flows);
  ASSERT_EQ(result.members, ids_of(query));
  for (std::size_t group = 0; group < query.groups.size(); ++group) {
    for (std::size_t i = 0; i < query.modules.size(); ++i) {
      const auto column = result.schema.find(fmt::format("g{}_count", i + 1));
      ASSERT_EQ(result.groups[group].at(*column), fmt::format("{}", query.groups[group].counts[i]))
          << "module " << i + 1 << " of group " << group;
    }
  }
  ASSERT_EQ(run(made, flows, 7), result);
  ASSERT_EQ(run(made, input_order ? flows : taken), result);
  made.members = false;
  ASSERT_EQ(run(made, flows).groups, result.groups);
}

TEST(GroupTerms, EachGivesWhatTheReferenceGives) {
  std::mt19937_64 random(11);
  for (const Term& term : kTerms) {
    for (const bool input_order : {false, true}) {
      Reference query;
      query.modules = {{&term}};
      SCOPED_TRACE(query.text());
      check(query, random_trace(random, 120), input_order);
    }
  }
}

TEST(GroupTerms, CombinedGiveWhatTheReferenceGives) {
  std::mt19937_64 random(12);
  for (int i = 0; i < 1500; ++i) {
    const Reference query = random_query(random);
    SCOPED_TRACE(query.text());
    check(query, random_trace(random, 20 + random() % 100), random() % 4 == 0);
    if (HasFatalFailure()) {
      return;
    }
  }
}

const Term* term(std::string_view text) {
  return std::find_if(std::begin(kTerms), std::end(kTerms),
                      [text](const Term& one) { return one.text == text; });
}

// So many groups that they are looked through for ones to close.
TEST(GroupTerms, OfManyGroupsGiveWhatTheReferenceGives) {
  std::mt19937_64 random(13);
  const std::vector<Flow> flows = random_trace(random, 7000, 300);
  Reference query;
  query.modules = {{term("srcip"), term("bytes"), term("gap(end, start) <= 9")}};
  check(query, flows, false);
  query.modules.push_back(
      {term("bytes"), term("srcip = dstip"), term("gap(last.end, start) < 6ms")});
  check(query, flows, false);
  query.modules = {
      {term("last.srcip = dstip"), term("bytes"), term("9 >= gap(first.start, start)")}};
  check(query, by_start(flows), true);
}

}  // namespace
}  // namespace nfql
