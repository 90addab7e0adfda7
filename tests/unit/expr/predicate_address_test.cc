// Addresses in columns of both widths: results never depend on the width.
#include "common/expr/computed.h"
#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;
using Addresses = std::vector<std::optional<Address>>;

Address address(const char* text) {
  return parse_address(text).value();
}

// The same IPv4 addresses in a narrow and in a wide column; the last row's are no IPv4 when wide.
class PredicateAddress : public ::testing::TestWithParam<bool> {
 protected:
  PredicateAddress() {
    Addresses src = {address("0.0.0.0"),  address("10.0.0.0"),
                     address("10.1.2.3"), address("10.255.255.255"),
                     address("11.0.0.0"), address("255.255.255.255"),
                     std::nullopt};
    Addresses dst = {address("0.0.0.0"), address("10.0.0.1"), address("10.1.2.3"),
                     address("9.0.0.1"), std::nullopt,        address("255.255.255.254"),
                     address("10.0.0.1")};
    if (GetParam()) {
      src.emplace_back(address("2001:db8::1"));
      dst.emplace_back(address("2001:db8::2"));
    }
    rows_.add(test::known_field("srcip"), src).add(test::known_field("dstip"), dst);
    EXPECT_EQ(rows_.batch.columns[0].width, GetParam() ? 16 : 4);
  }
  // Without the IPv6 row, whatever the width.
  [[nodiscard]] Selected ipv4(const std::string& text) const {
    Selected rows = rows_.select(text);
    if (!rows.empty() && rows.back() == 7) {
      rows.pop_back();
    }
    return rows;
  }
  [[nodiscard]] bool ipv6(const std::string& text) const {
    const Selected rows = rows_.select(text);
    return !rows.empty() && rows.back() == 7;
  }
  Rows rows_;
};

INSTANTIATE_TEST_SUITE_P(Widths, PredicateAddress, ::testing::Bool(),
                         [](const auto& width) { return width.param ? "Wide" : "Narrow"; });

