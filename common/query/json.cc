#include "common/query/json.h"

#include <algorithm>
#include <array>
#include <variant>

#include "common/base/names.h"
#include "common/expr/excerpt.h"

namespace nfql {
namespace {

// By the index of JsonNode::value.
constexpr std::array<std::string_view, 7> kTypes = {
    "null", "true or false", "a number", "a number", "a string", "a list", "an object"};

constexpr std::size_t kShown = 40;  // of a key that somebody made up, in characters

}  // namespace

bool JsonValue::is_string() const {
  return std::holds_alternative<MappedText>(node_->value);
}

bool JsonValue::is_object() const {
  return std::holds_alternative<std::vector<JsonMember>>(node_->value);
}

bool JsonValue::is_number() const {
  return std::holds_alternative<std::uint64_t>(node_->value) ||
         std::holds_alternative<JsonOtherNumber>(node_->value);
}

bool JsonValue::is_empty_list() const {
  const auto* items = std::get_if<std::vector<JsonNode>>(&node_->value);
  return items != nullptr && items->empty();
}

void JsonValue::refuse(std::string_view message, std::string hint) const {
  fail_at(path_, document_.source->text, node_->span, message, std::move(hint));
}

void JsonValue::complain(Span key, const std::string& message, std::string hint) const {
  problems().add(key, path_.empty() ? message : path_ + ": " + message, std::move(hint));
}

void JsonValue::refuse_type(std::string_view expected) const {
  refuse(fmt::format("is {}, expected {}", kTypes[node_->value.index()], expected));
}

const MappedText& JsonValue::text() const {
  const auto* text = std::get_if<MappedText>(&node_->value);
  if (text == nullptr) {
    refuse_type("a string");
  }
  return *text;
}

std::uint64_t JsonValue::number() const {
  const auto* number = std::get_if<std::uint64_t>(&node_->value);
  if (number == nullptr && is_number()) {
    refuse(fmt::format("is {}, expected a whole number from 0 on",
                       document_.source->text.substr(span().begin, span().end - span().begin)));
  }
  if (number == nullptr) {
    refuse_type("a whole number from 0 on");
  }
  return *number;
}

bool JsonValue::boolean() const {
  const bool* boolean = std::get_if<bool>(&node_->value);
  if (boolean == nullptr) {
    refuse_type("true or false");
  }
  return *boolean;
}

std::vector<JsonValue> JsonValue::array() const {
  const auto* items = std::get_if<std::vector<JsonNode>>(&node_->value);
  if (items == nullptr) {
    refuse_type("a list");
  }
  std::vector<JsonValue> values;
  for (const JsonNode& item : *items) {
    values.emplace_back(item, document_, fmt::format("{}[{}]", path_, values.size()));
  }
  return values;
}

const std::vector<JsonMember>& JsonValue::keys() const {
  const auto* members = std::get_if<std::vector<JsonMember>>(&node_->value);
  if (members == nullptr) {
    refuse_type("an object");
  }
  return *members;
}

std::vector<JsonEntry> JsonValue::members() const {
  std::vector<JsonEntry> members;
  for (const JsonMember& member : keys()) {
    const bool twice =
        std::any_of(members.begin(), members.end(),
                    [&member](const JsonEntry& other) { return other.name == member.name; });
    if (twice) {
      complain(member.span, fmt::format("has the key '{}' twice", shown(member.name, kShown)));
      continue;
    }
    const std::string path = path_.empty() ? member.name : path_ + "." + member.name;
    members.push_back({member.name, member.span, JsonValue(member.value, document_, path)});
  }
  return members;
}

JsonObject::JsonObject(const JsonValue& value, std::initializer_list<std::string_view> keys)
    : value_(value), members_(value.members()) {
  for (const JsonMember& member : value.keys()) {
    if (std::find(keys.begin(), keys.end(), member.name) != keys.end()) {
      continue;
    }
    has_unknown_ = true;
    const std::string_view nearest = nearest_name(member.name, std::vector<std::string_view>(keys));
    value.complain(member.span, fmt::format("unknown key '{}'", shown(member.name, kShown)),
                   nearest.empty() ? fmt::format("known here: {}", fmt::join(keys, ", "))
                                   : fmt::format("did you mean '{}'?", nearest));
  }
}

const JsonValue* JsonObject::find(std::string_view key) const {
  for (const JsonEntry& member : members_) {
    if (member.name == key) {
      return &member.value;
    }
  }
  return nullptr;
}

const JsonValue* JsonObject::find(std::string_view key, std::string_view other) const {
  const JsonValue* first = find(key);
  const JsonValue* second = find(other);
  if (first != nullptr && second != nullptr) {
    second->problems().add(second->span(),
                           fmt::format("{}: says again what '{}' says", second->path(), key));
  }
  return first != nullptr ? first : second;
}

const JsonValue& JsonObject::at(std::string_view key) const {
  const JsonValue* member = find(key);
  if (member == nullptr) {
    value_.refuse(fmt::format("'{}' is missing", key));
  }
  return *member;
}

}  // namespace nfql
