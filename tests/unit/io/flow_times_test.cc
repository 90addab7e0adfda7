#include "common/io/flow_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "common/base/error.h"
#include "common/base/output_file.h"
#include "common/io/flow_tools_writer.h"
#include "tests/unit/io/flow_table.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kExport = 1'335'772'191'057;  // of a RawFlow, 100 s after the router started

// Flows by their uptimes in ms.
std::string trace(const std::vector<std::pair<unsigned, unsigned>>& times) {
  std::string bytes = header3(5, kStreaming);
  for (const auto& [first, last] : times) {
    RawFlow flow;
    flow.first = first;
    flow.last = last;
    bytes += record(flow);
  }
  return bytes;
}

std::int64_t at_uptime(std::int64_t uptime) {
  return kExport - 100'000 + uptime;
}

struct Result {
  AllFlows flows;
  std::vector<std::string> warnings;

  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < flows.rows(); ++i) {
      ids.push_back(flows.at(i, "flowId"));
    }
    return ids;
  }
};

Result read(const std::vector<std::string>& paths, const ReadOptions& options) {
  const auto reader = open_inputs(paths, options);
  Result result{read_all(*reader), {}};
  EXPECT_EQ(result.flows.error, "");
  result.warnings = reader->warnings();
  return result;
}

Result read(const std::string& path, const TimeWindow& window) {
  ReadOptions options;
  options.window = window;
  return read({path}, options);
}

std::string error_of(const std::vector<std::string>& paths, const ReadOptions& options) {
  try {
    static_cast<void>(open_inputs(paths, options));
  } catch (const Error& error) {
    return fmt::format("{} {}", static_cast<int>(error.code()), error.what());
  }
  return "";
}

TEST(FlowTimes, AWindowHoldsFlowsThatAreActiveInIt) {
  const TemporaryFile file(
      trace({{10, 20}, {20, 40}, {39, 41}, {40, 50}, {0, 90}, {29, 29}, {30, 30}}));
  const std::int64_t since = at_uptime(30);
  const std::int64_t until = at_uptime(40);
  using Meaning = TimeWindow::Meaning;
  EXPECT_THAT(read(file.path(), {since, until, Meaning::active}).ids(),
              ElementsAre("1", "2", "4", "6"));
  EXPECT_THAT(read(file.path(), {since, until, Meaning::starts}).ids(), ElementsAre("2", "6"));
  EXPECT_THAT(read(file.path(), {since, {}, Meaning::active}).ids(),
              ElementsAre("1", "2", "3", "4", "6"));
  EXPECT_THAT(read(file.path(), {{}, until, Meaning::active}).ids(),
              ElementsAre("0", "1", "2", "4", "5", "6"));
  EXPECT_THAT(read(file.path(), {since, {}, Meaning::starts}).ids(), ElementsAre("2", "3", "6"));
  EXPECT_THAT(read(file.path(), {until, since, Meaning::starts}).ids(), ElementsAre());
}

TEST(FlowTimes, WindowsSideBySideHaveEachStartOnce) {
  std::vector<std::pair<unsigned, unsigned>> times;
  for (unsigned i = 0; i < 100; ++i) {
    times.emplace_back(i, i + i % 7 * 10);
  }
  const TemporaryFile file(trace(times));
  std::size_t flows = 0;
  for (int hour = 0; hour < 10; ++hour) {
    flows += read(file.path(),
                  {at_uptime(hour * 10), at_uptime(hour * 10 + 10), TimeWindow::Meaning::starts})
                 .ids()
                 .size();
  }
  EXPECT_EQ(flows, times.size());
}

TEST(FlowTimes, TheWindowIsOfSeveralInputsToo) {
  const TemporaryFile a(trace({{10, 20}, {30, 40}})), b(trace({{10, 20}, {30, 40}}));
  ReadOptions options;
  options.window.since = at_uptime(30);
  options.wanted = {element::kFlowId};
  const Result result = read({a.path(), b.path()}, options);
  EXPECT_THAT(result.ids(), ElementsAre("1", "3"));
  EXPECT_EQ(result.flows.sources[1].first_flow, 2U);
}

