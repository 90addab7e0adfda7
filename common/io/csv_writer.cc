#include "common/io/csv_writer.h"

#include <utility>

namespace nfql {
namespace {

class CsvPrinter final : public RowPrinter {
 public:
  void begin(std::span<const Heading> headings, TextBuffer& to) override {
    for (std::size_t i = 0; i < headings.size(); ++i) {
      if (i != 0) {
        to.push(',');
      }
      to.append(text_of_name(TextStyle::csv, headings[i].name));
    }
    to.push('\n');
  }

  void print(const BoundRows& rows, TextBuffer& to) override {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      for (std::size_t i = 0; i < rows.values.size(); ++i) {
        if (i != 0) {
          to.push(',');
        }
        rows.values[i].append(row, to);
      }
      to.push('\n');
    }
  }

  void finish(TextBuffer& /*to*/) override {}
};

}  // namespace

std::unique_ptr<Writer> make_csv_writer(OutputFile file, const StreamHeader& header,
                                        const WriteOptions& options) {
  return make_text_writer(std::move(file), header, options, TextStyle::csv,
                          std::make_unique<CsvPrinter>());
}

}  // namespace nfql
