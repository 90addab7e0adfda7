#include "common/io/csv_writer.h"

#include <utility>
#include <vector>

namespace nfql {
namespace {

class CsvPrinter final : public RowPrinter {
 public:
  explicit CsvPrinter(const WriteOptions& options) : options_(options) {}

  void begin(std::span<const Heading> headings, TextBuffer& to) override {
    for (std::size_t i = 0; i < headings.size(); ++i) {
      if (i != 0) {
        to.push(',');
      }
      to.append(text_of_name(TextStyle::csv, headings[i].name));
    }
    to.push('\n');
    values_.assign(headings.size(), ValueText(TextStyle::csv, options_));
  }

  void print(const RowRange& rows, TextBuffer& to) override {
    bind_all(values_, rows.columns);
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      for (std::size_t i = 0; i < values_.size(); ++i) {
        if (i != 0) {
          to.push(',');
        }
        values_[i].append(row, to);
      }
      to.push('\n');
    }
  }

  void finish(TextBuffer& /*to*/) override {}

 private:
  WriteOptions options_;
  std::vector<ValueText> values_;
};

}  // namespace

std::unique_ptr<Writer> make_csv_writer(OutputFile file, const StreamHeader& header,
                                        const WriteOptions& options) {
  return make_text_writer(std::move(file), header, options, std::make_unique<CsvPrinter>(options));
}

}  // namespace nfql
