#include "common/base/pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <utility>

namespace nfql {
namespace {

using U64 = std::uint64_t;

TEST(Pages, AreZeroAndKeepWhatWasWrittenWhenTheyGrow) {
  for (const Pages::Use use : {Pages::Use::dense, Pages::Use::sparse}) {
    Pages pages(use);
    std::size_t size = 0;
    for (const std::size_t grown : {1U, 10'000U, 40'000U, 200'000U, 1'000'000U, 3'000'000U}) {
      pages.reserve(grown * sizeof(U64));
      const std::span values(pages.as<U64>(), grown);
      ASSERT_TRUE(std::all_of(values.begin() + static_cast<std::ptrdiff_t>(size), values.end(),
                              [](U64 value) { return value == 0; }));
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(values[i], i + 1);
      }
      for (std::size_t i = size; i < grown; ++i) {
        values[i] = i + 1;
      }
      size = grown;
    }
  }
}

// Only of one mapping can Linux before 6.17 move the pages once more.
TEST(Pages, AreOneMappingHoweverOftenTheyGrow) {
  Pages pages(Pages::Use::sparse);
  std::size_t size = 0;
  for (size = 64 * 1024; size <= (std::size_t{8} << 20); size *= 2) {
    pages.reserve(size);
    std::fill_n(pages.as<char>(), size, 'x');
  }
  const auto begin = reinterpret_cast<std::uintptr_t>(pages.as<char>());
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    char dash = 0;
    words >> std::hex >> from >> dash >> to;
    if (from <= begin && begin < to) {
      EXPECT_GE(to - begin, size / 2);
    }
  }
}

TEST(Pages, OfWhichMostAreNotTouchedMayBeMany) {
  Pages pages(Pages::Use::sparse);
  constexpr std::size_t kMany = std::size_t{1} << 27;
  pages.reserve(kMany * sizeof(U64));
  pages.as<U64>()[kMany - 1] = 7;
  EXPECT_EQ(pages.as<U64>()[kMany / 2], 0U);
  EXPECT_EQ(pages.as<U64>()[kMany - 1], 7U);
}

TEST(Pages, StayWhereTheyAreWhenMoved) {
  Pages pages;
  pages.reserve(100);
  auto* const at = pages.as<char>();
  *at = 'x';
  Pages moved = std::move(pages);
  EXPECT_EQ(moved.as<char>(), at);
  Pages assigned;
  assigned = std::move(moved);
  EXPECT_EQ(*assigned.as<char>(), 'x');
}

TEST(Pages, BeginAnewWhenCleared) {
  Pages pages;
  pages.reserve(100);
  *pages.as<char>() = 'x';
  pages.clear();
  EXPECT_EQ(pages.as<char>(), nullptr);
  pages.reserve(100);
  EXPECT_EQ(*pages.as<char>(), 0);
}

}  // namespace
}  // namespace nfql