TEST(FlowTimes, SwapsTimesThatLieAndCountsThemOnceAnInput) {
  const TemporaryFile a(trace({{10, 20}, {40, 30}, {60, 50}})), b(trace({{7, 6}}));
  const Result result = read({a.path(), b.path()}, {});
  EXPECT_EQ(result.flows.at(1, "start"), std::to_string(at_uptime(30)));
  EXPECT_EQ(result.flows.at(1, "end"), std::to_string(at_uptime(40)));
  EXPECT_EQ(result.flows.at(1, "First"), "30");
  EXPECT_EQ(result.flows.at(1, "Last"), "40");
  EXPECT_EQ(result.flows.at(0, "First"), "10");
  EXPECT_THAT(
      result.warnings,
      ElementsAre(a.path() + ": 2 flows ended before they began: start and end were swapped",
                  b.path() + ": 1 flow ended before it began: start and end were swapped"));
  EXPECT_EQ(read({a.path()}, {}).warnings.size(), 1U);
}

TEST(FlowTimes, ReadsBothTimesWhereOneIsWanted) {
  const TemporaryFile file(trace({{40, 30}}));
  const std::pair<ElementId, std::string> cases[] = {
      {element::kStart, std::to_string(at_uptime(30))},
      {element::kEnd, std::to_string(at_uptime(40))},
      {element::kStartUptime, "30"},
      {element::kEndUptime, "40"}};
  for (const auto& [id, value] : cases) {
    ReadOptions options;
    options.wanted = {id};
    EXPECT_EQ(read({file.path()}, options).flows.at(0, field_of(id).name), value);
  }
  ReadOptions options;
  options.wanted = {element::kSourcePort};
  EXPECT_EQ(read({file.path()}, options).flows.schema.size(), 1U) << "no time was asked for";
}

TEST(FlowTimes, AWindowIsOfSwappedTimes) {
  const TemporaryFile file(trace({{40, 30}}));
  EXPECT_EQ(read(file.path(), {at_uptime(35), {}, TimeWindow::Meaning::starts}).ids().size(), 0U);
  EXPECT_EQ(read(file.path(), {at_uptime(30), {}, TimeWindow::Meaning::starts}).ids().size(), 1U);
}

TEST(FlowTimes, FlowToolsFilesAreWrittenAsTheyWereUnlessSwapped) {
  std::string bytes = trace({{10, 20}, {30, 30}});
  RawFlow wrapped;
  wrapped.uptime = 5'000;
  wrapped.first = 4'294'967'000;
  wrapped.last = 1'000;
  bytes += record(wrapped);
  const auto copied = [](const std::string& from) {
    const TemporaryFile file(from);
    const TemporaryFile copy;
    const auto reader = open_inputs({file.path()}, {});
    WriteOptions options;
    options.compress = "0";
    const auto writer = make_flow_tools_writer(OutputFile(copy.path()), reader->header(), options);
    for (Block block; reader->next(block); block = Block()) {
      writer->put(std::move(block));
    }
    writer->finish();
    const std::string all = copy.bytes();
    const std::size_t records = from.size() - header3(5, kStreaming).size();
    return all.substr(all.size() - records);
  };
  EXPECT_EQ(copied(bytes), bytes.substr(bytes.size() - 3 * 64));
  EXPECT_EQ(copied(trace({{30, 20}})), trace({{20, 30}}).substr(trace({}).size()));
}

