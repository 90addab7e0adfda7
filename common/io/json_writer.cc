#include "common/io/json_writer.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace nfql {
namespace {

class JsonPrinter final : public RowPrinter {
 public:
  explicit JsonPrinter(const WriteOptions& options) : options_(options) {}

  void begin(std::span<const Heading> headings, TextBuffer& /*to*/) override {
    for (const Heading& heading : headings) {
      const std::string_view before = keys_.empty() ? "" : ",";
      keys_.push_back(fmt::format("{}{}:", before, text_of_name(TextStyle::json, heading.name)));
    }
    values_.assign(headings.size(), ValueText(TextStyle::json, options_));
  }

  void print(const RowRange& rows, TextBuffer& to) override {
    bind_all(values_, rows.columns);
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      to.push('{');
      for (std::size_t i = 0; i < values_.size(); ++i) {
        to.append(keys_[i]);
        values_[i].append(row, to);
      }
      to.append("}\n");
    }
  }

  void finish(TextBuffer& /*to*/) override {}

 private:
  WriteOptions options_;
  std::vector<std::string> keys_;  // with the punctuation around them
  std::vector<ValueText> values_;
};

}  // namespace

std::unique_ptr<Writer> make_json_writer(OutputFile file, const StreamHeader& header,
                                         const WriteOptions& options) {
  return make_text_writer(std::move(file), header, options, std::make_unique<JsonPrinter>(options));
}

}  // namespace nfql
