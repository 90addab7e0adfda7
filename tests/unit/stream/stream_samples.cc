#include "tests/unit/stream/stream_samples.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <utility>

#include "common/flow/column_builder.h"

namespace nfql {
namespace {

using Random = std::mt19937_64;

Field plain(std::string name, Type type) {
  return {std::move(name), {}, type, Meaning::number, type};
}
Field set_of(std::string name, Type type) {
  return {std::move(name), {}, Type::set, Meaning::number, type};
}

Schema flow_schema() {
  return Schema({field_of(element::kStart), field_of(element::kEnd), field_of(element::kFlowId),
                 field_of(element::kStartUptime), field_of(element::kSourceAddress),
                 field_of(element::kDestinationAddress), field_of(element::kSourcePort),
                 field_of(element::kProtocol), field_of(element::kPackets), plain("i64", Type::i64),
                 plain("f64", Type::f64), plain("größe", Type::u32), plain("nothing", Type::u16),
                 plain("ein wert", Type::address), set_of("ports", Type::u16),
                 set_of("addresses", Type::address), set_of("reals", Type::f64),
                 set_of("no sets", Type::i64)});
}

// Values as tests need them: clustered enough to compress, with edges among them.
template <class T>
T some_value(Random& random, std::size_t row) {
  constexpr std::array<T, 3> kEdges{std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max(),
                                    T{0}};
  if (row % 11 == 3) {
    return kEdges.at(random() % kEdges.size());
  }
  if constexpr (std::is_same_v<T, double>) {
    return static_cast<double>(random() % 1000) + 0.25;
  } else {
    return static_cast<T>(random() % 50);
  }
}

Address some_address(Random& random, bool wide) {
  return wide && random() % 2 == 0
             ? Address{0x20010db800000000, random() % 9}
             : mapped(0x0a000000U + static_cast<std::uint32_t>(random() % 20));
}

template <class T>
void push_some_set(ColumnBuilder& builder, Random& random) {
  std::vector<T> values;
  for (std::size_t i = 0; i < random() % 5; ++i) {
    values.push_back(some_value<T>(random, random() % 11));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  builder.push_set<T>(values);
}

// Sets of addresses can only be appended, so they are made as a column.
void push_address_set(ColumnBuilder& builder, const Field& field, Random& random, bool wide) {
  std::vector<Address> values;
  for (std::size_t i = 0; i < random() % 4; ++i) {
    values.push_back(some_address(random, wide));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const std::array<std::uint32_t, 2> offsets{0, static_cast<std::uint32_t>(values.size())};
  Column column{Type::set,
                field.element_type,
                sizeof(Address),
                1,
                reinterpret_cast<const std::byte*>(values.data()),
                nullptr,
                offsets.data()};
  std::vector<std::uint32_t> narrow;
  if (!wide) {
    for (const Address& value : values) {
      narrow.push_back(ipv4_of(value));
    }
    column.width = sizeof(std::uint32_t);
    column.data = reinterpret_cast<const std::byte*>(narrow.data());
  }
  builder.append(column);
}

void push_value(ColumnBuilder& builder, const Field& field, Random& random, std::size_t row,
                bool wide) {
  const Type type = field.type == Type::set ? field.element_type : field.type;
  if (type == Type::address) {
    field.type == Type::set ? push_address_set(builder, field, random, wide)
                            : builder.push_address(some_address(random, wide));
    return;
  }
  visit_values(type, width_of(type), [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, Address>) {
      field.type == Type::set ? push_some_set<T>(builder, random)
                              : builder.push(some_value<T>(random, row));
    }
  });
}

void push_row(std::vector<ColumnBuilder>& builders, const Schema& schema, Random& random,
              std::size_t row, bool wide) {
  constexpr std::int64_t kStart = 1335771830057;  // 2012-04-30
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const Field& field = schema[i];
    const bool unknown = field.name == "nothing" || field.name == "no sets" ||
                         (!field.id.any() && field.name != "u64" && random() % 7 == 0);
    if (unknown) {
      builders[i].push_unknown();
    } else if (field.id == element::kStart || field.id == element::kEnd) {
      builders[i].push(kStart + static_cast<std::int64_t>(row * 10 + random() % 20));
    } else if (field.id == element::kFlowId) {
      builders[i].push(std::uint64_t{row});
    } else if (field.name == "ein wert") {
      builders[i].push_address(wide ? Address{1, 2} : mapped(7));
    } else {
      push_value(builders[i], field, random, row, wide);
    }
  }
}

Batch move_out(std::vector<ColumnBuilder>& builders) {
  Batch batch;
  for (ColumnBuilder& builder : builders) {
    builder.move_to(batch);
  }
  return batch;
}

std::vector<ColumnBuilder> builders_of(const Schema& schema) {
  std::vector<ColumnBuilder> builders;
  for (const Field& field : schema.fields()) {
    builders.emplace_back(field);
  }
  return builders;
}

Block flow_block(const Schema& schema, Random& random, std::size_t rows, bool wide) {
  auto builders = builders_of(schema);
  for (std::size_t row = 0; row < rows; ++row) {
    push_row(builders, schema, random, row, wide);
  }
  return {BlockKind::flows, 0, move_out(builders), {}};
}

Block sources_block() {
  return {BlockKind::sources, 0, {}, {{"trace.ft", 0xfeedfacecafebeef, 0}, {"", 1, 1000}}};
}

// Groups of 1 to 3 members, with the blocks of their members if there are any.
void add_groups(Sample& sample, std::uint16_t branch, std::size_t rows, Random& random) {
  const BranchSchema& schemas = sample.header.branches[branch];
  auto groups = builders_of(schemas.groups);
  std::size_t members = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < schemas.groups.size(); ++i) {
      const Field& field = schemas.groups[i];
      if (field.id == element::kCount) {
        const std::uint64_t count = 1 + random() % 3;
        groups[i].push(count);
        members += count;
      } else if (row % 5 == 4 && !field.id.any()) {
        groups[i].push_unknown();
      } else {
        push_value(groups[i], field, random, row, branch == 1);
      }
    }
  }
  sample.blocks.push_back({BlockKind::groups, branch, move_out(groups), {}});
  while (sample.header.members && members != 0) {
    const std::size_t some = std::min(members, rows);
    Block block = flow_block(schemas.flows, random, some, branch == 1);
    block.kind = BlockKind::members;
    block.branch = branch;
    sample.blocks.push_back(std::move(block));
    members -= some;
  }
}

