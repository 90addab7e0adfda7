#include "common/io/json_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "common/base/error.h"
#include "common/io/byte_order_mark.h"
#include "common/io/json_scan.h"
#include "common/io/text_reader.h"

namespace nfql {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kLookedAhead = 64 * 1024;
// Keys that are told apart; a file with more of them has no columns.
constexpr std::size_t kMostKeys = 4096;
// Where a key stands that has no column.
constexpr std::size_t kNoName = std::numeric_limits<std::size_t>::max();

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Parses one object after the other out of memory that goes on behind them.
class ObjectParser {
 public:
  /// Calls `member(key, value)` for the members of the object that is the first `size` bytes of
  /// `text`. Returns what is wrong with it.
  template <class Member>
  simdjson::error_code parse(std::string_view text, std::size_t size, const Member& member) {
    if (text.size() - size < simdjson::SIMDJSON_PADDING) {
      copy_.assign(text.substr(0, size));
      copy_.append(simdjson::SIMDJSON_PADDING, ' ');
      text = copy_;
    }
    ondemand::document document;
    if (const auto error = parser_.iterate(text.data(), size, text.size()).get(document)) {
      return error;
    }
    ondemand::object object;
    if (const auto error = document.get_object().get(object)) {
      return error;
    }
    for (auto field : object) {
      ondemand::field entry;
      if (const auto error = std::move(field).get(entry)) {
        return error;
      }
      if (const simdjson::error_code error = member(entry)) {
        return error;
      }
    }
    return simdjson::SUCCESS;
  }

