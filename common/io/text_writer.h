// The writer of all text formats: rows of any stream, printed by the format.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "common/base/output_file.h"
#include "common/io/text_buffer.h"
#include "common/io/text_rows.h"
#include "common/io/value_text.h"
#include "common/io/writer.h"

namespace nfql {

/// Rows [begin, end) of all columns.
struct BoundRows {
  std::span<ValueText> values;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The notation of one text format.
class RowPrinter {
 public:
  RowPrinter() = default;
  RowPrinter(const RowPrinter&) = delete;
  RowPrinter& operator=(const RowPrinter&) = delete;
  virtual ~RowPrinter() = default;

  /// Called once, before all others.
  virtual void begin(std::span<const Heading> headings, TextBuffer& to) = 0;
  /// Prints rows, or keeps their text for later.
  virtual void print(const BoundRows& rows, TextBuffer& to) = 0;
  /// Whether print() keeps nothing, so that many threads may call it at a time.
  [[nodiscard]] virtual bool concurrent() const { return true; }
  /// Called once, after the last row.
  virtual void finish(TextBuffer& to) = 0;
};

/// Values are printed in `style`. Throws Error(Exit::usage) as make_text_rows() does, and when
/// asked to compress.
[[nodiscard]] std::unique_ptr<Writer> make_text_writer(OutputFile file, const StreamHeader& header,
                                                       const WriteOptions& options, TextStyle style,
                                                       std::unique_ptr<RowPrinter> printer);

}  // namespace nfql
