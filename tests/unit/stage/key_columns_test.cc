#include "common/stage/key_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "common/flow/column_builder.h"
#include "common/stage/key_groups.h"

namespace nfql {
namespace {

const Field kAddress{"ip", {}, Type::address, Meaning::address, Type::address};
const Field kPort{"port", {}, Type::u16, Meaning::port, Type::u16};
const Field kReal{"load", {}, Type::f64, Meaning::number, Type::f64};

Column addresses(const std::vector<std::optional<Address>>& values, Batch& owner) {
  ColumnBuilder builder(kAddress);
  for (const auto& value : values) {
    if (value) {
      builder.push_address(*value);
    } else {
      builder.push_unknown();
    }
  }
  builder.move_to(owner);
  return owner.columns.back();
}

template <class T>
Column numbers(const Field& field, const std::vector<std::optional<T>>& values, Batch& owner) {
  ColumnBuilder builder(field);
  for (const auto& value : values) {
    if (value) {
      builder.push(*value);
    } else {
      builder.push_unknown();
    }
  }
  builder.move_to(owner);
  return owner.columns.back();
}

TEST(KeyColumns, PacksIpv4KeysNarrow) {
  EXPECT_EQ(KeyColumns({}).words(), 0U);
  EXPECT_EQ(KeyColumns({kAddress}).words(), 1U);
  EXPECT_EQ(KeyColumns({kAddress, kAddress}).words(), 1U);
  EXPECT_EQ(KeyColumns({kAddress, kAddress, kPort}).words(), 2U);
}

TEST(KeyColumns, WidensOnlyForWhatIsThere) {
  const KeyColumns narrow({kAddress, kPort});
  Batch owner;
  const Column ipv4 = addresses({mapped(1), mapped(2)}, owner);
  const Column ipv6 = addresses({mapped(1), Address{1, 2}}, owner);
  const Column ports = numbers<std::uint16_t>(kPort, {1, 2}, owner);
  const Column gaps = numbers<std::uint16_t>(kPort, {1, {}}, owner);
  Column marked = ports;
  const std::vector<std::uint8_t> all_known = {1, 1};
  marked.known = all_known.data();
  EXPECT_TRUE(narrow.holds(std::vector{ipv4, ports}));
  EXPECT_TRUE(narrow.holds(std::vector{ipv4, marked}));
  EXPECT_FALSE(narrow.holds(std::vector{ipv6, ports}));
  EXPECT_FALSE(narrow.holds(std::vector{ipv4, gaps}));
  EXPECT_EQ(narrow.widened_for(std::vector{ipv6, ports}).words(), 3U);
  const KeyColumns both = narrow.widened_for(std::vector{ipv6, gaps});
  EXPECT_TRUE(both.holds(std::vector{ipv6, gaps}));
  EXPECT_TRUE(both.holds(std::vector{ipv4, ports}));
}

TEST(KeyColumns, RepacksToWhatPackingWideGives) {
  const KeyColumns narrow({kPort, kAddress, kPort});
  Batch owner;
  const std::vector<Column> plain = {numbers<std::uint16_t>(kPort, {7, {}}, owner),
                                     addresses({mapped(1), mapped(2)}, owner),
                                     numbers<std::uint16_t>(kPort, {9, 8}, owner)};
  const std::vector<Column> odd = {plain[0], addresses({Address{1, 2}, {}}, owner),
                                   numbers<std::uint16_t>(kPort, {{}, 8}, owner)};
  const KeyColumns middle = narrow.widened_for(plain);
  const KeyColumns wide = middle.widened_for(odd);
  std::vector<std::uint64_t> packed(2 * middle.words());
  middle.pack(plain, 0, 2, packed.data());
  std::vector<std::uint64_t> expected(2 * wide.words());
  wide.pack(plain, 0, 2, expected.data());
  EXPECT_EQ(middle.repack(packed, wide), expected);
  EXPECT_TRUE(KeyColumns({}).repack({}, KeyColumns({})).empty());
}

TEST(KeyColumns, UnpacksWhatItPacked) {
  const KeyColumns start({kAddress, kPort});
  Batch owner;
  const std::vector<Column> columns = {addresses({mapped(1), Address{1, 2}, {}, mapped(4)}, owner),
                                       numbers<std::uint16_t>(kPort, {10, {}, 30, 40}, owner)};
  const KeyColumns layout = start.widened_for(columns);
  std::vector<std::uint64_t> packed(3 * layout.words());
  layout.pack(columns, 1, 3, packed.data());

  Batch out;
  const std::vector<std::uint32_t> all = {2, 1, 0};
  const Column ips = layout.unpack(packed, all, 0, out);
  EXPECT_EQ(ips.address(0), mapped(4));
  EXPECT_FALSE(ips.is_known(1));
  EXPECT_EQ(ips.address(2), (Address{1, 2}));
  const Column ports = layout.unpack(packed, all, 1, out);
  EXPECT_THAT(ports.values<std::uint16_t>(), testing::ElementsAre(40, 30, 0));
  EXPECT_FALSE(ports.is_known(2));

  const std::vector<std::uint32_t> ipv4_only = {2};
  const Column narrow = layout.unpack(packed, ipv4_only, 0, out);
  EXPECT_EQ(narrow.width, 4);
  EXPECT_EQ(narrow.known, nullptr);
}

std::vector<GroupId> number(const Field& field, const Column& column) {
  KeyGroups groups({field});
  std::vector<GroupId> numbers;
  groups.number(std::vector{column}, column.rows, numbers);
  return numbers;
}

TEST(KeyGroups, UnknownEqualsUnknownAndNothingElse) {
  Batch owner;
  const Column ports = numbers<std::uint16_t>(kPort, {0, {}, 0, {}, 1}, owner);
  EXPECT_THAT(number(kPort, ports), testing::ElementsAre(0, 1, 0, 1, 2));
}

TEST(KeyGroups, WhatStandsAtAnUnknownValueDoesNotMatter) {
  Batch owner;
  Column ports = numbers<std::uint16_t>(kPort, {3, 4, 5}, owner);
  const std::vector<std::uint8_t> known = {0, 0, 1};
  ports.known = known.data();
  EXPECT_THAT(number(kPort, ports), testing::ElementsAre(0, 0, 1));
}

TEST(KeyGroups, RealZerosAreOneAndSoAreNoNumbers) {
  Batch owner;
  const Column reals =
      numbers<double>(kReal, {0.0, -0.0, std::nan("1"), -std::nan("2"), 1.0}, owner);
  EXPECT_THAT(number(kReal, reals), testing::ElementsAre(0, 0, 1, 1, 2));
}

TEST(KeyGroups, KeepsNumbersWhenIpv6ComesLater) {
  KeyGroups groups({kAddress});
  std::vector<GroupId> numbers;
  Batch owner;
  groups.number(std::vector{addresses({mapped(5), mapped(6)}, owner)}, 2, numbers);
  EXPECT_THAT(numbers, testing::ElementsAre(0, 1));
  const Column mixed = addresses({Address{1, 2}, mapped(6), {}, mapped(5), mapped(7)}, owner);
  groups.number(std::vector{mixed}, 5, numbers);
  EXPECT_THAT(numbers, testing::ElementsAre(2, 1, 3, 0, 4));
  groups.number(std::vector{addresses({mapped(7)}, owner)}, 1, numbers);
  EXPECT_THAT(numbers, testing::ElementsAre(4));
  Batch out;
  const Column keys = groups.keys(0, std::vector<GroupId>{2, 4}, out);
  EXPECT_EQ(keys.address(0), (Address{1, 2}));
  EXPECT_EQ(keys.address(1), mapped(7));
}

TEST(KeyGroups, OfNoColumnsIsOneGroup) {
  KeyGroups groups({});
  std::vector<GroupId> numbers;
  groups.number({}, 3, numbers);
  EXPECT_THAT(numbers, testing::ElementsAre(0, 0, 0));
  EXPECT_EQ(groups.size(), 1U);
}

}  // namespace
}  // namespace nfql
