#include "common/base/run_ahead.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

namespace nfql {
namespace {

using Numbers = RunAhead<int, 4>;

// Makes 0, 1, 2 ... up to `count`.
Numbers::Make counting(int count, std::atomic<int>& made) {
  return [count, &made](int& number) {
    if (made == count) {
      return false;
    }
    number = made++;
    return true;
  };
}

TEST(RunAhead, GivesAllItemsInOrder) {
  for (const Beside beside : {Beside::no, Beside::yes}) {
    for (const int count : {0, 1, 3, 4, 5, 1000}) {
      std::atomic<int> made = 0;
      Numbers numbers(beside, counting(count, made));
      int number = -1;
      for (int i = 0; i < count; ++i) {
        ASSERT_TRUE(numbers.next(number));
        ASSERT_EQ(number, i);
        ASSERT_FALSE(numbers.gave_all());
      }
      EXPECT_FALSE(numbers.next(number));
      EXPECT_FALSE(numbers.next(number));
      EXPECT_TRUE(numbers.gave_all());
    }
  }
}

TEST(RunAhead, ThrowsBehindTheItemsBeforeAndAgain) {
  for (const Beside beside : {Beside::no, Beside::yes}) {
    int made = 0;
    Numbers numbers(beside, [&](int& number) {
      if (made == 6) {
        throw std::runtime_error("damaged");
      }
      number = made++;
      return true;
    });
    int number = -1;
    for (int i = 0; i < 6; ++i) {
      ASSERT_TRUE(numbers.next(number));
    }
    EXPECT_THROW(numbers.next(number), std::runtime_error);
    EXPECT_TRUE(numbers.gave_all());
    EXPECT_THROW(numbers.next(number), std::runtime_error);
  }
}

TEST(RunAhead, MakesWhatWasTakenAndAsManyAsItMay) {
  std::atomic<int> made = 0;
  {
    Numbers numbers(Beside::yes, counting(1000, made));
    EXPECT_EQ(made, 0) << "not asked for any";
    int number = -1;
    ASSERT_TRUE(numbers.next(number));
    // One was taken, four wait, and the one that is made then has no room.
    while (made < 6) {
      std::this_thread::yield();
    }
    numbers.stop();
  }
  EXPECT_EQ(made, 6);
}

TEST(RunAhead, WithNothingBesideMakesWhatIsTaken) {
  std::atomic<int> made = 0;
  Numbers numbers(Beside::no, counting(1000, made));
  int number = -1;
  ASSERT_TRUE(numbers.next(number));
  EXPECT_EQ(made, 1);
}

TEST(RunAhead, GivesBackWhatWasTakenToBeMadeAnew) {
  for (const Beside beside : {Beside::no, Beside::yes}) {
    int fresh = 0;
    int made = 0;
    RunAhead<std::string, 2> strings(beside, [&](std::string& text) {
      fresh += text.empty() ? 1 : 0;
      text = "text";
      return made++ < 100;
    });
    std::string text;
    while (strings.next(text)) {
    }
    strings.stop();
    EXPECT_LE(fresh, 4);
  }
}

}  // namespace
}  // namespace nfql
