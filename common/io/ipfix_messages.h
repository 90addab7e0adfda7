// The messages of an IPFIX file (RFC 5655), set by set.
//
//     file     := message*
//     message  := version:u16 = 10  length:u16  export_seconds:u32  sequence:u32  domain:u32  set*
//     set      := id:u16  length:u16  body:u8[length - 4]
//     id       := 2 templates | 3 templates of options | 256.. records of the template of that
//     number template := number:u16  fields:u16  ( scope_fields:u16 )  field[fields] field    :=
//     enterprise_follows:1 element:15  length:u16  ( enterprise:u32 )
//
// Integers are big-endian, lengths count what they stand in. A template without fields withdraws
// that number; with the set's own number, all of the domain. Templates of options have the count of
// scope fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/io/input_window.h"
#include "common/io/template_store.h"

namespace nfql {

namespace ipfix {
inline constexpr std::uint16_t kVersion = 10;
inline constexpr std::size_t kMessageHeaderBytes = 16;
inline constexpr std::size_t kSetHeaderBytes = 4;
inline constexpr std::uint16_t kTemplateSet = 2;
inline constexpr std::uint16_t kOptionsTemplateSet = 3;
inline constexpr std::uint16_t kFirstDataSet = 256;
inline constexpr std::uint16_t kEnterpriseBit = 0x8000;
}  // namespace ipfix

/// A set and what its message says.
struct IpfixSet {
  std::uint16_t id = 0;
  std::uint32_t domain = 0;
  std::uint32_t export_seconds = 0;
  std::span<const std::byte> body;
  std::uint64_t offset = 0;  ///< of the set in the input
};

/// Goes through the sets of an input. What is damaged or cut short is an Error(Exit::failed) that
/// names the input and the place; sets before it were given.
class IpfixMessages {
 public:
  explicit IpfixMessages(InputFile file) : window_(std::move(file)) {}

  [[nodiscard]] const std::string& name() const { return window_.name(); }
  [[nodiscard]] InputWindow& window() { return window_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return window_.offset() + at_; }
  [[nodiscard]] std::uint64_t bytes_total() const { return window_.size(); }

  /// The next set, valid until the next call; false at the end of the input.
  bool next(IpfixSet& set);
  /// Throws Error(Exit::failed) for something at this place.
  [[noreturn]] void fail_at(std::string_view what, std::uint64_t offset,
                            std::string_view problem) const;

 private:
  bool next_message();

  InputWindow window_;
  std::span<const std::byte> message_;  // all of it that there is
  std::size_t length_ = 0;              // as it says
  std::size_t at_ = 0;                  // in it
  IpfixSet head_;
};

/// One template of a set.
struct TemplateRecord {
  std::uint16_t number = 0;
  std::vector<FieldSpec> fields;  ///< none: it is withdrawn
  std::size_t scope_fields = 0;
};

/// Takes the templates of a set apart. Throws Error(Exit::failed) by way of `messages`.
[[nodiscard]] std::vector<TemplateRecord> read_templates(const IpfixMessages& messages,
                                                         const IpfixSet& set);

/// Does what a set of templates says: defines and withdraws them.
/// Throws Error(Exit::failed) by way of `messages`.
template <class Store>
void take_templates(const IpfixMessages& messages, const IpfixSet& set, Store& store) {
  for (TemplateRecord& record : read_templates(messages, set)) {
    if (!record.fields.empty()) {
      store.define(set.domain, record.number,
                   Template(std::move(record.fields), record.scope_fields));
    } else if (record.number == set.id) {
      store.withdraw_all(set.domain, set.id == ipfix::kOptionsTemplateSet);
    } else {
      store.withdraw(set.domain, record.number);
    }
  }
}

}  // namespace nfql
