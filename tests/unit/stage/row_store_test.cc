#include "common/stage/row_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <utility>

namespace nfql {
namespace {

using testing::ElementsAre;

Schema schema() {
  return Schema({{"n", {}, Type::u32, Meaning::number, Type::u32},
                 {"ip", {}, Type::address, Meaning::address, Type::address},
                 {"ports", {}, Type::set, Meaning::port, Type::u16},
                 {"ips", {}, Type::set, Meaning::address, Type::address}});
}

// What row `n` holds; rows divisible by 5 are unknown, the addresses of one in 7 are IPv6.
Address address_of(std::uint32_t n) {
  return n % 7 == 0 ? Address{1, n} : mapped(n);
}
std::vector<std::uint16_t> ports_of(std::uint32_t n) {
  std::vector<std::uint16_t> ports;
  for (std::uint32_t i = 0; i < n % 3; ++i) {
    ports.push_back(static_cast<std::uint16_t>(n % 1000 + i));
  }
  return ports;
}

Batch rows_from(std::uint32_t first, std::uint32_t count, bool unknowns, bool ipv6) {
  const Schema fields = schema();
  ColumnBuilder n(fields[0]);
  ColumnBuilder ip(fields[1]);
  ColumnBuilder ports(fields[2]);
  Buffer addresses;
  Buffer offsets;
  offsets.push(std::uint32_t{0});
  for (std::uint32_t i = first; i < first + count; ++i) {
    n.push(i);
    if (unknowns && i % 5 == 0) {
      ip.push_unknown();
      ports.push_unknown();
    } else {
      ip.push_address(ipv6 ? address_of(i) : mapped(i));
      const std::vector<std::uint16_t> values = ports_of(i);
      ports.push_set<std::uint16_t>(values);
    }
    if (ipv6) {
      addresses.push(address_of(i));
    } else {
      addresses.push(i);
    }
    offsets.push(i - first + 1);
  }
  Batch batch;
  n.move_to(batch);
  ip.move_to(batch);
  ports.move_to(batch);
  Column ips;
  ips.type = Type::set;
  ips.element_type = Type::address;
  ips.width = ipv6 ? 16 : 4;
  ips.rows = count;
  ips.data = batch.keep(std::move(addresses));
  ips.offsets = reinterpret_cast<const std::uint32_t*>(batch.keep(std::move(offsets)));
  batch.columns.push_back(ips);
  return batch;
}

// One piece of what is added: some have unknown values, some IPv6.
struct Piece {
  std::uint32_t rows;
  bool unknowns;
  bool ipv6;
};

class Filled {
 public:
  explicit Filled(const std::vector<Piece>& pieces) : store(schema()) {
    for (const Piece& piece : pieces) {
      store.add(rows_from(static_cast<std::uint32_t>(of_row_.size()), piece.rows, piece.unknowns,
                          piece.ipv6));
      of_row_.insert(of_row_.end(), piece.rows, piece);
    }
    EXPECT_EQ(store.rows(), of_row_.size());
    store.seal();
    EXPECT_EQ(store.rows(), of_row_.size());
  }

  template <class Row>
  void expect_gathered(const std::vector<Row>& rows) const {
    const Batch batch = store.gather(std::span<const Row>(rows), 4);
    ASSERT_EQ(batch.rows, rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto n = static_cast<std::uint32_t>(rows[i]);
      const Piece& piece = of_row_[n];
      ASSERT_EQ(batch.columns[0].values<std::uint32_t>()[i], n);
      const bool known = !piece.unknowns || n % 5 != 0;
      ASSERT_EQ(batch.columns[1].is_known(i), known);
      ASSERT_EQ(batch.columns[2].is_known(i), known);
      const Address address = piece.ipv6 ? address_of(n) : mapped(n);
      if (known) {
        ASSERT_EQ(batch.columns[1].address(i), address);
        const auto set = batch.columns[2].set<std::uint16_t>(i);
        ASSERT_EQ(std::vector(set.begin(), set.end()), ports_of(n));
      }
      if (batch.columns[3].width == 16) {
        ASSERT_THAT(batch.columns[3].set<Address>(i), ElementsAre(address));
      } else {
        ASSERT_THAT(batch.columns[3].set<std::uint32_t>(i), ElementsAre(n));
      }
    }
  }

