// The columns of a stream: names, types, and which IPFIX elements they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/flow/elements.h"
#include "common/flow/registry.h"
#include "common/flow/type.h"

namespace nfql {

/// One column of a schema.
struct Field {
  std::string name;  ///< as outputs print it: what the query called it
  ElementId id;      ///< none for computed columns such as sum_bytes
  Type type = Type::u64;
  Meaning meaning = Meaning::number;
  Type element_type = Type::u64;  ///< of the values of a set; else unused

  friend bool operator==(const Field&, const Field&) = default;
};

/// The field of the registry, under its short name.
[[nodiscard]] Field field_of(const FieldInfo& info);
/// The same, or a field for any other element, as its registry has it: numbers, times, MACs,
/// addresses; u64 where no registry here knows the element, and for octets (big-endian). For ids of
/// our own only those of the registry.
[[nodiscard]] Field field_of(ElementId id);

/// The columns of a batch, in order. Names differ from each other, whatever their case.
class Schema {
 public:
  Schema() = default;
  /// Throws Error(Exit::usage) when two columns have one name.
  explicit Schema(std::vector<Field> fields);

  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] const Field& operator[](std::size_t index) const { return fields_[index]; }

  /// The column that a user means by `name`: the one of that name (case ignored), else the one that
  /// is the element of which `name` is a name or alias. `A.srcip` looks among the columns whose
  /// names begin with `A.`.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] std::optional<std::size_t> find(ElementId id) const;
  /// The column name, or known alias of a column, nearest to a misspelt `name`, or "".
  [[nodiscard]] std::string nearest(std::string_view name) const;

  /// Adds a column; throws as the constructor does.
  void add(Field field);

  friend bool operator==(const Schema&, const Schema&) = default;

 private:
  std::vector<Field> fields_;
};

}  // namespace nfql
