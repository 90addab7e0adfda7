#include "nfql-group/group_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/flow/column_builder.h"

namespace nfql {
namespace {

// A flow as the tests write it. No value: unknown.
struct Flow {
  std::optional<std::int64_t> start = 0;
  std::optional<std::int64_t> end = 0;
  std::optional<Address> srcip = mapped(0);
  std::optional<Address> dstip = mapped(0);
  std::optional<std::uint16_t> srcport = std::uint16_t{0};
  std::optional<std::uint64_t> bytes = std::uint64_t{0};
  std::uint64_t id = 0;
};

const Schema kFlows({field_of(element::kStart), field_of(element::kEnd),
                     field_of(element::kSourceAddress), field_of(element::kDestinationAddress),
                     field_of(element::kSourcePort), field_of(element::kOctets),
                     field_of(element::kFlowId)});

template <class T>
void push(ColumnBuilder& builder, const std::optional<T>& value) {
  if (!value) {
    builder.push_unknown();
  } else if constexpr (std::is_same_v<T, Address>) {
    builder.push_address(*value);
  } else {
    builder.push(*value);
  }
}

Block block_of(std::span<const Flow> flows) {
  std::vector<ColumnBuilder> builders;
  for (const Field& field : kFlows.fields()) {
    builders.emplace_back(field);
  }
  for (const Flow& flow : flows) {
    push(builders[0], flow.start);
    push(builders[1], flow.end);
    push(builders[2], flow.srcip);
    push(builders[3], flow.dstip);
    push(builders[4], flow.srcport);
    push(builders[5], flow.bytes);
    builders[6].push(flow.id);
  }
  Block block;
  block.kind = BlockKind::flows;
  for (ColumnBuilder& builder : builders) {
    builder.move_to(block.batch);
  }
  block.batch.rows = flows.size();
  return block;
}

class Collector : public BlockSink {
 public:
  void put(Block&& block) override { blocks.push_back(std::move(block)); }
  std::vector<Block> blocks;
};

// A value of a column as text, so that all types compare alike.
std::string text_of(const Column& column, std::size_t row) {
  if (!column.is_known(row)) {
    return "-";
  }
  if (column.type == Type::address) {
    return to_string(column.address(row));
  }
  if (column.type == Type::set) {
    std::string text;
    visit_values(column.element_type, column.width, [&]<class T>(std::type_identity<T>) {
      for (const T& value : column.set<T>(row)) {
        if constexpr (std::is_same_v<T, Address>) {
          text += to_string(value) + ";";
        } else if (column.element_type == Type::address) {
          text += to_string(mapped(static_cast<std::uint32_t>(value))) + ";";
        } else {
          text += fmt::format("{};", value);
        }
      }
    });
    return text;
  }
  return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, Address>) {
      return std::string();
    } else {
      return fmt::format("{}", column.values<T>()[row]);
    }
  });
}

using Row = std::vector<std::string>;

struct Result {
  Schema schema;
  std::vector<Row> groups;
  std::vector<std::vector<std::uint64_t>> members;  // flowIds by group

  friend bool operator==(const Result&, const Result&) = default;
};

