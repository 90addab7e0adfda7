#include "common/io/lost_columns.h"

#include <gtest/gtest.h>

namespace nfql {
namespace {

Schema groups_with(std::vector<Field> computed) {
  Schema schema({field_of(element::kSourceAddress),
                 field_of(element::kStart),
                 field_of(element::kEnd),
                 field_of(element::kDuration),
                 {"count", element::kCount}});
  for (Field& field : computed) {
    schema.add(std::move(field));
  }
  return schema;
}

std::string told_of(const Schema& groups, const std::vector<std::size_t>& written) {
  return lost_columns(groups, written, "IPFIX").value_or("nothing");
}

const Field kPorts{"ports", {}, Type::set, Meaning::number, Type::u16};

TEST(LostColumns, AreNotThoseThatEveryGroupingMakes) {
  EXPECT_EQ(told_of(groups_with({}), {0}), "nothing");
}

TEST(LostColumns, OfASumSayWhatToCallIt) {
  EXPECT_EQ(told_of(groups_with({{"total", {}}}), {0}),
            "column 'total' was not written: IPFIX has no field for it; a sum named bytes or "
            "packets is");
  EXPECT_EQ(told_of(groups_with({{"total", {}}, {"sum_bytes", {}}, kPorts}), {0, 6}),
            "columns 'total', 'ports' were not written: IPFIX has no field for them; a sum named "
            "packets is");
  EXPECT_EQ(told_of(groups_with({{"a", {}}, {"bytes", {}}, {"packets", {}}}), {0, 6, 7}),
            "column 'a' was not written: IPFIX has no field for it");
}

TEST(LostColumns, OfASetSayWhereSetsGo) {
  EXPECT_EQ(told_of(groups_with({kPorts}), {0}),
            "column 'ports' was not written: IPFIX has no field for it; nfql, csv and json hold "
            "sets");
}

TEST(LostColumns, AreFieldsOfFlowsToo) {
  EXPECT_EQ(told_of(groups_with({}), {}),
            "column 'srcip' was not written: IPFIX has no field for it");
}

}  // namespace
}  // namespace nfql
