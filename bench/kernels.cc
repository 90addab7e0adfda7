// nfql-bench-kernels: the inner loops by themselves, on one batch of made-up traffic.
#include <benchmark/benchmark.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/traffic_batches.h"
#include "common/expr/predicate.h"
#include "common/io/cell_text.h"
#include "common/io/inflater.h"
#include "common/io/value_text.h"
#include "common/stage/group_table.h"
#include "common/stream/column_decoder.h"
#include "common/stream/column_encoder.h"

namespace {

using nfql::Batch;
using nfql::Column;

constexpr std::size_t kRows = nfql::kMaxRows;

const Batch& flows() {
  static const Batch batch = nfql::bench::TrafficBatches(1).next(kRows);
  return batch;
}

std::size_t slot_of(nfql::ElementId id) {
  static const nfql::Schema schema = nfql::bench::flow_schema();
  return *schema.find(id);
}

void count_rows(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}

void compare(benchmark::State& state, const std::string& expression) {
  nfql::Predicate predicate(nfql::parse(expression, nfql::Grammar::filter, "filter"),
                            nfql::bench::flow_schema());
  std::vector<nfql::RowId> rows;
  for ([[maybe_unused]] auto turn : state) {
    predicate.select(flows(), rows);
    benchmark::DoNotOptimize(rows.data());
  }
  count_rows(state);
}
BENCHMARK_CAPTURE(compare, few_ports, "dstport = ssh");
BENCHMARK_CAPTURE(compare, half_by_packets, "packets > 1");
BENCHMARK_CAPTURE(compare, network, "srcip = 10.0.0.0/9");
BENCHMARK_CAPTURE(compare, two_columns, "srcport < dstport");
BENCHMARK_CAPTURE(compare, list, "dstport in {22, 80, 443}");

void gather(benchmark::State& state) {
  nfql::Predicate predicate(nfql::parse("packets > 1", nfql::Grammar::filter, "filter"),
                            nfql::bench::flow_schema());
  std::vector<nfql::RowId> rows;
  predicate.select(flows(), rows);
  for ([[maybe_unused]] auto turn : state) {
    benchmark::DoNotOptimize(nfql::gather(flows(), rows));
  }
  count_rows(state);
}
BENCHMARK(gather);

void number_groups(benchmark::State& state) {
  const auto sources = flows().columns[slot_of(nfql::element::kSourceAddress)];
  const auto destinations = flows().columns[slot_of(nfql::element::kDestinationAddress)];
  std::vector<std::uint64_t> keys;
  for (std::size_t row = 0; row < kRows; ++row) {
    keys.push_back(std::uint64_t{sources.values<std::uint32_t>()[row]} << 32 |
                   destinations.values<std::uint32_t>()[row]);
  }
  std::vector<nfql::GroupId> groups(kRows);
  for ([[maybe_unused]] auto turn : state) {
    nfql::GroupTable table(1);
    table.number(keys, groups);
    benchmark::DoNotOptimize(groups.data());
  }
  count_rows(state);
}
BENCHMARK(number_groups);

void encode(benchmark::State& state, nfql::ElementId id) {
  const Column& column = flows().columns[slot_of(id)];
  nfql::Buffer stored;
  for ([[maybe_unused]] auto turn : state) {
    stored.clear();
    nfql::ColumnEncoder encoder({});
    benchmark::DoNotOptimize(encoder.encode(column, nfql::field_of(id), stored));
  }
  count_rows(state);
}
BENCHMARK_CAPTURE(encode, start, nfql::element::kStart);
BENCHMARK_CAPTURE(encode, srcip, nfql::element::kSourceAddress);
BENCHMARK_CAPTURE(encode, packets, nfql::element::kPackets);

void decode(benchmark::State& state, nfql::ElementId id) {
  nfql::Buffer stored;
  const nfql::ColumnEntry entry =
      nfql::ColumnEncoder({}).encode(flows().columns[slot_of(id)], nfql::field_of(id), stored);
  for ([[maybe_unused]] auto turn : state) {
    Batch owner;
    nfql::ColumnDecoder decoder(kRows);
    benchmark::DoNotOptimize(
        decoder.decode(entry, nfql::field_of(id), stored.bytes().first(entry.stored_bytes), owner));
  }
  count_rows(state);
}
BENCHMARK_CAPTURE(decode, start, nfql::element::kStart);
BENCHMARK_CAPTURE(decode, srcip, nfql::element::kSourceAddress);
BENCHMARK_CAPTURE(decode, packets, nfql::element::kPackets);

void print_cells(benchmark::State& state, nfql::ElementId id, nfql::Meaning meaning) {
  nfql::ValueText text(nfql::TextStyle::csv, nfql::WriteOptions{});
  text.bind({.column = flows().columns[slot_of(id)], .meaning = meaning});
  nfql::TextBuffer to;
  for ([[maybe_unused]] auto turn : state) {
    to.clear();
    for (std::size_t row = 0; row < kRows; ++row) {
      text.append(row, to);
    }
    benchmark::DoNotOptimize(to.text());
  }
  count_rows(state);
}
BENCHMARK_CAPTURE(print_cells, start, nfql::element::kStart, nfql::Meaning::time);
BENCHMARK_CAPTURE(print_cells, srcip, nfql::element::kSourceAddress, nfql::Meaning::address);
BENCHMARK_CAPTURE(print_cells, packets, nfql::element::kPackets, nfql::Meaning::number);

void inflate(benchmark::State& state) {
  std::vector<std::byte> raw;
  for (const Column& column : flows().columns) {
    raw.insert(raw.end(), column.data, column.data + column.data_bytes());
  }
  uLongf size = compressBound(raw.size());
  std::vector<std::byte> packed(size);
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(raw.data()), raw.size());
  const std::span<const std::byte> stream(packed.data(), size);
  nfql::Inflater inflater;
  for ([[maybe_unused]] auto turn : state) {
    inflater.reset();
    benchmark::DoNotOptimize(inflater.step(stream, raw));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(raw.size()));
}
BENCHMARK(inflate);

}  // namespace

BENCHMARK_MAIN();
