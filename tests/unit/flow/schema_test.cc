#include "common/flow/schema.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {
namespace {

TEST(Registry, NamesAndAliasesAreUnique) {
  std::set<std::string> seen;
  for (const FieldInfo& info : all_fields()) {
    EXPECT_EQ(find_field(info.id), &info);
    std::set<std::string> own = {lower(info.name), lower(info.name6)};
    for (const std::string_view alias : info.aliases) {
      own.insert(lower(alias));
    }
    own.erase("");
    for (const std::string& name : own) {
      EXPECT_TRUE(seen.insert(name).second) << name;
      EXPECT_EQ(find_field(name), &info) << name;
    }
  }
}

TEST(Schema, FindsByNameByAliasAndByBranch) {
  const Schema schema({field_of(element::kSourceAddress), field_of(element::kOctets)});
  EXPECT_EQ(schema.find("SRCIP"), 0U);
  EXPECT_EQ(schema.find("sourceIPv6Address"), 0U);
  EXPECT_EQ(schema.find("dOctets"), 1U);
  EXPECT_FALSE(schema.find("packets"));
  EXPECT_EQ(schema.nearest("octet"), "octets");

  Field a = field_of(element::kSourceAddress);
  Field b = a;
  a.name = "A.srcip";
  b.name = "B.sourceIPv4Address";
  const Schema joined({a, b});
  EXPECT_EQ(joined.find("A.src"), 0U);
  EXPECT_EQ(joined.find("B.srcip"), 1U);
  EXPECT_FALSE(joined.find("C.srcip"));
}

TEST(Schema, RefusesTwoColumnsOfOneName) {
  Schema schema({field_of(element::kOctets)});
  EXPECT_THROW(schema.add({"BYTES", {}, Type::u64, {}, {}}), Error);
}

}  // namespace
}  // namespace nfql
