#include "common/io/ipfix_writer.h"

#include <limits>

#include "common/base/byte_order.h"
#include "tests/unit/io/flow_table.h"
#include "tests/unit/io/ipfix_bytes.h"
#include "tests/unit/io/temporary_file.h"

namespace nfql::test {
namespace {

std::string written_ipfix(Table& table, const WriteOptions& options = {},
                          std::vector<std::string>* warnings = nullptr) {
  const TemporaryFile file;
  const StreamHeader header = table.header();
  const auto writer = make_ipfix_writer(OutputFile(file.path()), header, options);
  writer->put(table.block());
  writer->finish();
  if (warnings != nullptr) {
    *warnings = writer->warnings();
  }
  return file.bytes();
}

template <class Call>
std::string ipfix_error(Exit code, Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "";
}

using U16 = std::vector<std::optional<std::uint16_t>>;
using U32 = std::vector<std::optional<std::uint32_t>>;
using I64 = std::vector<std::optional<std::int64_t>>;
using F64 = std::vector<std::optional<double>>;
using Addresses = std::vector<std::optional<Address>>;
constexpr auto kUnknown = std::nullopt;
constexpr Address kIpv6{0x2001'0db8'0000'0000, 7};

TEST(IpfixWriter, WritesTheBytesOfAMessage) {
  const std::string bytes =
      written_ipfix(Table()
                        .column<std::int64_t>(field_of(element::kEnd), {{1'000'000'000'001}})
                        .column<Address>(field_of(element::kSourceAddress), {{mapped(0x0a4d0001)}})
                        .column<std::uint8_t>(field_of(element::kTcpFlags), {{27}})
                        .column<std::uint64_t>(field_of(ElementId{6871, 999}), {{5}}));
  EXPECT_EQ(
      bytes,
      ipfix_message(
          ipfix_template(257, {{153, 8}, {8, 4}, {6, 1}, {999, 8, 6871}}) +
              ipfix_set(257, Big().u64(1'000'000'000'001).u32(0x0a4d0001).u8(27).u64(5).bytes()),
          0, 1'000'000'001));
}

TEST(IpfixWriter, MakesATemplateForEachSetOfFieldsAndKeepsTheOrder) {
  const std::string bytes = written_ipfix(
      Table()
          .column<Address>(field_of(element::kSourceAddress),
                           {{mapped(1)}, {kIpv6}, {mapped(2)}, {kUnknown}, {kUnknown}})
          .column<std::uint8_t>(field_of(element::kSourceMask), {{24}, {64}, {16}, {8}, {kUnknown}})
          .column<std::uint16_t>(field_of(element::kSourcePort),
                                 {{1}, {2}, {kUnknown}, {4}, {kUnknown}}));
  EXPECT_EQ(
      bytes,
      ipfix_message(
          ipfix_template(257, {{8, 4}, {9, 1}, {7, 2}}) +
              ipfix_set(257, Big().u32(1).u8(24).u16(1).bytes()) +
              ipfix_template(258, {{27, 16}, {29, 1}, {7, 2}}) +
              ipfix_set(258, Big().u64(kIpv6.high).u64(7).u8(64).u16(2).bytes()) +
              ipfix_template(259, {{8, 4}, {9, 1}}) + ipfix_set(259, Big().u32(2).u8(16).bytes()) +
              ipfix_template(260, {{9, 1}, {7, 2}}) + ipfix_set(260, Big().u8(8).u16(4).bytes()) +
              ipfix_template(261, {{210, 1}}) + ipfix_set(261, Big().u8(0).bytes()),
          0, 0));
  const AllFlows all = read_ipfix(bytes);
  const std::vector<const char*> names = {"srcip", "srcmask", "srcport"};
  ASSERT_EQ(all.rows(), 5U);
  EXPECT_EQ(row_of(all, 1, names), "2001:db8::7 64 2");
  EXPECT_EQ(row_of(all, 2, names), "0.0.0.2 16 ?");
  EXPECT_EQ(row_of(all, 3, names), "? 8 4");
  EXPECT_EQ(row_of(all, 4, names), "? ? ?");
}

// Every field that a column can hold: ours, those of the registries, and of other directions.
std::vector<ElementId> all_ids() {
  std::vector<ElementId> ids;
  for (const FieldInfo& info : all_fields()) {
    if (info.id != element::kFlowId && info.id != element::kDuration) {
      ids.push_back(info.id);
    }
  }
  for (const std::uint32_t enterprise : {std::uint32_t{0}, kCertEnterprise}) {
    for (const ElementInfo& info : elements_of_enterprise(enterprise)) {
      const ElementId id{enterprise, info.number};
      const ElementId reverse{kReverseEnterprise, info.number};
      const std::size_t size = size_of(info.type);
      for (const ElementId& each : {id, reverse}) {
        if (size != 0 && size <= 16 && field_of_element(each) == each &&
            find_field(each) == nullptr && (each == id || enterprise == 0)) {
          ids.push_back(each);
        }
      }
    }
  }
  return ids;
}

// Adds a column with two values that the field can have.
void add_values(Table& table, const Field& field, std::uint8_t a, std::uint8_t b) {
  const ElementInfo* info = find_element_info(field.id);
  const auto is = [info](DataType type) { return info != nullptr && info->type == type; };
  if (field.type == Type::u8) {
    table.column(field, U8{a, b});
  } else if (field.type == Type::u16) {
    table.column(field, U16{a, b});
  } else if (field.type == Type::u32) {
    table.column(field, U32{a, b});
  } else if (field.type == Type::u64) {
    table.column(field, U64{a, b});
  } else if (field.type == Type::i64) {
    const std::int64_t unit = is(DataType::dateTimeSeconds) ? 1000 : 1;
    table.column(field, I64{a * unit, b * unit});
  } else if (field.type == Type::f64) {
    table.column(field, F64{a + 0.5, b + 0.5});
  } else {
    const Address ipv6a{1, a}, ipv6b{1, b};
    const bool six = is(DataType::ipv6Address), both = find_field(field.id) != nullptr;
    table.column(field, Addresses{six ? ipv6a : mapped(a), six || both ? ipv6b : mapped(b)});
  }
}

TEST(IpfixWriter, LosesNoFieldThatAColumnCanHold) {
  Table table;
  std::uint8_t n = 0;
  for (const ElementId id : all_ids()) {
    n = static_cast<std::uint8_t>((n + 1) % 100);
    add_values(table, field_of(id), n, 200);
  }
  AllFlows original;
  original.schema = table.header().flows();
  const Block block = table.block();
  original.batches.emplace_back();
  original.batches[0].rows = 2;
  original.batches[0].columns = block.batch.columns;
  const TemporaryFile file;
  const auto writer = make_ipfix_writer(OutputFile(file.path()), table.header(), {});
  writer->put(borrow(block));
  writer->finish();
  const AllFlows all = read_ipfix(file.bytes());
  ASSERT_EQ(all.error, "");
  ASSERT_EQ(all.rows(), 2U);
  for (const Field& field : original.schema.fields()) {
    const auto column = all.schema.find(field.name);
    ASSERT_TRUE(column) << field.name;
    EXPECT_EQ(all.schema[*column], field) << field.name;
    EXPECT_EQ(all.at(0, field.name), original.at(0, field.name)) << field.name;
    EXPECT_EQ(all.at(1, field.name), original.at(1, field.name)) << field.name;
  }
}

TEST(IpfixWriter, ExplainsColumnsThatHaveNoElement) {
  Field flags = computed("and_flags", Type::u8);
  flags.meaning = Meaning::flags;
  Field gap = computed("gap", Type::i64);
  gap.meaning = Meaning::duration;
  Field prefix{"prefix(srcip, 24)", {}, Type::address, Meaning::address, Type::address};
  const Field count{"count", element::kCount, Type::u64, Meaning::number, Type::u64};
  Table table(StreamKind::groups);
  table.column<Address>(prefix, {{mapped(0x01020300)}, {kIpv6}})
      .column<std::uint64_t>(computed("sum_bytes", Type::u64), {{10}, {20}})
      .column<std::uint64_t>(computed("max_packets", Type::u64), {{3}, {kUnknown}})
      .column<double>(computed("mean_bytes", Type::f64), {{2.5}, {-1.5}})
      .column<std::uint8_t>(flags, {{2}, {4}})
      .column<std::int64_t>(gap, {{-5}, {6}})
      .column<std::uint64_t>(count, {{4}, {5}});
  const AllFlows all = read_ipfix(written_ipfix(table));
  const std::vector<const char*> names = {"prefix(srcip, 24)", "bytes", "max_packets", "mean_bytes",
                                          "and_flags",         "gap",   "flows"};
  ASSERT_EQ(all.rows(), 2U);
  EXPECT_EQ(row_of(all, 0, names), "1.2.3.0 10 3 2.5 2 -5 4");
  EXPECT_EQ(row_of(all, 1, names), "2001:db8::7 20 ? -1.5 4 6 5");
  EXPECT_EQ(column_names(all.schema),
            "start end srcip srcport dstip dstport proto flags packets bytes flows flowId "
            "prefix(srcip, 24) max_packets mean_bytes and_flags gap");
  EXPECT_EQ(all.schema[all.schema.find("gap").value()], gap);
  EXPECT_EQ(all.schema[all.schema.find("and_flags").value()], flags);
  EXPECT_EQ(all.schema[all.schema.find("prefix(srcip, 24)").value()], prefix);
}

TEST(IpfixWriter, CutsLongOutputIntoMessagesThatCountTheirRecords) {
  const std::vector<std::optional<std::uint64_t>> values(20'000, 3);
  const std::string bytes =
      written_ipfix(Table().column<std::uint64_t>(field_of(element::kOctets), values));
  std::size_t records = 0;
  std::size_t messages = 0;
  for (std::size_t at = 0; at < bytes.size(); ++messages) {
    const auto* from = reinterpret_cast<const std::byte*>(bytes.data()) + at;
    const auto length = load<std::uint16_t>(from + 2, ByteOrder::big);
    EXPECT_LE(length, 32 * 1024);
    EXPECT_EQ(load<std::uint32_t>(from + 8, ByteOrder::big), records);
    records += (length - 16U - 4U - (messages == 0 ? 12U : 0U)) / 8;
    at += length;
  }
  EXPECT_EQ(records, 20'000U);
  EXPECT_EQ(messages, 5U);
  EXPECT_EQ(read_ipfix(bytes).rows(), 20'000U);
}

TEST(IpfixWriter, WritesNoFlowsAsATemplate) {
  const std::string bytes =
      written_ipfix(Table().column<std::uint64_t>(field_of(element::kOctets), {}));
  EXPECT_EQ(bytes, ipfix_message(ipfix_template(257, {{1, 8}}), 0, 0));
  EXPECT_EQ(read_ipfix(bytes).error, "");
}

TEST(IpfixWriter, MindsColumnsAndLimit) {
  WriteOptions options;
  options.columns = {{"bytes", "srcport"}};
  options.limit = 2;
  Table table;
  table.column<std::uint16_t>(field_of(element::kSourcePort), {{1}, {2}, {3}})
      .column<std::uint16_t>(field_of(element::kDestinationPort), {{4}, {5}, {6}})
      .column<std::uint64_t>(field_of(element::kOctets), {{7}, {8}, {9}});
  EXPECT_EQ(written_ipfix(table, options),
            ipfix_message(ipfix_template(257, {{1, 8}, {7, 2}}) +
                              ipfix_set(257, Big().u64(7).u16(1).u64(8).u16(2).bytes()),
                          0, 0));
}

TEST(IpfixWriter, RefusesWhatItHasNoRoomFor) {
  const auto error_of = [](Table& table) {
    const std::string error = ipfix_error(Exit::failed, [&] { written_ipfix(table); });
    return error.substr(error.find(": ") + 2);
  };
  EXPECT_EQ(
      error_of(Table().column<std::uint32_t>(field_of(*find_element("vlan")), {{1}, {65'536}})),
      "cannot be written to IPFIX: flow 1: srcvlan 65536 (vlanId has 2 bytes)");
  EXPECT_EQ(error_of(Table().column<std::int64_t>(field_of(element::kStart), {{-1}})),
            "cannot be written to IPFIX: flow 0: start 1969-12-31T23:59:59.999Z "
            "(flowStartMilliseconds has 8 bytes)");
  EXPECT_EQ(error_of(Table().column<Address>(field_of(ElementId{0, 43}), {{kIpv6}})),
            "cannot be written to IPFIX: flow 0: ipv4RouterSc 2001:db8::7 (ipv4RouterSc has 4 "
            "bytes)");
}

TEST(IpfixWriter, LeavesOutWhatItHasNoRoomForIfAsked) {
  WriteOptions options;
  options.skip_unrepresentable = true;
  Table table;
  table
      .column<std::uint32_t>(field_of(*find_element("vlan")), {{1}, {65'536}, {kUnknown}, {4}, {5}})
      .column<Address>(field_of(ElementId{0, 43}),
                       {{kUnknown}, {kUnknown}, {kUnknown}, {kIpv6}, {mapped(1)}})
      .column<std::uint16_t>(field_of(element::kSourcePort), {{6}, {7}, {8}, {9}, {10}});
  std::vector<std::string> warnings;
  const AllFlows all = read_ipfix(written_ipfix(table, options, &warnings));
  ASSERT_EQ(all.rows(), 3U);
  EXPECT_EQ(all.at(0, "srcport") + all.at(1, "srcport") + all.at(2, "srcport"), "6810");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].substr(warnings[0].find(": ") + 2),
            "2 of 5 flows cannot be written to IPFIX, first flow 1: srcvlan 65536 (vlanId has 2 "
            "bytes); left out");
}

TEST(IpfixWriter, LeavesOutNoMoreThanTheLimitAsksFor) {
  WriteOptions options;
  options.skip_unrepresentable = true;
  options.limit = 1;
  Table table;
  table.column<Address>(field_of(ElementId{0, 212}), {{kIpv6}, {kIpv6}, {kIpv6}})
      .column<std::uint32_t>(field_of(*find_element("vlan")), {{65'536}, {1}, {65'537}});
  std::vector<std::string> warnings;
  EXPECT_EQ(read_ipfix(written_ipfix(table, options, &warnings)).rows(), 1U);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("1 of 2 flows"), std::string::npos) << warnings[0];
}

TEST(IpfixWriter, RefusesTuplesAndCompression) {
  const TemporaryFile file;
  EXPECT_EQ(ipfix_error(Exit::usage,
                        [&] {
                          static_cast<void>(make_ipfix_writer(
                              OutputFile(file.path()), {StreamKind::tuples, false, {{}}}, {}));
                        }),
            "IPFIX files hold flows and groups, not tuples");
  WriteOptions options;
  options.compress = "lz4";
  Table table;
  EXPECT_EQ(ipfix_error(Exit::usage, [&] { written_ipfix(table, options); }),
            "-z lz4: IPFIX files are not compressed");
}

}  // namespace
}  // namespace nfql::test
