// Flows of native files chosen by their times: the same whether or not that spares reading them.
#include "common/io/timed_chooser.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "common/base/output_file.h"
#include "common/expr/predicate_chooser.h"
#include "common/io/flow_times.h"
#include "common/io/native.h"
#include "tests/unit/io/flow_table.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

using Meaning = TimeWindow::Meaning;
using U16 = std::vector<std::optional<std::uint16_t>>;
using U32 = std::vector<std::optional<std::uint32_t>>;

constexpr std::int64_t kBlock = 1000;  // ms from the first flow of a block to that of the next
constexpr std::size_t kBlocks = 10;
constexpr std::size_t kRows = 12;

using Random = std::mt19937_64;

// Some flows of a block, by time; few end before they start, and some do not say when. Plain ones
// have less columns.
Table flows_of(Random& random, std::size_t block, bool plain = false) {
  U64 ids;
  Times starts, ends;
  U32 firsts, lasts;
  U16 ports;
  const unsigned unknown = random() % 4 == 0 ? 3 : 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    const auto start = static_cast<std::int64_t>(block * kBlock + random() % kBlock);
    const auto length = static_cast<std::int64_t>(random() % 400) - (random() % 5 == 0 ? 300 : 0);
    ids.emplace_back(block * kRows + row);
    starts.emplace_back(start);
    ends.emplace_back(start + length);
    firsts.emplace_back(static_cast<std::uint32_t>(start + 500));
    lasts.emplace_back(static_cast<std::uint32_t>(start + length + 500));
    ports.emplace_back(static_cast<std::uint16_t>(random() % 3 + 80));
    if (random() % 4 < unknown) {
      (random() % 2 == 0 ? starts : ends).back().reset();
    }
  }
  Table table;
  if (plain) {
    table.column(field_of(element::kStart), starts)
        .column(field_of(element::kFlowId), ids)
        .column(field_of(element::kEnd), ends);
    return table;
  }
  table.column(field_of(element::kFlowId), ids)
      .column(field_of(element::kEnd), ends)
      .column(field_of(element::kDestinationPort), ports)
      .column(field_of(element::kStart), starts)
      .column(field_of(element::kStartUptime), firsts)
      .column(field_of(element::kEndUptime), lasts);
  return table;
}

// A block for each time, which a reader may pass over.
void write_flows(const TemporaryFile& file, unsigned seed, bool plain = false) {
  Random random(seed);
  std::vector<Table> tables;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    tables.push_back(flows_of(random, block, plain));
  }
  const auto writer = make_native_writer(OutputFile(file.path()), tables.front().header(), {});
  for (std::size_t i = 0; i < kBlocks; ++i) {
    if (i % 6 == 0) {
      Block sources;
      sources.kind = BlockKind::sources;
      sources.sources = {{"s", seed, i * kRows}};
      writer->put(std::move(sources));
    }
    writer->put(tables[i].block());
  }
  writer->finish();
}

struct Query {
  TimeWindow window;
  std::string filter;  // "": none

  [[nodiscard]] std::string text() const {
    const auto time = [](const auto& ms) { return ms ? std::to_string(*ms) : std::string("-"); };
    return fmt::format("{} since {} until {}{}", filter, time(window.since), time(window.until),
                       window.meaning == Meaning::starts ? " starts" : "");
  }
};

struct Result {
  std::vector<std::string> ids;  // and times
  std::vector<Source> sources;
  std::uint64_t left_out = 0;
  std::vector<std::string> warnings;

  explicit Result(const AllFlows& flows) {
    EXPECT_EQ(flows.error, "");
    sources = flows.sources;
    for (std::size_t row = 0; row < flows.rows(); ++row) {
      std::string id;
      for (const char* name : {"flowId", "start", "end", "First", "Last"}) {
        id += (flows.schema.find(name) ? flows.at(row, name) : "-") + " ";
      }
      ids.push_back(id);
    }
  }
};

using Paths = std::vector<std::string>;

Result read_chosen(const Paths& paths, const Query& query, ReadOptions options = {}) {
  options.window = query.window;
  const auto reader = open_inputs(paths, options);
  const ExpressionText filter = parse(query.filter, Grammar::filter, "filter");
  if (!query.filter.empty()) {
    std::unique_ptr<RowChooser> chooser =
        std::make_unique<PredicateChooser>(filter, reader->header().flows(), 0);
    EXPECT_TRUE(reader->choose_rows(chooser));
  }
  Result result(read_all(*reader));
  result.left_out = reader->rows_left_out();
  result.warnings = reader->warnings();
  return result;
}

