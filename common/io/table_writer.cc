#include "common/io/table_writer.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nfql {
namespace {

constexpr std::size_t kRowsMeasured = 1000;
// An IPv6 address has up to 39 characters; what is longer is a set, or a name out of the ordinary.
constexpr std::size_t kMaxWidth = 48;
constexpr std::string_view kGap = "  ";

// Characters of UTF-8 text: all bytes but those that continue one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

class TablePrinter final : public RowPrinter {
 public:
  void begin(std::span<const Heading> headings, TextBuffer& /*to*/) override {
    for (const Heading& heading : headings) {
      columns_.push_back({0, heading.alignment});
      add_cell(text_of_name(TextStyle::table, heading.name));
    }
  }

  // The widths are those of the first rows.
  [[nodiscard]] bool concurrent() const override { return false; }

  void print(const BoundRows& rows, TextBuffer& to) override {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      for (ValueText& value : rows.values) {
        cell_.clear();
        value.append(row, cell_);
        if (measuring_) {
          add_cell(cell_.text());
        } else {
          place(cell_.text(), to);
        }
      }
      if (measuring_ && ++measured_ == kRowsMeasured) {
        print_measured(to);
      }
    }
  }

  void finish(TextBuffer& to) override {
    if (measuring_) {
      print_measured(to);
    }
  }

 private:
  struct TableColumn {
    std::size_t width;
    Alignment alignment;
  };

  // Keeps a cell until the widths are known.
  void add_cell(std::string_view text) {
    cells_.append(text);
    ends_.push_back(cells_.size());
  }

  void print_measured(TextBuffer& to) {
    measuring_ = false;
    for_each_cell([this](std::string_view text) {
      std::size_t& width = columns_[next_].width;
      width = std::max(width, std::min(width_of(text), kMaxWidth));
      next_ = (next_ + 1) % columns_.size();
    });
    for_each_cell([this, &to](std::string_view text) { place(text, to); });
    cells_ = TextBuffer();
    ends_ = std::vector<std::size_t>();
  }

  template <class Visit>
  void for_each_cell(Visit visit) {
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      visit(cells_.text().substr(begin, end - begin));
      begin = end;
    }
  }

  // Puts the next cell of the line; no blanks at the end of a line.
  void place(std::string_view text, TextBuffer& to) {
    const TableColumn& column = columns_[next_];
    const std::size_t width = width_of(text);
    const std::size_t padding = column.width - std::min(width, column.width);
    const bool last = ++next_ == columns_.size();
    if (column.alignment == Alignment::right) {
      to.append(padding, ' ');
      to.append(text);
    } else {
      to.append(text);
      to.append(last ? 0 : padding, ' ');
    }
    to.append(last ? "\n" : kGap);
    next_ = last ? 0 : next_;
  }

  std::vector<TableColumn> columns_;
  TextBuffer cell_;
  std::size_t next_ = 0;  // column of the next cell
  // The first rows, headings among them, until their widths are known.
  bool measuring_ = true;
  std::size_t measured_ = 0;
  TextBuffer cells_;
  std::vector<std::size_t> ends_;
};

}  // namespace

std::unique_ptr<Writer> make_table_writer(OutputFile file, const StreamHeader& header,
                                          const WriteOptions& options) {
  return make_text_writer(std::move(file), header, options, TextStyle::table,
                          std::make_unique<TablePrinter>());
}

}  // namespace nfql
