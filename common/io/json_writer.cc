#include "common/io/json_writer.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace nfql {
namespace {

class JsonPrinter final : public RowPrinter {
 public:
  void begin(std::span<const Heading> headings, TextBuffer& /*to*/) override {
    for (const Heading& heading : headings) {
      const std::string_view before = keys_.empty() ? "" : ",";
      keys_.push_back(fmt::format("{}{}:", before, text_of_name(TextStyle::json, heading.name)));
    }
  }

  void print(const BoundRows& rows, TextBuffer& to) override {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      to.push('{');
      for (std::size_t i = 0; i < rows.values.size(); ++i) {
        to.append(keys_[i]);
        rows.values[i].append(row, to);
      }
      to.append("}\n");
    }
  }

  void finish(TextBuffer& /*to*/) override {}

 private:
  std::vector<std::string> keys_;  // with the punctuation around them
};

}  // namespace

std::unique_ptr<Writer> make_json_writer(OutputFile file, const StreamHeader& header,
                                         const WriteOptions& options) {
  return make_text_writer(std::move(file), header, options, TextStyle::json,
                          std::make_unique<JsonPrinter>());
}

}  // namespace nfql
