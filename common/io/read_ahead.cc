#include "common/io/read_ahead.h"

#include <array>
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
  ~ReadAhead() override { end_reading(); }

  [[nodiscard]] const StreamHeader& header() const override { return reader_->header(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_total() const override { return reader_->bytes_total(); }
  // What lies ahead of the blocks that were given is not told: it depends on who was faster.
  [[nodiscard]] std::optional<std::string> fault() const override {
    end_reading();
    return gave_all_ ? reader_->fault() : std::nullopt;
  }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    end_reading();
    return gave_all_ ? reader_->missing_fields() : std::vector<ElementId>();
  }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    end_reading();
    return reader_->warnings();
  }

  bool next(Block& block) override {
    if (!thread_.joinable() && !gave_all_) {
      thread_ = std::thread(&ReadAhead::run, this);
    }
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return given_ != taken_ || ended_; });
    if (given_ == taken_) {
      gave_all_ = true;
      bytes_read_ = reader_->bytes_read();
      if (thrown_) {
        std::rethrow_exception(thrown_);
      }
      return false;
    }
    Slot& slot = slots_[taken_++ % slots_.size()];
    std::swap(block, slot.block);
    bytes_read_ = slot.bytes_read;
    lock.unlock();
    room_.notify_one();
    return true;
  }

 private:
  struct Slot {
    Block block;
    std::uint64_t bytes_read = 0;  // of the input, when the block was read
  };

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
      thrown_ = std::move(thrown);
      ended_ = true;
    }
    ready_.notify_one();
  }

  // Exchanges `block` for one that was worked on; false if no more are wanted.
  bool put(Block& block) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return given_ - taken_ < slots_.size() || stop_; });
    if (stop_) {
      return false;
    }
    Slot& slot = slots_[given_++ % slots_.size()];
    std::swap(block, slot.block);
    slot.bytes_read = reader_->bytes_read();
    lock.unlock();
    ready_.notify_one();
    return true;
  }

  // From here on the reader is this thread's alone.
  void end_reading() const {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    room_.notify_one();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  std::unique_ptr<Reader> reader_;
  std::uint64_t bytes_read_ = 0;
  bool gave_all_ = false;

  // Mutable, as who asks how the reading went ends it.
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  mutable std::condition_variable room_;
  // Guarded by mutex_. Blocks given_ to taken_, counted from the first, are in slots_.
  std::array<Slot, 2> slots_;
  std::size_t given_ = 0;
  std::size_t taken_ = 0;
  bool ended_ = false;
  mutable bool stop_ = false;
  std::exception_ptr thrown_;

  mutable std::thread thread_;
};

}  // namespace

std::unique_ptr<Reader> read_ahead(std::unique_ptr<Reader> reader) {
  return std::make_unique<ReadAhead>(std::move(reader));
}

}  // namespace nfql
