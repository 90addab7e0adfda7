#include "common/io/read_ahead.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nfql {
namespace {

// Gives blocks with 0, 1, 2 ... rows, then ends, by an exception if it is to.
class Counting final : public Reader {
 public:
  enum class End : std::uint8_t { good, thrown };
  Counting(std::size_t blocks, End end, std::size_t& read)
      : blocks_(blocks), end_(end), read_(read), header_(flows_header({})) {}

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return 10 * read_; }
  [[nodiscard]] std::uint64_t bytes_total() const override { return 10 * blocks_; }
  [[nodiscard]] std::optional<std::string> fault() const override { return "fault"; }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override { return {{1, 2}}; }
  [[nodiscard]] std::vector<std::string> warnings() const override { return {"warning"}; }
  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override { return chooser == nullptr; }
  [[nodiscard]] std::uint64_t rows_left_out() const override { return 7 * read_; }

  bool next(Block& block) override {
    if (read_ == blocks_) {
      if (end_ == End::thrown) {
        throw std::runtime_error("damaged");
      }
      return false;
    }
    block.batch.rows = read_++;
    return true;
  }

 private:
  std::size_t blocks_;
  End end_;
  std::size_t& read_;
  StreamHeader header_;
};

TEST(ReadAhead, GivesAllBlocksInOrder) {
  for (const std::size_t blocks : {0U, 1U, 2U, 3U, 1000U}) {
    std::size_t read = 0;
    const auto reader = read_ahead(std::make_unique<Counting>(blocks, Counting::End::good, read));
    EXPECT_EQ(reader->header().kind, StreamKind::flows);
    EXPECT_EQ(reader->bytes_total(), 10 * blocks);
    Block block;
    for (std::size_t i = 0; i < blocks; ++i) {
      ASSERT_TRUE(reader->next(block));
      ASSERT_EQ(block.batch.rows, i);
    }
    EXPECT_FALSE(reader->next(block));
    EXPECT_FALSE(reader->next(block));
    EXPECT_EQ(reader->bytes_read(), 10 * blocks);
    EXPECT_EQ(reader->fault(), "fault");
    EXPECT_EQ(reader->missing_fields().size(), 1U);
    EXPECT_EQ(reader->warnings(), std::vector<std::string>{"warning"});
  }
}

TEST(ReadAhead, ThrowsBehindTheBlocksBeforeTheFault) {
  std::size_t read = 0;
  const auto reader = read_ahead(std::make_unique<Counting>(3, Counting::End::thrown, read));
  Block block;
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->next(block));
    EXPECT_EQ(block.batch.rows, i);
  }
  EXPECT_THROW(reader->next(block), std::runtime_error);
  EXPECT_THROW(reader->next(block), std::runtime_error);
}

TEST(ReadAhead, IsAtMostThreeBlocksAheadAndEndsWithItsOwner) {
  std::size_t read = 0;
  {
    const auto reader = read_ahead(std::make_unique<Counting>(1000, Counting::End::good, read));
    Block block;
    for (std::size_t i = 0; i < 10; ++i) {
      ASSERT_TRUE(reader->next(block));
    }
  }
  EXPECT_GE(read, 10U);
  EXPECT_LE(read, 13U);
}

TEST(ReadAhead, TellsNothingOfWhatLiesAhead) {
  for (int i = 0; i < 100; ++i) {
    std::size_t read = 0;
    const auto reader = read_ahead(std::make_unique<Counting>(3, Counting::End::thrown, read));
    Block block;
    ASSERT_TRUE(reader->next(block));
    ASSERT_EQ(reader->bytes_read(), 10U);
    EXPECT_EQ(reader->fault(), std::nullopt);
    EXPECT_TRUE(reader->missing_fields().empty());
    EXPECT_EQ(reader->warnings().size(), 1U);
    ASSERT_EQ(reader->bytes_read(), 10U);
  }
}

TEST(ReadAhead, LeavesTheChoiceOfRowsToTheReader) {
  std::size_t read = 0;
  const auto reader = read_ahead(std::make_unique<Counting>(2, Counting::End::good, read));
  std::unique_ptr<RowChooser> none;
  EXPECT_TRUE(reader->choose_rows(none));
  EXPECT_EQ(reader->rows_left_out(), 0U);
  Block block;
  ASSERT_TRUE(reader->next(block));
  EXPECT_EQ(reader->rows_left_out(), 7U);  // and not what was left out of the block ahead
  ASSERT_TRUE(reader->next(block));
  EXPECT_FALSE(reader->next(block));
  EXPECT_EQ(reader->rows_left_out(), 14U);
}

TEST(ReadAhead, StartsNoThreadUnlessAsked) {
  std::size_t read = 0;
  read_ahead(std::make_unique<Counting>(1000, Counting::End::good, read)).reset();
  EXPECT_EQ(read, 0U);
}

}  // namespace
}  // namespace nfql
