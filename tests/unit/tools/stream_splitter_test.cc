#include "nfql-ungroup/stream_splitter.h"

#include <gtest/gtest.h>

#include "tests/unit/tools/ungroup_support.h"

namespace nfql {
namespace {

// What one writer got, kept by the test.
struct Written {
  StreamHeader header;
  std::vector<std::uint64_t> ids;
  std::vector<Source> sources;
  bool finished = false;
};

class FakeWriter : public Writer {
 public:
  explicit FakeWriter(Written& written) : written_(written) {}
  void put(Block&& block) override {
    if (block.kind == BlockKind::sources) {
      written_.sources = block.sources;
      return;
    }
    const auto ids = block.batch.columns[1].values<std::uint64_t>();
    written_.ids.insert(written_.ids.end(), ids.begin(), ids.end());
  }
  void finish() override { written_.finished = true; }
  [[nodiscard]] std::uint64_t bytes_written() const override { return 10; }

 private:
  Written& written_;
};

TEST(StreamSplitter, GivesEachStreamAWriterOneAfterTheOther) {
  std::map<std::uint64_t, Written> written;
  StreamSplitter splitter(
      UngroupStage(header_of(StreamKind::groups, 1), Streams::numbered).output_header(),
      [&written](std::uint64_t stream, const StreamHeader& header) {
        for (const auto& entry : written) {
          EXPECT_TRUE(entry.second.finished);
        }
        written[stream].header = header;
        return std::make_unique<FakeWriter>(written[stream]);
      });
  const auto block = [](const std::vector<std::uint64_t>& streams, const Stream& flows) {
    Block result = flows_block(BlockKind::flows, 0, flows);
    add_numbers(streams, result.batch);
    std::rotate(result.batch.columns.begin(), result.batch.columns.end() - 1,
                result.batch.columns.end());
    return result;
  };
  splitter.put(sources_block({{"f", 1, 0}}));
  splitter.put(block({0, 0, 2}, {{1, 1}, {2, 2}, {3, 3}}));
  splitter.put(block({2, 2}, {{4, 4}, {5, 5}}));
  splitter.put(block({3}, {{6, 6}}));
  EXPECT_FALSE(written[3].finished);
  splitter.finish();
  ASSERT_EQ(written.size(), 3U);
  EXPECT_THAT(written[0].ids, ElementsAre(1, 2));
  EXPECT_THAT(written[2].ids, ElementsAre(3, 4, 5));
  EXPECT_THAT(written[3].ids, ElementsAre(6));
  EXPECT_TRUE(written[3].finished);
  EXPECT_EQ(written[3].sources.size(), 1U);
  EXPECT_EQ(written[0].header, flows_header(flows_schema()));
  EXPECT_EQ(splitter.bytes_written(), 30U);
}

}  // namespace
}  // namespace nfql
