#include "common/io/value_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

#include "tests/unit/io/text_support.h"

namespace nfql {
namespace {

using test::number;
using test::Rows;
using test::set_of;

/// The rows of the only column, one a line, without the last line end.
std::string text_of(TextStyle style, const Rows& rows, const WriteOptions& options = {}) {
  ValueText text(style, options);
  text.bind({rows.batch.columns[0], rows.schema[0].meaning});
  TextBuffer to;
  for (std::size_t row = 0; row < rows.batch.rows; ++row) {
    if (row != 0) {
      to.push('\n');
    }
    text.append(row, to);
  }
  return std::string(to.text());
}

struct Texts {
  std::string csv, json, table;
  friend bool operator==(const Texts&, const Texts&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Texts& texts) {
    return out << "csv:\n" << texts.csv << "\njson:\n" << texts.json << "\ntable:\n" << texts.table;
  }
};

Texts texts_of(const Rows& rows) {
  return {text_of(TextStyle::csv, rows), text_of(TextStyle::json, rows),
          text_of(TextStyle::table, rows)};
}

template <class T>
Rows numbers(Type type, const std::vector<std::optional<T>>& values,
             Meaning meaning = Meaning::number) {
  Rows rows;
  rows.numbers<T>(number("x", type, meaning), values);
  return rows;
}

TEST(ValueText, PrintsNumbersOfEveryTypeAtTheirEdges) {
  EXPECT_EQ(text_of(TextStyle::csv, numbers<std::uint8_t>(Type::u8, {0, 65, 255})), "0\n65\n255");
  EXPECT_EQ(text_of(TextStyle::csv, numbers<std::uint16_t>(Type::u16, {0, 65535})), "0\n65535");
  EXPECT_EQ(text_of(TextStyle::csv, numbers<std::uint32_t>(Type::u32, {4294967295U})),
            "4294967295");
  const std::string u64_max = "18446744073709551615";
  EXPECT_EQ(texts_of(numbers<std::uint64_t>(Type::u64, {UINT64_MAX})),
            (Texts{u64_max, u64_max, u64_max}));
  EXPECT_EQ(text_of(TextStyle::csv, numbers<std::int64_t>(Type::i64, {INT64_MIN, -1, INT64_MAX})),
            "-9223372036854775808\n-1\n9223372036854775807");
}

TEST(ValueText, PrintsUnknownValues) {
  EXPECT_EQ(texts_of(numbers<std::uint16_t>(Type::u16, {7, std::nullopt, 8})),
            (Texts{"7\n\n8", "7\nnull\n8", "7\n-\n8"}));
}

TEST(ValueText, PrintsFloatsInTheShortestForm) {
  EXPECT_EQ(text_of(TextStyle::csv, numbers<double>(Type::f64, {0.1, 5.0, -2.5, 1e300, 1.0 / 3})),
            "0.1\n5\n-2.5\n1e+300\n0.3333333333333333");
}

TEST(ValueText, PrintsFloatsThatReadBackTheSame) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (value != value) {
      continue;
    }
    const std::string text = text_of(TextStyle::csv, numbers<double>(Type::f64, {value}));
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(value, back) << text;
  }
}

TEST(ValueText, PrintsNoNumberAsNullInJson) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(texts_of(numbers<double>(Type::f64, {infinity, -infinity, std::nan("")})),
            (Texts{"inf\n-inf\nnan", "null\nnull\nnull", "inf\n-inf\nnan"}));
}

TEST(ValueText, PrintsTimes) {
  const Rows rows = numbers<std::int64_t>(Type::i64, {1335771830057, 0, -1}, Meaning::time);
  EXPECT_EQ(text_of(TextStyle::csv, rows),
            "2012-04-30T07:43:50.057Z\n1970-01-01T00:00:00.000Z\n1969-12-31T23:59:59.999Z");
  EXPECT_EQ(text_of(TextStyle::json, rows),
            "\"2012-04-30T07:43:50.057Z\"\n\"1970-01-01T00:00:00.000Z\"\n"
            "\"1969-12-31T23:59:59.999Z\"");
  WriteOptions east;
  east.zone = 330;
  EXPECT_EQ(text_of(TextStyle::table, rows, east),
            "2012-04-30T13:13:50.057+05:30\n1970-01-01T05:30:00.000+05:30\n"
            "1970-01-01T05:29:59.999+05:30");
  WriteOptions milliseconds;
  milliseconds.time = TimeFormat::milliseconds;
  EXPECT_EQ(text_of(TextStyle::json, rows, milliseconds), "1335771830057\n0\n-1");
}

