// Every message of binding, and the rules of @files.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>

#include "tests/unit/expr/predicate_support.h"

namespace nfql {
namespace {

using test::Rows;
using test::Selected;

Rows flows() {
  Rows rows;
  rows.add(test::known_field("start"), std::vector<std::optional<std::int64_t>>{0});
  rows.add(test::known_field("end"), std::vector<std::optional<std::int64_t>>{0});
  rows.add(test::known_field("srcip"), std::vector<std::optional<Address>>{mapped(1)});
  rows.add(test::known_field("srcport"), std::vector<std::optional<std::uint16_t>>{1});
  rows.add(test::known_field("proto"), std::vector<std::optional<std::uint8_t>>{1});
  rows.add(test::known_field("flags"), std::vector<std::optional<std::uint8_t>>{1});
  rows.add(test::known_field("bytes"), std::vector<std::optional<std::uint64_t>>{1});
  rows.add(test::number_field("rate", Type::f64), std::vector<std::optional<double>>{1});
  rows.add_sets<std::uint16_t>(test::set_field("ports", Type::u16, Meaning::port),
                               {std::vector<std::uint16_t>{1}});
  rows.add_sets<std::uint8_t>(test::set_field("protos", Type::u8, Meaning::protocol),
                              {std::vector<std::uint8_t>{1}});
  return rows;
}

TEST(PredicateErrors, UnknownNames) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("scrip = 10.0.0.1"),
            "filter: the input has no field 'scrip'\ndid you mean 'srcip'?");
  EXPECT_EQ(rows.error("dstprot = 1"),
            "filter: the input has no field 'dstprot'\ndid you mean 'dstport'?");
  EXPECT_EQ(rows.error("tos = 1"), "filter: the input has no field 'tos'");
  EXPECT_EQ(rows.error("xyzzyplugh = 1"), "filter: the input has no field 'xyzzyplugh'");
  EXPECT_EQ(rows.error("srcport = htpp"),
            "filter: no service and no field is called 'htpp'\ndid you mean 'http'?");
  EXPECT_EQ(rows.error("proto = \"tpc\""),
            "filter: no protocol is called 'tpc'\ndid you mean 'tcp'?");
  EXPECT_EQ(rows.error("flags = SX"),
            "filter: 'SX' are no TCP flags\nthe letters are F S R P A U E C, as in S or S/SA");
  EXPECT_EQ(rows.error("bytes = \"many\""), "filter: 'many' is not a number");
  EXPECT_EQ(rows.error("srcip = \"localhost\""), "filter: 'localhost' is not an address");
  EXPECT_EQ(rows.error("start > \"yesterday\""), "filter: 'yesterday' is not a time");
  EXPECT_EQ(rows.error("\"S\" = \"A\""),
            "filter: 'S' stands next to nothing that says what it means");
  EXPECT_EQ(rows.error("start.x = 1").find("filter: the input has no field 'start.x'"), 0U);
}

TEST(PredicateErrors, NamesWithHyphensAreNoDifferences) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("proto = ipv6-icmp"),
            "filter: 'ipv6-icmp' is a difference\na name with '-' stands in quotes: "
            "\"ipv6-icmp\", \"ftp-data\"");
  EXPECT_EQ(rows.error("srcport = ftp-data").find("filter: 'ftp-data' is a difference"), 0U);
  EXPECT_EQ(rows.error("srcport = ms-sql-s").find("filter: 'ms-sql-s' is a difference"), 0U);
  EXPECT_EQ(rows.error("proto = \"ipv6-icmp\""), "");
  EXPECT_EQ(rows.error("srcport = https - 1"), "") << "numbers are";
  EXPECT_EQ(rows.error("srcport = 1024 - srcport"), "") << "and fields are";
}

TEST(PredicateErrors, TheCaretStandsUnderTheName) {
  const Rows rows = flows();
  try {
    static_cast<void>(rows.select("proto = tcp and scrip = 10.0.0.1"));
    FAIL() << "expected an Error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("proto = tcp and scrip = 10.0.0.1\n"),
              std::string::npos);
    const std::string what = error.what();
    const std::size_t text = what.find("proto = tcp");
    const std::size_t line = what.rfind('\n', text) + 1;
    const std::size_t carets = what.find('^');
    ASSERT_NE(carets, std::string::npos);
    const std::size_t caret_line = what.rfind('\n', carets) + 1;
    EXPECT_EQ(carets - caret_line, (text - line) + std::string("proto = tcp and ").size());
  }
}

