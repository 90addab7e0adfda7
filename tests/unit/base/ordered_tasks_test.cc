#include "common/base/ordered_tasks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace nfql {
namespace {

TEST(OrderedTasks, ResultsComeInTheOrderOfTheTasks) {
  for (const std::size_t threads : {0U, 1U, 2U, 5U}) {
    OrderedTasks<std::size_t> tasks(threads);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < 200; ++i) {
      tasks.start([i] {
        if (i % 7 == 0) {
          std::this_thread::yield();
        }
        return i * i;
      });
      if (tasks.pending() == 8) {
        EXPECT_EQ(tasks.take(), taken * taken);
        ++taken;
      }
    }
    for (; tasks.pending() != 0; ++taken) {
      EXPECT_EQ(tasks.take(), taken * taken);
    }
    EXPECT_EQ(taken, 200U);
  }
}

TEST(OrderedTasks, WithOneThreadATaskIsDoneWhenItsResultIsTaken) {
  OrderedTasks<int> tasks(1);
  int done = 0;
  tasks.start([&done] { return ++done; });
  tasks.start([&done] { return ++done; });
  EXPECT_EQ(done, 0);
  EXPECT_EQ(tasks.take(), 1);
  EXPECT_EQ(done, 1);
}

TEST(OrderedTasks, WhatATaskThrowsComesInItsPlace) {
  OrderedTasks<int> tasks(3);
  tasks.start([] { return 1; });
  tasks.start([]() -> int { throw std::runtime_error("second"); });
  tasks.start([] { return 3; });
  EXPECT_EQ(tasks.take(), 1);
  EXPECT_THROW(tasks.take(), std::runtime_error);
  EXPECT_EQ(tasks.take(), 3);
}

TEST(OrderedTasks, TasksMayHoldWhatCannotBeCopied) {
  OrderedTasks<std::unique_ptr<int>> tasks(2);
  tasks.start([seven = std::make_unique<int>(7)]() mutable { return std::move(seven); });
  EXPECT_EQ(*tasks.take(), 7);
}

TEST(OrderedTasks, ResultsThatNobodyTakesEndWithIt) {
  std::atomic<int> done = 0;
  {
    OrderedTasks<int> tasks(3);
    for (int i = 0; i < 100; ++i) {
      tasks.start([&done] { return ++done; });
    }
  }
  const int at_end = done;
  std::this_thread::yield();
  EXPECT_EQ(done, at_end);
}

}  // namespace
}  // namespace nfql