TEST(ValueText, PrintsTimesAsAppendTimeDoes) {
  std::vector<std::optional<std::int64_t>> times = {INT64_MIN, INT64_MIN + 86'400'000, INT64_MAX,
                                                    INT64_MAX - 86'400'000, -62167219200001};
  std::mt19937_64 random(1);
  for (int shift = 0; shift < 60; ++shift) {
    times.push_back(static_cast<std::int64_t>(random()) >> shift);
    times.push_back(*times.back() + 1);
  }
  for (const ZoneMinutes zone : {0, -1439, -60, 60, 1439}) {
    WriteOptions options;
    options.zone = zone;
    std::string expected;
    for (const auto& time : times) {
      expected += expected.empty() ? "" : "\n";
      append_time(expected, *time, zone);
    }
    EXPECT_EQ(text_of(TextStyle::csv, numbers(Type::i64, times, Meaning::time), options), expected);
  }
}

TEST(ValueText, PrintsDurationsAsMilliseconds) {
  EXPECT_EQ(texts_of(numbers<std::int64_t>(Type::i64, {61'234}, Meaning::duration)),
            (Texts{"61234", "61234", "61234"}));
}

TEST(ValueText, PrintsAddressesOfBothFamilies) {
  Rows narrow;
  narrow.addresses(field_of(element::kSourceAddress), {"0.0.0.0", "10.9.100.255", "", "9.99.1.10"});
  EXPECT_EQ(narrow.batch.columns[0].width, 4);
  EXPECT_EQ(texts_of(narrow), (Texts{"0.0.0.0\n10.9.100.255\n\n9.99.1.10",
                                     "\"0.0.0.0\"\n\"10.9.100.255\"\nnull\n\"9.99.1.10\"",
                                     "0.0.0.0\n10.9.100.255\n-\n9.99.1.10"}));
  Rows wide;
  wide.addresses(field_of(element::kSourceAddress), {"2001:db8::1", "255.255.255.255", "::"});
  EXPECT_EQ(wide.batch.columns[0].width, 16);
  EXPECT_EQ(
      texts_of(wide),
      (Texts{"2001:db8::1\n255.255.255.255\n::", "\"2001:db8::1\"\n\"255.255.255.255\"\n\"::\"",
             "2001:db8::1\n255.255.255.255\n::"}));
}

TEST(ValueText, PrintsEveryOctet) {
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    Rows rows;
    rows.addresses(field_of(element::kSourceAddress), {to_string(mapped(octet * 0x01000001U))});
    const std::string text = std::to_string(octet);
    EXPECT_EQ(text_of(TextStyle::csv, rows), text + ".0.0." + text);
  }
}

// Against inet_ntop(): every pattern of zero groups, with groups of every length.
TEST(ValueText, PrintsIpv6AsAppendAddressDoes) {
  std::mt19937_64 random(1);
  for (unsigned pattern = 0; pattern < 256; ++pattern) {
    for (int digits = 1; digits <= 4; ++digits) {
      Address address;
      for (unsigned group = 0; group < 8; ++group) {
        const std::uint64_t most = (1ULL << (4 * digits)) - 1;
        const std::uint64_t value = (pattern >> group & 1U) != 0 ? random() % most + 1 : 0;
        std::uint64_t& half = group < 4 ? address.high : address.low;
        half = half << 16 | value;
      }
      Rows rows;
      rows.addresses(field_of(element::kSourceAddress), {to_string(address)});
      EXPECT_EQ(text_of(TextStyle::csv, rows), to_string(address));
    }
  }
}

TEST(ValueText, NamesProtocolsInTables) {
  EXPECT_EQ(texts_of(numbers<std::uint8_t>(Type::u8, {6, 17, 1, 58, 253}, Meaning::protocol)),
            (Texts{"6\n17\n1\n58\n253", "6\n17\n1\n58\n253", "TCP\nUDP\nICMP\nICMP6\n253"}));
}

TEST(ValueText, SpellsFlagsInTables) {
  EXPECT_EQ(texts_of(numbers<std::uint16_t>(Type::u16, {0, 2, 0x12, 0xff, 0x102}, Meaning::flags)),
            (Texts{"0\n2\n18\n255\n258", "0\n2\n18\n255\n258", ".\nS\nSA\nFSRPAUEC\n258"}));
}

TEST(ValueText, PrintsMacsFromTheLow48Bits) {
  EXPECT_EQ(texts_of(numbers<std::uint64_t>(Type::u64, {0xffff0012'34ab'cdefULL}, Meaning::mac)),
            (Texts{"00:12:34:ab:cd:ef", "\"00:12:34:ab:cd:ef\"", "00:12:34:ab:cd:ef"}));
}

TEST(ValueText, PrintsSets) {
  Rows rows;
  rows.sets<std::uint16_t>(set_of("x", Type::u16, Meaning::port), {{1, 2, 3}, {}, {80}});
  EXPECT_EQ(texts_of(rows), (Texts{"{1;2;3}\n{}\n{80}", "[1,2,3]\n[]\n[80]", "{1;2;3}\n{}\n{80}"}));
}

TEST(ValueText, PrintsWhatSetsAreMadeOfAsAlone) {
  Rows addresses;
  addresses.sets<std::uint32_t>(set_of("x", Type::address, Meaning::address),
                                {{0x0a000001, 0x0a000002}});
  EXPECT_EQ(texts_of(addresses),
            (Texts{"{10.0.0.1;10.0.0.2}", "[\"10.0.0.1\",\"10.0.0.2\"]", "{10.0.0.1;10.0.0.2}"}));
  Rows protocols;
  protocols.sets<std::uint8_t>(set_of("x", Type::u8, Meaning::protocol), {{6, 17}});
  EXPECT_EQ(text_of(TextStyle::table, protocols), "{TCP;UDP}");
  Rows times;
  times.sets<std::int64_t>(set_of("x", Type::i64, Meaning::time), {{0, 1}});
  EXPECT_EQ(text_of(TextStyle::json, times),
            "[\"1970-01-01T00:00:00.000Z\",\"1970-01-01T00:00:00.001Z\"]");
}

// A stream may say of any type that it means a time, flags …: it then prints as a number.
TEST(ValueText, PrintsAMeaningThatDoesNotFitTheTypeAsANumber) {
  for (const Meaning meaning : {Meaning::time, Meaning::mac, Meaning::protocol, Meaning::flags,
                                Meaning::address, Meaning::port}) {
    EXPECT_EQ(text_of(TextStyle::table, numbers<double>(Type::f64, {1.5}, meaning)), "1.5");
    EXPECT_EQ(text_of(TextStyle::table, numbers<std::uint32_t>(Type::u32, {99999}, meaning)),
              "99999");
  }
}

TEST(ValueText, PrintsANameInsteadOfAColumn) {
  const std::string name = "a,b";
  ValueText text(TextStyle::csv, {});
  text.bind({{}, {}, &name});
  TextBuffer to;
  text.append(5, to);
  EXPECT_EQ(to.text(), "\"a,b\"");
}

TEST(TextOfName, QuotesForCsvOnlyWhereNeeded) {
  EXPECT_EQ(text_of_name(TextStyle::csv, "srcip"), "srcip");
  EXPECT_EQ(text_of_name(TextStyle::csv, "prefix(srcip, 24)"), "\"prefix(srcip, 24)\"");
  EXPECT_EQ(text_of_name(TextStyle::csv, "say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(text_of_name(TextStyle::csv, "two\nlines"), "\"two\nlines\"");
}

TEST(TextOfName, EscapesForJson) {
  EXPECT_EQ(text_of_name(TextStyle::json, "a\"b\\c\n\x7f"), "\"a\\\"b\\\\c\\u000a\\u007f\"");
  EXPECT_EQ(text_of_name(TextStyle::json, "Größe €𝄞"), "\"Größe €𝄞\"");
}

TEST(TextOfName, ReplacesWhatIsNoUtf8InJson) {
  const std::string bad = "\"\xef\xbf\xbd\"";
  EXPECT_EQ(text_of_name(TextStyle::json, "\xff"), bad);
  EXPECT_EQ(text_of_name(TextStyle::json, "\xc3"), bad);  // cut short
  EXPECT_EQ(text_of_name(TextStyle::json, "\xc3(").substr(1, 4), "\xef\xbf\xbd(");
  for (const std::string_view two : {"\xc0\x80", "\xc1\xbf"}) {  // overlong
    EXPECT_EQ(text_of_name(TextStyle::json, two), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  }
  for (const std::string_view three : {"\xe0\x9f\xbf", "\xed\xa0\x80"}) {  // overlong, surrogate
    EXPECT_EQ(text_of_name(TextStyle::json, three).size(), 2U + 9U);
  }
  for (const std::string_view four : {"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(text_of_name(TextStyle::json, four).size(), 2U + 12U);
  }
}

TEST(TextOfName, LetsNoControlCharacterIntoATable) {
  EXPECT_EQ(text_of_name(TextStyle::table, "a\x1b[2J\n"), "a?[2J?");
}

}  // namespace
}  // namespace nfql
