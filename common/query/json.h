// JSON values that know where they are, so that every complaint names the place.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nfql {

/// A value of a parsed document, which must outlive it, and its path from the top.
class JsonValue {
 public:
  JsonValue(simdjson::dom::element element, std::string path)
      : element_(element), path_(std::move(path)) {}

  /// `FILE: branches.A.filter`
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool is_string() const { return element_.is_string(); }
  [[nodiscard]] bool is_object() const { return element_.is_object(); }
  [[nodiscard]] bool is_integer() const { return element_.is_uint64() || element_.is_int64(); }

  // Each throws Error(Exit::usage) "PATH: is a string, expected a number" and the like.
  [[nodiscard]] std::string string() const;
  [[nodiscard]] std::uint64_t number() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<JsonValue> array() const;
  /// Members in document order; a key that stands twice is an error.
  [[nodiscard]] std::vector<std::pair<std::string, JsonValue>> members() const;

  /// Throws Error(Exit::usage) with the path in front.
  [[noreturn]] void refuse(std::string_view message, std::string hint = {}) const;

 private:
  [[noreturn]] void refuse_type(std::string_view expected) const;

  simdjson::dom::element element_;
  std::string path_;
};

/// An object of which the keys are known beforehand.
class JsonObject {
 public:
  /// Throws Error(Exit::usage) when `value` is no object or has a key that is none of `keys`.
  JsonObject(const JsonValue& value, std::initializer_list<std::string_view> keys);

  /// The member, or nullptr.
  [[nodiscard]] const JsonValue* find(std::string_view key) const;
  /// The member under either of two names, or nullptr; both together are an error.
  [[nodiscard]] const JsonValue* find(std::string_view key, std::string_view other) const;
  /// The member; throws Error(Exit::usage) when it is missing.
  [[nodiscard]] const JsonValue& at(std::string_view key) const;

 private:
  JsonValue value_;
  std::vector<std::pair<std::string, JsonValue>> members_;
};

}  // namespace nfql
