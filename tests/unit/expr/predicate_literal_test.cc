// What words and literals mean next to a field.
#include "common/expr/words.h"
#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;

Rows flows() {
  Rows rows;
  rows.add(test::known_field("proto"), std::vector<std::optional<std::uint8_t>>{6, 17, 1, 58, 0});
  rows.add(test::known_field("dstport"),
           std::vector<std::optional<std::uint16_t>>{80, 53, 443, 22, 65535});
  rows.add(test::known_field("flags"),
           std::vector<std::optional<std::uint8_t>>{0x02, 0x12, 0x1b, 0x00, 0xff});
  // 2012-05-01T00:00:00Z, one second later, a day later, and around it.
  rows.add(test::known_field("start"),
           std::vector<std::optional<std::int64_t>>{1335830400000, 1335830401000, 1335916800000,
                                                    1335830400001, 1335830399999});
  rows.add(test::known_field("end"),
           std::vector<std::optional<std::int64_t>>{1335830460000, 1335830401500, 1335916800000,
                                                    1335830400002, 1335830399999});
  rows.add(test::known_field("First"),
           std::vector<std::optional<std::uint32_t>>{0, 60000, 1, 2, 3});
  return rows;
}

TEST(PredicateWords, NextToAProtocolAreProtocols) {
  const Rows rows = flows();
  for (const char* term : {"proto = tcp", "proto = TCP", "tcp = proto", "proto = \"tcp\"",
                           "proto = protocol(\"tcp\")", "proto = protocol(tcp)", "proto = 6",
                           "proto in {tcp}", "(proto & tcp) = tcp and proto < udp"}) {
    EXPECT_EQ(rows.select(term), (Selected{0})) << term;
  }
  EXPECT_EQ(rows.select("proto in {tcp, udp, 58}"), (Selected{0, 1, 3}));
  EXPECT_EQ(rows.select("proto in icmp..tcp"), (Selected{0, 2}));
  EXPECT_EQ(rows.select("proto = icmp6"), (Selected{3}));
  EXPECT_EQ(rows.select("proto = \"ipv6-icmp\""), (Selected{3}));
}

TEST(PredicateWords, NextToAPortAreServices) {
  const Rows rows = flows();
  EXPECT_EQ(rows.select("dstport = http"), (Selected{0}));
  EXPECT_EQ(rows.select("dstport = port(\"http\")"), (Selected{0}));
  EXPECT_EQ(rows.select("dstport in {domain, https}"), (Selected{1, 2}));
  EXPECT_EQ(rows.select("dstport <= ssh"), (Selected{3}));
  EXPECT_EQ(rows.select("dstport - http = 0"), (Selected{0}));
  EXPECT_EQ(rows.select("dstport = \"443\""), (Selected{2}));
}

