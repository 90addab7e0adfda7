// What the tests of the readers of text share.
#pragma once

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/io/reader.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"

namespace nfql::test {

/// What a text was read as.
struct TextRead {
  AllFlows flows;
  std::vector<std::string> warnings;

  [[nodiscard]] std::string names() const {
    std::string names;
    for (const Field& field : flows.schema.fields()) {
      names += (names.empty() ? "" : ",") + field.name;
    }
    return names;
  }
  /// The values of all columns but flowId, by rows, with blanks between.
  [[nodiscard]] std::vector<std::string> rows() const {
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < flows.rows(); ++row) {
      std::string text;
      for (const Field& field : flows.schema.fields()) {
        if (field.id != element::kFlowId) {
          text += (text.empty() ? "" : " ") + flows.at(row, field.name);
        }
      }
      rows.push_back(text);
    }
    return rows;
  }
};

inline TextRead read_text(const std::string& text, const ReadOptions& options = {}) {
  TextRead result;
  try {
    const auto reader = open_reader(input_of(text, "x"), options);
    result.flows = read_all(*reader);
    result.warnings = reader->warnings();
  } catch (const Error& error) {
    result.flows.error = error.what();
  }
  return result;
}

}  // namespace nfql::test