// What the stage put, after checking the rules of stream/block.h.
Result read_back(const StreamHeader& header, const std::vector<Block>& blocks) {
  Result result;
  result.schema = header.groups();
  std::vector<std::uint64_t> counts;
  std::size_t open = 0;  // the group whose members come next
  const auto count_column = header.groups().find(element::kCount);
  const auto skip_full = [&] {
    while (open < counts.size() && result.members[open].size() == counts[open]) {
      ++open;
    }
  };
  for (const Block& block : blocks) {
    EXPECT_GT(block.batch.rows, 0U);
    EXPECT_LE(block.batch.rows, kMaxRows);
    if (block.kind == BlockKind::groups) {
      EXPECT_EQ(block.batch.columns.size(), header.groups().size());
      if (header.members) {
        skip_full();
        EXPECT_EQ(open, counts.size()) << "members are missing before a block of groups";
      }
      for (std::size_t row = 0; row < block.batch.rows; ++row) {
        Row group;
        for (const Column& column : block.batch.columns) {
          EXPECT_EQ(column.rows, block.batch.rows);
          group.push_back(text_of(column, row));
        }
        result.groups.push_back(group);
        counts.push_back(block.batch.columns[*count_column].values<std::uint64_t>()[row]);
        result.members.emplace_back();
      }
    } else {
      EXPECT_EQ(block.kind, BlockKind::members);
      EXPECT_EQ(block.batch.columns.size(), header.flows().size());
      for (std::size_t row = 0; row < block.batch.rows; ++row) {
        skip_full();
        EXPECT_LT(open, counts.size());
        result.members.at(open).push_back(block.batch.columns.at(6).values<std::uint64_t>()[row]);
      }
    }
  }
  skip_full();
  EXPECT_EQ(header.members ? open : counts.size(), counts.size());
  return result;
}

GroupOptions options(const std::string& terms, const std::string& aggregates = "") {
  GroupOptions made;
  made.terms = parse(terms, Grammar::group_terms, "group terms");
  made.aggregates_text = aggregates;
  made.aggregates = parse_aggregates(aggregates);
  return made;
}

Result run(const GroupOptions& made, const std::vector<Flow>& flows, std::size_t cut = 65536) {
  GroupStage stage(made, flows_header(kFlows));
  Collector out;
  for (std::size_t first = 0; first < flows.size(); first += cut) {
    const std::size_t rows = std::min(cut, flows.size() - first);
    stage.consume(block_of(std::span(flows).subspan(first, rows)), out);
  }
  EXPECT_TRUE(out.blocks.empty());
  stage.finish(out);
  return read_back(stage.output_header(), out.blocks);
}

Row names(const Schema& schema) {
  Row result;
  for (const Field& field : schema.fields()) {
    result.push_back(field.name);
  }
  return result;
}

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
        const GroupOptions made = options(test.terms, kAggregates);
        const Result whole = run(made, flows);
        ASSERT_EQ(whole.groups, expected(ordered(flows), test.key, whole.schema).groups);
        ASSERT_EQ(whole.members, expected(ordered(flows), test.key, whole.schema).members);
        ASSERT_EQ(run(made, flows, 1), whole);
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

