// Sets: of constants beside columns, and columns of sets.
#include <algorithm>
#include <set>

#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;
using Ports = std::vector<std::uint16_t>;

// Values at random; membership must agree with std::set for every way in which a set is kept.
template <class T>
class ColumnInSet : public ::testing::Test {};
using Types = ::testing::Types<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>;
TYPED_TEST_SUITE(ColumnInSet, Types);

TYPED_TEST(ColumnInSet, AgreesWithASetWhateverItsSize) {
  std::uint64_t state = 1;
  const auto next = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<TypeParam>((state >> 33) % 300);
  };
  std::vector<std::optional<TypeParam>> values(1000);
  for (auto& value : values) {
    value = next();
  }
  Rows rows;
  const Type type = sizeof(TypeParam) == 1   ? Type::u8
                    : sizeof(TypeParam) == 2 ? Type::u16
                    : sizeof(TypeParam) == 4 ? Type::u32
                                             : Type::u64;
  rows.add(test::number_field("x", type), values);
  for (const std::size_t size : {1U, 2U, 5U, 15U, 40U, 150U}) {
    std::set<TypeParam> set;
    while (set.size() < size) {
      set.insert(next());
    }
    std::string text = "{";
    for (const TypeParam value : set) {
      text += (text.size() > 1 ? ", " : "") + std::to_string(value);
    }
    text += "}";
    Selected in;
    Selected out;
    for (std::size_t i = 0; i < values.size(); ++i) {
      (set.count(*values[i]) != 0 ? in : out).push_back(static_cast<RowId>(i));
    }
    EXPECT_EQ(rows.select("x in " + text), in) << text;
    EXPECT_EQ(rows.select("x not in " + text), out) << text;
    EXPECT_EQ(rows.select("x + 1 - 1 in " + text), in) << text;
  }
}

TEST(ColumnInSparseSet, HashesManySingleValues) {
  std::vector<std::optional<std::uint32_t>> values;
  std::string text = "x in {";
  Selected in;
  for (std::uint32_t i = 0; i < 500; ++i) {
    values.emplace_back(i * 0x9e3779b9U);
    if (i % 3 == 0) {
      text += std::to_string(i * 0x9e3779b9U) + ", ";
      in.push_back(i);
    }
  }
  text += "0}";
  Rows rows;
  rows.add(test::number_field("x", Type::u32), values);
  EXPECT_EQ(rows.select(text), in);
}

// One group a row: its ports, other ports, and a port.
Rows groups() {
  Rows rows;
  rows.add_sets<std::uint16_t>(test::set_field("ports", Type::u16, Meaning::port),
                               {Ports{80}, Ports{80, 443}, Ports{}, Ports{22, 80, 443}, {}});
  rows.add_sets<std::uint16_t>(test::set_field("others", Type::u16, Meaning::port),
                               {Ports{80}, Ports{443}, Ports{}, {}, Ports{1}});
  rows.add(test::number_field("srcport", Type::u16, Meaning::port),
           std::vector<std::optional<std::uint16_t>>{80, 22, 80, {}, 80});
  rows.add(test::number_field("big", Type::u64),
           std::vector<std::optional<std::uint64_t>>{80, 65616, 0, 443, 80});
  return rows;
}

TEST(SetColumn, EqualsTheSameSet) {
  const Rows rows = groups();
  EXPECT_EQ(rows.select("ports = {80}"), (Selected{0}));
  EXPECT_EQ(rows.select("{443, http, 80} = ports"), (Selected{1}));
  EXPECT_EQ(rows.select("ports != {80}"), (Selected{1, 2, 3}));
  EXPECT_EQ(rows.select("not ports = {80}"), (Selected{1, 2, 3}));
  EXPECT_EQ(rows.select("ports = others"), (Selected{0, 2}));
  EXPECT_EQ(rows.select("ports != others"), (Selected{1}));
  EXPECT_EQ(rows.select("ports = {80..81}"), (Selected{}));
}

TEST(SetColumn, HoldsAValue) {
  const Rows rows = groups();
  EXPECT_EQ(rows.select("80 in ports"), (Selected{0, 1, 3}));
  EXPECT_EQ(rows.select("http in ports"), (Selected{0, 1, 3}));
  EXPECT_EQ(rows.select("80 not in ports"), (Selected{2}));
  EXPECT_EQ(rows.select("srcport in ports"), (Selected{0}));
  EXPECT_EQ(rows.select("srcport not in ports"), (Selected{1, 2}));
  EXPECT_EQ(rows.select("not srcport in ports"), (Selected{1, 2}));
  EXPECT_EQ(rows.select("srcport + 363 in ports"), (Selected{}));
  EXPECT_EQ(rows.select("srcport + 58 in ports"), (Selected{1}));
  EXPECT_EQ(rows.select("big in ports"), (Selected{0, 3}));
}