  RowStore store;

 private:
  std::vector<Piece> of_row_;
};

TEST(RowStore, GathersAcrossPiecesOfAllKinds) {
  const Filled filled({{3, false, false},
                       {5, true, false},
                       {20000, false, true},
                       {1, false, false},
                       {0, true, true},
                       {9000, true, false},
                       {6000, false, false},
                       {7, false, true},
                       {65536, false, false}});
  std::mt19937_64 random(5);
  std::vector<std::uint64_t> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back(random() % filled.store.rows());
  }
  filled.expect_gathered(rows);
  filled.expect_gathered(std::vector<std::uint32_t>(rows.begin(), rows.end()));
  filled.expect_gathered(std::vector<std::uint64_t>{});
  std::vector<std::uint64_t> all;
  for (std::uint64_t row = 0; row < filled.store.rows(); ++row) {
    all.push_back(row);
  }
  filled.expect_gathered(all);
}

TEST(RowStore, StaysNarrowWithoutIpv6) {
  const Filled filled({{10, false, false}, {10, false, false}});
  filled.expect_gathered(std::vector<std::uint32_t>{19, 0, 10, 9, 9});
  const std::vector<std::uint32_t> rows = {1, 2};
  EXPECT_EQ(filled.store.gather(std::span<const std::uint32_t>(rows), 4).columns[1].width, 4);
  EXPECT_EQ(filled.store.gather(std::span<const std::uint32_t>(rows), 2).columns.size(), 2U);
}

TEST(RowStore, JoinsSmallBatches) {
  std::vector<Piece> pieces(5000, Piece{30, false, false});
  const Filled filled(pieces);
  std::size_t chunks = 0;
  std::uint64_t next = 0;
  const std::vector<std::size_t> numbers = {0};
  filled.store.visit(numbers, [&](std::uint64_t first, const Batch& batch) {
    EXPECT_EQ(first, next);
    EXPECT_LE(batch.rows, kMadeRows);
    EXPECT_EQ(batch.columns[0].values<std::uint32_t>()[7], first + 7);
    EXPECT_EQ(batch.columns[1].data, nullptr);
    next += batch.rows;
    ++chunks;
  });
  EXPECT_EQ(next, 150'000U);
  EXPECT_EQ(chunks, 150'000U / kMadeRows + 1);
  std::uint64_t later = 0;
  const auto note = [&](std::uint64_t first, const Batch&) { later = later == 0 ? first : later; };
  filled.store.visit(numbers, note, 70'000);
  EXPECT_GT(later, 0U);
  EXPECT_LE(later, 70'000U);
}

TEST(RowStore, TakesMoreRowsAfterSomeWereTaken) {
  Filled filled({{10, false, false}});
  filled.store.add(rows_from(10, 5, false, false));
  filled.store.seal();
  const std::vector<std::uint32_t> rows = {14, 0};
  EXPECT_THAT(filled.store.gather(std::span<const std::uint32_t>(rows), 1)
                  .columns[0]
                  .values<std::uint32_t>(),
              ElementsAre(14, 0));
}

TEST(RowStore, ReplacesValues) {
  const Field field{"x", {}, Type::u64, Meaning::number, Type::u64};
  RowStore store{Schema({field})};
  for (int i = 0; i < 3; ++i) {
    Batch batch;
    ColumnBuilder builder(field);
    for (std::uint64_t row = 0; row < (i == 1 ? 10'000U : 2U); ++row) {
      builder.push(row);
    }
    builder.move_to(batch);
    store.add(std::move(batch));
  }
  store.seal();
  store.replace_u64(0, [](std::uint64_t x) { return x + 100; });
  const std::vector<std::uint32_t> rows = {1, 10'001, 10'003};
  EXPECT_THAT(
      store.gather(std::span<const std::uint32_t>(rows), 1).columns[0].values<std::uint64_t>(),
      ElementsAre(101, 10'099, 101));
  store.clear();
  EXPECT_EQ(store.rows(), 0U);
}

}  // namespace
}  // namespace nfql
