// What the readers of text formats share: batches, the source, and faults after good rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/input_window.h"
#include "common/io/reader.h"
#include "common/io/text_flows.h"

namespace nfql {

/// A record that is longer than this is a mistake, such as a quote that is not closed.
inline constexpr std::size_t kMaxTextRecord = 1024 * 1024;

/// Reads rows of one notation.
class RowSource {
 public:
  RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;
  virtual ~RowSource() = default;

  [[nodiscard]] virtual TextFlows& flows() = 0;
  [[nodiscard]] virtual const TextFlows& flows() const = 0;
  /// Adds one row to flows(); false at the end of the input. Throws Error(Exit::failed); what it
  /// had of the row is dropped.
  virtual bool read_row() = 0;
  /// What is to be said in the end.
  [[nodiscard]] virtual std::vector<std::string> warnings() const = 0;
};

/// Makes more of the input visible than the `have` bytes that are; false when there is no more.
[[nodiscard]] bool show_more(InputWindow& window, std::size_t have);

/// What a file is to its readers; `window` must not have been moved yet.
[[nodiscard]] Source text_source(InputWindow& window);

/// A reader of the rows of `rows`, which reads from `window`. The source is announced first.
[[nodiscard]] std::unique_ptr<Reader> make_text_reader(Source source,
                                                       std::unique_ptr<InputWindow> window,
                                                       std::unique_ptr<RowSource> rows,
                                                       bool salvage);

/// Where a value stands.
struct TextPlace {
  std::string_view file;
  std::uint64_t line;
  std::string_view column;
};
/// Throws Error(Exit::failed) for a text that is not what was `expected`.
[[noreturn]] void fail_value(const TextPlace& place, std::string_view text,
                             const std::string& expected);

/// Says that columns were left out, as nobody knows their `names`, of which there is one at least.
[[nodiscard]] std::string left_out_warning(const std::string& file,
                                           const std::vector<std::string>& names);

}  // namespace nfql
