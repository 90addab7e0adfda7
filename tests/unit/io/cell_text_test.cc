#include "common/io/cell_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace nfql::test {
namespace {

Field typed(Type type, Meaning meaning) {
  return {"x", {}, type, meaning, type};
}

// What a text is read as, or "no".
std::string value(const Field& field, std::string_view text, Notation notation = Notation::plain,
                  ZoneMinutes zone = 0) {
  CellColumn cells(field);
  cells.reserve(1);
  TimeText times(zone);
  if (!cell_reader(field, notation)(text, cells, 0, times)) {
    EXPECT_FALSE(cells.is_known(0));
    return "no";
  }
  EXPECT_TRUE(cells.is_known(0));
  Batch batch;
  cells.move_to(batch, 1);
  const Column& column = batch.columns[0];
  if (column.type == Type::address) {
    EXPECT_EQ(column.width, is_ipv4(column.address(0)) ? 4U : 16U);
    return to_string(column.address(0));
  }
  return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, Address>) {
      return std::string();
    } else {
      return std::to_string(column.values<T>()[0]);
    }
  });
}

TEST(CellText, ReadsNumbersThatFit) {
  const Field u8 = typed(Type::u8, Meaning::number);
  EXPECT_EQ(value(u8, "0"), "0");
  EXPECT_EQ(value(u8, "255"), "255");
  for (const char* text : {"256", "-1", "+1", "1.0", "1 ", " 1", "0x1", "", "one"}) {
    EXPECT_EQ(value(u8, text), "no") << text;
  }
  EXPECT_EQ(value(typed(Type::u64, Meaning::number), "18446744073709551615"),
            "18446744073709551615");
  EXPECT_EQ(value(typed(Type::u64, Meaning::number), "18446744073709551616"), "no");
  EXPECT_EQ(value(typed(Type::i64, Meaning::duration), "-12"), "-12");
  EXPECT_EQ(value(typed(Type::u32, Meaning::duration), "4294967295"), "4294967295");
  EXPECT_EQ(value(typed(Type::f64, Meaning::number), "0.5"), "0.500000");
  EXPECT_EQ(value(typed(Type::f64, Meaning::number), "0.5x"), "no");
}

TEST(CellText, ReadsFlagsAsNumbersAndLetters) {
  const Field flags = field_of(element::kTcpFlags);
  EXPECT_EQ(value(flags, "27"), "27");
  EXPECT_EQ(value(flags, "0x1b"), "27");
  EXPECT_EQ(value(flags, "...AP.SF"), "27");
  EXPECT_EQ(value(flags, "FSRPAUEC"), "255");
  EXPECT_EQ(value(flags, "........"), "0");
  EXPECT_EQ(value(flags, "."), "0");
  EXPECT_EQ(value(flags, "A P"), "24") << "as rwcut has it";
  EXPECT_EQ(value(flags, "258"), "2") << "of the flags beyond the eighth there is no field";
  for (const char* text : {"", "X", "0x", "65536", "-1"}) {
    EXPECT_EQ(value(flags, text), "no") << text;
  }
}

TEST(CellText, ReadsProtocolsAndPorts) {
  const Field protocol = field_of(element::kProtocol);
  EXPECT_EQ(value(protocol, "6"), "6");
  EXPECT_EQ(value(protocol, "ICMP6"), "58");
  EXPECT_EQ(value(protocol, "256"), "no");
  EXPECT_EQ(value(protocol, "no-such-protocol"), "no");
  const Field port = field_of(element::kDestinationPort);
  EXPECT_EQ(value(port, "65535"), "65535");
  EXPECT_EQ(value(port, "3.1"), "769");
  for (const char* text : {"65536", "3.", ".1", "3.1.1", "256.0", "-1"}) {
    EXPECT_EQ(value(port, text), "no") << text;
  }
}

TEST(CellText, JoinsTheHalvesOfIcmp) {
  CellColumn cells(field_of(element::kDestinationPort));
  cells.reserve(3);
  TimeText times(0);
  const Field& port = cells.field();
  const auto put = [&](std::size_t row, Notation notation, const char* text) {
    return cell_reader(port, notation)(text, cells, row, times);
  };
  EXPECT_TRUE(put(0, Notation::icmp_code, "1") && put(0, Notation::icmp_type, "3"));
  EXPECT_EQ(cells.get<std::uint16_t>(0), 3 * 256 + 1);
  EXPECT_TRUE(put(1, Notation::plain, "769") && put(1, Notation::icmp_type, "3"));
  EXPECT_TRUE(put(1, Notation::icmp_code, "1"));
  EXPECT_EQ(cells.get<std::uint16_t>(1), 769) << "said twice";
  EXPECT_TRUE(put(2, Notation::plain, "80") && put(2, Notation::icmp_type, "0"));
  EXPECT_EQ(cells.get<std::uint16_t>(2), 80) << "no ICMP";
  EXPECT_FALSE(put(2, Notation::icmp_type, "256"));
}

