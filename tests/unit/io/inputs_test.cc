#include <gtest/gtest.h>
#include <sys/resource.h>

#include <deque>

#include "common/base/error.h"
#include "common/base/output_file.h"
#include "common/flow/column_builder.h"
#include "common/io/native.h"
#include "common/io/reader.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

std::string trace(std::initializer_list<std::uint16_t> ports, int version = 5) {
  std::string bytes = header3(version, kStreaming);
  for (const std::uint16_t port : ports) {
    RawFlow flow;
    flow.sport = port;
    bytes += record(flow, version);
  }
  return bytes;
}

// Writes a native stream of one block of rows, with sources before them if they are flows.
void write_native(const std::string& path, StreamHeader header, Batch batch,
                  std::vector<Source> sources) {
  const auto writer = make_native_writer(OutputFile(path), header, {});
  Block block;
  if (header.kind == StreamKind::flows) {
    block.kind = BlockKind::sources;
    block.sources = std::move(sources);
    writer->put(std::move(block));
    block = Block();
  } else {
    block.kind = BlockKind::groups;
  }
  block.batch = std::move(batch);
  writer->put(std::move(block));
  writer->finish();
}

// A native stream of three flows that a filter left over: their ids, and a duration beside.
void write_filtered(const std::string& path) {
  Schema schema;
  Batch batch;
  const auto add = [&]<class T>(const Field& field, std::initializer_list<T> values) {
    ColumnBuilder builder(field);
    for (const T value : values) {
      builder.push(value);
    }
    builder.move_to(batch);
    schema.add(field);
  };
  add(field_of(element::kFlowId), {std::uint64_t{3}, std::uint64_t{7}, std::uint64_t{21}});
  add(field_of(element::kFlowCount), {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}});
  add(field_of(element::kSourcePort), {std::uint16_t{100}, std::uint16_t{101}, std::uint16_t{102}});
  write_native(path, flows_header(schema), std::move(batch), {{"p", 1, 0}, {"q", 2, 20}});
}

AllFlows read(const std::vector<std::string>& paths, const ReadOptions& options = {}) {
  const auto reader = open_inputs(paths, options);
  return read_all(*reader);
}