TEST(FlowTimes, CorrectsTheClockOfAnInputOrAnExporter) {
  RawFlow other;
  other.exporter = 0x0a4d0002;
  const TemporaryFile a(trace({{10, 20}}) + record(other)), b(trace({{10, 20}}));
  ReadOptions options;
  options.offsets = {{a.path(), {}, 1000},
                     {"10.77.0.1", parse_address("10.77.0.1"), -300},
                     {"10.77.0.9", parse_address("10.77.0.9"), -300}};
  const Result result = read({a.path(), b.path()}, options);
  EXPECT_EQ(result.flows.at(0, "start"), std::to_string(at_uptime(10) + 700));
  EXPECT_EQ(result.flows.at(0, "end"), std::to_string(at_uptime(20) + 700));
  EXPECT_EQ(result.flows.at(0, "unix_secs"), "1335772191");
  EXPECT_EQ(result.flows.at(0, "unix_nsecs"), "757000000");
  EXPECT_EQ(result.flows.at(1, "unix_secs"), "1335772192");
  EXPECT_EQ(result.flows.at(1, "unix_nsecs"), "57000000");
  EXPECT_EQ(result.flows.at(2, "start"), std::to_string(at_uptime(10) - 300));
  EXPECT_THAT(result.warnings, ElementsAre("--time-offset: no flow is from exporter 10.77.0.9"));
}

TEST(FlowTimes, CorrectsEvenByAbsurdAmounts) {
  const TemporaryFile file(trace({{10, 20}}));
  for (const std::int64_t ms :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    ReadOptions options;
    options.offsets = {{file.path(), {}, ms}, {file.path(), {}, ms}};
    const Result result = read({file.path()}, options);
    EXPECT_EQ(result.flows.at(0, "start"), std::to_string(ms < 0 ? ms + at_uptime(10) : ms));
    EXPECT_EQ(result.flows.at(0, "unix_secs"), ms < 0 ? "0" : "4294967295");
  }
}

TEST(FlowTimes, RefusesWhatDoesNotFitTheInputs) {
  const TemporaryFile file(trace({{10, 20}}));
  ReadOptions options;
  options.offsets = {{"nowhere.ft", {}, 5}};
  EXPECT_EQ(error_of({file.path()}, options),
            "2 --time-offset: 'nowhere.ft' is no input and no address");
}

TEST(FlowTimes, AnUnknownTimeIsInNoWindow) {
  Table table;
  table.column(field_of(element::kStart), Times{5, std::nullopt, 20, std::nullopt})
      .column(field_of(element::kEnd), Times{std::nullopt, 10, 3, std::nullopt});
  const StreamHeader header = table.header();
  const auto rows_left = [&](TimeWindow window) {
    ReadOptions options;
    options.window = window;
    FlowTimes times(options, {"x"});
    times.begin("x", "x", header.flows());
    Table copy;
    copy.column(field_of(element::kStart), Times{5, std::nullopt, 20, std::nullopt})
        .column(field_of(element::kEnd), Times{std::nullopt, 10, 3, std::nullopt});
    Block block = copy.block();
    const bool any = times.apply(block);
    EXPECT_EQ(any, block.batch.rows != 0);
    return block.batch.rows;
  };
  EXPECT_EQ(rows_left({}), 4U);
  EXPECT_EQ(rows_left({0, {}, TimeWindow::Meaning::active}), 2U) << "ends 10 and, swapped, 20";
  EXPECT_EQ(rows_left({0, {}, TimeWindow::Meaning::starts}), 2U) << "starts 5 and, swapped, 3";
  EXPECT_EQ(rows_left({0, 100, TimeWindow::Meaning::active}), 1U);
}

TEST(FlowTimes, AWindowNeedsTheTimesThatItAsksFor) {
  Table table;
  table.column(field_of(element::kEnd), Times{5});
  const auto begin = [&](TimeWindow window) {
    ReadOptions options;
    options.window = window;
    FlowTimes times(options, {"x"});
    times.begin("x", "x", table.header().flows());
  };
  EXPECT_NO_THROW(begin({0, {}, TimeWindow::Meaning::active}));
  EXPECT_THROW(begin({0, {}, TimeWindow::Meaning::starts}), Error);
  EXPECT_THROW(begin({{}, 5, TimeWindow::Meaning::active}), Error);
}

}  // namespace
}  // namespace nfql::test
