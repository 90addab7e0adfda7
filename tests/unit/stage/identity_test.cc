#include "common/stage/identity.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

SourceTable table(const std::vector<Source>& sources) {
  SourceTable result;
  for (const Source& source : sources) {
    result.add({&source, 1});
  }
  return result;
}

TEST(SourceTable, FindsWhoseAFlowIs) {
  for (const SourceTable& sources : {table({{"a", 1, 10}, {"empty", 2, 20}, {"b", 3, 20}}),
                                     table({{"b", 3, 20}, {"a", 1, 10}})}) {
    EXPECT_FALSE(sources.find(9));
    EXPECT_EQ(sources.sources()[*sources.find(10)].name, "a");
    EXPECT_EQ(sources.sources()[*sources.find(19)].name, "a");
    EXPECT_EQ(sources.sources()[*sources.find(20)].name, "b");
    EXPECT_EQ(sources.sources()[*sources.find(~0ULL)].name, "b");
    EXPECT_TRUE(sources.distinct());
  }
  EXPECT_FALSE(SourceTable().find(0));
}

TEST(SourceTable, IdentifiesFlowsOfEqualContent) {
  const SourceTable sources = table({{"a", 1, 10}, {"b", 2, 20}, {"a2", 1, 30}});
  EXPECT_FALSE(sources.distinct());
  EXPECT_EQ(sources.identify(12), sources.identify(32));
  EXPECT_NE(sources.identify(12), sources.identify(22));
  EXPECT_NE(sources.identify(22), sources.identify(42));  // ordinal 12 of a is no flow of b
  EXPECT_NE(sources.identify(2), sources.identify(12));
  EXPECT_NE(sources.identify(2), sources.identify(3));
}

TEST(SourceUnion, KeepsTheNumbersOfEqualTables) {
  const SourceTable a = table({{"a", 1, 0}, {"b", 2, 7}});
  const SourceTable b = table({{"a by another name", 1, 0}, {"b", 2, 7}});
  SourceUnion both({&a, &b});
  EXPECT_TRUE(both.trivial());
  both.seal();
  EXPECT_EQ(both.map(1, 9), 9U);
  EXPECT_EQ(both.sources(), a.sources());
  const SourceTable none;
  EXPECT_TRUE(SourceUnion({&none, &none}).trivial());
}

// What the header claims, over random tables: same number exactly when the same flow.
TEST(SourceUnion, UnitesExactlyTheFlowsThatAreTheSame) {
  std::mt19937_64 random(11);
  const auto pick = [&random](std::uint64_t below) { return random() % below; };
  for (int round = 0; round < 300; ++round) {
    std::vector<SourceTable> tables(2 + pick(3));
    using Flow = std::pair<std::size_t, std::uint64_t>;
    // Whose flow, and which: fingerprint, occurrence and ordinal; or the stream's own.
    using Key = std::tuple<bool, std::uint64_t, std::uint64_t, std::uint64_t>;
    std::map<Flow, Key> flows;
    for (std::size_t stream = 0; stream < tables.size(); ++stream) {
      std::uint64_t next = pick(3);
      for (std::uint64_t id = 0; id < next; ++id) {
        flows[{stream, id}] = {false, stream, 0, id};
      }
      std::map<std::uint64_t, std::uint64_t> seen;
      for (std::uint64_t sources = pick(4); sources > 0; --sources) {
        const Source source{"s", pick(3), next};
        tables[stream].add({&source, 1});
        const std::uint64_t occurrence = seen[source.fingerprint]++;
        const std::uint64_t size = 1 + pick(5);
        for (std::uint64_t ordinal = 0; ordinal < size; ++ordinal) {
          flows[{stream, next + ordinal}] = {true, source.fingerprint, occurrence, ordinal};
        }
        next += size;
      }
    }
    std::vector<const SourceTable*> pointers;
    for (const SourceTable& sources : tables) {
      pointers.push_back(&sources);
    }
    SourceUnion all(pointers);
    for (const auto& entry : flows) {
      all.see(entry.first.first, entry.first.second);
    }
    all.seal();
    if (all.trivial()) {
      continue;
    }
    SourceTable united;
    united.add(all.sources());
    std::map<std::uint64_t, Key> by_number;
    std::map<Key, std::uint64_t> by_key;
    for (const auto& [flow, key] : flows) {
      const std::uint64_t number = all.map(flow.first, flow.second);
      EXPECT_EQ(by_number.emplace(number, key).first->second, key);
      EXPECT_EQ(by_key.emplace(key, number).first->second, number);
      const auto source = united.find(number);
      ASSERT_EQ(source.has_value(), std::get<0>(key));
      if (source) {
        EXPECT_EQ(united.sources()[*source].fingerprint, std::get<1>(key));
        EXPECT_EQ(number - united.sources()[*source].first_flow, std::get<3>(key));
      }
    }
  }
}

TEST(SourceUnion, RefusesNumbersThatDoNotFit) {
  const SourceTable a = table({{"a", 1, 0}});
  const SourceTable b = table({{"b", 2, 0}});
  SourceUnion both({&a, &b});
  both.see(0, ~0ULL - 1);
  both.see(1, 5);
  EXPECT_THROW(both.seal(), Error);
}

}  // namespace
}  // namespace nfql