std::string error_of(Exit code, const std::vector<std::string>& paths) {
  try {
    static_cast<void>(read(paths));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "";
}

TEST(OpenInputs, AFlowThatDoesNotSayOfHowManyItIsCountsAsOne) {
  const TemporaryFile plain(""), counted("");
  const auto write = [](const std::string& path, std::initializer_list<ElementId> ids) {
    Schema schema;
    Batch batch;
    for (const ElementId id : ids) {
      schema.add(field_of(id));
      ColumnBuilder builder(schema[schema.size() - 1]);
      builder.push(std::uint64_t{5});
      builder.move_to(batch);
    }
    write_native(path, flows_header(schema), std::move(batch), {{"p", 1, 0}});
  };
  write(plain.path(), {element::kFlowId, element::kOctets});
  write(counted.path(), {element::kFlowId, element::kOctets, element::kFlowCount});
  const AllFlows flows = read({plain.path(), counted.path()});
  EXPECT_EQ(flows.at(0, "flows"), "1");
  EXPECT_EQ(flows.at(1, "flows"), "5");
}

TEST(OpenInputs, ReadsOneAfterTheOther) {
  const TemporaryFile a(trace({1, 2})), b(trace({})), c(trace({3}));
  const auto reader = open_inputs({a.path(), b.path(), c.path()}, {});
  EXPECT_EQ(reader->bytes_total(), a.bytes().size() + b.bytes().size() + c.bytes().size());
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(reader->bytes_read(), reader->bytes_total());
  ASSERT_EQ(all.rows(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all.at(i, "flowId"), std::to_string(i));
    EXPECT_EQ(all.at(i, "srcport"), std::to_string(i + 1));
  }
  ASSERT_EQ(all.sources.size(), 3U);
  EXPECT_EQ(all.sources[0].name, a.path());
  EXPECT_EQ(all.sources[1].first_flow, 2U);
  EXPECT_EQ(all.sources[2].first_flow, 2U);
}

TEST(OpenInputs, TheSameFileTwiceIsTwoSourcesWithOneFingerprint) {
  const TemporaryFile a(trace({1, 2}));
  const AllFlows all = read({a.path(), a.path()});
  ASSERT_EQ(all.sources.size(), 2U);
  EXPECT_EQ(all.sources[0].fingerprint, all.sources[1].fingerprint);
  EXPECT_EQ(all.sources[1].first_flow, 2U);
  EXPECT_EQ(all.at(3, "flowId"), "3");
}

TEST(OpenInputs, UnitesColumnsByElement) {
  const TemporaryFile native, flows(trace({1}));
  write_filtered(native.path());
  const AllFlows all = read({native.path(), flows.path()});
  ASSERT_EQ(all.error, "");
  EXPECT_EQ(all.schema[0].name, "flowId") << "the first input's columns come first";
  EXPECT_EQ(all.schema[1].name, "flows");
  EXPECT_EQ(all.schema.size(), 29U);
  ASSERT_EQ(all.rows(), 4U);
  EXPECT_EQ(all.at(2, "flows"), "3");
  EXPECT_EQ(all.at(2, "srcport"), "102");
  EXPECT_EQ(all.at(2, "srcip"), "?");
  EXPECT_EQ(all.at(2, "start"), "?");
  EXPECT_EQ(all.at(3, "flows"), "1");
  EXPECT_EQ(all.at(3, "srcport"), "1");
  EXPECT_EQ(all.at(3, "srcip"), "10.0.0.1");
}

TEST(OpenInputs, MovesFlowIdsAndSourcesBehindThoseBefore) {
  const TemporaryFile native, flows(trace({1, 2}));
  write_filtered(native.path());
  const AllFlows all = read({native.path(), flows.path(), native.path()});
  const char* ids[] = {"3", "7", "21", "22", "23", "27", "31", "45"};
  ASSERT_EQ(all.rows(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(all.at(i, "flowId"), ids[i]);
  }
  const std::uint64_t firsts[] = {0, 20, 22, 24, 44};
  ASSERT_EQ(all.sources.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(all.sources[i].first_flow, firsts[i]);
  }
}

TEST(OpenInputs, KeepsSourcesApartWhenFlowIdsAreNotWanted) {
  const TemporaryFile a(trace({1, 2})), b(trace({3}));
  ReadOptions options;
  options.wanted = {element::kSourcePort};
  const AllFlows all = read({a.path(), b.path()}, options);
  EXPECT_EQ(all.schema.size(), 1U);
  EXPECT_EQ(all.sources[1].first_flow, 2U);
}

TEST(OpenInputs, PassesASingleInputThroughWhateverItsKind) {
  const TemporaryFile groups;
  StreamHeader header{StreamKind::groups, false, {{}}};
  header.branches[0].groups.add({"count", element::kCount, Type::u64});
  Batch batch;
  ColumnBuilder builder(header.groups()[0]);
  builder.push(std::uint64_t{4});
  builder.move_to(batch);
  write_native(groups.path(), header, std::move(batch), {});
  const auto reader = open_inputs({groups.path()}, {});
  EXPECT_EQ(reader->header().kind, StreamKind::groups);
  const TemporaryFile flows(trace({1}));
  EXPECT_EQ(error_of(Exit::usage, {flows.path(), groups.path()}),
            groups.path() + ": is a stream of groups, expected flows");
}

TEST(OpenInputs, RefusesABadInputBeforeTheFirstBlock) {
  const TemporaryFile good(trace({1})), bad("text"), empty("");
  EXPECT_EQ(error_of(Exit::failed, {good.path(), bad.path()}),
            bad.path() + ": is text, not a flow file");
  EXPECT_EQ(error_of(Exit::failed, {good.path(), empty.path()}),
            empty.path() + ": is empty (0 bytes): no flow file is");
  EXPECT_EQ(error_of(Exit::failed, {good.path(), "/nonexistent/x"}),
            "/nonexistent/x: cannot open: No such file or directory");
}

TEST(OpenInputs, ReadsStandardInputOnce) {
  EXPECT_EQ(error_of(Exit::usage, {"-", "-"}), "<stdin>: is given as input more than once");
}

TEST(OpenInputs, ManyInputsNeedFewDescriptors) {
  std::deque<TemporaryFile> files;
  std::vector<std::string> paths;
  for (std::uint16_t i = 0; i < 200; ++i) {
    paths.push_back(files.emplace_back(trace({i})).path());
  }
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  rlimit few = old;
  few.rlim_cur = 100;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const AllFlows all = read(paths);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 200U);
  EXPECT_EQ(all.sources.size(), 200U);
  EXPECT_EQ(all.at(199, "srcport"), "199");
}

TEST(OpenInputs, SalvageGoesOnWithTheNextInput) {
  const TemporaryFile cut(trace({1, 2}).substr(0, 100)), whole(trace({3}));
  ReadOptions options;
  options.salvage = true;
  const auto reader = open_inputs({cut.path(), whole.path(), cut.path()}, options);
  const AllFlows all = read_all(*reader);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 3U);
  const std::string fault =
      cut.path() + ": ends in the middle of record 1 at byte 88 (12 of 64 bytes)";
  EXPECT_EQ(reader->fault(), fault + "; " + fault);
  const AllFlows strict = read({cut.path(), whole.path()});
  EXPECT_EQ(strict.error, fault);
  EXPECT_EQ(strict.rows(), 1U);
}

}  // namespace
}  // namespace nfql::test
