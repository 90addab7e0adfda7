#include "common/io/read_ahead.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace nfql {
namespace {

class ReadAhead final : public Reader {
 public:
  explicit ReadAhead(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}

  ~ReadAhead() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    room_.notify_one();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  [[nodiscard]] const StreamHeader& header() const override { return reader_->header(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_total() const override { return reader_->bytes_total(); }
  // Of these three the thread is done when they are asked: the input has ended.
  [[nodiscard]] std::optional<std::string> fault() const override { return reader_->fault(); }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    return reader_->missing_fields();
  }
  [[nodiscard]] std::vector<std::string> warnings() const override { return reader_->warnings(); }

  bool next(Block& block) override {
    if (!thread_.joinable()) {
      thread_ = std::thread(&ReadAhead::run, this);
    }
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return given_ != taken_ || ended_; });
    if (given_ == taken_) {
      if (thrown_) {
        std::rethrow_exception(thrown_);
      }
      return false;
    }
    std::swap(block, blocks_[taken_++ % blocks_.size()]);
    lock.unlock();
    room_.notify_one();
    return true;
  }

 private:
  // What the thread does: what comes of it stays in the object, also what was thrown.
  void run() noexcept {
    std::exception_ptr thrown;
    try {
      Block block;
      while (reader_->next(block) && put(block)) {
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex_);
      bytes_read_ = reader_->bytes_read();
      thrown_ = std::move(thrown);
      ended_ = true;
    }
    ready_.notify_one();
  }

  // Exchanges `block` for one that was worked on; false if no more are wanted.
  bool put(Block& block) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return given_ - taken_ < blocks_.size() || stop_; });
    if (stop_) {
      return false;
    }
    std::swap(block, blocks_[given_++ % blocks_.size()]);
    bytes_read_ = reader_->bytes_read();
    lock.unlock();
    ready_.notify_one();
    return true;
  }

  std::unique_ptr<Reader> reader_;
  std::atomic<std::uint64_t> bytes_read_ = 0;

  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable room_;
  // Guarded by mutex_. Blocks given_ to taken_, counted from the first, are in blocks_.
  std::array<Block, 2> blocks_;
  std::size_t given_ = 0;
  std::size_t taken_ = 0;
  bool ended_ = false;
  bool stop_ = false;
  std::exception_ptr thrown_;

  std::thread thread_;
};

}  // namespace

std::unique_ptr<Reader> read_ahead(std::unique_ptr<Reader> reader) {
  return std::make_unique<ReadAhead>(std::move(reader));
}

}  // namespace nfql
