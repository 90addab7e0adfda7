#include "common/io/csv_reader.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/io/csv_scan.h"
#include "common/io/text_reader.h"

namespace nfql {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A line without its end.
std::string_view line_of(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

std::size_t past_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? text.size() : end + 1;
}

class CsvRows final : public RowSource {
 public:
  CsvRows(InputWindow& window, const ReadOptions& options)
      : window_(window),
        names_(read_header()),
        flows_(names_, options, TextFlows::Names::all,
               fmt::format("{}: line {}", window.name(), line_ - 1)) {}

  [[nodiscard]] TextFlows& flows() override { return flows_; }
  [[nodiscard]] const TextFlows& flows() const override { return flows_; }

  bool read_row() override {
    for (;;) {
      const std::string_view text = as_text(window_.peek(1));
      if (text.empty()) {
        return false;
      }
      if (passes_over(text)) {
        continue;
      }
      const CsvRecord record =
          scan_record(text, ended_, scratch_,
                      [this](std::size_t column, std::string_view value) { put(column, value); });
      if (record.bytes == 0) {
        read_on(text.size(), record.open);
        continue;
      }
      const bool empty = record.cells == 1 && line_of(text).empty();
      if (!empty && record.cells != names_.size()) {
        fail(Exit::failed, "{}: line {}: has {} of {} columns", window_.name(), line_, record.cells,
             names_.size());
      }
      window_.skip(record.bytes);
      line_ += record.lines;
      if (!empty || names_.size() == 1) {
        flows_.end_row();
        return true;
      }
    }
  }

  [[nodiscard]] std::vector<std::string> warnings() const override {
    if (flows_.unknown_names().empty()) {
      return {};
    }
    return {left_out_warning(window_.name(), flows_.unknown_names())};
  }

 private:
  // The names in the first line that is not blank.
  std::vector<std::string> read_header() {
    for (;;) {
      const std::string_view text = as_text(window_.peek(1));
      if (text.find('\n') == std::string_view::npos && !ended_) {
        read_on(text.size(), false);
        continue;
      }
      header_ = line_of(text);
      window_.skip(past_line(text));
      ++line_;
      if (!is_blank(header_) || as_text(window_.peek(1)).empty()) {
        return header_names(header_);
      }
    }
  }

  void put(std::size_t column, std::string_view value) {
    if (column >= names_.size() || !flows_.reads(column) || value.empty() ||
        flows_.put(column, value)) {
      return;
    }
    const std::size_t begin = value.find_first_not_of(' ');
    const std::size_t end = value.find_last_not_of(' ');
    if (begin == std::string_view::npos ||
        flows_.put(column, value.substr(begin, end - begin + 1))) {
      return;
    }
    fail_value({window_.name(), line_, names_[column]}, value, flows_.expected(column));
  }

  // Makes more of the input visible than the record that has `have` bytes so far.
  void read_on(std::size_t have, bool open) {
    if (have > kMaxTextRecord) {
      fail(Exit::failed, "{}: line {}: {}", window_.name(), line_,
           open ? "a quote is not closed" : "is longer than a line of flows can be");
    }
    if (ended_) {
      fail(Exit::failed, "{}: line {}: a quote is not closed", window_.name(), line_);
    }
    ended_ = !show_more(window_, have);
  }

  // Passes over a line that is no row: a header as that of the file, or what nfdump says in the
  // end.
  bool passes_over(std::string_view text) {
    const bool nfdump = flows_.origin() == TextOrigin::nfdump;
    const bool may_be =
        text.front() == header_.front() || (nfdump && (text.front() == 'S' || text.front() == 'N'));
    if (!may_be && !after_summary_) {
      return false;
    }
    if (text.find('\n') == std::string_view::npos && !ended_) {
      read_on(text.size(), false);
      return true;
    }
    const std::string_view line = line_of(text);
    const bool header = line == header_;
    if (nfdump && line == "Summary") {
      after_summary_ = true;
    } else if (header) {
      after_summary_ = false;
    } else if (!after_summary_ && !(nfdump && line.starts_with("No match"))) {
      return false;
    }
    window_.skip(past_line(text));
    ++line_;
    return true;
  }

  InputWindow& window_;
  bool ended_ = false;  // nothing is behind what the window shows
  bool after_summary_ = false;
  std::uint64_t line_ = 1;
  std::string header_;
  std::vector<std::string> names_;
  std::string scratch_;
  TextFlows flows_;
};

}  // namespace

bool looks_csv(std::span<const std::byte> first_bytes) {
  std::string_view text = as_text(first_bytes);
  while (!text.empty() && is_blank(line_of(text))) {
    text.remove_prefix(past_line(text));
  }
  std::vector<std::string> names = header_names(line_of(text));
  if (text.find('\n') == std::string_view::npos && names.size() > 1) {
    names.pop_back();  // may go on
  }
  const TextOrigin origin = text_origin(names);
  const auto known = std::count_if(names.begin(), names.end(), [origin](const std::string& name) {
    return find_text_name(name, origin).known;
  });
  return known != 0 && 2 * static_cast<std::size_t>(known) >= names.size();
}

std::optional<char> other_separator(std::span<const std::byte> first_bytes) {
  for (const char separator : {';', '\t', '|'}) {
    std::string text(as_text(first_bytes));
    std::replace(text.begin(), text.end(), separator, ',');
    if (text != as_text(first_bytes) && looks_csv(std::as_bytes(std::span(text)))) {
      return separator;
    }
  }
  return std::nullopt;
}

std::unique_ptr<Reader> make_csv_reader(InputFile file, const ReadOptions& options) {
  auto window = std::make_unique<InputWindow>(std::move(file));
  Source source = text_source(*window);
  auto rows = std::make_unique<CsvRows>(*window, options);
  return make_text_reader(std::move(source), std::move(window), std::move(rows), options.salvage);
}

}  // namespace nfql