TEST(PredicateWords, NextToFlagsAreLetters) {
  const Rows rows = flows();
  EXPECT_EQ(rows.select("flags = S"), (Selected{0}));
  EXPECT_EQ(rows.select("flags = \"SA\""), (Selected{1}));
  EXPECT_EQ(rows.select("flags = sa"), (Selected{1}));
  EXPECT_EQ(rows.select("flags != S"), (Selected{1, 2, 3, 4}));
  EXPECT_EQ(rows.select("flags = S/SA"), (Selected{0}));
  EXPECT_EQ(rows.select("flags = \"SA/SA\""), (Selected{1, 2, 4}));
  EXPECT_EQ(rows.select("flags != S/SA"), (Selected{1, 2, 3, 4}));
  EXPECT_EQ(rows.select("not flags = S/SA"), (Selected{1, 2, 3, 4}));
  EXPECT_EQ(rows.select("S/SA = flags"), (Selected{0}));
  EXPECT_EQ(rows.select("flags = \"/SA\""), (Selected{3}));
  EXPECT_EQ(rows.select("(flags & S) != 0"), (Selected{0, 1, 2, 4}));
  EXPECT_EQ(rows.select("(S & flags) = S"), (Selected{0, 1, 2, 4}));
  EXPECT_EQ(rows.select("bitAND(flags, 0x13) = 0x13"), (Selected{2, 4}));
  EXPECT_EQ(rows.select("(flags | A) = SA"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("bitOR(flags, A) = A"), (Selected{3}));
  EXPECT_EQ(rows.select("(flags & 0x102) = 2"), (Selected{0, 1, 2, 4}));
  EXPECT_EQ(rows.select("(flags & S) = 300"), (Selected{}));
  EXPECT_EQ(rows.select("flags in {S, SA}"), (Selected{0, 1}));
  EXPECT_EQ(rows.select("flags = FSRPAUEC"), (Selected{4}));
}

TEST(PredicateTimes, AreQuotedOrBareTextInTheZone) {
  const Rows rows = flows();
  EXPECT_EQ(rows.select("start = 2012-05-01"), (Selected{0}));
  EXPECT_EQ(rows.select("start = \"2012-05-01T00:00:01\""), (Selected{1}));
  EXPECT_EQ(rows.select("start = 2012-05-01T00:00:00.001Z"), (Selected{3}));
  EXPECT_EQ(rows.select("start = 2012-05-01T02:00:00", 120), (Selected{0}));
  EXPECT_EQ(rows.select("start = 2012-05-01T00:00:00Z", 120), (Selected{0}));
  EXPECT_EQ(rows.select("start in 2012-05-01..2012-05-01T00:00:01"), (Selected{0, 1, 3}));
  EXPECT_EQ(rows.select("start = 1335830400000"), (Selected{0}));
  EXPECT_EQ(rows.select("start = 1335830400s"), (Selected{0}));
}

TEST(PredicateTimes, DifferencesAreDurations) {
  const Rows rows = flows();
  EXPECT_EQ(rows.select("end - start >= 1m"), (Selected{0}));
  EXPECT_EQ(rows.select("gap(start, end) = 500ms"), (Selected{1}));
  EXPECT_EQ(rows.select("start + 1s = 2012-05-01T00:00:01"), (Selected{0}));
  EXPECT_EQ(rows.select("start - 2012-05-01 = 1d"), (Selected{2}));
  EXPECT_EQ(rows.select("2012-05-01 - start > 0"), (Selected{4}));
  EXPECT_EQ(rows.select("start + 60s <= end"), (Selected{0}));
  EXPECT_EQ(rows.select("start = 2012-05-01 delta 1"), (Selected{0, 3, 4}));
  EXPECT_EQ(rows.select("start = 2012-05-01 delta 1s"), (Selected{0, 1, 3, 4}));
  EXPECT_EQ(rows.select("start = end delta 2"), (Selected{2, 3, 4}));
}

TEST(PredicateUnits, AreConvertedExactly) {
  const Rows rows = flows();
  for (const char* term :
       {"duration = 60s", "duration = 60000000us", "duration = 1min", "duration = 60000",
        "duration = 1m", "duration = 60.0s", "duration = 59s + 1000ms"}) {
    EXPECT_EQ(rows.select(term), (Selected{0})) << term;
  }
  EXPECT_EQ(rows.select("duration = 0.5s"), (Selected{1}));
  EXPECT_EQ(rows.select("duration <= 0.001s"), (Selected{2, 3, 4}));
  EXPECT_EQ(rows.select("duration in 1ms..1h"), (Selected{0, 1, 3}));
  EXPECT_EQ(rows.select("First = 1m"), (Selected{1}));
  EXPECT_EQ(rows.select("duration = \"60s\""), (Selected{0}));
}

TEST(Words, InMillisecondsIsExactOrNothing) {
  EXPECT_EQ(in_milliseconds(IntegerLiteral{60000000, "us"}), Wide{60000});
  EXPECT_EQ(in_milliseconds(IntegerLiteral{500, "us"}), std::nullopt);
  EXPECT_EQ(in_milliseconds(IntegerLiteral{2, "d"}), Wide{172800000});
  EXPECT_EQ(in_milliseconds(FloatLiteral{0.1, "s"}), Wide{100});
  EXPECT_EQ(in_milliseconds(FloatLiteral{1.1, "h"}), Wide{3960000});
  EXPECT_EQ(in_milliseconds(FloatLiteral{0.0005, "s"}), std::nullopt);
  EXPECT_EQ(in_milliseconds(FloatLiteral{1e300, "d"}), std::nullopt);
}

TEST(Words, ProtocolsServicesAndFlags) {
  EXPECT_EQ(protocol_number("OSPF"), 89);
  EXPECT_EQ(protocol_number("no-such-protocol"), std::nullopt);
  EXPECT_EQ(protocol_name(17), "udp");
  EXPECT_EQ(protocol_name(58), "icmp6");
  EXPECT_EQ(protocol_name(255), "");
  EXPECT_EQ(service_port("mdns"), 5353);
  EXPECT_EQ(service_port("DNS"), 53);
  EXPECT_EQ(service_port("no-such-service"), std::nullopt);
  EXPECT_EQ(flag_bits("F"), 1);
  EXPECT_EQ(flag_bits("FSRPAUEC"), 255);
  EXPECT_EQ(flag_bits("SS"), std::nullopt);
  EXPECT_EQ(flag_bits("X"), std::nullopt);
  EXPECT_EQ(flag_bits(""), std::nullopt);
  EXPECT_FALSE(parse_flag_test("S/A"));  // could never be true
  EXPECT_FALSE(parse_flag_test("S/"));
  EXPECT_FALSE(parse_flag_test("S"));
}

TEST(Words, NumbersPrintInFull) {
  EXPECT_EQ(to_string(Wide{0}), "0");
  EXPECT_EQ(to_string(Wide{-7}), "-7");
  EXPECT_EQ(to_string(Wide{~0ULL} + 1), "18446744073709551616");
  EXPECT_EQ(to_string(-(Wide{1} << 126) - (Wide{1} << 126)),
            "-170141183460469231731687303715884105728");
}

TEST(PredicateWords, AFieldGoesBeforeAWord) {
  Rows rows;
  rows.add(test::known_field("flags"), std::vector<std::optional<std::uint8_t>>{2, 9});
  rows.add(test::number_field("S", Type::u8), std::vector<std::optional<std::uint8_t>>{7, 9});
  EXPECT_EQ(rows.select("flags = S"), (Selected{1}));
  EXPECT_EQ(rows.select("flags = \"S\""), (Selected{0}));
}

}  // namespace
}  // namespace nfql
