// One column at a time: summary, deltas, encoder, decoder.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "common/flow/column_builder.h"
#include "common/stream/column_decoder.h"
#include "common/stream/column_encoder.h"
#include "common/stream/column_summary.h"
#include "common/stream/delta.h"

namespace nfql {
namespace {

using Method = Compression::Method;

Field field(Type type, ElementId id = {}) {
  return {"x", id, type, Meaning::number, type};
}

template <class T>
ColumnBuilder column_of(Type type, const std::vector<T>& values) {
  ColumnBuilder builder(field(type));
  for (const T value : values) {
    builder.push(value);
  }
  return builder;
}

TEST(Delta, BringsBackTheEdges) {
  constexpr std::uint64_t kTop = ~std::uint64_t{0};
  const std::vector<std::uint64_t> values{0, kTop, 1, kTop / 2, kTop / 2 + 1, 0, kTop, kTop};
  std::vector<std::uint64_t> deltas(values.size());
  to_deltas(values.data(), values.size(), deltas.data());
  EXPECT_EQ(deltas[1], 1U);  // from 0 one back
  EXPECT_EQ(deltas[2], 4U);  // two on
  from_deltas(deltas.data(), deltas.size(), deltas.data());
  EXPECT_EQ(deltas, values);
}

TEST(ColumnSummary, FindsExtremesOfKnownValues) {
  ColumnBuilder builder = column_of<std::int64_t>(Type::i64, {5, -7, 3});
  builder.push_unknown();
  const ColumnSummary summary = summarize(builder.view());
  EXPECT_TRUE(summary.any_unknown);
  ASSERT_TRUE(summary.has_min_max);
  EXPECT_EQ(std::bit_cast<std::int64_t>(summary.min), -7);
  EXPECT_EQ(summary.max, 5U);
  EXPECT_FALSE(summary.constant);
}

TEST(ColumnSummary, LooksPastNan) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(summarize(column_of<double>(Type::f64, {nan, nan}).view()).has_min_max);
  EXPECT_TRUE(summarize(column_of<double>(Type::f64, {nan, nan}).view()).constant);
  const auto mixed = summarize(column_of<double>(Type::f64, {nan, 2.5, nan}).view());
  EXPECT_EQ(std::bit_cast<double>(mixed.min), 2.5);
  EXPECT_EQ(std::bit_cast<double>(mixed.max), 2.5);
  EXPECT_FALSE(mixed.constant);
  EXPECT_FALSE(summarize(column_of<double>(Type::f64, {0.0, -0.0}).view()).constant);
  EXPECT_TRUE(summarize(column_of<double>(Type::f64, {infinity, infinity}).view()).has_min_max);
}

TEST(ColumnSummary, TellsOneValueFromNone) {
  ColumnBuilder wide(field(Type::address));
  wide.push_address({1, 2});
  wide.push_unknown();
  wide.push_address({1, 2});
  EXPECT_TRUE(summarize(wide.view()).constant);
  EXPECT_FALSE(summarize(wide.view()).has_min_max);
  wide.push_address({1, 3});
  EXPECT_FALSE(summarize(wide.view()).constant);
  ColumnBuilder none(field(Type::u8));
  none.push_unknown();
  EXPECT_FALSE(summarize(none.view()).any_known);
  EXPECT_FALSE(summarize(none.view()).constant);
}

// Encodes and decodes; checks what every encoded column keeps.
struct RoundTrip {
  BufferPool pool;
  ColumnDecoder decoder{pool};
  Buffer stored;
  Batch batch;
  ColumnEntry entry;
  Column column;

  RoundTrip(const ColumnBuilder& builder, const Field& of, Compression compression) {
    ColumnEncoder encoder(compression);
    encoder.begin_block();
    const EncodedColumn encoded = encoder.encode(builder.view(), of);
    entry = encoded.entry;
    stored.append(encoded.stored.data(), encoded.stored.size());
    EXPECT_EQ(find_problem(entry, of, builder.rows()), "");
    decoder.begin_block();
    const DecodedColumn decoded = decoder.decode(entry, of, builder.rows(), stored.bytes(), batch);
    EXPECT_EQ(decoded.problem, "");
    EXPECT_EQ(decoded.views_stored, decoded.column.data >= stored.data() &&
                                        decoded.column.data < stored.data() + stored.size());
    column = decoded.column;
  }
};

TEST(ColumnCodec, ViewsRawColumnsInPlace) {
  const auto builder = column_of<std::uint32_t>(Type::u32, {1, 2, 3});
  RoundTrip trip(builder, field(Type::u32), {});
  EXPECT_EQ(trip.entry.encoding, Encoding::plain);
  EXPECT_EQ(trip.column.data, trip.stored.data());
  EXPECT_TRUE(trip.batch.memory.empty());
}

TEST(ColumnCodec, StoresOneValueOfConstantColumns) {
  ColumnBuilder builder(field(Type::u64));
  for (int i = 0; i < 1000; ++i) {
    i % 10 == 0 ? builder.push_unknown() : builder.push(std::uint64_t{42});
  }
  RoundTrip trip(builder, field(Type::u64), {});
  EXPECT_EQ(trip.entry.encoding, Encoding::constant);
  EXPECT_EQ(trip.stored.size(), bitmap_bytes(1000) + 8);
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(trip.column.is_known(i), i % 10 != 0);
    EXPECT_EQ(trip.column.values<std::uint64_t>()[i], 42U);
  }
}

