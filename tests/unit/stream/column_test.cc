// One column at a time: summary, deltas, encoder, decoder.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
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
  Buffer stored;
  Batch batch;
  ColumnEntry entry;
  Column column;

  RoundTrip(const ColumnBuilder& builder, const Field& of, Compression compression,
            std::optional<std::span<const RowId>> chosen = std::nullopt) {
    ColumnEncoder encoder(compression);
    entry = encoder.encode(builder.view(), of, stored);
    EXPECT_EQ(stored.size(), padded(entry.stored_bytes));
    EXPECT_EQ(find_problem(entry, of, builder.rows()), "");
    ColumnDecoder decoder(builder.rows());
    if (chosen) {
      decoder.choose(*chosen);
    }
    const DecodedColumn decoded =
        decoder.decode(entry, of, stored.bytes().first(entry.stored_bytes), batch);
    EXPECT_EQ(decoded.problem, "");
    EXPECT_EQ(decoded.views_stored, decoded.column.data >= stored.data() &&
                                        decoded.column.data < stored.data() + stored.size());
    column = decoded.column;
  }
};

TEST(ColumnCodec, ViewsRawColumnsInPlace) {
  const auto builder = column_of<std::uint32_t>(Type::u32, {1, 2, 3000000});
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
  Buffer stored;
  EXPECT_EQ(encoder.encode(column, field(Type::u16), stored).encoding, Encoding::narrow_1);
  EXPECT_EQ(stored.data()[8 + 2], std::byte{0});
  values[1] = 1000;
  stored.clear();
  EXPECT_EQ(encoder.encode(column, field(Type::u16), stored).encoding, Encoding::plain);
  EXPECT_EQ(stored.data()[8 + 4], std::byte{0});
  EXPECT_EQ(stored.data()[8 + 5], std::byte{0});
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
  EXPECT_EQ(raw.entry.encoding, Encoding::narrow_1);
}

// Values of type T from `base` on, the last of them `range` above it, among them an unknown one if
// so asked.
template <class T>
ColumnBuilder spread(Type type, T base, std::uint64_t range, bool any_unknown) {
  ColumnBuilder builder(field(type));
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::uint64_t distance = i == 99 ? range : range / 9 * (i % 9);
    any_unknown&& i == 50
        ? builder.push_unknown()
        : builder.push(static_cast<T>(static_cast<std::uint64_t>(base) + distance));
  }
  return builder;
}

template <class T>
void expect_narrow(Type type, T base, std::uint64_t range, Encoding encoding) {
  const std::vector<RowId> few{0, 1, 50, 99};
  for (const bool any_unknown : {false, true}) {
    const ColumnBuilder builder = spread<T>(type, base, range, any_unknown);
    const Column column = builder.view();
    const RoundTrip all(builder, field(type), {});
    EXPECT_EQ(all.entry.encoding, encoding) << range;
    const RoundTrip some(builder, field(type), {}, few);
    const RoundTrip packed(builder, field(type), {Method::zstd, 1}, few);
    ASSERT_EQ(some.column.rows, few.size());
    for (std::size_t row = 0; row < column.rows; ++row) {
      EXPECT_EQ(all.column.is_known(row), column.is_known(row));
      EXPECT_TRUE(!column.is_known(row) || all.column.values<T>()[row] == column.values<T>()[row]);
    }
    for (std::size_t i = 0; i < few.size(); ++i) {
      for (const RoundTrip* trip : {&some, &packed}) {
        EXPECT_EQ(trip->column.is_known(i), column.is_known(few[i]));
        EXPECT_TRUE(!column.is_known(few[i]) ||
                    trip->column.values<T>()[i] == column.values<T>()[few[i]]);
      }
    }
  }
}

TEST(ColumnCodec, StoresDistancesInAsFewBytesAsTheyNeed) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  expect_narrow<std::uint16_t>(Type::u16, 65000, 255, Encoding::narrow_1);
  expect_narrow<std::uint16_t>(Type::u16, 0, 256, Encoding::plain);
  expect_narrow<std::uint32_t>(Type::u32, 1U << 31, 255, Encoding::narrow_1);
  expect_narrow<std::uint32_t>(Type::u32, 1U << 31, 65535, Encoding::narrow_2);
  expect_narrow<std::uint32_t>(Type::u32, 0, 65536, Encoding::plain);
  expect_narrow<std::uint64_t>(Type::u64, ~std::uint64_t{0} - 300, 255, Encoding::narrow_1);
  expect_narrow<std::uint64_t>(Type::u64, 1, 65536, Encoding::narrow_4);
  expect_narrow<std::uint64_t>(Type::u64, 1, std::uint64_t{1} << 32, Encoding::plain);
  expect_narrow<std::int64_t>(Type::i64, -100, 255, Encoding::narrow_1);
  expect_narrow<std::int64_t>(Type::i64, kLeast, 65535, Encoding::narrow_2);
  expect_narrow<std::int64_t>(Type::i64, kLeast, ~std::uint64_t{0}, Encoding::plain);
}