TEST(SetColumn, SubsetAndSuperset) {
  const Rows rows = groups();
  EXPECT_EQ(rows.select("{80, 443} in ports"), (Selected{1, 3}));
  EXPECT_EQ(rows.select("{80, 443} not in ports"), (Selected{0, 2}));
  EXPECT_EQ(rows.select("ports in {80, 443}"), (Selected{0, 1, 2}));
  EXPECT_EQ(rows.select("ports in 0..1023"), (Selected{0, 1, 2, 3}));
  EXPECT_EQ(rows.select("ports not in {80, 443}"), (Selected{3}));
  EXPECT_EQ(rows.select("others in ports"), (Selected{0, 1, 2}));
  EXPECT_EQ(rows.select("ports in others"), (Selected{0, 2}));
}

TEST(SetColumn, Intersects) {
  const Rows rows = groups();
  EXPECT_EQ(rows.select("ports intersects {22, 443}"), (Selected{1, 3}));
  EXPECT_EQ(rows.select("{22, 443} intersects ports"), (Selected{1, 3}));
  EXPECT_EQ(rows.select("not ports intersects {22, 443}"), (Selected{0, 2}));
  EXPECT_EQ(rows.select("ports intersects others"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("ports intersects 400..500"), (Selected{1, 3}));
}

TEST(SetColumn, OfAddressesOfEitherWidth) {
  for (const bool wide : {false, true}) {
    ColumnBuilder values(test::known_field("srcip"));
    ColumnBuilder sets(test::set_field("nets", Type::address, Meaning::address));
    values.push_address(mapped(0x0a000001));
    values.push_address(wide ? Address{1, 1} : mapped(7));
    const std::vector<std::uint32_t> set = {0x0a000001, 0x0b000001};
    sets.push_set<std::uint32_t>(set);
    sets.push_set<std::uint32_t>(set);
    Rows rows;
    rows.add(test::known_field("srcip"), values);
    rows.add(test::set_field("nets", Type::address, Meaning::address), sets);
    EXPECT_EQ(rows.select("srcip in nets"), (Selected{0}));
    EXPECT_EQ(rows.select("10.0.0.1 in nets"), (Selected{0, 1}));
    EXPECT_EQ(rows.select("10.0.0.2 in nets"), (Selected{}));
    EXPECT_EQ(rows.select("nets = {11.0.0.1, 10.0.0.1}"), (Selected{0, 1}));
    EXPECT_EQ(rows.select("nets in {10.0.0.0/8, 11.0.0.0/8}"), (Selected{0, 1}));
    EXPECT_EQ(rows.select("nets in 10.0.0.0/8"), (Selected{}));
    EXPECT_EQ(rows.select("nets intersects 10.0.0.0/8"), (Selected{0, 1}));
    EXPECT_EQ(rows.select("nets = nets"), (Selected{0, 1}));
  }
}

TEST(CallAsColumn, IsTheColumnThatTheCallStandsFor) {
  Rows rows;
  using Counts = std::vector<std::optional<std::uint64_t>>;
  rows.add(test::number_field("sum_bytes", Type::u64), Counts{5, 6});
  rows.add(test::number_field("bitOR_flags", Type::u8, Meaning::flags),
           std::vector<std::optional<std::uint8_t>>{2, 18});
  rows.add(test::number_field("avg_pkts", Type::f64), std::vector<std::optional<double>>{1.5, 2.5});
  rows.add(test::number_field("quantile_bytes_0.9", Type::f64),
           std::vector<std::optional<double>>{10.0, 20.0});
  ColumnBuilder nets(test::known_field("srcip"));
  nets.push_address(mapped(0x0a000000));
  nets.push_address(mapped(0x0b000000));
  Field net = test::known_field("srcip");
  net.name = "prefix(srcip, 8)";
  net.id = {};
  rows.add(net, nets);
  rows.add({"count", element::kCount, Type::u64, Meaning::number, Type::u64}, Counts{1, 2});
  EXPECT_EQ(rows.select("sum(bytes) > 5"), (Selected{1}));
  EXPECT_EQ(rows.select("sum(octetDeltaCount) > 5"), (Selected{1}));
  EXPECT_EQ(rows.select("SUM(dOctets) > 5"), (Selected{1}));
  EXPECT_EQ(rows.select("or(flags) = S"), (Selected{0}));
  EXPECT_EQ(rows.select("mean(packets) > 2"), (Selected{1}));
  EXPECT_EQ(rows.select("quantile(bytes, 0.9) = 10"), (Selected{0}));
  EXPECT_EQ(rows.select("prefix(srcip, 8) = 10.0.0.0"), (Selected{0}));
  EXPECT_EQ(rows.select("prefix(src,8) in 11.0.0.0/8"), (Selected{1}));
  EXPECT_EQ(rows.select("count() = 2"), (Selected{1}));
}

}  // namespace
}  // namespace nfql
