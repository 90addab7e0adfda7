#include "common/io/text_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/base/ordered_tasks.h"
#include "common/base/spares.h"

namespace nfql {
namespace {

// Rows printed at a time: some 100 KiB of text, which stay in the second-level cache, and are much
// more work than sharing it out.
constexpr std::size_t kRowsAtOnce = 2048;

// Some rows as text, and what prints them.
struct Piece {
  TextBuffer text;
  std::vector<ValueText> values;
};

class TextWriter final : public Writer, private RowSink {
 public:
  TextWriter(OutputFile file, std::unique_ptr<TextRows> rows, std::unique_ptr<RowPrinter> printer,
             const WriteOptions& options, TextStyle style)
      : file_(std::move(file)),
        rows_(std::move(rows)),
        printer_(std::move(printer)),
        value_(style, options),
        threads_(printer_->concurrent() ? options.threads : 1),
        left_(options.limit.value_or(std::numeric_limits<std::uint64_t>::max())),
        printing_(threads_) {
    TextBuffer text;
    printer_->begin(rows_->headings(), text);
    file_.write(text.text());
  }

  void put(Block&& block) override {
    if (full()) {
      return;
    }
    rows_->put(std::move(block), *this);
    if (file_.is_terminal()) {  // somebody is waiting
      file_.flush();
    }
  }

  void finish() override {
    rows_->finish(*this);
    TextBuffer text;
    printer_->finish(text);
    file_.write(text.text());
    file_.commit();
  }

  [[nodiscard]] bool full() const override { return left_ == 0; }

  [[nodiscard]] std::uint64_t bytes_written() const override { return file_.offset(); }

 private:
  void put_rows(const RowRange& rows) override {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(rows.end - rows.begin, left_));
    left_ -= count;
    if (count <= kRowsAtOnce) {
      hand_on(print({rows.columns, rows.begin, rows.begin + count}, take_piece()));
      return;
    }
    try {
      print_in_pieces({rows.columns, rows.begin, rows.begin + count});
    } catch (...) {
      end_printing();
      throw;
    }
  }

  void print_in_pieces(const RowRange& rows) {
    for (std::size_t row = rows.begin; row < rows.end; row += kRowsAtOnce) {
      const RowRange part{rows.columns, row, std::min(rows.end, row + kRowsAtOnce)};
      printing_.start(
          [this, part, piece = take_piece()]() mutable { return print(part, std::move(piece)); });
      hand_on_until(2 * threads_);
    }
    hand_on_until(0);
  }

  // Until only `left` pieces are being printed.
  void hand_on_until(std::size_t left) {
    printing_.take_until(left, [this](Piece&& piece) { hand_on(std::move(piece)); });
  }

  // Threads print rows that are valid only until put_rows() returns or throws.
  void end_printing() noexcept {
    while (printing_.pending() != 0) {
      try {
        static_cast<void>(printing_.take());
      } catch (...) {  // there is an error already
      }
    }
  }

  Piece take_piece() {
    return spares_.take([this] {
      return Piece{{}, std::vector<ValueText>(rows_->headings().size(), value_)};
    });
  }

  Piece print(const RowRange& rows, Piece&& piece) const {
    bind_all(piece.values, rows.columns);
    printer_->print({piece.values, rows.begin, rows.end}, piece.text);
    return std::move(piece);
  }

  void hand_on(Piece&& piece) {
    file_.write(piece.text.text());
    piece.text.clear();
    spares_.put(std::move(piece));
  }

  OutputFile file_;
  std::unique_ptr<TextRows> rows_;
  std::unique_ptr<RowPrinter> printer_;
  ValueText value_;  // as it is before it is bound
  std::size_t threads_;
  std::uint64_t left_;  // rows that may still be printed
  Spares<Piece> spares_;
  OrderedTasks<Piece> printing_;  // last: its threads use the others
};

}  // namespace

std::unique_ptr<Writer> make_text_writer(OutputFile file, const StreamHeader& header,
                                         const WriteOptions& options, TextStyle style,
                                         std::unique_ptr<RowPrinter> printer) {
  if (!options.compress.empty()) {
    throw Error(Exit::usage, "text output is not compressed", "leave out -z, or pipe it to gzip");
  }
  return std::make_unique<TextWriter>(std::move(file), make_text_rows(header, options.columns),
                                      std::move(printer), options, style);
}

}  // namespace nfql
