#include "common/stage/united_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "common/base/error.h"
#include "common/flow/column_builder.h"

namespace nfql {
namespace {

using testing::ElementsAre;

Field field(const char* name, Type type, ElementId id = {}) {
  return {name, id, type, Meaning::number, type};
}

TEST(UnitedSchema, TakesColumnsByElementThenByName) {
  const std::vector<Schema> inputs = {
      Schema({field("bytes", Type::u64, element::kOctets), field("x", Type::u8)}),
      Schema({field("X", Type::u32), field("octetDeltaCount", Type::u64, element::kOctets),
              field("set", Type::set)})};
  const UnitedSchema united(inputs);
  ASSERT_EQ(united.schema().size(), 3U);
  EXPECT_EQ(united.schema()[0].name, "bytes");
  EXPECT_EQ(united.schema()[1].type, Type::u32);
  EXPECT_EQ(united.schema()[2].name, "set");
}

TEST(UnitedSchema, WidensMovesAndFillsIn) {
  Field set = field("set", Type::set);
  set.element_type = Type::u16;
  const std::vector<Schema> inputs = {Schema({field("a", Type::u8), set}),
                                      Schema({field("b", Type::address), field("a", Type::u64)})};
  const UnitedSchema united(inputs);
  Batch batch;
  ColumnBuilder a(inputs[0][0]);
  a.push(std::uint8_t{200});
  a.push_unknown();
  a.move_to(batch);
  ColumnBuilder sets(set);
  const std::vector<std::uint16_t> ports = {7, 9};
  sets.push_set<std::uint16_t>(ports);
  sets.push_unknown();
  sets.move_to(batch);
  const Batch adapted = united.adapt(0, std::move(batch));
  ASSERT_EQ(adapted.columns.size(), 3U);
  EXPECT_EQ(adapted.columns[0].values<std::uint64_t>()[0], 200U);
  EXPECT_FALSE(adapted.columns[0].is_known(1));
  EXPECT_THAT(adapted.columns[1].set<std::uint16_t>(0), ElementsAre(7, 9));
  EXPECT_EQ(adapted.columns[2].type, Type::address);
  EXPECT_FALSE(adapted.columns[2].is_known(0));
  EXPECT_FALSE(adapted.columns[2].is_known(1));

  Batch other;
  ColumnBuilder b(inputs[1][0]);
  b.push_address(Address{1, 2});
  b.move_to(other);
  ColumnBuilder wide(inputs[1][1]);
  wide.push(std::uint64_t{1} << 40);
  wide.move_to(other);
  const Batch moved = united.adapt(1, std::move(other));
  EXPECT_EQ(moved.columns[0].values<std::uint64_t>()[0], std::uint64_t{1} << 40);
  EXPECT_FALSE(moved.columns[1].is_known(0));
  EXPECT_THAT(moved.columns[1].set<std::uint16_t>(0), ElementsAre());
  EXPECT_EQ(moved.columns[2].address(0), (Address{1, 2}));
}

TEST(UnitedSchema, RefusesWhatCannotBeUnited) {
  const std::vector<Schema> types = {Schema({field("a", Type::u8)}),
                                     Schema({field("a", Type::f64)})};
  EXPECT_THROW(UnitedSchema{types}, Error);
  const std::vector<Schema> names = {Schema({field("a", Type::u8)}),
                                     Schema({field("a", Type::u64, element::kOctets)})};
  EXPECT_THROW(UnitedSchema{names}, Error);
}

}  // namespace
}  // namespace nfql
