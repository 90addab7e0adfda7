#include "common/query/json.h"

#include <algorithm>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {
namespace {

std::string_view type_name(const simdjson::dom::element& element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "a list";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "true or false";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

void JsonValue::refuse(std::string_view message, std::string hint) const {
  throw Error(Exit::usage, fmt::format("{}: {}", path_, message), std::move(hint));
}

void JsonValue::refuse_type(std::string_view expected) const {
  refuse(fmt::format("is {}, expected {}", type_name(element_), expected));
}

std::string JsonValue::string() const {
  std::string_view text;
  if (element_.get(text) != simdjson::SUCCESS) {
    refuse_type("a string");
  }
  return std::string(text);
}

std::uint64_t JsonValue::number() const {
  std::uint64_t value = 0;
  if (element_.get(value) != simdjson::SUCCESS) {
    refuse_type("a whole number from 0 on");
  }
  return value;
}

bool JsonValue::boolean() const {
  bool value = false;
  if (element_.get(value) != simdjson::SUCCESS) {
    refuse_type("true or false");
  }
  return value;
}

std::vector<JsonValue> JsonValue::array() const {
  simdjson::dom::array array;
  if (element_.get(array) != simdjson::SUCCESS) {
    refuse_type("a list");
  }
  std::vector<JsonValue> values;
  for (const simdjson::dom::element element : array) {
    values.emplace_back(element, fmt::format("{}[{}]", path_, values.size()));
  }
  return values;
}

std::vector<std::pair<std::string, JsonValue>> JsonValue::members() const {
  simdjson::dom::object object;
  if (element_.get(object) != simdjson::SUCCESS) {
    refuse_type("an object");
  }
  std::vector<std::pair<std::string, JsonValue>> members;
  for (const auto [key, element] : object) {
    const std::string name(key);
    const bool twice = std::any_of(members.begin(), members.end(),
                                   [&name](const auto& member) { return member.first == name; });
    if (twice) {
      refuse(fmt::format("has the key '{}' twice", name));
    }
    // The top has the file's name as its path.
    const char* joint = path_.find(": ") == std::string::npos ? ": " : ".";
    members.emplace_back(name, JsonValue(element, path_ + joint + name));
  }
  return members;
}

JsonObject::JsonObject(const JsonValue& value, std::initializer_list<std::string_view> keys)
    : value_(value), members_(value.members()) {
  for (const auto& [name, member] : members_) {
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) {
      continue;
    }
    const std::string_view nearest = nearest_name(name, std::vector<std::string_view>(keys));
    value.refuse(fmt::format("unknown key '{}'", name),
                 nearest.empty() ? fmt::format("known here: {}", fmt::join(keys, ", "))
                                 : fmt::format("did you mean '{}'?", nearest));
  }
}

const JsonValue* JsonObject::find(std::string_view key) const {
  for (const auto& [name, member] : members_) {
    if (name == key) {
      return &member;
    }
  }
  return nullptr;
}

const JsonValue* JsonObject::find(std::string_view key, std::string_view other) const {
  const JsonValue* first = find(key);
  const JsonValue* second = find(other);
  if (first != nullptr && second != nullptr) {
    second->refuse(fmt::format("says again what '{}' says", key));
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
