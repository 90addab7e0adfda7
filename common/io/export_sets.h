// A message of an exporter, cut into sets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "common/io/export_message.h"

namespace nfql {

/// What a message says of itself.
struct ExportHeader {
  std::uint16_t version = 0;
  std::uint16_t records = 0;  ///< as it says; 0 in IPFIX
  std::uint32_t sequence = 0;
  std::uint32_t domain = 0;    ///< in NetFlow v5: type, then number of the engine, a byte each
  std::uint16_t sampling = 0;  ///< of NetFlow v5, one packet in how many; 0: not said
  std::int64_t export_ms = 0;
  /// When uptimes began to count, if it says that, or a multiple of 2^32 ms before: so that an
  /// uptime of before they began anew is not later than the message.
  std::optional<std::int64_t> boot_ms;
};

/// A set; the records of a message of NetFlow v5 are one.
struct ExportSet {
  enum class Kind : std::uint8_t { templates, options_templates, records, other };

  Kind kind = Kind::other;
  std::uint16_t version = 0;
  std::uint16_t id = 0;  ///< of records: the number of their template
  std::span<const std::byte> body;
  std::uint64_t body_offset = 0;  ///< in the input, if that has the messages as they are
};

/// The number of the template that records of NetFlow v5 have, see netflow5_layout().
inline constexpr std::uint16_t kNetflow5Template = 5;

/// Goes through the sets of messages. What is damaged or cut short is an Error(Exit::failed) that
/// names the input and the place; sets before it were given.
class ExportSets {
 public:
  explicit ExportSets(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Begins a message, whose bytes must live until its last set is used.
  void begin(const ExportMessage& message);
  /// Leaves the rest of the message alone.
  void skip_message() { length_ = 0; }
  [[nodiscard]] const ExportHeader& header() const { return header_; }
  /// The next set; false at the end of the message.
  bool next(ExportSet& set);
  /// Throws Error(Exit::failed) for something at this place.
  [[noreturn]] void fail_at(std::string_view what, std::uint64_t offset,
                            std::string_view problem) const;

 private:
  bool next_records(ExportSet& set);
  [[noreturn]] void fail_short() const;

  std::string name_;
  ExportHeader header_;
  std::span<const std::byte> message_;
  std::uint64_t offset_ = 0;
  std::size_t length_ = 0;  // as it says
  std::size_t at_ = 0;      // in it
};

}  // namespace nfql
