// What our CSV and JSON say, our readers read.
#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/io/text_reads.h"
#include "tests/unit/io/text_support.h"

namespace nfql::test {
namespace {

constexpr std::size_t kRows = 5;

// Values at the edges of a type, one unknown.
template <class T>
std::vector<std::optional<T>> edges() {
  using Limits = std::numeric_limits<T>;
  return {T{0}, Limits::max(), std::nullopt, Limits::min(), T{7}};
}

void add_column(Rows& rows, const Field& field) {
  if (field.type == Type::address) {
    rows.addresses(field, {"10.0.0.1", "2001:db8::ff00:1", "", "::", "255.255.255.255"});
    return;
  }
  if (field.meaning == Meaning::mac) {
    constexpr std::uint64_t kLargest = (std::uint64_t{1} << 48U) - 1;
    rows.numbers<std::uint64_t>(field, {0, kLargest, std::nullopt, 1, 0x0a1b2c3d4e5f});
    return;
  }
  visit_values(field.type, 0, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, Address>) {
      rows.numbers<T>(field, edges<T>());
    }
  });
}

// All fields that a reader gives as the file has them: flowIds are counted anew, and durations are
// made of start and end.
Rows all_values() {
  Rows rows;
  for (const FieldInfo& info : all_fields()) {
    if (info.id != element::kFlowId && info.id != element::kDuration) {
      add_column(rows, field_of(info));
    }
  }
  rows.numbers<std::uint64_t>({"stream", element::kStream, Type::u64}, edges<std::uint64_t>());
  return rows;
}

void expect_same(WriteOptions options) {
  Rows rows = all_values();
  options.columns.emplace();
  for (const Field& field : rows.schema.fields()) {
    options.columns->push_back(field.name);
  }
  const Schema schema = rows.schema;
  AllFlows expected;
  expected.schema = schema;
  Block block = rows.block(BlockKind::flows);

  const std::string text = written(flows_header(schema), blocks(borrow(block)), options);
  expected.batches.push_back(std::move(block.batch));

  const TextRead read = read_text(text);
  ASSERT_EQ(read.flows.error, "");
  EXPECT_TRUE(read.warnings.empty());
  ASSERT_EQ(read.flows.rows(), kRows);
  ASSERT_EQ(read.flows.schema.size(), schema.size() + 1);
  for (std::size_t column = 0; column < schema.size(); ++column) {
    EXPECT_EQ(read.flows.schema[column], schema[column]);
    for (std::size_t row = 0; row < kRows; ++row) {
      EXPECT_EQ(read.flows.at(row, schema[column].name), expected.at(row, schema[column].name))
          << schema[column].name << " in row " << row;
    }
  }
}

TEST(TextRoundTrip, CsvWithTimesAsText) {
  expect_same(format(OutputFormat::csv));
}

TEST(TextRoundTrip, CsvWithTimesAsNumbersOrInAnotherZone) {
  WriteOptions options = format(OutputFormat::csv);
  options.time = TimeFormat::milliseconds;
  expect_same(options);
  options.time = TimeFormat::iso;
  options.zone = -210;
  expect_same(options);
}

TEST(TextRoundTrip, JsonWithTimesAsText) {
  expect_same(format(OutputFormat::json));
}

TEST(TextRoundTrip, JsonWithTimesAsNumbersOrInAnotherZone) {
  WriteOptions options = format(OutputFormat::json);
  options.time = TimeFormat::milliseconds;
  expect_same(options);
  options.time = TimeFormat::iso;
  options.zone = 330;
  expect_same(options);
}

}  // namespace
}  // namespace nfql::test
