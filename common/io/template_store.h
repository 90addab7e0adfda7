// The templates of IPFIX and NetFlow v9: which elements a record has, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/flow/elements.h"

namespace nfql {

/// An element of a template.
struct FieldSpec {
  ElementId id;  ///< as in the template
  std::uint16_t length = 0;

  friend bool operator==(const FieldSpec&, const FieldSpec&) = default;
};

/// The length that says that each value brings its own.
inline constexpr std::uint16_t kVariableLength = 0xffff;

/// How the records of a set lie.
///
/// Places are counted as if fields of variable length were not there, which is how records come out
/// of RecordPacker::pack(); without such fields that is how they are.
class Template {
 public:
  /// What is at a place of a record.
  struct Place {
    std::size_t offset;
    std::size_t width;
  };

  Template() = default;
  /// The first `scope_fields` say of what the others tell; 0 in templates of flows.
  Template(std::vector<FieldSpec> fields, std::size_t scope_fields);

  [[nodiscard]] const std::vector<FieldSpec>& fields() const { return fields_; }
  /// Records tell of something else than flows.
  [[nodiscard]] bool is_options() const { return scope_fields_ != 0; }
  [[nodiscard]] bool is_variable() const { return variable_fields_ != 0; }
  /// Bytes of a record without the fields of variable length.
  [[nodiscard]] std::size_t fixed_bytes() const { return fixed_bytes_; }
  /// Bytes that a record has at least; what is less at the end of a set is padding.
  [[nodiscard]] std::size_t least_bytes() const { return fixed_bytes_ + variable_fields_; }
  /// Where the (first) element of this id is; nothing if it is not there or of variable length.
  [[nodiscard]] std::optional<Place> find(ElementId id) const;

  friend bool operator==(const Template&, const Template&) = default;

 private:
  std::vector<FieldSpec> fields_;
  std::size_t scope_fields_ = 0;
  std::size_t fixed_bytes_ = 0;
  std::size_t variable_fields_ = 0;
};

/// The templates that hold at a place of a stream, each with a `Plan` that its user makes of it.
/// Numbers of templates are those of one observation domain.
template <class Plan>
class TemplateStore {
 public:
  struct Entry {
    Template layout;
    std::unique_ptr<Plan> plan;  ///< none until someone makes it
  };

  /// A template said again keeps its plan, one of another layout replaces it.
  void define(std::uint32_t domain, std::uint16_t number, Template layout) {
    Entry& entry = entries_[key(domain, number)];
    if (entry.layout != layout) {
      entry.layout = std::move(layout);
      entry.plan.reset();
    }
  }
  void withdraw(std::uint32_t domain, std::uint16_t number) { entries_.erase(key(domain, number)); }
  /// Withdraws all templates of a domain that are of options, or all that are not.
  void withdraw_all(std::uint32_t domain, bool options) {
    for (auto it = entries_.begin(); it != entries_.end();) {
      const bool gone =
          it->first >> kNumberBits == domain && it->second.layout.is_options() == options;
      it = gone ? entries_.erase(it) : std::next(it);
    }
  }
  /// Valid until the template is withdrawn; nullptr if there is none.
  [[nodiscard]] Entry* find(std::uint32_t domain, std::uint16_t number) {
    const auto found = entries_.find(key(domain, number));
    return found == entries_.end() ? nullptr : &found->second;
  }
  /// Calls `visit(const Template&)` for each, in no order.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const auto& entry : entries_) {
      visit(entry.second.layout);
    }
  }

 private:
  static constexpr unsigned kNumberBits = 16;
  static std::uint64_t key(std::uint32_t domain, std::uint16_t number) {
    return std::uint64_t{domain} << kNumberBits | number;
  }

  std::unordered_map<std::uint64_t, Entry> entries_;
};

}  // namespace nfql
