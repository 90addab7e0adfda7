#include "common/io/read_ahead.h"

#include <utility>

namespace nfql {
namespace {

// Below this reading takes less time than starting a thread and waiting for it.
constexpr std::uint64_t kLargeBytes = 1024 * 1024;

class ReadAhead final : public Reader {
 public:
  explicit ReadAhead(std::unique_ptr<Reader> reader)
      : reader_(std::move(reader)),
        ahead_(Beside::yes, [this](Read& read) { return make(read); }) {}

  [[nodiscard]] const StreamHeader& header() const override { return reader_->header(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_total() const override { return reader_->bytes_total(); }
  // What lies ahead of the blocks that were given is not told: it depends on who was faster.
  [[nodiscard]] std::optional<std::string> fault() const override {
    ahead_.stop();
    return ahead_.gave_all() ? reader_->fault() : std::nullopt;
  }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    ahead_.stop();
    return ahead_.gave_all() ? reader_->missing_fields() : std::vector<ElementId>();
  }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    ahead_.stop();
    return reader_->warnings();
  }

  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override {
    return reader_->choose_rows(chooser);
  }
  [[nodiscard]] std::uint64_t rows_left_out() const override { return rows_left_out_; }

  bool next(Block& block) override {
    std::swap(block, read_.block);
    const bool more = ahead_.next(read_);
    std::swap(block, read_.block);
    bytes_read_ = more ? read_.bytes_read : reader_->bytes_read();
    rows_left_out_ = more ? read_.rows_left_out : reader_->rows_left_out();
    return more;
  }

 private:
  struct Read {
    Block block;
    std::uint64_t bytes_read = 0;  // of the input, when the block was read
    std::uint64_t rows_left_out = 0;
  };

  bool make(Read& read) {
    const bool more = reader_->next(read.block);
    read.bytes_read = reader_->bytes_read();
    read.rows_left_out = reader_->rows_left_out();
    return more;
  }

  std::unique_ptr<Reader> reader_;
  Read read_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t rows_left_out_ = 0;
  // Mutable, as who asks how the reading went ends it. The last member: its thread works on others.
  mutable RunAhead<Read, 2> ahead_;
};

}  // namespace

// Pipes have no size. They are not read ahead: one would wait for them when nobody wants more.
Beside beside_for(std::uint64_t bytes, std::size_t threads) {
  return bytes >= kLargeBytes && threads > 1 ? Beside::yes : Beside::no;
}

std::unique_ptr<Reader> read_ahead(std::unique_ptr<Reader> reader) {
  return std::make_unique<ReadAhead>(std::move(reader));
}

}  // namespace nfql
