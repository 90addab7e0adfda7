#include "common/query/json_tree.h"

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/json.hpp>

#include "common/expr/excerpt.h"

namespace nfql {
namespace {

namespace ondemand = simdjson::ondemand;
namespace peg = tao::pegtl;

// simdjson says what is wrong, but not always where. A grammar of JSON does: no reader of correct
// JSON comes further than this.

struct FurthestFailure {
  const char* at = nullptr;
  std::string_view number;  // the first that no integer can hold
};

template <class Rule>
struct Control : peg::normal<Rule> {
  template <class Input>
  static void failure(const Input& in, FurthestFailure& furthest) {
    furthest.at = std::max(furthest.at, in.current());
  }
};

template <class Rule>
struct Action : peg::nothing<Rule> {};
template <>
struct Action<peg::json::number> {
  template <class Input>
  static void apply(const Input& in, FurthestFailure& furthest) {
    std::uint64_t number = 0;
    const std::string_view digits(in.begin(), in.size());
    const auto [end, error] = std::from_chars(in.begin(), in.end(), number);
    if (furthest.number.empty() && error == std::errc::result_out_of_range && end == in.end()) {
      furthest.number = digits;
    }
  }
};

struct Text : peg::seq<peg::json::text, peg::eof> {};

[[noreturn]] void fail_syntax(const QuerySource& source, simdjson::error_code error) {
  FurthestFailure furthest{source.text.data(), {}};
  peg::memory_input<peg::tracking_mode::lazy> in(source.text, source.name);
  static_cast<void>(peg::parse<Text, Action, Control>(in, furthest));
  if (!furthest.number.empty()) {
    const auto begin = static_cast<std::size_t>(furthest.number.data() - source.text.data());
    fail_at("", source.text, {begin, begin + furthest.number.size()},
            fmt::format("the number is too large: at most {}",
                        std::numeric_limits<std::uint64_t>::max()));
  }
  const std::string message = fmt::format("is not JSON here: {}", simdjson::error_message(error));
  const auto at = static_cast<std::size_t>(furthest.at - source.text.data());
  const std::size_t last = source.text.find_last_not_of(" \t\r\n") + 1;
  if (at >= last) {
    fail_at("", source.text, {last, last}, message,
            "the text ends here: is a bracket, brace or quote not closed?");
  }
  fail_at("", source.text, {at, at}, message);
}

// The characters of a string with their places: `raw` is what stands between the quotes, from byte
// `at` of the source on, `text` what it means.
MappedText unescaped(std::string_view raw, std::size_t at, std::string_view text) {
  MappedText mapped;
  mapped.add("", at);  // which is where an empty one stands
  for (std::size_t in = 0, out = 0; out < text.size();) {
    const bool escaped = raw[in] == '\\';
    const bool hex = escaped && raw[in + 1] == 'u';
    const std::size_t bytes = hex ? utf8_length(text.substr(out)) : 1;
    mapped.add(text.substr(out, bytes), at + in);
    out += bytes;
    // A character of four bytes is two escapes, for the halves of its surrogate pair.
    in += !escaped ? 1 : !hex ? 2 : bytes == 4 ? 12 : 6;
  }
  return mapped;
}

/// Walks a document that is known to be correct.
class Loader {
 public:
  explicit Loader(const char* begin) : begin_(begin) {}

  // Of a document or a value.
  template <class Element>
  JsonNode load(Element& element) {
    const std::string_view token = element.raw_json_token();
    const std::size_t at = offset(token.data());
    const ondemand::json_type type = element.type();
    JsonNode node{{at, at + 1}, JsonNull{}};
    switch (type) {
      case ondemand::json_type::object:
        node.value = members(element.get_object());
        break;
      case ondemand::json_type::array:
        node.value = items(element.get_array());
        break;
      case ondemand::json_type::string: {
        const std::string_view text = element.get_string();
        node.value = string(token, at + 1, text);
        node.span = {at + 1, at + token.rfind('"')};
        break;
      }
      case ondemand::json_type::number:
        load_number(element, node);
        node.span.end = at + token.find_last_not_of(" \t\r\n") + 1;
        break;
      case ondemand::json_type::boolean:
        node.value = static_cast<bool>(element.get_bool());
        break;
      case ondemand::json_type::null:
        break;
    }
    return node;
  }

 private:
  [[nodiscard]] std::size_t offset(const char* at) const {
    return static_cast<std::size_t>(at - begin_);
  }

  static MappedText string(std::string_view token, std::size_t at, std::string_view text) {
    return unescaped(token.substr(1, token.rfind('"') - 1), at, text);
  }

  template <class Element>
  static void load_number(Element& element, JsonNode& node) {
    std::uint64_t number = 0;
    if (element.get_uint64().get(number) == simdjson::SUCCESS) {
      node.value = number;
    } else {
      node.value = JsonOtherNumber{};
    }
  }

  std::vector<JsonMember> members(ondemand::object object) {
    std::vector<JsonMember> members;
    for (auto field : object) {
      const ondemand::raw_json_string key = field.key();
      const std::size_t at = offset(key.raw());
      const std::string_view name = field.unescaped_key();
      JsonMember& member = members.emplace_back();
      member.name = name;
      member.span = {at, at + name.size()};
      ondemand::value value = field.value();
      member.value = load(value);
    }
    return members;
  }

  std::vector<JsonNode> items(ondemand::array array) {
    std::vector<JsonNode> items;
    for (auto item : array) {
      ondemand::value value = item.value();
      items.push_back(load(value));
    }
    return items;
  }

  const char* begin_;
};

}  // namespace

JsonNode parse_json(const QuerySource& source) {
  // The walk looks at what it meets only, so the whole is checked first.
  simdjson::dom::parser checker;
  if (const auto error = checker.parse(source.text).error(); error != simdjson::SUCCESS) {
    fail_syntax(source, error);
  }
  const simdjson::padded_string padded(source.text);
  ondemand::parser parser;
  try {
    ondemand::document document = parser.iterate(padded);
    return Loader(padded.data()).load(document);
  } catch (const simdjson::simdjson_error& error) {
    fail_syntax(source, error.error());
  }
}

}  // namespace nfql