TEST_P(PredicateAddress, ComparesWithAConstant) {
  EXPECT_EQ(ipv4("srcip = 10.1.2.3"), (Selected{2}));
  EXPECT_EQ(ipv4("10.1.2.3 = srcip"), (Selected{2}));
  EXPECT_EQ(ipv4("srcip = \"10.1.2.3\""), (Selected{2}));
  EXPECT_EQ(ipv4("srcip != 10.1.2.3"), (Selected{0, 1, 3, 4, 5}));
  EXPECT_EQ(ipv4("not srcip = 10.1.2.3"), (Selected{0, 1, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip < 10.1.2.3"), (Selected{0, 1}));
  EXPECT_EQ(ipv4("srcip <= 10.1.2.3"), (Selected{0, 1, 2}));
  EXPECT_EQ(ipv4("srcip > 10.1.2.3"), (Selected{3, 4, 5}));
  EXPECT_EQ(ipv4("srcip >= 10.1.2.3"), (Selected{2, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip < 0.0.0.0"), (Selected{}));
  EXPECT_EQ(ipv4("srcip <= 255.255.255.255"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip > 255.255.255.255"), (Selected{}));
}

TEST_P(PredicateAddress, Ipv6ConstantsAreAboveOrBelowAllIpv4) {
  EXPECT_EQ(ipv4("srcip = 2001:db8::1"), (Selected{}));
  EXPECT_EQ(ipv4("srcip != 2001:db8::1"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip < 2001:db8::1"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip > 2001:db8::1"), (Selected{}));
  EXPECT_EQ(ipv4("srcip > ::1"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip < ::"), (Selected{}));
  EXPECT_EQ(ipv4("not srcip < ::"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("srcip > ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), (Selected{}));
  EXPECT_EQ(ipv4("srcip = ::ffff:10.1.2.3"), (Selected{2}));
  EXPECT_EQ(ipv6("srcip = 2001:db8::1"), GetParam());
  EXPECT_EQ(ipv6("srcip > 255.255.255.255"), GetParam());
}

TEST_P(PredicateAddress, EqualToAPrefixMeansIn) {
  for (const char* term :
       {"srcip = 10.0.0.0/8", "10.0.0.0/8 = srcip", "srcip in 10.0.0.0/8", "srcip in {10.0.0.0/8}",
        "srcip in 10.0.0.0..10.255.255.255", "not srcip != 10/8", "not srcip not in 10.0.0.0/8"}) {
    EXPECT_EQ(ipv4(term), (Selected{1, 2, 3})) << term;
    EXPECT_FALSE(ipv6(term)) << term;
    const std::string opposite = std::string("not (") + term + ")";
    EXPECT_EQ(ipv4(opposite), (Selected{0, 4, 5})) << opposite;
    EXPECT_EQ(ipv6(opposite), GetParam()) << opposite;
  }
  EXPECT_EQ(ipv4("srcip != 10.0.0.0/8"), (Selected{0, 4, 5}));
  EXPECT_EQ(ipv4("srcip in 0.0.0.0/0"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_FALSE(ipv6("srcip in 0.0.0.0/0"));
  EXPECT_EQ(ipv4("srcip in ::/0"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv6("srcip in ::/0"), GetParam());
  EXPECT_EQ(ipv4("srcip in 2001:db8::/32"), (Selected{}));
  EXPECT_EQ(ipv6("srcip in 2001:db8::/32"), GetParam());
  EXPECT_EQ(ipv4("srcip = 10.1.2.3/32"), (Selected{2}));
}

TEST_P(PredicateAddress, SetsMayMixAddressesPrefixesAndRanges) {
  EXPECT_EQ(ipv4("srcip in {11.0.0.0, 10.0.0.0/16, 2001:db8::/32}"), (Selected{1, 4}));
  EXPECT_EQ(ipv6("srcip in {11.0.0.0, 10.0.0.0/16, 2001:db8::/32}"), GetParam());
  EXPECT_EQ(ipv4("srcip not in {11.0.0.0, 10.0.0.0/16}"), (Selected{0, 2, 3, 5}));
  EXPECT_EQ(ipv4("srcip in {0.0.0.0..10.0.0.0, 255.255.255.255}"), (Selected{0, 1, 5}));
  std::string many = "srcip in {10.1.2.3, 2001:db8::1";
  for (int i = 0; i < 40; ++i) {
    many += ", 192.0." + std::to_string(i) + ".7";
  }
  EXPECT_EQ(ipv4(many + "}"), (Selected{2}));
  EXPECT_EQ(ipv6(many + "}"), GetParam());
}

TEST_P(PredicateAddress, TwoColumnsCompareAs128BitNumbers) {
  EXPECT_EQ(ipv4("srcip = dstip"), (Selected{0, 2}));
  EXPECT_EQ(ipv4("srcip != dstip"), (Selected{1, 3, 5}));
  EXPECT_EQ(ipv4("srcip < dstip"), (Selected{1}));
  EXPECT_EQ(ipv4("srcip <= dstip"), (Selected{0, 1, 2}));
  EXPECT_EQ(ipv4("srcip > dstip"), (Selected{3, 5}));
  EXPECT_EQ(ipv4("not srcip < dstip"), (Selected{0, 2, 3, 5}));
  EXPECT_EQ(ipv6("srcip < dstip"), GetParam());
}

TEST_P(PredicateAddress, PrefixGivesNetworks) {
  EXPECT_EQ(ipv4("prefix(srcip, 24) = 10.1.2.0"), (Selected{2}));
  EXPECT_EQ(ipv4("prefix(srcip, 8) = prefix(dstip, 8)"), (Selected{0, 1, 2, 5}));
  EXPECT_EQ(ipv4("prefix(srcip, 0) = 0.0.0.0"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("prefix(srcip, 128) = srcip"), (Selected{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ipv4("prefix(prefix(srcip, 16), 24) = 10.1.0.0"), (Selected{2}));
  EXPECT_EQ(ipv4("prefix(srcip, 24) in {10.1.2.0, 11.0.0.0}"), (Selected{2, 4}));
  EXPECT_EQ(ipv4("srcip = prefix(10.1.2.3, 32)"), (Selected{2}));
  EXPECT_EQ(ipv6("prefix(srcip, 32) = 2001:db8::"), GetParam());
}

TEST(PredicateAddressWidths, DifferFromColumnToColumn) {
  Rows rows;
  rows.add(test::known_field("srcip"), Addresses{address("10.0.0.1"), address("10.0.0.2")});
  rows.add(test::known_field("dstip"), Addresses{address("10.0.0.1"), address("::1")});
  EXPECT_EQ(rows.select("srcip = dstip"), (Selected{0}));
  EXPECT_EQ(rows.select("srcip > dstip"), (Selected{1}));
}

TEST(PredicateAddressWidths, DifferFromBatchToBatch) {
  Rows narrow;
  narrow.add(test::known_field("srcip"), Addresses{address("10.0.0.1")});
  Rows wide;
  wide.add(test::known_field("srcip"), Addresses{address("::1"), address("10.0.0.1")});
  Predicate predicate(parse("srcip in {10.0.0.1, ::2}", Grammar::filter, "filter"), narrow.schema);
  Selected rows;
  for (int i = 0; i < 2; ++i) {
    predicate.select(narrow.batch, rows);
    EXPECT_EQ(rows, (Selected{0}));
    predicate.select(wide.batch, rows);
    EXPECT_EQ(rows, (Selected{1}));
  }
}

TEST(NetworkOf, CountsTheBitsOfTheAddressesOwnFamily) {
  EXPECT_EQ(network_of(address("10.1.2.3"), 8), address("10.0.0.0"));
  EXPECT_EQ(network_of(address("10.1.2.3"), 32), address("10.1.2.3"));
  EXPECT_EQ(network_of(address("10.1.2.3"), 64), address("10.1.2.3"));
  EXPECT_EQ(network_of(address("10.1.2.3"), 0), address("0.0.0.0"));
  EXPECT_EQ(network_of(address("2001:db8:1::5"), 32), address("2001:db8::"));
  EXPECT_EQ(network_of(address("2001:db8:1::5"), 0), address("::"));
}

}  // namespace
}  // namespace nfql
