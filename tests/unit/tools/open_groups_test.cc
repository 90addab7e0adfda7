// What grouping in order holds: flows until all are there, and groups while flows can join them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "nfql-group/flow_sorter.h"
#include "nfql-group/open_groups.h"
#include "tests/unit/tools/group_support.h"

namespace nfql {
namespace {

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::min();

struct Given {
  std::vector<std::uint64_t> ids;
  std::vector<std::int64_t> earliest;
  std::vector<std::uint32_t> rows;
};

Given give(const std::vector<Flow>& flows, OrderBy by, std::size_t cut) {
  FlowSorter sorter(kFlows, by);
  for (std::size_t first = 0; first < flows.size(); first += cut) {
    const std::size_t rows = std::min(cut, flows.size() - first);
    sorter.add(std::move(block_of(std::span(flows).subspan(first, rows)).batch));
  }
  Given given;
  const std::vector<std::size_t> columns = {6};
  sorter.visit(columns, [&](const FlowsInOrder& taken) {
    const auto ids = taken.batch.columns[6].values<std::uint64_t>();
    given.ids.insert(given.ids.end(), ids.begin(), ids.end());
    given.earliest.insert(given.earliest.end(), taken.earliest.begin(), taken.earliest.end());
    EXPECT_TRUE(std::is_sorted(taken.order.begin(), taken.order.end()));
    EXPECT_EQ(taken.order.size(), taken.batch.rows);
  });
  given.rows.resize(flows.size());
  std::iota(given.rows.begin(), given.rows.end(), 0U);
  sorter.to_rows(given.rows);
  return given;
}

Flow flow_at(std::optional<std::int64_t> start, std::uint64_t id) {
  Flow flow;
  flow.start = start;
  flow.id = id;
  return flow;
}

TEST(FlowSorter, GivesFlowsByStartAndIdUnknownStartsFirst) {
  const std::vector<Flow> flows = {flow_at(5000, 9), flow_at(-70, 3),          flow_at(5000, 2),
                                   flow_at(6, 4),    flow_at(std::nullopt, 8), flow_at(6, 5)};
  for (const std::size_t cut : {1U, 4U, 6U}) {
    const Given given = give(flows, OrderBy::start, cut);
    EXPECT_THAT(given.ids, testing::ElementsAre(8, 3, 4, 5, 2, 9));
    EXPECT_THAT(given.earliest, testing::ElementsAre(kUnknown, -70, 6, 6, 5000, 5000));
    EXPECT_THAT(given.rows, testing::ElementsAre(4, 1, 3, 5, 2, 0));
  }
}

TEST(FlowSorter, GivesFlowsAsTheyArriveAndTheLeastStartFromEachOn) {
  const std::vector<Flow> flows = {flow_at(5, 9), flow_at(3, 3), flow_at(7, 2), flow_at(6, 4)};
  const Given given = give(flows, OrderBy::arrival, 3);
  EXPECT_THAT(given.ids, testing::ElementsAre(9, 3, 2, 4));
  EXPECT_THAT(given.earliest, testing::ElementsAre(3, 3, 6, 6));
  EXPECT_THAT(given.rows, testing::ElementsAre(0, 1, 2, 3));
}

TEST(FlowSorter, SortsAllBitsOfStarts) {
  std::mt19937_64 random(3);
  std::vector<Flow> flows;
  for (std::uint64_t id = 0; id < 70'000; ++id) {
    const auto start = static_cast<std::int64_t>(random() >> (random() % 64));
    flows.push_back(flow_at(random() % 2 == 0 ? start : -start, random()));
  }
  const Given given = give(flows, OrderBy::start, 30'000);
  std::sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) {
    return std::tuple(a.start, a.id) < std::tuple(b.start, b.id);
  });
  std::vector<std::uint64_t> ids;
  for (const Flow& flow : flows) {
    ids.push_back(flow.id);
  }
  EXPECT_EQ(given.ids, ids);
}

// Flows 10 ms apart, each of a key of its own; `late` of them start that many places too late.
std::size_t places_for(const std::string& terms, std::size_t late) {
  constexpr std::size_t kCount = 40'000;
  std::vector<Flow> flows;
  for (std::size_t i = 0; i < kCount; ++i) {
    Flow flow = flow_at(static_cast<std::int64_t>(i) * 10, i);
    flow.end = flow.start;
    flow.srcip = mapped(static_cast<std::uint32_t>(i));
    flows.push_back(flow);
  }
  for (std::size_t i = 0; late != 0 && i + late < kCount; i += late) {
    std::swap(flows[i], flows[i + late - 1]);
  }
  OpenGroups groups(bind_group_terms(options(terms).terms, kFlows, 0));
  FlowSorter sorter(kFlows, late == 0 ? OrderBy::start : OrderBy::arrival);
  for (std::size_t first = 0; first < kCount; first += kCount / 8) {
    sorter.add(std::move(block_of(std::span(flows).subspan(first, kCount / 8)).batch));
  }
  std::vector<GroupId> numbers;
  std::vector<std::size_t> all(kFlows.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  sorter.visit(all, [&](const FlowsInOrder& taken) {
    groups.add(taken.batch, taken.earliest, numbers, nullptr);
  });
  EXPECT_EQ(groups.size(), kCount) << terms;
  return groups.places();
}

TEST(OpenGroups, ForgetGroupsThatNoFlowCanJoinAnyMore) {
  for (const char* terms :
       {"srcip, gap(last.end, start) < 30s", "srcip, gap(max.end, start) < 30s",
        "srcip, end < start rdelta 30s", "srcip, start - first.start <= 30s",
        "srcip, gap(end, start) < 30s or srcip, dstip, gap(first.end, start) < 9s",
        "srcip, gap(last.end, start) in 1s..30s", "srcip, max.bytes > 9"}) {
    EXPECT_LT(places_for(terms, 0), 9000U) << terms;
    EXPECT_LT(places_for(terms, 100), 9000U) << terms;
  }
  EXPECT_EQ(places_for("srcip, last.bytes = bytes + 1", 0), 40'000U);
  EXPECT_EQ(places_for("srcip, gap(last.end, start) > 30s", 0), 40'000U);
}

}  // namespace
}  // namespace nfql