TEST(ColumnCodec, NarrowsAddressesOfFourBytes) {
  ColumnBuilder builder(field(Type::address));
  for (std::uint32_t i = 0; i < 100; ++i) {
    builder.push_address(mapped(0x0a000000 + i * i % 200));
  }
  const RoundTrip trip(builder, field(Type::address), {});
  EXPECT_EQ(trip.entry.encoding, Encoding::narrow_1);
  EXPECT_EQ(trip.column.address(99), mapped(0x0a000000 + 99 * 99 % 200));
}

TEST(ColumnCodec, StoresSequencesAsTwoNumbers) {
  const std::vector<RowId> few{0, 7, 999};
  for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{1} << 40, ~std::uint64_t{2}}) {
    ColumnBuilder builder(field(Type::u64));
    for (std::uint64_t i = 0; i < 1000; ++i) {
      builder.push(5 + i * step);
    }
    for (const Compression compression : {Compression{}, Compression{Method::lz4, 1}}) {
      const RoundTrip trip(builder, field(Type::u64), compression);
      EXPECT_EQ(trip.entry.encoding, Encoding::sequence);
      EXPECT_EQ(trip.entry.stored_bytes, 16U);
      EXPECT_EQ(trip.column.values<std::uint64_t>()[999], 5 + 999 * step);
      const RoundTrip some(builder, field(Type::u64), compression, few);
      EXPECT_EQ(some.column.values<std::uint64_t>()[1], 5 + 7 * step);
    }
  }
  ColumnBuilder gap = column_of<std::uint32_t>(Type::u32, {1, 2, 3});
  gap.push_unknown();
  EXPECT_EQ(RoundTrip(gap, field(Type::u32), {}).entry.encoding, Encoding::narrow_1);
  EXPECT_EQ(RoundTrip(column_of<std::uint32_t>(Type::u32, {1, 2, 4}), field(Type::u32), {})
                .entry.encoding,
            Encoding::narrow_1);
}

TEST(ColumnCodec, DecodesOnlyTheRowsThatWereChosen) {
  const std::vector<RowId> few{1, 3};
  ColumnBuilder sets({"x", {}, Type::set, {}, Type::u16});
  ColumnBuilder none(field(Type::u8));
  ColumnBuilder same(field(Type::u16));
  ColumnBuilder times(field_of(element::kStart));
  for (std::uint16_t i = 0; i < 200; ++i) {
    sets.push_set<std::uint16_t>(std::vector<std::uint16_t>{i, 500});
    none.push_unknown();
    i % 2 == 0 ? same.push_unknown() : same.push(std::uint16_t{8});
    times.push(std::int64_t{i} * i);
  }
  const RoundTrip set(sets, {"x", {}, Type::set, {}, Type::u16}, {}, few);
  EXPECT_EQ(set.column.set<std::uint16_t>(1)[0], 3);
  const RoundTrip unknown(none, field(Type::u8), {}, few);
  EXPECT_EQ(unknown.column.rows, 2U);
  EXPECT_FALSE(unknown.column.is_known(1));
  const RoundTrip constant(same, field(Type::u16), {}, few);
  EXPECT_TRUE(constant.column.is_known(1));
  EXPECT_EQ(constant.column.values<std::uint16_t>()[1], 8);
  const RoundTrip delta(times, field_of(element::kStart), {Method::lz4, 1}, few);
  EXPECT_EQ(delta.entry.encoding, Encoding::delta);
  EXPECT_EQ(delta.column.values<std::int64_t>()[1], 9);
}

TEST(ColumnCodec, SlicesOfSetsBeginAtTheirFirstValue) {
  ColumnBuilder builder({"x", {}, Type::set, {}, Type::u16});
  builder.push_set<std::uint16_t>(std::vector<std::uint16_t>{7, 8, 9});
  builder.push_set<std::uint16_t>(std::vector<std::uint16_t>{1, 5});
  Column column = builder.view();
  column.offsets += 1;
  column.rows = 1;
  ColumnEncoder encoder({});
  Buffer stored;
  const ColumnEntry entry = encoder.encode(column, {"x", {}, Type::set, {}, Type::u16}, stored);
  EXPECT_EQ(stored.as<std::uint32_t>()[0], 0U);
  EXPECT_EQ(stored.as<std::uint32_t>()[1], 2U);
  EXPECT_EQ(entry.stored_bytes, 8U + 4U);
  EXPECT_EQ(stored.data()[8], std::byte{1});
}

TEST(ColumnEncoder, KeepsABlockWithinWhatMayExpand) {
  // 600 constant columns of 64 Ki addresses would expand to 600 MiB.
  const std::vector<Address> same(kMaxRows, Address{1, 2});
  const Column column{Type::address, Type::address, sizeof(Address), kMaxRows,
                      reinterpret_cast<const std::byte*>(same.data())};
  ColumnEncoder encoder({Method::lz4, 1});
  Buffer stored;
  std::uint64_t expanded = 0;
  for (int i = 0; i < 100; ++i) {
    const ColumnEntry entry = encoder.encode(column, field(Type::address), stored);
    EXPECT_EQ(find_problem(entry, field(Type::address), kMaxRows), "");
    expanded += expanded_bytes(entry, kMaxRows);
  }
  EXPECT_LE(expanded, kMaxExpanded);
  EXPECT_GT(expanded, kMaxExpanded / 2);
}

}  // namespace
}  // namespace nfql
