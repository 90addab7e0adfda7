#include "common/stage/packed_rows.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include "common/flow/column_builder.h"
#include "tests/unit/flow/push_value.h"

namespace nfql {
namespace {

template <class T>
using Values = std::vector<std::optional<T>>;

template <class T>
Batch batch_of(Type type, const Values<T>& values) {
  ColumnBuilder builder = test::builder_of<T>({"x", {}, type, Meaning::number, type}, values);
  Batch batch;
  builder.move_to(batch);
  batch.rows = values.size();
  return batch;
}

template <class T>
T value_of(const PackedRows& packed, RowId row) {
  const PackedColumn& column = packed.column(0);
  const std::uint64_t bits = column.values.get(packed.at(row), row);
  if constexpr (std::is_same_v<T, Address>) {
    return {column.high.get(packed.at(row), row), bits};
  } else if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(bits);
  } else {
    return static_cast<T>(bits);
  }
}

// Packs the values, expects them back, and gives the bytes of a row.
template <class T>
std::size_t bytes_of_row(Type type, const Values<T>& values) {
  const PackedRows packed(batch_of(type, values));
  EXPECT_EQ(packed.rows(), values.size());
  for (RowId row = 0; row < values.size(); ++row) {
    EXPECT_EQ(packed.column(0).known.get(packed.at(row), row), values[row].has_value() ? 1U : 0U);
    if (values[row]) {
      EXPECT_EQ(value_of<T>(packed, row), *values[row]) << row;
    }
  }
  return packed.stride();
}

TEST(PackedRows, ARowHasTheBytesThatTheRangeNeeds) {
  using U64 = Values<std::uint64_t>;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(bytes_of_row(Type::u64, U64{7, 7, 7}), 0U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{5, 260, 6}), 1U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{5, 261, 6}), 2U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{0, 1U << 23, 1}), 3U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{kMost, kMost - 300, kMost}), 2U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{0, kMost, 3}), 8U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{10, std::nullopt, 12}), 2U);
  EXPECT_EQ(bytes_of_row(Type::u64, U64{std::nullopt}), 1U);
  EXPECT_EQ(bytes_of_row(Type::u8, Values<std::uint8_t>{0, 255, 3}), 1U);
  EXPECT_EQ(bytes_of_row(Type::u16, Values<std::uint16_t>{0, 255, 256}), 2U);
  EXPECT_EQ(bytes_of_row(Type::f64, Values<double>{-0.5, 1e300}), 8U);
}

TEST(PackedRows, TimesMayBeBeforeTheEpoch) {
  using I64 = Values<std::int64_t>;
  EXPECT_EQ(bytes_of_row(Type::i64, I64{-3, 100, -100}), 1U);
  EXPECT_EQ(bytes_of_row(Type::i64, I64{std::numeric_limits<std::int64_t>::min(), 0,
                                        std::numeric_limits<std::int64_t>::max()}),
            8U);
}

TEST(PackedRows, NumbersOfOneStepNeedNoBytes) {
  EXPECT_EQ(bytes_of_row(Type::u64, Values<std::uint64_t>{9, 10, 11, 12}), 0U);
  EXPECT_EQ(bytes_of_row(Type::i64, Values<std::int64_t>{9, 2, -5, -12}), 0U);
}

TEST(PackedRows, AddressesOfBothKinds) {
  const Address six{0x2001'0db8'0000'0000ULL, 1};
  const Address neighbour{0x2001'0db8'0000'0000ULL, 200};
  const Address none{0, 0};
  const Address last{~0ULL, ~0ULL};
  EXPECT_EQ(bytes_of_row(Type::address, Values<Address>{mapped(0x0a000001), mapped(0x0a0000ff)}),
            1U);
  EXPECT_EQ(bytes_of_row(Type::address, Values<Address>{mapped(0), mapped(0xffff'ffff)}), 4U);
  EXPECT_EQ(bytes_of_row(Type::address, Values<Address>{six, neighbour}), 1U);
  EXPECT_EQ(bytes_of_row(Type::address, Values<Address>{six, mapped(1), std::nullopt}), 15U);
  EXPECT_EQ(bytes_of_row(Type::address, Values<Address>{none, last, six}), 16U);
  // What a narrow column has is, as an address, that of the wide kind.
  const PackedRows narrow(batch_of(Type::address, Values<Address>{mapped(5), mapped(7)}));
  EXPECT_EQ(narrow.column(0).width, 4);
  EXPECT_EQ(value_of<Address>(narrow, 1), mapped(7));
}

TEST(PackedRows, SeveralColumnsInManyRows) {
  std::mt19937_64 random(3);
  Values<std::uint64_t> packets;
  Values<std::uint16_t> ports;
  Values<std::int64_t> starts;
  for (int i = 0; i < 5000; ++i) {
    packets.push_back(random() % 9 == 0 ? std::nullopt
                                        : std::optional<std::uint64_t>(random() >> random() % 64));
    ports.push_back(static_cast<std::uint16_t>(random()));
    starts.push_back(static_cast<std::int64_t>(random() % 100'000) - 50'000);
  }
  Batch batch = batch_of(Type::u64, packets);
  const Batch others[] = {batch_of(Type::u16, ports), batch_of(Type::i64, starts)};
  for (const Batch& other : others) {
    batch.columns.push_back(other.columns.front());
  }
  const PackedRows packed(batch);
  for (RowId row = 0; row < packed.rows(); ++row) {
    const std::byte* const at = packed.at(row);
    ASSERT_EQ(packed.column(0).known.get(at, row), packets[row].has_value() ? 1U : 0U);
    if (packets[row]) {
      ASSERT_EQ(packed.column(0).values.get(at, row), *packets[row]);
    }
    ASSERT_EQ(static_cast<std::uint16_t>(packed.column(1).values.get(at, row)), *ports[row]);
    ASSERT_EQ(static_cast<std::int64_t>(packed.column(2).values.get(at, row)), *starts[row]);
  }
}

}  // namespace
}  // namespace nfql