BranchSchema branch_of(std::string name) {
  Field count = count_field();
  return {std::move(name),
          Schema({field_of(element::kSourceAddress), plain("total", Type::u64), std::move(count),
                  plain("mean", Type::f64), set_of("ports", Type::u16), field_of(element::kStart)}),
          Schema({field_of(element::kStart), field_of(element::kFlowId),
                  field_of(element::kDestinationAddress)})};
}

Sample groups_sample(std::string name, StreamKind kind, bool members, std::size_t rows) {
  Sample sample{std::move(name), {kind, members, {}}, {}};
  Random random(rows);
  const bool several = kind != StreamKind::groups;
  sample.header.branches.push_back(branch_of(several ? "anfrage" : ""));
  if (several) {
    sample.header.branches.push_back(branch_of("B"));
  }
  sample.blocks.push_back(sources_block());
  for (std::size_t round = 0; round < 2; ++round) {
    for (std::size_t branch = 0; branch < sample.header.branches.size(); ++branch) {
      add_groups(sample, static_cast<std::uint16_t>(branch), rows + branch + round, random);
    }
    if (kind != StreamKind::tuples) {
      continue;
    }
    auto tuples = builders_of(Schema({plain("0", Type::u64), plain("1", Type::u64)}));
    for (std::size_t row = 0; row < rows * 2; ++row) {
      tuples[0].push(std::uint64_t{row / 2});
      tuples[1].push(std::uint64_t{random() % rows});
    }
    sample.blocks.push_back({BlockKind::tuples, 0, move_out(tuples), {}});
  }
  return sample;
}

}  // namespace

Sample flows_sample(std::size_t blocks, std::size_t rows) {
  Sample sample{"flows", flows_header(flow_schema()), {}};
  Random random(blocks);
  sample.blocks.push_back(sources_block());
  for (std::size_t i = 0; i < blocks; ++i) {
    sample.blocks.push_back(flow_block(sample.header.flows(), random, rows, i % 2 == 1));
  }
  return sample;
}

std::vector<Sample> all_samples(std::size_t rows) {
  std::vector<Sample> samples;
  samples.push_back(flows_sample(3, rows));
  samples.push_back({"empty", flows_header(flow_schema()), {}});
  samples.push_back({"no_columns", flows_header({}), {}});
  Block block;
  block.batch.rows = rows;
  samples.back().blocks.push_back(std::move(block));
  samples.push_back(groups_sample("groups", StreamKind::groups, true, rows));
  samples.push_back(groups_sample("reports", StreamKind::groups, false, rows));
  samples.push_back(groups_sample("tuples", StreamKind::tuples, true, rows));
  samples.push_back(groups_sample("bare_tuples", StreamKind::tuples, false, rows));
  samples.push_back(groups_sample("collection", StreamKind::collection, true, rows));
  return samples;
}

}  // namespace nfql
