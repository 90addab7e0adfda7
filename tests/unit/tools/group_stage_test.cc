#include "nfql-group/group_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

#include "tests/unit/tools/group_support.h"

namespace nfql {
namespace {

// --- The reference: what the pages say, in the plainest words. ---

template <class T>
std::string show(const std::optional<T>& value) {
  if constexpr (std::is_same_v<T, Address>) {
    return value ? to_string(*value) : "-";
  } else {
    return value ? fmt::format("{}", *value) : "-";
  }
}

std::string network24(const std::optional<Address>& address) {
  if (!address) {
    return "-";
  }
  Address network = *address;
  if (is_ipv4(network)) {
    network.low &= ~0xffULL;
  } else {
    network.high &= ~0ULL << 40;
    network.low = 0;
  }
  return to_string(network);
}

using KeyOf = Row (*)(const Flow&);

std::vector<Flow> ordered(std::vector<Flow> flows) {
  std::stable_sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) {
    return std::tuple(a.start, a.id) < std::tuple(b.start, b.id);  // no value is the least
  });
  return flows;
}

std::vector<std::vector<Flow>> partition(const std::vector<Flow>& flows, KeyOf key) {
  std::vector<std::vector<Flow>> groups;
  std::map<Row, std::size_t> known;
  for (const Flow& flow : flows) {
    const auto [place, is_new] = known.emplace(key(flow), groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    groups[place->second].push_back(flow);
  }
  return groups;
}

// sum, count, max, first, unique, union, median of bytes and srcport; then start, end, count.
constexpr const char* kAggregates =
    "sum(bytes), count(bytes), max(bytes), first(srcport) as p, last(srcport), unique(srcport), "
    "union(dstip), median(bytes), max(dstip), min(start) as begin";

Row describe(const std::vector<Flow>& flows) {
  std::uint64_t sum = 0;
  std::multiset<std::uint64_t> bytes;
  std::vector<std::uint16_t> ports;
  std::set<Address> addresses;
  std::set<std::int64_t> starts;
  std::set<std::int64_t> ends;
  for (const Flow& flow : flows) {
    if (flow.bytes) {
      sum += *flow.bytes;
      bytes.insert(*flow.bytes);
    }
    if (flow.srcport) {
      ports.push_back(*flow.srcport);
    }
    if (flow.dstip) {
      addresses.insert(*flow.dstip);
    }
    if (flow.start) {
      starts.insert(*flow.start);
    }
    if (flow.end) {
      ends.insert(*flow.end);
    }
  }
  std::string all;
  for (const Address& address : addresses) {
    all += to_string(address) + ";";
  }
  const std::vector<std::uint64_t> sorted(bytes.begin(), bytes.end());
  const std::size_t middle = sorted.size() / 2;
  const std::size_t distinct = std::set(ports.begin(), ports.end()).size();
  const std::string median =
      sorted.empty() ? "-"
      : sorted.size() % 2 == 1
          ? fmt::format("{}", static_cast<double>(sorted[middle]))
          : fmt::format("{}", static_cast<double>(sorted[middle - 1] + sorted[middle]) / 2);
  const std::string begin = starts.empty() ? "-" : fmt::format("{}", *starts.begin());
  return {fmt::format("{}", sum),
          fmt::format("{}", sorted.size()),
          sorted.empty() ? "-" : fmt::format("{}", sorted.back()),
          ports.empty() ? "-" : fmt::format("{}", ports.front()),
          ports.empty() ? "-" : fmt::format("{}", ports.back()),
          ports.empty() ? "-" : fmt::format("{}", distinct),
          addresses.empty() ? "-" : all,
          median,
          addresses.empty() ? "-" : to_string(*addresses.rbegin()),
          begin,
          begin,
          ends.empty() ? "-" : fmt::format("{}", *ends.rbegin()),
          fmt::format("{}", flows.size())};
}

Result expected(const std::vector<Flow>& flows, KeyOf key, const Schema& schema) {
  Result result;
  result.schema = schema;
  for (const std::vector<Flow>& group : partition(flows, key)) {
    Row row = key(group.front());
    const Row rest = describe(group);
    row.insert(row.end(), rest.begin(), rest.end());
    result.groups.push_back(row);
    std::vector<std::uint64_t> ids;
    for (const Flow& flow : group) {
      ids.push_back(flow.id);
    }
    result.members.push_back(ids);
  }
  return result;
}

enum class Kinds { ipv4, mixed, mixed_late };

template <class T>
std::optional<T> sometimes(std::mt19937_64& random, const T& value) {
  return random() % 16 == 0 ? std::nullopt : std::optional<T>(value);
}

std::vector<Flow> random_flows(std::mt19937_64& random, std::size_t count, Kinds kinds) {
  const auto address = [&](std::size_t i) {
    const std::uint64_t low = random() % 3 * 256 + random() % 3;
    const bool v6 = kinds == Kinds::mixed || (kinds == Kinds::mixed_late && i > count / 2);
    return v6 && random() % 3 == 0 ? Address{0x2001'0d00'0000'0000 + (low << 38), low}
                                   : mapped(static_cast<std::uint32_t>(low));
  };
  std::vector<Flow> flows;
  for (std::size_t i = 0; i < count; ++i) {
    Flow flow;
    const auto start = static_cast<std::int64_t>(random() % 50) - 10;
    flow.start = sometimes(random, start);
    flow.end = sometimes(random, start + static_cast<std::int64_t>(random() % 9));
    flow.srcip = sometimes(random, address(i));
    flow.dstip = kinds == Kinds::ipv4 ? address(i) : sometimes(random, address(i));
    flow.srcport = sometimes(random, static_cast<std::uint16_t>(random() % 4));
    flow.bytes = sometimes(random, random() % 1000);
    flow.id = i;
    flows.push_back(flow);
  }
  return flows;
}

struct Case {
  const char* terms;
  KeyOf key;
};

const Case kCases[] = {
    {"", [](const Flow&) { return Row(); }},
    {"srcip", [](const Flow& f) { return Row{show(f.srcip)}; }},
    {"srcip, dstip",
     [](const Flow& f) {
       return Row{show(f.srcip), show(f.dstip)};
     }},
    {"srcport = sport and dstip",
     [](const Flow& f) {
       return Row{show(f.srcport), show(f.dstip)};
     }},
    {"prefix(dstip,24) as net, srcport",
     [](const Flow& f) {
       return Row{network24(f.dstip), show(f.srcport)};
     }},
    {"srcip, dstip, srcport, bytes",
     [](const Flow& f) {
       return Row{show(f.srcip), show(f.dstip), show(f.srcport), show(f.bytes)};
     }},
};

TEST(GroupStage, GivesWhatTheReferenceGivesHoweverTheInputIsCut) {
  std::mt19937_64 random(7);
  for (const Case& test : kCases) {
    for (const Kinds kinds : {Kinds::ipv4, Kinds::mixed, Kinds::mixed_late}) {
      for (const std::size_t count : {1U, 30U, 700U}) {
        SCOPED_TRACE(fmt::format("'{}', {} flows", test.terms, count));
        const std::vector<Flow> flows = random_flows(random, count, kinds);
        GroupOptions made = options(test.terms, kAggregates);
        const Result whole = run(made, flows);
        ASSERT_EQ(whole.groups, expected(ordered(flows), test.key, whole.schema).groups);
        ASSERT_EQ(whole.members, expected(ordered(flows), test.key, whole.schema).members);
        ASSERT_EQ(run(made, flows, 1), whole);
        made.threads = 3;
        ASSERT_EQ(run(made, flows, 7), whole);
      }
    }
  }
}

TEST(GroupStage, TakesFlowsAsTheyArriveWhenAsked) {
  std::mt19937_64 random(8);
  for (const Case& test : kCases) {
    const std::vector<Flow> flows = random_flows(random, 300, Kinds::mixed);
    GroupOptions made = options(test.terms, kAggregates);
    made.input_order = true;
    const Result whole = run(made, flows);
    ASSERT_EQ(whole, expected(flows, test.key, whole.schema));
    ASSERT_EQ(run(made, flows, 7), whole);
  }
}

TEST(GroupStage, GivesTheSameGroupsWithoutMembers) {
  std::mt19937_64 random(9);
  const std::vector<Flow> flows = random_flows(random, 500, Kinds::mixed);
  GroupOptions made = options("srcip, srcport", kAggregates);
  const Result with = run(made, flows);
  made.members = false;
  const Result without = run(made, flows);
  EXPECT_EQ(without.groups, with.groups);
  EXPECT_EQ(without.members, std::vector<std::vector<std::uint64_t>>(with.groups.size()));
}

TEST(GroupStage, FlowsInOrderNeedNoSortingAndGiveTheSame) {
  std::mt19937_64 random(10);
  std::vector<Flow> flows = random_flows(random, 400, Kinds::mixed);
  const GroupOptions made = options("srcip", kAggregates);
  const Result shuffled = run(made, flows);
  EXPECT_EQ(run(made, ordered(flows)), shuffled);
}

TEST(GroupStage, CutsItsOutputIntoBlocks) {
  std::vector<Flow> flows(kMaxRows + 3);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    flows[i].id = i;
    flows[i].bytes = i;
  }
  for (const char* terms : {"bytes", ""}) {
    GroupOptions made = options(terms);
    const Result with = run(made, flows, 50'000);
    made.threads = 3;
    EXPECT_EQ(run(made, flows, 50'000), with);
    EXPECT_EQ(with.groups.size(), *terms == '\0' ? 1U : flows.size());
    made.members = false;
    EXPECT_EQ(run(made, flows).groups, with.groups);
  }
}

// Enough groups to be sorted by several threads, founded out of order and many at one time.
TEST(GroupStage, GroupsComeInTheOrderOfTheirFirstFlowsWhateverTheThreads) {
  std::mt19937_64 random(11);
  std::vector<Flow> flows(200'000);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    flows[i].start = static_cast<std::int64_t>(i / 8 + random() % 10'000);
    flows[i].id = i;
    flows[i].bytes = random() % 150'000;
  }
  for (int i = 0; i < 2; ++i) {
    GroupOptions made = options("bytes");
    const Result one = run(made, flows, 40'000);
    EXPECT_TRUE(one == run(made, ordered(flows)));
    made.threads = 4;
    EXPECT_TRUE(one == run(made, flows, 40'000));
    flows[77].start = std::nullopt;  // long before all others
  }
}

// So that a reader need not hold all groups to have the first one's members.
TEST(GroupStage, EndsABlockOfGroupsAfterAMillionMembers) {
  GroupStage stage(options("srcip"), flows_header(kFlows));
  const Block some = block_of(std::vector<Flow>(kMaxRows));
  std::vector<RowId> all(kMaxRows);
  std::iota(all.begin(), all.end(), RowId{0});
  Collector out;
  for (std::size_t i = 0; i <= (std::size_t{1} << 20) / kMaxRows; ++i) {
    Block block;
    block.batch = gather(some.batch, all);
    stage.consume(std::move(block), out);
  }
  Flow other;
  other.srcip = mapped(1);
  other.start = 1;
  stage.consume(block_of(std::vector{other}), out);
  stage.finish(out);
  EXPECT_EQ(out.blocks.front().batch.rows, 1U);
  EXPECT_EQ(std::count_if(out.blocks.begin(), out.blocks.end(),
                          [](const Block& block) { return block.kind == BlockKind::groups; }),
            2);
}

TEST(GroupStage, OfNothingGivesNothing) {
  for (const char* terms : {"", "any", "srcip"}) {
    GroupStage stage(options(terms, "sum(bytes)"), flows_header(kFlows));
    Collector out;
    stage.consume(block_of({}), out);
    stage.finish(out);
    EXPECT_TRUE(out.blocks.empty());
  }
}

TEST(GroupStage, PassesSourcesAtOnce) {
  GroupStage stage(options("srcip"), flows_header(kFlows));
  Collector out;
  Block block;
  block.kind = BlockKind::sources;
  block.sources = {{"trace", 7, 0}};
  stage.consume(std::move(block), out);
  ASSERT_EQ(out.blocks.size(), 1U);
  EXPECT_EQ(out.blocks[0].sources.at(0).name, "trace");
}

TEST(GroupStage, MembersHaveAllColumnsOfTheInput) {
  const GroupStage stage(options("srcip"), flows_header(kFlows));
  EXPECT_EQ(stage.output_header().kind, StreamKind::groups);
  EXPECT_TRUE(stage.output_header().members);
  EXPECT_EQ(stage.output_header().flows(), kFlows);
  GroupOptions made = options("srcip");
  made.members = false;
  const GroupStage report(made, flows_header(kFlows));
  EXPECT_FALSE(report.output_header().members);
  EXPECT_EQ(report.output_header().flows().size(), 0U);
}

TEST(GroupStage, SaysWhenASumWasCutOff) {
  Flow flow;
  flow.bytes = ~0ULL;
  for (const std::size_t rows : {1U, 2U}) {
    GroupStage stage(options("srcip", "sum(bytes)"), flows_header(kFlows));
    Collector out;
    stage.consume(block_of(std::vector<Flow>(rows, flow)), out);
    stage.finish(out);
    EXPECT_EQ(stage.saturated(), rows == 2);
  }
}

}  // namespace
}  // namespace nfql
