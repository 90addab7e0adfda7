// What a stream of IPFIX says of its exporter and of its elements, in records of options.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/io/decode_plan.h"

namespace nfql {

/// The enterprise number of elements that IPFIX has no number for: fields of our own and what
/// stages computed. It is the one for examples (RFC 5612), so what such an element is, only the
/// stream that has it can say: by records of RFC 5610, which give it the name of the column.
inline constexpr std::uint32_t kColumnEnterprise = 32473;

/// Of RFC 5610, and what else is looked for.
namespace option_element {
inline constexpr ElementId kBootTime{0, 160}, kNumber{0, 303}, kDataType{0, 339},
    kDescription{0, 340}, kName{0, 341}, kRangeBegin{0, 342}, kRangeEnd{0, 343}, kSemantics{0, 344},
    kUnits{0, 345}, kEnterprise{0, 346};
/// Of samplers: those of NetFlow v9, and one of a selector of IPFIX.
inline constexpr ElementId kSamplerId{0, 48}, kRandomInterval{0, 50}, kPacketsTaken{0, 305},
    kPacketsPassed{0, 306};
inline constexpr std::uint8_t kFlagsSemantics = 5;
inline constexpr std::uint16_t kMillisecondUnits = 6;
}  // namespace option_element

/// Collects what the records of options tell, of each exporter apart (ExportSessions).
class ExporterNotes {
 public:
  /// Takes a set of records of options. What does not fit into it is passed over.
  void take(std::span<const std::byte> set, const Template& layout, std::uint32_t session);

  /// When uptimes began to count, in ms since the epoch: as the exporter says, else as far as is
  /// known from guess_boot(), less 2^32 ms, as for an uptime of before they began anew; nothing if
  /// neither is.
  [[nodiscard]] std::optional<std::int64_t> boot_ms(std::uint32_t session) const;
  /// Tells of a flow that ended at this uptime and was exported at `export_ms`: the exporter did
  /// not start later than that makes it.
  void guess_boot(std::uint32_t session, std::uint64_t uptime_ms, std::int64_t export_ms);
  /// Whether boot_ms() ever had to give a guess.
  [[nodiscard]] bool guessed() const { return guessed_; }
  /// Whether the exporter said it itself.
  [[nodiscard]] bool knows_boot(std::uint32_t session) const { return boot_.contains(session); }
  /// One packet in how many was looked at; nothing if that was not said, or of several samplers
  /// that differ.
  [[nodiscard]] std::optional<std::uint64_t> sampling(std::uint32_t session) const;

  /// Elements of kColumnEnterprise; with the id of a field of our own if they have its name.
  [[nodiscard]] const std::vector<AnnouncedElement>& announced() const { return announced_; }
  [[nodiscard]] bool is_announced(ElementId element) const;

 private:
  struct Announcement;
  static void note(Announcement& said, ElementId id, std::span<const std::byte> bytes);
  void announce(const Announcement& announcement);
  void take_sampler(std::uint32_t session, const Announcement& said);

  std::unordered_map<std::uint32_t, std::int64_t> boot_;
  std::unordered_map<std::uint32_t, std::int64_t> guesses_;
  bool guessed_ = false;
  // Of each session the intervals of its samplers, by their numbers.
  std::unordered_map<std::uint32_t, std::map<std::uint64_t, std::uint64_t>> samplers_;
  std::vector<AnnouncedElement> announced_;
};

/// The field of values of this type; nothing if no column can have them.
[[nodiscard]] std::optional<Field> field_of_type(DataType type);

}  // namespace nfql