TEST(ColumnCodec, StoresNothingOfUnknownColumns) {
  for (const Type type : {Type::u8, Type::address, Type::set}) {
    ColumnBuilder builder({"x", {}, type, {}, Type::u32});
    builder.push_unknown();
    builder.push_unknown();
    RoundTrip trip(builder, {"x", {}, type, {}, Type::u32}, {});
    EXPECT_EQ(trip.entry.encoding, Encoding::unknown);
    EXPECT_EQ(trip.stored.size(), 0U);
    EXPECT_FALSE(trip.column.is_known(0));
    EXPECT_FALSE(trip.column.is_known(1));
    if (type == Type::set) {
      EXPECT_TRUE(trip.column.set<std::uint32_t>(1).empty());
    }
  }
}

TEST(ColumnCodec, HidesWhatMemoryHoldsUnderUnknown) {
  ColumnBuilder builder = column_of<std::uint16_t>(Type::u16, {1, 2});
  builder.push_unknown();
  std::vector<std::uint16_t> values{1, 2, 0xdead};
  Column column = builder.view();
  column.data = reinterpret_cast<const std::byte*>(values.data());
  ColumnEncoder encoder({});
  encoder.begin_block();
  const auto stored = encoder.encode(column, field(Type::u16)).stored;
  EXPECT_EQ(stored[8 + 4], std::byte{0});
  EXPECT_EQ(stored[8 + 5], std::byte{0});
}

TEST(ColumnCodec, TakesDifferencesOfTimesOnlyWhereItCompresses) {
  ColumnBuilder times(field_of(element::kStart));
  for (std::int64_t i = 0; i < 1000; ++i) {
    times.push(1335771830057 + i * 17 % 40);
  }
  RoundTrip packed(times, field_of(element::kStart), {Method::lz4, 1});
  EXPECT_EQ(packed.entry.encoding, Encoding::delta);
  EXPECT_LT(packed.entry.stored_bytes, packed.entry.raw_bytes);
  EXPECT_EQ(packed.column.values<std::int64_t>()[999], 1335771830057 + 999 * 17 % 40);
  RoundTrip raw(times, field_of(element::kStart), {});
  EXPECT_EQ(raw.entry.encoding, Encoding::plain);
}

TEST(ColumnCodec, SlicesOfSetsBeginAtTheirFirstValue) {
  ColumnBuilder builder({"x", {}, Type::set, {}, Type::u16});
  builder.push_set<std::uint16_t>(std::vector<std::uint16_t>{7, 8, 9});
  builder.push_set<std::uint16_t>(std::vector<std::uint16_t>{1, 5});
  Column column = builder.view();
  column.offsets += 1;
  column.rows = 1;
  ColumnEncoder encoder({});
  encoder.begin_block();
  const EncodedColumn encoded = encoder.encode(column, {"x", {}, Type::set, {}, Type::u16});
  const auto offsets = reinterpret_cast<const std::uint32_t*>(encoded.stored.data());
  EXPECT_EQ(offsets[0], 0U);
  EXPECT_EQ(offsets[1], 2U);
  EXPECT_EQ(encoded.stored.size(), 8U + 4U);
  EXPECT_EQ(encoded.stored[8], std::byte{1});
}

TEST(ColumnEncoder, KeepsABlockWithinWhatMayExpand) {
  // 600 constant columns of 64 Ki addresses would expand to 600 MiB.
  const std::vector<Address> same(kMaxRows, Address{1, 2});
  const Column column{Type::address, Type::address, sizeof(Address), kMaxRows,
                      reinterpret_cast<const std::byte*>(same.data())};
  ColumnEncoder encoder({Method::lz4, 1});
  encoder.begin_block();
  std::uint64_t expanded = 0;
  for (int i = 0; i < 100; ++i) {
    const EncodedColumn encoded = encoder.encode(column, field(Type::address));
    EXPECT_EQ(find_problem(encoded.entry, field(Type::address), kMaxRows), "");
    expanded += expanded_bytes(encoded.entry, kMaxRows);
  }
  EXPECT_LE(expanded, kMaxExpanded);
  EXPECT_GT(expanded, kMaxExpanded / 2);
}

TEST(BufferPool, GivesBackWhatFitsAndNoMore) {
  BufferPool pool;
  std::vector<Buffer> spares;
  spares.emplace_back(100000);
  spares.emplace_back(10);
  spares.emplace_back(0);
  const std::byte* large = spares[0].data();
  pool.give(std::move(spares));
  EXPECT_EQ(pool.take_spare(200000).capacity(), 0U);
  const Buffer small = pool.take(5);
  EXPECT_EQ(small.size(), 5U);
  EXPECT_NE(small.data(), large);
  const Buffer first = pool.take(90000);
  EXPECT_EQ(first.data(), large);
  EXPECT_NE(pool.take(90000).data(), large);
}

}  // namespace
}  // namespace nfql
