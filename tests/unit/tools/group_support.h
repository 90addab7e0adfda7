// What tests of grouping share: flows as they are written down, and what a stage made of them.
#pragma once

#include "nfql-group/group_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/flow/column_builder.h"
#include "tests/unit/flow/push_value.h"

namespace nfql {

// A flow as the tests write it. No value: unknown.
struct Flow {
  std::optional<std::int64_t> start = 0;
  std::optional<std::int64_t> end = 0;
  std::optional<Address> srcip = mapped(0);
  std::optional<Address> dstip = mapped(0);
  std::optional<std::uint16_t> srcport = std::uint16_t{0};
  std::optional<std::uint64_t> bytes = std::uint64_t{0};
  std::uint64_t id = 0;
};

const Schema kFlows({field_of(element::kStart), field_of(element::kEnd),
                     field_of(element::kSourceAddress), field_of(element::kDestinationAddress),
                     field_of(element::kSourcePort), field_of(element::kOctets),
                     field_of(element::kFlowId)});

inline Block block_of(std::span<const Flow> flows) {
  std::vector<ColumnBuilder> builders;
  for (const Field& field : kFlows.fields()) {
    builders.emplace_back(field);
  }
  for (const Flow& flow : flows) {
    test::push_value(builders[0], flow.start);
    test::push_value(builders[1], flow.end);
    test::push_value(builders[2], flow.srcip);
    test::push_value(builders[3], flow.dstip);
    test::push_value(builders[4], flow.srcport);
    test::push_value(builders[5], flow.bytes);
    builders[6].push(flow.id);
  }
  Block block;
  block.kind = BlockKind::flows;
  for (ColumnBuilder& builder : builders) {
    builder.move_to(block.batch);
  }
  block.batch.rows = flows.size();
  return block;
}

class Collector : public BlockSink {
 public:
  void put(Block&& block) override { blocks.push_back(std::move(block)); }
  std::vector<Block> blocks;
};

// A value of a column as text, so that all types compare alike.
inline std::string text_of(const Column& column, std::size_t row) {
  if (!column.is_known(row)) {
    return "-";
  }
  if (column.type == Type::address) {
    return to_string(column.address(row));
  }
  if (column.type == Type::set) {
    std::string text;
    visit_values(column.element_type, column.width, [&]<class T>(std::type_identity<T>) {
      for (const T& value : column.set<T>(row)) {
        if constexpr (std::is_same_v<T, Address>) {
          text += to_string(value) + ";";
        } else if (column.element_type == Type::address) {
          text += to_string(mapped(static_cast<std::uint32_t>(value))) + ";";
        } else {
          text += fmt::format("{};", value);
        }
      }
    });
    return text;
  }
  return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, Address>) {
      return std::string();
    } else {
      return fmt::format("{}", column.values<T>()[row]);
    }
  });
}

using Row = std::vector<std::string>;

struct Result {
  Schema schema;
  std::vector<Row> groups;
  std::vector<std::vector<std::uint64_t>> members;  // flowIds by group

  friend bool operator==(const Result&, const Result&) = default;
};

// What the stage put, after checking the rules of stream/block.h.
inline Result read_back(const StreamHeader& header, const std::vector<Block>& blocks) {
  Result result;
  result.schema = header.groups();
  std::vector<std::uint64_t> counts;
  std::size_t open = 0;  // the group whose members come next
  const auto count_column = header.groups().find(element::kCount);
  const auto skip_full = [&] {
    while (open < counts.size() && result.members[open].size() == counts[open]) {
      ++open;
    }
  };
  for (const Block& block : blocks) {
    EXPECT_GT(block.batch.rows, 0U);
    EXPECT_LE(block.batch.rows, kMadeRows);
    if (block.kind == BlockKind::groups) {
      EXPECT_EQ(block.batch.columns.size(), header.groups().size());
      if (header.members) {
        skip_full();
        EXPECT_EQ(open, counts.size()) << "members are missing before a block of groups";
      }
      for (std::size_t row = 0; row < block.batch.rows; ++row) {
        Row group;
        for (const Column& column : block.batch.columns) {
          EXPECT_EQ(column.rows, block.batch.rows);
          group.push_back(text_of(column, row));
        }
        result.groups.push_back(group);
        counts.push_back(block.batch.columns[*count_column].values<std::uint64_t>()[row]);
        result.members.emplace_back();
      }
    } else {
      EXPECT_EQ(block.kind, BlockKind::members);
      EXPECT_EQ(block.batch.columns.size(), header.flows().size());
      for (std::size_t row = 0; row < block.batch.rows; ++row) {
        skip_full();
        EXPECT_LT(open, counts.size());
        result.members.at(open).push_back(block.batch.columns.at(6).values<std::uint64_t>()[row]);
      }
    }
  }
  skip_full();
  EXPECT_EQ(header.members ? open : counts.size(), counts.size());
  return result;
}

inline GroupOptions options(const std::string& terms, const std::string& aggregates = "") {
  GroupOptions made;
  made.terms = parse(terms, Grammar::group_terms, "group terms");
  made.aggregates_text = aggregates;
  made.aggregates = parse_aggregates(aggregates);
  return made;
}

inline Result run(const GroupOptions& made, const std::vector<Flow>& flows,
                  std::size_t cut = 65536) {
  GroupStage stage(made, flows_header(kFlows));
  Collector out;
  for (std::size_t first = 0; first < flows.size(); first += cut) {
    const std::size_t rows = std::min(cut, flows.size() - first);
    stage.consume(block_of(std::span(flows).subspan(first, rows)), out);
  }
  EXPECT_TRUE(out.blocks.empty());
  stage.finish(out);
  return read_back(stage.output_header(), out.blocks);
}

inline Row names(const Schema& schema) {
  Row result;
  for (const Field& field : schema.fields()) {
    result.push_back(field.name);
  }
  return result;
}

// Flows of few values, some unknown, with starts from 0 to `span`.
inline std::vector<Flow> random_trace(std::mt19937_64& random, std::size_t count,
                                      std::uint64_t span = 60) {
  const auto sometimes = [&random](auto value) {
    return random() % 20 == 0 ? std::nullopt : std::optional(value);
  };
  const auto address = [&random] {
    const auto low = static_cast<std::uint32_t>(random() % 3 * 256 + random() % 2);
    return random() % 9 == 0 ? Address{0x2001'0d00'0000'0000, low} : mapped(low);
  };
  std::vector<Flow> flows;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = static_cast<std::int64_t>(random() % span);
    Flow flow;
    flow.start = sometimes(start);
    flow.end = sometimes(start + static_cast<std::int64_t>(random() % 9));
    flow.srcip = sometimes(address());
    flow.dstip = sometimes(address());
    flow.srcport = sometimes(static_cast<std::uint16_t>(random() % 4));
    flow.bytes = sometimes(random() % 1000);
    flow.id = i;
    flows.push_back(flow);
  }
  return flows;
}

}  // namespace nfql
