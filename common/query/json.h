// JSON values that know where they are, so that every complaint names the place.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/query/json_tree.h"
#include "common/query/problems.h"

namespace nfql {

struct JsonEntry;

/// A value of a parsed document and its path from the top. Document, source and problems must
/// outlive it.
class JsonValue {
 public:
  struct Document {
    const QuerySource* source;
    Problems* problems;
  };

  JsonValue(const JsonNode& node, Document document, std::string path)
      : node_(&node), document_(document), path_(std::move(path)) {}

  /// `branches.A.filter`; "" for the top.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Span span() const { return node_->span; }
  [[nodiscard]] Problems& problems() const { return *document_.problems; }
  [[nodiscard]] bool is_string() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] bool is_empty_list() const;

  // Each throws TextError "PATH: is a string, expected a number" and the like.
  /// The characters with their places.
  [[nodiscard]] const MappedText& text() const;
  [[nodiscard]] const std::string& string() const { return text().text(); }
  [[nodiscard]] std::uint64_t number() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<JsonValue> array() const;
  /// Members in document order; for a key that stands twice, only the first, and a problem.
  [[nodiscard]] std::vector<JsonEntry> members() const;

  /// The members as they stand, with the places of their names.
  [[nodiscard]] const std::vector<JsonMember>& keys() const;

  /// Throws TextError with the path in front.
  [[noreturn]] void refuse(std::string_view message, std::string hint = {}) const;
  /// Adds a problem with a key that the value, an object, has.
  void complain(Span key, const std::string& message, std::string hint = {}) const;

 private:
  [[noreturn]] void refuse_type(std::string_view expected) const;

  const JsonNode* node_;
  Document document_;
  std::string path_;
};

/// A member of an object.
struct JsonEntry {
  std::string name;
  Span span;  ///< of the name
  JsonValue value;
};

/// An object of which the keys are known beforehand.
class JsonObject {
 public:
  /// Keys that are none of `keys` are problems. Throws TextError when `value` is no object.
  JsonObject(const JsonValue& value, std::initializer_list<std::string_view> keys);

  /// Whether it has other keys: what seems to be missing may stand under one of them.
  [[nodiscard]] bool has_unknown() const { return has_unknown_; }

  /// The member, or nullptr.
  [[nodiscard]] const JsonValue* find(std::string_view key) const;
  /// The member under either of two names, or nullptr; both together are a problem.
  [[nodiscard]] const JsonValue* find(std::string_view key, std::string_view other) const;
  /// The member; throws TextError when it is missing.
  [[nodiscard]] const JsonValue& at(std::string_view key) const;

 private:
  JsonValue value_;
  std::vector<JsonEntry> members_;
  bool has_unknown_ = false;
};

}  // namespace nfql