TEST(GroupStage, CutsItsOutputIntoBlocksOfAtMostKMaxRows) {
  std::vector<Flow> flows(kMaxRows + 3);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    flows[i].id = i;
    flows[i].bytes = i;
  }
  for (const char* terms : {"bytes", ""}) {
    GroupOptions made = options(terms);
    const Result with = run(made, flows, 50'000);
    EXPECT_EQ(with.groups.size(), *terms == '\0' ? 1U : flows.size());
    made.members = false;
    EXPECT_EQ(run(made, flows).groups, with.groups);
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

// --- Columns. ---

Schema columns(const std::string& terms, const std::string& aggregates = "") {
  return GroupStage(options(terms, aggregates), flows_header(kFlows)).output_header().groups();
}

TEST(GroupColumns, AreKeysThenAggregatesThenStartEndCount) {
  const Schema schema = columns("dstip, sourceIPv4Address", "sum(bytes) as n, max(srcport)");
  EXPECT_THAT(names(schema), testing::ElementsAre("dstip", "sourceIPv4Address", "n", "max_srcport",
                                                  "start", "end", "count"));
  EXPECT_EQ(schema[0].id, element::kDestinationAddress);
  EXPECT_EQ(schema[1].id, element::kSourceAddress);
  EXPECT_EQ(schema[4], field_of(element::kStart));
  EXPECT_EQ(schema[5], field_of(element::kEnd));
  EXPECT_EQ(schema[6].id, element::kCount);
  EXPECT_EQ(schema[6].type, Type::u64);
}

TEST(GroupColumns, OfPrefixesBearTheirTextOrName) {
  const Schema schema = columns("prefix( srcip ,24 ), prefix(dstip, 8) as net");
  EXPECT_THAT(names(schema),
              testing::ElementsAre("prefix(srcip, 24)", "net", "start", "end", "count"));
  EXPECT_FALSE(schema[0].id.any());
  EXPECT_EQ(schema[0].type, Type::address);
}

TEST(GroupColumns, AddNoneForWhatIsThere) {
  const std::vector<std::string> plain = {"srcip", "start", "end", "count"};
  for (const char* list :
       {"srcip", "sourceIPv4Address", "count", "COUNT", "start", "first(srcip) as srcip",
        "first(start) as start", "min(start) as start", "max(end) as end", "count as count",
        "static(srcip) as srcip", "srcip, count, start"}) {
    EXPECT_EQ(names(columns("srcip", list)), plain) << list;
  }
  EXPECT_THAT(names(columns("srcip", "min(start), count as n, first(srcip) as client")),
              testing::ElementsAre("srcip", "min_start", "n", "client", "start", "end", "count"));
  EXPECT_THAT(
      names(columns("srcip", "static(srcip), first(srcip)")),
      testing::ElementsAre("srcip", "static_srcip", "first_srcip", "start", "end", "count"));
  EXPECT_THAT(names(columns("start")), testing::ElementsAre("start", "end", "count"));
  EXPECT_THAT(names(columns("end, etime = etime")),
              testing::ElementsAre("end", "etime", "start", "count"));
}

// The JSON form of 2013 names an aggregate as its field.
TEST(GroupColumns, OfTheOldFormKeepTheFieldsIds) {
  const Schema schema =
      columns("sourceIPv4Address = sourceIPv4Address",
              "static(sourceIPv4Address) as sourceIPv4Address, sum(octetDeltaCount) as "
              "octetDeltaCount");
  EXPECT_THAT(names(schema), testing::ElementsAre("sourceIPv4Address", "octetDeltaCount", "start",
                                                  "end", "count"));
  EXPECT_EQ(schema.find("bytes"), 1U);
  EXPECT_EQ(schema.find("srcip"), 0U);
}

TEST(GroupColumns, HaveComputedFields) {
  const Schema schema = columns("duration", "sum(duration), flows");
  EXPECT_THAT(names(schema),
              testing::ElementsAre("duration", "sum_duration", "flows", "start", "end", "count"));
  EXPECT_FALSE(schema[0].id.any());
  Flow flow;
  flow.end = 7;
  EXPECT_EQ(run(options("duration", "sum(duration), flows"), {flow, flow}).groups.at(0),
            (Row{"7", "14", "1", "0", "7", "2"}));
}

// --- Errors. ---

std::string error_of(const std::string& terms, const std::string& aggregates = "",
                     const StreamHeader& header = flows_header(kFlows)) {
  try {
    const GroupStage stage(options(terms, aggregates), header);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::usage);
    const std::string what = error.what();
    return what.substr(0, what.find('\n')) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "";
}

TEST(GroupStage, PointsAtUnknownFields) {
  EXPECT_EQ(error_of("srcpi"),
            "group terms: the input has no field 'srcpi' | did you mean 'srcip'?");
  EXPECT_EQ(error_of("proto"), "group terms: the input has no field 'proto'");
  EXPECT_EQ(error_of("prefix(zzz, 3)"), "group terms: the input has no field 'zzz'");
  EXPECT_EQ(error_of("srcip", "sum(byts)"),
            "aggregate: the input has no field 'byts' | did you mean 'bytes'?");
  try {
    const GroupStage stage(options("dstip, srcpi"), flows_header(kFlows));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("dstip, srcpi"));
    EXPECT_THAT(error.what(), testing::HasSubstr("       ^"));
  }
}

TEST(GroupStage, RefusesTermsThatNeedTheOrderOfFlows) {
  const std::string not_yet = ": not supported in this version";
  EXPECT_EQ(error_of("srcip or dstip"), "group terms: 'or' between terms (modules)" + not_yet);
  EXPECT_EQ(error_of("srcip = dstip"), "group terms: comparing two different fields" + not_yet);
  EXPECT_EQ(error_of("end < start rdelta 1s"),
            "group terms: comparing with flows already grouped but for equality" + not_yet);
  EXPECT_EQ(error_of("bytes = bytes delta 5"), "group terms: a delta in group terms" + not_yet);
  EXPECT_EQ(error_of("last.end = end"), "group terms: 'last.' in group terms" + not_yet);
  EXPECT_EQ(error_of("prefix(srcip, 24) = prefix(srcip, 16)"),
            "group terms: comparing two different fields" + not_yet);
  EXPECT_EQ(error_of("gap(end, start) < 30s"),
            "group terms: comparing with flows already grouped but for equality" + not_yet);
  EXPECT_EQ(error_of("bytes = bytes delta 0, prefix(srcip, 24) = prefix(srcip, 24)"), "");
}

TEST(GroupStage, RefusesWhatIsNoGroupTerm) {
  const std::string no_term =
      "group terms: a group term is a field, or compares a field with one of the flows already "
      "grouped | nfql-filter selects flows by their values";
  EXPECT_EQ(error_of("srcport = 80"), no_term);
  EXPECT_EQ(error_of("srcip in 10.0.0.0/8"), no_term);
  EXPECT_EQ(error_of("prefix(srcip, 129)"),
            "group terms: the length of a prefix is a number from 0 to 128");
  EXPECT_EQ(error_of("prefix(srcport, 3)"), "group terms: prefix takes an address");
  EXPECT_EQ(error_of("prefix(srcip)"),
            "group terms: prefix takes an address and a length | for example prefix(srcip, 24)");
}

TEST(GroupStage, RefusesTwoColumnsOfOneName) {
  const std::string hint = " | name one of them with 'as NAME'";
  EXPECT_EQ(error_of("srcip, srcip"), "two columns are named 'srcip'" + hint);
  EXPECT_EQ(error_of("srcip", "sum(bytes), sum(bytes)"),
            "aggregate: two columns are named 'sum_bytes'" + hint);
  EXPECT_EQ(error_of("srcip", "sum(bytes) as count"),
            "aggregate: two columns are named 'count'" + hint);
  EXPECT_EQ(error_of("srcip", "max(srcip) as SRCIP"),
            "aggregate: two columns are named 'SRCIP'" + hint);
  EXPECT_EQ(error_of("srcip", "end"),
            "aggregate: 'end' of a group is that of all its flows together | write 'first(end) as "
            "NAME' for that of its first flow");
}

TEST(GroupStage, TheFirstStartToArriveIsNotTheLeast) {
  GroupOptions made = options("srcip", "start");
  made.input_order = true;
  EXPECT_THROW(GroupStage(made, flows_header(kFlows)), Error);
}

TEST(GroupStage, NeedsStartAndEnd) {
  EXPECT_EQ(error_of("srcip", "", flows_header(Schema({kFlows[2], kFlows[1]}))),
            "the input has no field 'start', by which flows are ordered | keep 'start' among the "
            "--columns of the input");
  EXPECT_EQ(error_of("srcip", "", flows_header(Schema({kFlows[2], kFlows[0]}))),
            "the input has no field 'end', which every group has | keep 'start' and 'end' among "
            "the --columns of the input");
}

TEST(GroupStage, TakesOnlyFlows) {
  StreamHeader header{StreamKind::groups, false, {{"", kFlows, {}}}};
  EXPECT_EQ(error_of("srcip", "", header),
            "the input is a stream of groups, and only flows can be grouped | nfql-gfilter selects "
            "groups, nfql-ungroup gives their flows");
  header.kind = StreamKind::tuples;
  EXPECT_EQ(error_of("srcip", "", header),
            "the input is what nfql-merge gives, and only flows can be grouped | nfql-ungroup "
            "gives its flows");
}

}  // namespace
}  // namespace nfql
