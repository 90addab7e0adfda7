#include "common/flow/elements.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "common/base/names.h"
#include "common/flow/schema.h"

namespace nfql {
namespace {

TEST(Elements, AreFoundByNameAndByNumber) {
  EXPECT_EQ(find_element("octetTotalCount"), (ElementId{0, 85}));
  EXPECT_EQ(find_element("OCTETTOTALCOUNT"), (ElementId{0, 85}));
  EXPECT_EQ(find_element("ie85"), (ElementId{0, 85}));
  EXPECT_EQ(find_element("e0:85"), (ElementId{0, 85}));
  EXPECT_EQ(find_element("initialTCPFlags"), (ElementId{6871, 14}));
  EXPECT_EQ(find_element("E6871:14"), (ElementId{6871, 14}));
  EXPECT_EQ(find_element("e4242:7"), (ElementId{4242, 7}));
  EXPECT_EQ(find_element("ie32767"), (ElementId{0, 32767}));
  EXPECT_EQ(find_element("reverseOctetTotalCount"), (ElementId{29305, 85}));
  EXPECT_EQ(find_element("srcip"), element::kSourceAddress);
  for (const char* none : {"", "ie", "ie32768", "ie-1", "iex", "e6871", "e6871:", "e:14", "e1:2:3",
                           "e4294967295:1", "octetTotal", "reverse", "reverseSrcip"}) {
    EXPECT_EQ(find_element(none), std::nullopt) << none;
  }
}

TEST(Elements, OfOneFieldAreThatField) {
  EXPECT_EQ(find_element("ie27"), element::kSourceAddress);
  EXPECT_EQ(find_element("flowStartSeconds"), element::kStart);
  EXPECT_EQ(find_element("ie157"), element::kEnd);
  EXPECT_EQ(find_element("ie139"), element::kIcmpTypeCode);
  EXPECT_EQ(find_element("reverseFlowStartNanoseconds"), (ElementId{29305, 152}));
  EXPECT_EQ(find_element("ie148"), element::kExportedFlowId);
  EXPECT_EQ(find_element("flowId"), element::kFlowId);
  EXPECT_EQ(find_element("reversePacketDeltaCount"), element::kReversePackets);
  EXPECT_EQ(find_element("e6871:27"), (ElementId{6871, 27}));
}

// A field that is ours by IANA's name must be that element.
TEST(Elements, AreNamedAsTheRegistryDoes) {
  for (const FieldInfo& info : all_fields()) {
    if (info.id.enterprise == kLocalEnterprise || info.id == element::kFlowId) {
      continue;
    }
    EXPECT_EQ(element_name(info.id), info.name);
    if (info.element6 != 0) {
      EXPECT_EQ(element_name({info.id.enterprise, info.element6}), info.name6);
    }
  }
  EXPECT_EQ(element_name({6871, 14}), "initialTCPFlags");
  EXPECT_EQ(element_name({29305, 5}), "reverseIpClassOfService");
  EXPECT_EQ(element_name({0, 32000}), "ie32000");
  EXPECT_EQ(element_name({4242, 7}), "e4242:7");
}

// Two columns must not have one name.
TEST(Elements, HaveNamesThatNoOtherFieldHas) {
  std::set<std::string> seen;
  for (const FieldInfo& info : all_fields()) {
    seen.insert(lower(info.short_name()));
  }
  for (const std::uint32_t enterprise : {std::uint32_t{0}, kCertEnterprise}) {
    for (const ElementInfo& info : elements_of_enterprise(enterprise)) {
      const ElementId id{enterprise, info.number};
      const bool text = size_of(info.type) == 0;
      if (!text && find_field(field_of_element(id)) == nullptr) {
        EXPECT_TRUE(seen.insert(lower(field_of(id).name)).second) << info.name;
        EXPECT_EQ(find_element(field_of(id).name), id);
      }
    }
  }
}

TEST(Elements, AreFieldsOfTheirRegistrysType) {
  const auto type_and_meaning = [](ElementId id) {
    const Field field = field_of(id);
    EXPECT_EQ(field.id, id);
    EXPECT_EQ(field.element_type, field.type);
    return std::pair(field.type, field.meaning);
  };
  using M = Meaning;
  EXPECT_EQ(type_and_meaning({0, 85}), std::pair(Type::u64, M::number));
  EXPECT_EQ(type_and_meaning({0, 434}), std::pair(Type::i64, M::number));
  EXPECT_EQ(type_and_meaning({0, 320}), std::pair(Type::f64, M::number));
  EXPECT_EQ(type_and_meaning({0, 276}), std::pair(Type::u8, M::number));
  EXPECT_EQ(type_and_meaning({0, 322}), std::pair(Type::i64, M::time));
  EXPECT_EQ(type_and_meaning({0, 43}), std::pair(Type::address, M::address));
  EXPECT_EQ(type_and_meaning({0, 365}), std::pair(Type::u64, M::mac));
  EXPECT_EQ(type_and_meaning({29305, 6}), std::pair(Type::u8, M::flags));
  EXPECT_EQ(type_and_meaning({4242, 7}), std::pair(Type::u64, M::number));
}

TEST(Schema, FindsElementsByTheirNumbers) {
  const Schema schema({field_of(element::kSourceAddress), field_of(ElementId{6871, 14}),
                       field_of(ElementId{4242, 7})});
  EXPECT_EQ(schema.find("ie8"), 0U);
  EXPECT_EQ(schema.find("ie27"), 0U);
  EXPECT_EQ(schema.find("e6871:14"), 1U);
  EXPECT_EQ(schema.find("initialTcpFlags"), 1U);
  EXPECT_EQ(schema.find("e4242:7"), 2U);
  EXPECT_FALSE(schema.find("e4242:8"));
}

}  // namespace
}  // namespace nfql