TEST(CellText, ReadsAddresses) {
  const Field address = field_of(element::kSourceAddress);
  for (const char* text : {"0.0.0.0", "255.255.255.255", "10.0.0.1", "::", "2001:db8::1",
                           "fe80::604f:adff:feb6:44da"}) {
    EXPECT_EQ(value(address, text), text);
  }
  EXPECT_EQ(value(address, "::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(value(address, "2001:0DB8:0:0:0:0:0:1"), "2001:db8::1");
  for (const char* text : {"", "10.0.0", "10.0.0.1.", "10.0.0.256", "10.0.0.01", "10.0..1", "1",
                           "10.0.0.1 ", "2001::db8::1", "x", "10.0.0.0001", "fe80::6..b6:44da"}) {
    EXPECT_EQ(value(address, text), "no") << text;
  }
}

TEST(CellText, ReadsMacAddresses) {
  const Field mac = typed(Type::u64, Meaning::mac);
  EXPECT_EQ(value(mac, "00:00:00:00:00:00"), "0");
  EXPECT_EQ(value(mac, "0a:1B:2c:3d:4e:5f"), std::to_string(0x0a1b2c3d4e5f));
  EXPECT_EQ(value(mac, "0a-1b-2c-3d-4e-5f"), std::to_string(0x0a1b2c3d4e5f));
  EXPECT_EQ(value(mac, "77"), "77");
  for (const char* text : {"0a:1b:2c:3d:4e", "0a:1b:2c:3d:4e:5g", "0a:1b:2c:3d:4e;5f", ""}) {
    EXPECT_EQ(value(mac, text), "no") << text;
  }
}

TEST(CellText, ReadsMplsLabels) {
  const Field label = typed(Type::u32, Meaning::number);
  EXPECT_EQ(value(label, "1048575-7-1", Notation::mpls), std::to_string(0xffffff));
  EXPECT_EQ(value(label, "3-0-1", Notation::mpls), "49");
  for (const char* text : {"1048576-0-0", "1-8-0", "1-0-2", "1-0", "1", "", "--"}) {
    EXPECT_EQ(value(label, text, Notation::mpls), "no") << text;
  }
}

TEST(CellText, ReadsTimesInAllForms) {
  const Field time = field_of(element::kStart);
  for (const char* text :
       {"2012-04-30T07:43:50.057Z", "2012-04-30 07:43:50.057", "2012-04-30T07:43:50.057999Z",
        "2012-04-30T09:43:50.057+02:00", "1335771830057", "1335771830.057", "1335771830.0579"}) {
    EXPECT_EQ(value(time, text), "1335771830057") << text;
  }
  EXPECT_EQ(value(time, "2012-04-30T07:43:50Z"), "1335771830000");
  EXPECT_EQ(value(time, "2012-04-30 07:43:50"), "1335771830000");
  EXPECT_EQ(value(time, "2012-04-30"), "1335744000000");
  EXPECT_EQ(value(time, "2012-04-30 07:43:50", Notation::plain, 60), "1335768230000");
  EXPECT_EQ(value(time, "2012-04-30T07:43:50Z", Notation::plain, 60), "1335771830000");
  EXPECT_EQ(value(time, "-1"), "-1");
  for (const char* text :
       {"", "2012-04-31T07:43:50Z", "2012-04-30T24:43:50Z", "2012-04-30T07:60:50Z",
        "2012-04-30T07:43:60Z", "2012-04-30T07:43:5xZ", "2012-04-30T07:43:50.Z", "now", "1.", ".5",
        "2012-04-30T07:43:50.057Q", "9223372036854775808", "9223372036854775807.5"}) {
    EXPECT_EQ(value(time, text), "no") << text;
  }
  EXPECT_EQ(value(time, "1335771830", Notation::seconds), "1335771830000");
  EXPECT_EQ(value(time, "1335771830057000000", Notation::nanoseconds), "1335771830057");
  EXPECT_EQ(value(time, "2012-04-30T07:43:50.057000000Z", Notation::nanoseconds), "1335771830057");
}

TEST(CellText, RemembersTheDayOnly) {
  TimeText times(0);
  EXPECT_EQ(times.parse("2012-04-30T00:00:00Z"), 1335744000000);
  EXPECT_EQ(times.parse("2012-05-01T00:00:01Z"), 1335830401000);
  EXPECT_EQ(times.parse("2012-13-01T00:00:01Z"), std::nullopt);
  EXPECT_EQ(times.parse("2012-05-01T00:00:02Z"), 1335830402000);
}

TEST(CellText, ReadsDurationsInSeconds) {
  const Field duration = field_of(element::kDuration);
  EXPECT_EQ(value(duration, "1.234", Notation::duration_seconds), "1234");
  EXPECT_EQ(value(duration, "-1.234", Notation::duration_seconds), "-1234");
  EXPECT_EQ(value(duration, "-0.5", Notation::duration_seconds), "-500");
  EXPECT_EQ(value(duration, "02:03:04.5", Notation::duration_seconds), "7384500");
  EXPECT_EQ(value(duration, "1d 00:00:01.000", Notation::duration_seconds), "86401000");
  for (const char* text : {"", "x", "1.x", "02:0x:04", "d 1", "-9223372036854775808"}) {
    EXPECT_EQ(value(duration, text, Notation::duration_seconds), "no") << text;
  }
}

}  // namespace
}  // namespace nfql::test