 private:
  ondemand::parser parser_;
  std::string copy_;
};

class JsonRows final : public RowSource {
 public:
  JsonRows(InputWindow& window, const ReadOptions& options)
      : window_(window),
        wanted_(options.wanted),
        flows_(look_ahead(), options, TextFlows::Names::some, window.name()) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      places_.emplace(names_[i], i);
    }
  }

  [[nodiscard]] TextFlows& flows() override { return flows_; }
  [[nodiscard]] const TextFlows& flows() const override { return flows_; }

  bool read_row() override {
    const std::optional<JsonObject> object = next_object();
    if (!object) {
      return false;
    }
    line_ += object->lines_before;
    const std::string_view text = as_text(window_.peek(1)).substr(object->begin);
    next_ = 0;
    check(parser_.parse(text, object->end - object->begin,
                        [this](ondemand::field& field) { return put(field); }));
    line_ += object->lines - object->lines_before;
    window_.skip(object->end);
    flows_.end_row();
    return true;
  }

  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all;
    if (!flows_.unknown_names().empty()) {
      all.push_back(left_out_warning(window_.name(), flows_.unknown_names()));
    }
    if (!late_.empty()) {
      all.push_back(
          fmt::format("{}: column '{}' first came in line {}; left out, as columns are "
                      "those of the first {} KiB",
                      window_.name(), late_, late_line_, kLookedAhead / 1024));
    }
    return all;
  }

 private:
  void check(simdjson::error_code error) const {
    if (error != simdjson::SUCCESS) {
      fail(Exit::failed, "{}: line {}: is no JSON object: {}", window_.name(), line_,
           simdjson::error_message(error));
    }
  }

  // The next object that the window can be made to show whole; none at the end of the input.
  std::optional<JsonObject> next_object() {
    for (;;) {
      const std::string_view text = as_text(window_.peek(1));
      const JsonObject object = find_object(text);
      switch (object.state) {
        case JsonObject::State::whole:
          return object;
        case JsonObject::State::other:
          fail(Exit::failed, "{}: line {}: expected a JSON object, found '{}'", window_.name(),
               line_ + object.lines_before, text[object.begin]);
        case JsonObject::State::more:
          break;
      }
      // What stands before an object is done with, however much it is.
      line_ += object.lines_before;
      window_.skip(object.begin);
      const std::size_t have = text.size() - object.begin;
      if (have > kMaxTextRecord) {
        fail(Exit::failed, "{}: line {}: an object is larger than one of a flow can be",
             window_.name(), line_);
      }
      if (show_more(window_, have)) {
        continue;
      }
      if (have != 0) {
        fail(Exit::failed, "{}: line {}: ends in the middle of an object", window_.name(), line_);
      }
      return std::nullopt;
    }
  }

  // The keys of the objects that the beginning of the input has, in the order in which they come.
  const std::vector<std::string>& look_ahead() {
    if (as_text(window_.peek(kLookedAhead)).starts_with(kByteOrderMark)) {
      window_.skip(kByteOrderMark.size());
    }
    if (!next_object()) {
      fail(Exit::failed, "{}: has no JSON object, so nothing says what its columns are",
           window_.name());
    }
    std::string_view text = as_text(window_.peek(1));
    text = text.substr(0, std::max(kLookedAhead, find_object(text).end));
    JsonObject object = find_object(text);
    simdjson::error_code error = simdjson::SUCCESS;
    while (object.state == JsonObject::State::whole && error == simdjson::SUCCESS) {
      error = parser_.parse(text.substr(object.begin), object.end - object.begin,
                            [this](ondemand::field& field) { return add_name(field); });
      if (names_.empty()) {
        check(error);
      }
      text.remove_prefix(object.end);
      object = find_object(text);
    }
    return names_;
  }

  simdjson::error_code add_name(ondemand::field& field) {
    std::string_view key;
    const simdjson::error_code error = field.unescaped_key().get(key);
    if (error == simdjson::SUCCESS && names_.size() < kMostKeys &&
        std::find(names_.begin(), names_.end(), key) == names_.end()) {
      names_.emplace_back(key);
    }
    return error;
  }

  // Which name a key is; objects mostly have the same keys in the same order.
  simdjson::error_code find_name(ondemand::field& field, std::size_t& name) {
    if (next_ < names_.size() && is_name(field, names_[next_])) {
      name = next_++;
      return simdjson::SUCCESS;
    }
    std::string_view key;
    if (const simdjson::error_code error = field.unescaped_key().get(key)) {
      return error;
    }
    name = place_of(key);
    if (name != kNoName) {
      next_ = name + 1;
    }
    return simdjson::SUCCESS;
  }

  // The place of a key among the names; kNoName if it is none.
  std::size_t place_of(std::string_view key) {
    const auto place = places_.find(std::string(key));
    if (place != places_.end()) {
      return place->second;
    }
    if (places_.size() >= kMostKeys) {
      return kNoName;
    }
    const bool taken = flows_.add_late(key);
    if (taken) {
      names_.emplace_back(key);
    } else {
      meet_late(key);
    }
    return places_.emplace(key, taken ? names_.size() - 1 : kNoName).first->second;
  }

  static bool is_name(const ondemand::field& field, std::string_view name) {
    const char* const raw = field.key().raw();
    return std::strncmp(raw, name.data(), name.size()) == 0 && raw[name.size()] == '"';
  }

  void meet_late(std::string_view key) {
    if (!late_.empty()) {
      return;
    }
    const TextName name = find_text_name(key, flows_.origin());
    const bool wanted = name.field && (!wanted_ || std::find(wanted_->begin(), wanted_->end(),
                                                             name.field->id) != wanted_->end());
    if (wanted) {
      late_ = key;
      late_line_ = line_;
    }
  }

  simdjson::error_code put(ondemand::field& field) {
    std::size_t name = 0;
    if (const simdjson::error_code error = find_name(field, name)) {
      return error;
    }
    if (name == kNoName || !flows_.reads(name)) {
      return simdjson::SUCCESS;
    }
    ondemand::value value = field.value();
    std::string_view text = value.raw_json_token();
    if (text.front() == '{' || text.front() == '[') {
      fail_value({window_.name(), line_, names_[name]}, text.substr(0, 1), flows_.expected(name));
    }
    if (text.front() == '"') {
      if (const simdjson::error_code error = string_text(value, text)) {
        return error;
      }
    } else {
      text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
      if (text == "null") {
        return simdjson::SUCCESS;
      }
    }
    if (!text.empty() && !flows_.put(name, text)) {
      fail_value({window_.name(), line_, names_[name]}, text, flows_.expected(name));
    }
    return simdjson::SUCCESS;
  }

  // What the string `raw`, with its quotes and what stands behind them, says.
  static simdjson::error_code string_text(ondemand::value& value, std::string_view& raw) {
    const std::size_t end = raw.find_first_of("\\\"", 1);
    if (end != std::string_view::npos && raw[end] == '"') {
      raw = raw.substr(1, end - 1);
      return simdjson::SUCCESS;
    }
    return value.get_string().get(raw);
  }

  InputWindow& window_;
  std::optional<std::vector<ElementId>> wanted_;
  ObjectParser parser_;
  std::uint64_t line_ = 1;
  std::size_t next_ = 0;  // the name that the next key is likely to be
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> places_;
  std::string late_;
  std::uint64_t late_line_ = 0;
  TextFlows flows_;
};

}  // namespace

bool looks_json(std::span<const std::byte> first_bytes) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::string_view text = without_mark(as_text(first_bytes));
  const auto skip_blanks = [&] {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBlanks)));
  };
  skip_blanks();
  if (text.starts_with('[')) {
    text.remove_prefix(1);
    skip_blanks();
  }
  if (!text.starts_with('{')) {
    return false;
  }
  text.remove_prefix(1);
  skip_blanks();
  return text.empty() || text.front() == '"' || text.front() == '}';
}

std::unique_ptr<Reader> make_json_reader(InputFile file, const ReadOptions& options) {
  auto window = std::make_unique<InputWindow>(std::move(file));
  Source source = text_source(*window);
  auto rows = std::make_unique<JsonRows>(*window, options);
  return make_text_reader(std::move(source), std::move(window), std::move(rows), options.salvage);
}

}  // namespace nfql