TEST(PredicateErrors, GroupsNameTheAggregateToAdd) {
  Rows rows;
  rows.add(test::known_field("srcip"), std::vector<std::optional<Address>>{mapped(1)});
  rows.add({"count", element::kCount, Type::u64, Meaning::number, Type::u64},
           std::vector<std::optional<std::uint64_t>>{1});
  EXPECT_EQ(
      rows.error("bytes > 1"),
      "filter: the groups have no column 'bytes'\nadd 'sum(bytes) as bytes' to the aggregates");
  EXPECT_EQ(rows.error("octetDeltaCount > 1"),
            "filter: the groups have no column 'octetDeltaCount'\n"
            "add 'sum(bytes) as bytes' to the aggregates");
  EXPECT_EQ(
      rows.error("flags = S"),
      "filter: the groups have no column 'flags'\nadd 'or(flags) as flags' to the aggregates");
  EXPECT_EQ(rows.error("tos = 1"),
            "filter: the groups have no column 'tos'\nadd 'first(tos) as tos' to the aggregates");
  EXPECT_EQ(rows.error("sum(bytes) > 1"),
            "filter: the input has no column 'sum(bytes)'\nadd 'sum(bytes)' to the aggregates");
}

// What the hint says to add is there already under another name.
TEST(PredicateErrors, GroupsNameTheColumnThatTheyHaveOfTheField) {
  const auto column = [](const std::string& name) { return test::number_field(name, Type::u64); };
  const std::vector<std::optional<std::uint64_t>> one = {1};
  Rows rows;
  rows.add(column("sum_bytes"), one);
  rows.add(column("first_dstport"), one);
  rows.add(column("sum_of_octets"), one);
  rows.add({"count", element::kCount, Type::u64, Meaning::number, Type::u64}, one);
  EXPECT_EQ(rows.error("bytes > 3"),
            "filter: the groups have no column 'bytes'\n"
            "write 'sum_bytes', or add 'sum(bytes) as bytes' to the aggregates");
  EXPECT_EQ(rows.error("dstport = 80"),
            "filter: the groups have no column 'dstport'\n"
            "write 'first_dstport', or add 'first(dstport) as dstport' to the aggregates");
  EXPECT_EQ(rows.error("packets > 3"),
            "filter: the groups have no column 'packets'\n"
            "add 'sum(packets) as packets' to the aggregates");
}

TEST(PredicateErrors, Constants) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("srcport = 70000"),
            "filter: 70000 does not fit 'srcport' (u16, at most 65535)");
  EXPECT_EQ(rows.error("70000 > srcport"),
            "filter: 70000 does not fit 'srcport' (u16, at most 65535)");
  EXPECT_EQ(rows.error("srcport < 70000 delta 1"),
            "filter: 70000 does not fit 'srcport' (u16, at most 65535)");
  EXPECT_EQ(rows.error("bytes = -1"), "filter: -1 does not fit 'bytes' (u64, at least 0)");
  EXPECT_EQ(rows.error("proto in {tcp, 256}"),
            "filter: 256 does not fit 'proto' (u8, at most 255)");
  EXPECT_EQ(rows.error("srcport in 1..65536"),
            "filter: 65536 does not fit 'srcport' (u16, at most 65535)");
  EXPECT_EQ(rows.error("70000 in ports"),
            "filter: 70000 does not fit 'ports' (u16, at most 65535)");
  EXPECT_EQ(rows.error("ports = {70000}"),
            "filter: 70000 does not fit 'ports' (u16, at most 65535)");
  EXPECT_EQ(rows.error("srcport in 10..5"), "filter: the range '10..5' is reversed");
  EXPECT_EQ(rows.error("srcip in 10.0.0.2..10.0.0.1"),
            "filter: the range '10.0.0.2..10.0.0.1' is reversed");
  EXPECT_EQ(rows.error("bytes in {1.5}"), "filter: '1.5' is not a whole number");
  EXPECT_EQ(rows.error("rate in {9007199254740993}"),
            "filter: 9007199254740993 does not fit 'rate' (f64, which has no such value)");
  EXPECT_EQ(rows.error("srcport in {bytes}"), "filter: 'bytes' is not a constant");
  EXPECT_EQ(rows.error("srcip in 10.0.0.0/8..10.0.0.1"), "filter: a prefix cannot bound a range");
  EXPECT_EQ(rows.error("srcport + 1 = 70000"), "");  // a sum may be that large
  EXPECT_EQ(rows.error("bytes > 1.5"), "");
  EXPECT_EQ(rows.error("bytes = 1e9"), "");
  EXPECT_EQ(rows.error("bytes < 1e25"),
            "filter: 10000000000000000905969664 does not fit 'bytes' (u64, at most "
            "18446744073709551615)");
  EXPECT_EQ(rows.error("bytes < 1e40"), "filter: '1e40' does not fit 'bytes'");
}

