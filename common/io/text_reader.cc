#include "common/io/text_reader.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/flow/time.h"

namespace nfql {
namespace {

// What a message shows of a text of the input.
std::string shown_of(std::string_view text) {
  constexpr std::size_t kShown = 40;
  return fmt::format("{}{}", text.substr(0, kShown), text.size() > kShown ? "..." : "");
}

std::string doubtful_warning(const std::string& file, std::string_view column, std::int64_t time) {
  std::string clock;
  append_time(clock, time);
  return fmt::format(
      "{}: column '{}': {} is read as ms since 1970 ({}); seconds are written {}.0, or in columns "
      "flowStartSeconds and flowEndSeconds",
      file, column, time, clock, time);
}

class TextReader final : public Reader {
 public:
  TextReader(Source source, std::unique_ptr<InputWindow> window, std::unique_ptr<RowSource> rows,
             bool salvage)
      : source_(std::move(source)),
        window_(std::move(window)),
        rows_(std::move(rows)),
        header_(flows_header(rows_->flows().schema())),
        salvage_(salvage) {}

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return window_->offset(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return window_->size(); }
  [[nodiscard]] std::optional<std::string> fault() const override { return fault_; }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    return ended_ ? std::as_const(*rows_).flows().missing() : std::vector<ElementId>();
  }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all = rows_->warnings();
    if (const auto& doubtful = std::as_const(*rows_).flows().doubtful_time()) {
      all.push_back(doubtful_warning(window_->name(), doubtful->first, doubtful->second));
    }
    return all;
  }

  bool next(Block& block) override {
    if (!announced_) {
      announced_ = true;
      block = Block();
      block.kind = BlockKind::sources;
      block.sources = {source_};
      return true;
    }
    if (!ended_) {
      fill();
    }
    TextFlows& flows = rows_->flows();
    if (flows.rows() != 0) {
      block.kind = BlockKind::flows;
      block.branch = 0;
      block.sources.clear();
      flows.move_to(block.batch);
      return true;
    }
    if (thrown_ && !salvage_) {
      std::rethrow_exception(thrown_);
    }
    return false;
  }

 private:
  void fill() {
    try {
      while (!rows_->flows().full()) {
        if (!rows_->read_row()) {
          ended_ = true;
          return;
        }
      }
    } catch (const Error& error) {
      ended_ = true;
      fault_ = error.what();
      thrown_ = std::current_exception();
    }
  }

  Source source_;
  std::unique_ptr<InputWindow> window_;
  std::unique_ptr<RowSource> rows_;
  StreamHeader header_;
  bool salvage_;
  bool announced_ = false;
  bool ended_ = false;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

}  // namespace

bool show_more(InputWindow& window, std::size_t have) {
  // A long record takes twice as much each time; for others what comes from a pipe is enough.
  constexpr std::size_t kLong = 64 * 1024;
  return window.peek(have < kLong ? have + 1 : 2 * have).size() > have;
}

Source text_source(InputWindow& window) {
  return {window.name(), fingerprint(window), 0};
}

std::unique_ptr<Reader> make_text_reader(Source source, std::unique_ptr<InputWindow> window,
                                         std::unique_ptr<RowSource> rows, bool salvage) {
  return std::make_unique<TextReader>(std::move(source), std::move(window), std::move(rows),
                                      salvage);
}

void fail_value(const TextPlace& place, std::string_view text, const std::string& expected) {
  fail(Exit::failed, "{}: line {}, column '{}': '{}' is not {}", place.file, place.line,
       place.column, shown_of(text), expected);
}

std::string left_out_warning(const std::string& file, const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> shown;
  for (const std::string& name : std::span(names).first(std::min(names.size(), kShown))) {
    shown.push_back(shown_of(name));
  }
  const std::string more =
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
  const std::string_view nearest = names.size() == 1 ? nearest_field(names.front()) : "";
  const std::string hint = nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
  return fmt::format("{}: column{} '{}'{}: no field has that name{}; left out", file,
                     names.size() == 1 ? "" : "s", fmt::join(shown, "', '"), more, hint);
}

}  // namespace nfql
