#include "common/flow/address.h"

#include <gtest/gtest.h>

namespace nfql {
namespace {

TEST(Address, PrintsInTheFormOfRfc5952) {
  EXPECT_EQ(to_string(mapped(0x0a4d0001)), "10.77.0.1");
  EXPECT_EQ(to_string(*parse_address("2001:DB8:0:0:0:0:0:1")), "2001:db8::1");
  EXPECT_EQ(to_string(*parse_address("::")), "::");
}

TEST(Address, RefusesWhatIsNone) {
  EXPECT_FALSE(parse_address("10.0.0"));
  EXPECT_FALSE(parse_address("10.0.0.256"));
  EXPECT_FALSE(parse_address("1::2::3"));
  EXPECT_FALSE(parse_address(""));
}

TEST(Prefix, HoldsTheAddressesWithItsFirstBits) {
  const Prefix ten = *parse_prefix("10.1/16");
  EXPECT_TRUE(ten.contains(*parse_address("10.1.255.255")));
  EXPECT_FALSE(ten.contains(*parse_address("10.2.0.0")));
  EXPECT_TRUE(parse_prefix("0.0.0.0/0")->contains(*parse_address("255.255.255.255")));
  EXPECT_FALSE(parse_prefix("0.0.0.0/0")->contains(*parse_address("2001:db8::1")));
  EXPECT_TRUE(parse_prefix("2001:db8::/32")->contains(*parse_address("2001:db8:ffff::1")));
  EXPECT_TRUE(parse_prefix("::/0")->contains(*parse_address("2001:db8::1")));
  EXPECT_TRUE(parse_prefix("2001:db8::1/128")->contains(*parse_address("2001:db8::1")));
}

TEST(Prefix, ClearsHostBitsAndRefusesBadLengths) {
  EXPECT_EQ(parse_prefix("10.1.2.3/8"), parse_prefix("10.0.0.0/8"));
  EXPECT_FALSE(parse_prefix("10.0.0.0/33"));
  EXPECT_FALSE(parse_prefix("::/129"));
  EXPECT_FALSE(parse_prefix("10.0.0.0/"));
  EXPECT_FALSE(parse_prefix("10.0.0.0"));
}

}  // namespace
}  // namespace nfql