TEST(PredicateErrors, Units) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("bytes > 5s"), "filter: a unit of time at '5s', but 'bytes' is a number");
  EXPECT_EQ(rows.error("bytes + 5s > 1"),
            "filter: a unit of time at '5s', but 'bytes' is a number");
  EXPECT_EQ(rows.error("bytes in {1, 5s}"),
            "filter: a unit of time at '5s', but 'bytes' is a number");
  EXPECT_EQ(rows.error("bytes = 1 delta 5s"),
            "filter: a unit of time at '5s', but 'bytes' is a number");
  EXPECT_EQ(rows.error("duration < 500us"), "filter: '500us' is not a whole number of ms");
  EXPECT_EQ(rows.error("duration < 0.5ms"), "filter: '0.5ms' is not a whole number of ms");
  EXPECT_EQ(rows.error("duration < 5s"), "");
  EXPECT_EQ(rows.error("bytes < duration delta 5s"), "");
}

TEST(PredicateErrors, Delta) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("srcip = 10.0.0.1 delta 1"),
            "filter: a delta is for numbers and times, 'srcip' is an address");
  EXPECT_EQ(rows.error("srcip = 10.0.0.0/8 delta 1"),
            "filter: a delta is for numbers and times, '10.0.0.0/8' is a prefix");
  EXPECT_EQ(rows.error("ports = {1} delta 1"),
            "filter: a delta is for numbers and times, 'ports' is a set");
}

// Trees that no text parses to, but JSON may give.
TEST(PredicateErrors, DeltaOfATree) {
  const Rows rows = flows();
  const auto error = [&rows](const std::function<void(Tolerance&)>& change) {
    ExpressionText text = parse("bytes = 1 delta 1", Grammar::filter, "filter");
    change(*std::get<Comparison>(text.expr.node).tolerance);
    try {
      const Predicate predicate(text, rows.schema);
      return std::string();
    } catch (const Error& thrown) {
      return std::string(thrown.what());
    }
  };
  EXPECT_EQ(error([](Tolerance&) {}), "");
  EXPECT_TRUE(error([](Tolerance& tolerance) {
                tolerance.amount->node = IntegerLiteral{-1, ""};
              }).starts_with("filter: a delta cannot be negative"));
  EXPECT_TRUE(error([](Tolerance& tolerance) {
                tolerance.relative = true;
              }).starts_with("filter: 'rdelta' is only for group terms"));
  EXPECT_TRUE(error([](Tolerance& tolerance) {
                tolerance.amount->node = Name{"", "bytes"};
              }).starts_with("filter: a delta is a number"));
}

TEST(PredicateErrors, MixedKinds) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("srcip = 80"), "filter: 'srcip' is an address, '80' is a number");
  EXPECT_EQ(rows.error("bytes = 10.0.0.1"),
            "filter: 'bytes' is a number, '10.0.0.1' is an address");
  EXPECT_EQ(rows.error("srcip = bytes"), "filter: 'srcip' is an address, 'bytes' is a number");
  EXPECT_EQ(rows.error("srcip < 10.0.0.0/8"),
            "filter: '10.0.0.0/8' is a prefix, which has no order: use = or !=");
  EXPECT_EQ(rows.error("flags < S/SA"),
            "filter: 'S/SA' is a set of flags, which has no order: use = or !=");
  EXPECT_EQ(rows.error("ports < {1}"), "filter: 'ports' is a set, which has no order: use = or !=");
  EXPECT_EQ(rows.error("srcport = {80, 443}"),
            "filter: 'srcport' is a port, '{80, 443}' is a set\n"
            "a value is looked up in a set with 'in'");
  EXPECT_EQ(rows.error("srcport = 1..5"),
            "filter: 'srcport' is a port, '1..5' is a range\n"
            "a value is looked up in a set with 'in'");
  EXPECT_EQ(rows.error("ports = 80"),
            "filter: 'ports' is a set, '80' is a number\na value is looked up in a set with 'in'");
  EXPECT_EQ(rows.error("ports = protos"), "filter: the two sets have values of different types");
  EXPECT_EQ(rows.error("srcip in ports"), "filter: 'srcip' is an address, 'ports' is a set");
  EXPECT_EQ(rows.error("srcport in 10.0.0.0/8"),
            "filter: 'srcport' is a port, '10.0.0.0/8' is a prefix");
  EXPECT_EQ(rows.error("srcip in {80}"), "filter: '80' is a number, 'srcip' is an address");
  EXPECT_EQ(rows.error("srcport in {10.0.0.1}"),
            "filter: '10.0.0.1' is an address, 'srcport' is a port");
  EXPECT_EQ(rows.error("srcport in bytes"),
            "filter: 'bytes' is a number, not a set of values\n"
            "'in' takes {…}, low..high, a prefix, @file or a column of sets");
  EXPECT_EQ(rows.error("srcport intersects ports"),
            "filter: 'intersects' takes sets, 'srcport' is a port");
  EXPECT_EQ(rows.error("{1} in {1, 2}"), "filter: '{1}' is a set, '{1, 2}' is a set");
}

