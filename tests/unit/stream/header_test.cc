#include "common/stream/header.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/error.h"
#include "tests/unit/stream/stream_samples.h"
#include "tests/unit/stream/stream_support.h"

namespace nfql {
namespace {

StreamHeader unpacked(const Bytes& bytes) {
  return unpack_header(bytes, "test");
}

TEST(Header, ComesBackAsItWas) {
  for (const Sample& sample : all_samples(3)) {
    const Bytes bytes = header_bytes(sample.header);
    EXPECT_EQ(bytes.size() % 8, 0U);
    EXPECT_EQ(unpacked(bytes), sample.header) << sample.name;
  }
}

StreamHeader one_column(Field field, StreamKind kind = StreamKind::flows) {
  StreamHeader header{kind, false, {{"", {}, {}}}};
  Schema schema({std::move(field)});
  (kind == StreamKind::flows ? header.branches[0].flows : header.branches[0].groups) =
      std::move(schema);
  return header;
}

TEST(Header, HasOneBranchOrNamedOnes) {
  EXPECT_NE(find_problem({StreamKind::flows, false, {}}), "");
  EXPECT_NE(find_problem({StreamKind::groups, false, {{"A", {}, {}}, {"B", {}, {}}}}), "");
  EXPECT_EQ(find_problem({StreamKind::tuples, false, {{"A", {}, {}}, {"a", {}, {}}}}), "");
  EXPECT_NE(find_problem({StreamKind::tuples, false, {{"A", {}, {}}, {"A", {}, {}}}}), "");
  StreamHeader many{StreamKind::tuples, false, {}};
  for (std::size_t i = 0; i <= kMaxBranches; ++i) {
    many.branches.push_back({std::to_string(i), {}, {}});
  }
  EXPECT_NE(find_problem(many), "");
}

TEST(Header, CountsMembers) {
  EXPECT_NE(find_problem({StreamKind::flows, true, {{"", {}, {}}}}), "");
  EXPECT_NE(find_problem({StreamKind::groups, true, {{"", {}, {}}}}), "");
  StreamHeader counted = one_column(count_field(), StreamKind::groups);
  counted.members = true;
  EXPECT_EQ(find_problem(counted), "");
}

TEST(Header, NamesAreTextThatATerminalMaySee) {
  for (const std::string name : {"a", "größe", "prefix(srcip, 24)", "\xf0\x9f\x98\x80"}) {
    EXPECT_EQ(find_problem(one_column({name, {}, Type::u8, {}, Type::u8})), "") << name;
  }
  for (const std::string name : {"", "\n", "\x1b[2J", "\x7f", "\xff", "\xc3", "\xc0\xaf",
                                 "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\xaf", "a\xc3\x28"}) {
    EXPECT_NE(find_problem(one_column({name, {}, Type::u8, {}, Type::u8})), "") << name;
  }
  EXPECT_NE(find_problem(one_column({std::string(70000, 'a'), {}, Type::u8, {}, Type::u8})), "");
}

TEST(Header, KnownFieldsHaveTheirTypes) {
  for (const StreamKind kind : {StreamKind::flows, StreamKind::groups}) {
    EXPECT_NE(find_problem(one_column({"s", element::kStart, Type::u32, {}, Type::u32}, kind)), "");
    EXPECT_NE(find_problem(one_column({"c", element::kCount, Type::u8, {}, Type::u8}, kind)), "");
    EXPECT_EQ(find_problem(one_column({"x", {9, 9}, Type::u8, {}, Type::u8}, kind)), "");
  }
  // A group may have the sum of a field under its id.
  const Field sum{"srcport", element::kSourcePort, Type::u64, {}, Type::u64};
  EXPECT_NE(find_problem(one_column(sum)), "");
  EXPECT_EQ(find_problem(one_column(sum, StreamKind::groups)), "");
  EXPECT_NE(find_problem(one_column({"s", {}, Type::set, {}, Type::set})), "");
}

TEST(Header, RefusesOtherVersionsByName) {
  Bytes bytes = header_bytes(flows_header({}));
  bytes[8] = std::byte{7};
  EXPECT_EQ(error_of(bytes), "test: is an nfql stream of version 7; this program reads version 1");
}

TEST(Header, TellsWhatIsNoStream) {
  const Bytes text = bytes_of<char>({'s', 'r', 'c', 'i', 'p', '\n'});
  EXPECT_EQ(error_of(text), "test: is not an nfql stream");
  EXPECT_EQ(error_of(Bytes{}), "test: is empty");
  Bytes damaged = header_bytes(flows_header({}));
  damaged.erase(damaged.begin() + 5);  // CR LF became LF
  EXPECT_EQ(error_of(damaged), "test: is an nfql stream that a transfer as text has damaged");
  damaged = header_bytes(flows_header({}));
  damaged[0] = std::byte{0x09};
  EXPECT_EQ(error_of(damaged), "test: is an nfql stream that a transfer as text has damaged");
}

TEST(Header, BeginsToBeAStreamWithItsFirstByte) {
  const Bytes bytes = header_bytes(flows_header({}));
  for (std::size_t size = 1; size < 16; ++size) {
    EXPECT_TRUE(may_be_stream(std::span(bytes).first(size)));
  }
  EXPECT_FALSE(may_be_stream({}));
  EXPECT_FALSE(may_be_stream(bytes_of<unsigned char>({0x89, 'P', 'N', 'G'})));
}

}  // namespace
}  // namespace nfql
