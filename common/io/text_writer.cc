#include "common/io/text_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

// Rows printed between two looks at the buffer: some 100 KiB of text, which stays in the cache.
constexpr std::size_t kRowsAtOnce = 1024;
// Text handed on at once; OutputFile writes pieces of this size without copying them.
constexpr std::size_t kPiece = 64 * 1024;

class TextWriter final : public Writer, private RowSink {
 public:
  TextWriter(OutputFile file, std::unique_ptr<TextRows> rows, std::unique_ptr<RowPrinter> printer,
             std::optional<std::uint64_t> limit)
      : file_(std::move(file)),
        rows_(std::move(rows)),
        printer_(std::move(printer)),
        left_(limit.value_or(std::numeric_limits<std::uint64_t>::max())) {
    printer_->begin(rows_->headings(), text_);
  }

  void put(Block&& block) override {
    if (full()) {
      return;
    }
    rows_->put(std::move(block), *this);
    if (file_.is_terminal()) {  // somebody is waiting
      hand_on();
      file_.flush();
    }
  }

  void finish() override {
    rows_->finish(*this);
    printer_->finish(text_);
    hand_on();
    file_.commit();
  }

  [[nodiscard]] bool full() const override { return left_ == 0; }

  [[nodiscard]] std::uint64_t bytes_written() const override {
    return file_.offset() + text_.size();
  }

 private:
  void put_rows(const RowRange& rows) override {
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(rows.end - rows.begin, left_));
    left_ -= count;
    const std::size_t end = rows.begin + count;
    for (std::size_t row = rows.begin; row < end; row += kRowsAtOnce) {
      printer_->print({rows.columns, row, std::min(end, row + kRowsAtOnce)}, text_);
      if (text_.size() >= kPiece) {
        hand_on();
      }
    }
  }

  void hand_on() {
    file_.write(text_.text());
    text_.clear();
  }

  OutputFile file_;
  std::unique_ptr<TextRows> rows_;
  std::unique_ptr<RowPrinter> printer_;
  TextBuffer text_;
  std::uint64_t left_;  // rows that may still be printed
};

}  // namespace

std::unique_ptr<Writer> make_text_writer(OutputFile file, const StreamHeader& header,
                                         const WriteOptions& options,
                                         std::unique_ptr<RowPrinter> printer) {
  if (!options.compress.empty()) {
    throw Error(Exit::usage, "text output is not compressed", "leave out -z, or pipe it to gzip");
  }
  return std::make_unique<TextWriter>(std::move(file), make_text_rows(header, options.columns),
                                      std::move(printer), options.limit);
}

}  // namespace nfql
