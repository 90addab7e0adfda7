// Tasks shared out to threads, with results in the order in which the tasks were given.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace nfql {

/// Does tasks on `threads` threads, of which the one that calls take() is one: with 1 there are no
/// others, and each task is done when its result is taken. The others start with the first task.
///
/// start() and take() are for one thread. How many tasks there are at a time is up to the caller,
/// who should keep more than `threads` so that nobody waits.
template <class Result>
class OrderedTasks {
 public:
  explicit OrderedTasks(std::size_t threads) : others_(threads > 1 ? threads - 1 : 0) {}
  OrderedTasks(const OrderedTasks&) = delete;
  OrderedTasks& operator=(const OrderedTasks&) = delete;
  /// Waits for the tasks that have begun; the others are never done.
  ~OrderedTasks() {
    {
      const std::lock_guard lock(mutex_);
      waiting_.clear();
      ended_ = true;
    }
    more_.notify_all();
  }

  /// Tasks whose results were not taken yet.
  [[nodiscard]] std::size_t pending() const { return results_.size(); }

  /// Gives a task: something to be called once without arguments, that returns a Result.
  template <class Task>
  void start(Task&& task) {
    std::packaged_task<Result()> packaged(std::forward<Task>(task));
    results_.push_back(packaged.get_future());
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(packaged));
    }
    if (threads_.size() < others_) {
      start_thread();
    }
    more_.notify_one();
  }

  /// The result of the oldest pending task, of which there must be one; throws what the task threw.
  /// While that is not done, does tasks itself.
  Result take() {
    std::future<Result> oldest = std::move(results_.front());
    results_.pop_front();
    while (oldest.wait_for(std::chrono::seconds(0)) != std::future_status::ready && do_one()) {
    }
    return oldest.get();
  }

  /// Calls sink(result) for the oldest pending tasks, one after the other, until only `left` are.
  template <class Sink>
  void take_until(std::size_t left, const Sink& sink) {
    while (pending() > left) {
      sink(take());
    }
  }

 private:
  // Where the system has no more threads those that there are do the work, at least who takes.
  void start_thread() {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      others_ = threads_.size();
    }
  }

  bool do_one() {
    std::packaged_task<Result()> task;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        return false;
      }
      task = pop();
    }
    task();
    return true;
  }

  void work() {
    for (std::unique_lock lock(mutex_);;) {
      more_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (ended_) {
        return;
      }
      std::packaged_task<Result()> task = pop();
      lock.unlock();
      task();
      task = {};  // what it holds is let go of outside of the lock
      lock.lock();
    }
  }

  std::packaged_task<Result()> pop() {
    std::packaged_task<Result()> task = std::move(waiting_.front());
    waiting_.pop_front();
    return task;
  }

  std::size_t others_;
  std::deque<std::future<Result>> results_;  // of the caller's thread alone

  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::packaged_task<Result()>> waiting_;  // guarded by mutex_
  bool ended_ = false;                                // guarded by mutex_

  std::vector<std::jthread> threads_;  // the last member: joined before the others go
};

}  // namespace nfql
