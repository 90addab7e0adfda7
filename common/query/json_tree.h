// A JSON text as a tree whose values know where they stand.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/query/mapped_text.h"

namespace nfql {

struct JsonMember;

struct JsonNull {};
/// A number that is no whole one from 0 on, which nothing in a query is.
struct JsonOtherNumber {};

struct JsonNode {
  Span span;  ///< of a string what is in the quotes, of a list or object the bracket that opens it
  std::variant<JsonNull, bool, std::uint64_t, JsonOtherNumber, MappedText, std::vector<JsonNode>,
               std::vector<JsonMember>>
      value;
};

struct JsonMember {
  std::string name;
  Span span;  ///< of the name, without the quotes
  JsonNode value;
};

/// Parses the source. Throws TextError that says where it stops being JSON.
[[nodiscard]] JsonNode parse_json(const QuerySource& source);

}  // namespace nfql