TEST(PredicateErrors, Arithmetic) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("start + end > 1"),
            "filter: two times cannot be added\nthe difference of two times is a duration");
  EXPECT_EQ(rows.error("duration - start > 1"),
            "filter: a time cannot be subtracted from a duration");
  EXPECT_EQ(rows.error("bytes - start > 1"), "filter: a time cannot be subtracted from a number");
  EXPECT_EQ(rows.error("(start & 1) = 0"),
            "filter: '&' and '|' take numbers, not times or durations");
  EXPECT_EQ(rows.error("(rate & 1) = 0"), "filter: '&' and '|' take whole numbers");
  EXPECT_EQ(rows.error("srcip + 1 = 10.0.0.1"),
            "filter: arithmetic takes numbers, 'srcip' is an address\n"
            "prefix(ADDRESS, LENGTH) gives a network");
  EXPECT_EQ(rows.error("start = bytes"), "filter: 'start' is a time, 'bytes' is a number");
  EXPECT_EQ(rows.error("end - start = start"),
            "filter: 'end - start' is a duration, 'start' is a time");
}

TEST(PredicateErrors, Functions) {
  const Rows rows = flows();
  EXPECT_EQ(rows.error("prefx(srcip, 8) = 10.0.0.0"),
            "filter: there is no function 'prefx'\ndid you mean 'prefix'?");
  EXPECT_EQ(rows.error("prefix(srcip) = 10.0.0.0"),
            "filter: prefix() takes an address and a length from 0 to 128");
  EXPECT_EQ(rows.error("prefix(srcip, 129) = 10.0.0.0"),
            "filter: prefix() takes an address and a length from 0 to 128");
  EXPECT_EQ(rows.error("prefix(bytes, 8) = 10.0.0.0"),
            "filter: prefix() takes an address and a length from 0 to 128, 'bytes' is a number");
  EXPECT_EQ(rows.error("proto = protocol(5)"), "filter: protocol() takes the name of a protocol");
  EXPECT_EQ(rows.error("gap(start) = 5"), "filter: gap() takes two operands");
  EXPECT_EQ(rows.error("sum(bytes) = 5"), "filter: the input has no column 'sum(bytes)'");
}

class FileSetTest : public ::testing::Test {
 protected:
  FileSetTest() {
    std::string pattern = ::testing::TempDir() + "nfql-set-XXXXXX";
    const int fd = ::mkstemp(pattern.data());
    EXPECT_GE(fd, 0);
    ::close(fd);
    path_ = pattern;
    rows_.add(test::known_field("srcip"),
              std::vector<std::optional<Address>>{mapped(0x0a000001), mapped(0x0b000001),
                                                  mapped(0x0c000001)});
    rows_.add(test::known_field("srcport"), std::vector<std::optional<std::uint16_t>>{80, 443, 22});
  }
  ~FileSetTest() override { static_cast<void>(std::remove(path_.c_str())); }
  void write(const std::string& text) { std::ofstream(path_) << text; }

  std::string path_;
  Rows rows_;
};

TEST_F(FileSetTest, HoldsOneValueALine) {
  write("# addresses\n10.0.0.1  # one\n\n\t11.0.0.0/8\r\n::1..::5\n");
  EXPECT_EQ(rows_.select("srcip in @" + path_), (Selected{0, 1}));
  EXPECT_EQ(rows_.select("srcip not in @" + path_), (Selected{2}));
  write("80\n 400 .. 500\nssh");
  EXPECT_EQ(rows_.select("srcport in @" + path_), (Selected{0, 1, 2}));
  write("");
  EXPECT_EQ(rows_.select("srcport in @" + path_), (Selected{}));
  EXPECT_EQ(rows_.select("srcport not in @" + path_), (Selected{0, 1, 2}));
}

TEST_F(FileSetTest, NamesFileAndLineOfWhatIsWrong) {
  write("80\n70000\n");
  EXPECT_EQ(rows_.error("srcport in @" + path_),
            path_ + ": line 2: 70000 does not fit 'srcport' (u16, at most 65535)");
  write("\n\nhttpp\n");
  EXPECT_EQ(rows_.error("srcport in @" + path_), path_ + ": line 3: 'httpp' is not a port");
  write("10.0.0.1..10.0.0.0");
  EXPECT_EQ(rows_.error("srcip in @" + path_),
            path_ + ": line 1: the range '10.0.0.1..10.0.0.0' is reversed");
  write(std::string(100000, '1'));
  EXPECT_EQ(rows_.error("srcport in @" + path_), path_ + ": line 1: too long for a value");
}

TEST_F(FileSetTest, MustBeReadable) {
  EXPECT_NE(rows_.error("srcport in @/nonexistent/list", Exit::failed), "");
}

}  // namespace
}  // namespace nfql