// All that the words of TimeWindow say.
bool is_in(const TimeWindow& window, const AllFlows& flows, std::size_t row) {
  const auto holds = [&](const char* time, const std::function<bool(std::int64_t)>& test) {
    const std::string value = flows.at(row, time);
    return value != "?" && test(std::stoll(value));
  };
  const bool late =
      !window.since || holds(window.meaning == Meaning::starts ? "start" : "end",
                             [&](std::int64_t time) { return time >= *window.since; });
  const bool early =
      !window.until || holds("start", [&](std::int64_t time) { return time < *window.until; });
  return late && early;
}

// The same with every flow read and put right before any is chosen.
Result choose_afterwards(const Paths& paths, const Query& query, const ReadOptions& options = {}) {
  const auto reader = open_inputs(paths, options);
  const AllFlows all = read_all(*reader);
  Predicate predicate(parse(query.filter, Grammar::filter, "filter"), all.schema);
  Result whole(all);
  std::vector<std::string> ids;
  std::size_t first = 0;
  for (const Batch& batch : all.batches) {
    std::vector<RowId> rows;
    predicate.select(batch, rows);
    for (const RowId row : rows) {
      if (is_in(query.window, all, first + row)) {
        ids.push_back(whole.ids[first + row]);
      }
    }
    first += batch.rows;
  }
  whole.ids = std::move(ids);
  return whole;
}

std::vector<Query> some_queries(Random& random) {
  const auto time = [&random] {
    return static_cast<std::int64_t>(random() % ((kBlocks + 1) * kBlock));
  };
  const std::string at = std::to_string(time());
  std::vector<Query> queries;
  for (const std::string& filter :
       {std::string(), std::string("dstport = 80"), "start < " + at, "not start <= " + at,
        "end > " + at + " and dstport != 81", "start in " + at + ".." + at + "999", "First < " + at,
        "Last >= " + at + " or dstport = 82", std::string("duration < 100"),
        std::string("flowId not in {12} and not flowId in 150..300"),
        "end = " + at + " delta 200"}) {
    const std::int64_t since = time();
    queries.push_back({{}, filter});
    queries.push_back({{since, {}, Meaning::active}, filter});
    queries.push_back({{since, since + 700, Meaning::active}, filter});
    queries.push_back({{since, since + 1700, Meaning::starts}, filter});
    queries.push_back({{{}, since, Meaning::starts}, filter});
  }
  return queries;
}

TEST(TimedChooser, LeavesTheFlowsThatWouldBeLeftAfterwards) {
  Random random(1);
  for (unsigned seed = 0; seed < 20; ++seed) {
    const TemporaryFile file;
    write_flows(file, seed);
    for (const Query& query : some_queries(random)) {
      const Result chosen = read_chosen({file.path()}, query);
      ASSERT_EQ(chosen.ids, choose_afterwards({file.path()}, query).ids)
          << "seed " << seed << ": " << query.text();
      EXPECT_EQ(chosen.ids.size() + chosen.left_out, kBlocks * kRows) << query.text();
    }
  }
}

// Two native files, one of them with less columns, and one of a format that chooses nothing.
TEST(TimedChooser, LeavesTheSameOfSeveralInputs) {
  Random random(2);
  std::string foreign = header3(5, kStreaming);
  for (unsigned i = 0; i < kRows; ++i) {
    RawFlow flow;
    flow.dport = static_cast<std::uint16_t>(80 + i % 3);
    foreign += record(flow);
  }
  for (unsigned seed = 0; seed < 8; ++seed) {
    const TemporaryFile a, b(foreign), c;
    write_flows(a, seed);
    write_flows(c, seed + 100, true);
    const Paths paths = {a.path(), c.path(), b.path(), a.path(), c.path()};
    for (const Query& query : some_queries(random)) {
      const Result chosen = read_chosen(paths, query);
      const Result expected = choose_afterwards(paths, query);
      ASSERT_EQ(chosen.ids, expected.ids) << "seed " << seed << ": " << query.text();
      EXPECT_EQ(chosen.sources, expected.sources);
      EXPECT_EQ(chosen.ids.size() + chosen.left_out, (4 * kBlocks + 1) * kRows) << query.text();
    }
    ReadOptions few;
    few.wanted = {element::kStart, element::kDestinationPort};
    EXPECT_EQ(read_chosen(paths, {{}, "dstport = 80"}, few).sources,
              choose_afterwards(paths, {{}, ""}, few).sources)
        << "where flowIds go on, though nobody reads them";
  }
}

// Damages the stored bytes of all columns of the last block.
TemporaryFile& damage_end(TemporaryFile& file, std::string bytes) {
  const std::size_t end = bytes.size() - 32 - 48 - 48;  // head, directory and totals of the last
  for (std::size_t i = 1; i < kRows; ++i) {
    bytes[end - i] = static_cast<char>(bytes[end - i] ^ 1);
  }
  std::ofstream(file.path(), std::ios::binary) << bytes;
  return file;
}

