// Making things in a thread of its own, ahead of who takes them.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace nfql {

/// Whether a thread may run beside the one that asks.
enum class Beside : bool { no, yes };

/// Gives the items that a function makes, in order. With Beside::yes a thread makes them, with up
/// to `Ahead` waiting to be taken; it starts with the first next(). Else each is made when it is
/// taken.
template <class Item, std::size_t Ahead>
class RunAhead {
 public:
  /// Replaces an item, of which the memory may be used again; returns false at the end. It runs in
  /// the thread: what else it works on is not for others until stop().
  using Make = std::function<bool(Item& item)>;

  RunAhead(Beside beside, Make make) : beside_(beside), make_(std::move(make)) {}
  RunAhead(const RunAhead&) = delete;
  RunAhead& operator=(const RunAhead&) = delete;
  ~RunAhead() { stop(); }

  /// Exchanges `item` for the next one; false at the end. What the function throws comes when all
  /// items before it were given, and again after that.
  bool next(Item& item) {
    if (gave_all_) {
      return end();
    }
    if (beside_ == Beside::yes && !thread_.joinable()) {
      start_thread();
    }
    if (beside_ == Beside::no) {
      make_into(item);
      return !gave_all_ || end();
    }
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return made_ != taken_ || ended_; });
    if (made_ == taken_) {
      gave_all_ = true;
      return end();
    }
    std::swap(item, items_[taken_++ % items_.size()]);
    lock.unlock();
    room_.notify_one();
    return true;
  }

  /// Whether next() has told the end, by false or by throwing.
  [[nodiscard]] bool gave_all() const { return gave_all_; }

  /// Waits for the item that is being made, and makes no more. next() must not be called after it
  /// unless it gave all.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    room_.notify_one();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

 private:
  bool end() const {
    if (thrown_) {
      std::rethrow_exception(thrown_);
    }
    return false;
  }

  // Where the system has no more threads it goes without.
  void start_thread() {
    try {
      thread_ = std::thread(&RunAhead::run, this);
    } catch (const std::system_error&) {
      beside_ = Beside::no;
    }
  }

  void make_into(Item& item) {
    try {
      gave_all_ = !make_(item);
    } catch (...) {
      thrown_ = std::current_exception();
      gave_all_ = true;
    }
  }

  // What the thread does: what comes of it stays in the object, also what was thrown.
  void run() noexcept {
    std::exception_ptr thrown;
    try {
      Item item;
      while (make_(item) && put(item)) {
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex_);
      thrown_ = std::move(thrown);
      ended_ = true;
    }
    ready_.notify_one();
  }

  // Exchanges `item` for one that was taken before; false if no more are wanted.
  bool put(Item& item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return made_ - taken_ < items_.size() || stop_; });
    if (stop_) {
      return false;
    }
    std::swap(item, items_[made_++ % items_.size()]);
    lock.unlock();
    ready_.notify_one();
    return true;
  }

  Beside beside_;
  Make make_;
  bool gave_all_ = false;

  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable room_;
  // Guarded by mutex_. Items taken_ to made_, counted from the first, are in items_.
  std::array<Item, Ahead> items_;
  std::size_t made_ = 0;
  std::size_t taken_ = 0;
  bool ended_ = false;
  bool stop_ = false;
  std::exception_ptr thrown_;

  std::thread thread_;
};

}  // namespace nfql