TEST(TimedChooser, DoesNotReadBlocksOfOtherTimes) {
  TemporaryFile file;
  write_flows(file, 2);  // every flow of its last block says when it was
  damage_end(file, file.bytes());
  EXPECT_NE(read_all(*open_inputs({file.path()}, {})).error, "");
  const auto early = static_cast<std::int64_t>((kBlocks - 1) * kBlock - 400);
  const std::string before = std::to_string(early);
  const Query queries[] = {{{{}, early, Meaning::active}, ""},
                           {{{}, early, Meaning::starts}, "dstport = 80"},
                           {{}, "start < " + before},
                           {{}, "not end >= " + before + " and dstport = 80"}};
  for (const Query& query : queries) {
    EXPECT_FALSE(read_chosen({file.path()}, query).ids.empty()) << query.text();
  }
}

TEST(TimedChooser, LooksAtTheTimesBesideWhatTheOtherDoes) {
  class Nobody final : public RowChooser {
   public:
    [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
    void choose(const Batch&, std::vector<RowId>& rows) override { rows.clear(); }
    std::vector<std::size_t> columns_{7, 3};
  };
  using Columns = std::vector<std::size_t>;
  const auto columns = [](const TimeColumns& times) {
    return TimedChooser(times, {}, std::make_unique<Nobody>()).columns();
  };
  EXPECT_EQ(columns({1, 3, 5, 6}), (Columns{7, 3, 1})) << "nobody asks for the uptimes";
  EXPECT_EQ(columns({1, 2, 3, 6}), (Columns{7, 3, 1, 2, 6}));
  EXPECT_EQ(columns({{}, 3, {}, {}}), (Columns{7, 3}));
  EXPECT_EQ(TimedChooser({4, 5, 6, 7}, {}, nullptr).columns(), (Columns{4, 5}));
}

TEST(TimedChooser, LeavesFlowsWithoutATimeToBeCounted) {
  const TemporaryFile file;
  Table table;
  table.column(field_of(element::kFlowId), U64{0, 1, 2, 3})
      .column(field_of(element::kStart), Times{5, {}, 20, {}})
      .column(field_of(element::kEnd), Times{6, 10, 30, {}})
      .column(field_of(element::kStartUptime), U32{1, 2, 3, 4})
      .column(field_of(element::kEndUptime), U32{1, 2, 3, 4});
  const auto writer = make_native_writer(OutputFile(file.path()), table.header(), {});
  writer->put(table.block());
  writer->finish();
  for (const std::int64_t since : {15, 100}) {
    const Result result = read_chosen({file.path()}, {{since, {}, Meaning::starts}, ""});
    EXPECT_EQ(result.ids.size(), since == 15 ? 1U : 0U);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_EQ(result.warnings[0], file.path() +
                                      ": 2 flows without a time were left out: --since "
                                      "and --until choose by it");
  }
}

TEST(TimedChooser, IsNotMadeWhereClocksAreCorrected) {
  Random random(1);
  const Schema flows = flows_of(random, 0).header().flows();
  const auto is_made = [&flows](const std::vector<TimeOffset>& offsets) {
    ReadOptions options;
    options.offsets = offsets;
    FlowTimes times(options, {"x"});
    times.begin("x", "x", flows);
    return times.chooser_before(nullptr) != nullptr;
  };
  EXPECT_TRUE(is_made({}));
  EXPECT_FALSE(is_made({{"x", {}, 5}}));
  EXPECT_FALSE(is_made({{"", parse_address("10.0.0.1"), 5}}));
}

TEST(FlowTimes, MayChangeWhatDependsOnTimes) {
  Random random(1);
  const Schema flows = flows_of(random, 0).header().flows();
  const auto may_change = [&flows](const ReadOptions& options, std::string_view column) {
    FlowTimes times(options, {"x"});
    times.begin("x", "x", flows);
    return times.may_change({*flows.find(column)});
  };
  for (const char* column : {"start", "end", "First", "Last"}) {
    EXPECT_TRUE(may_change({}, column)) << column;
  }
  EXPECT_FALSE(may_change({}, "dstport"));
  ReadOptions window;
  window.window.since = 5;
  EXPECT_TRUE(may_change(window, "dstport")) << "it may leave flows out";
  ReadOptions offset;
  offset.offsets = {{"x", {}, 5}};
  EXPECT_TRUE(may_change(offset, "dstport"));
}

}  // namespace
}  // namespace nfql::test
