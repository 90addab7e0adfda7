#include "common/io/exporter_notes.h"

#include <algorithm>
#include <utility>

#include "common/base/names.h"
#include "common/io/record_packer.h"
#include "common/stream/layout.h"

namespace nfql {

struct ExporterNotes::Announcement {
  std::optional<std::int64_t> boot_ms;
  std::uint64_t enterprise = 0;
  std::uint64_t number = 0;
  std::optional<std::uint64_t> type;
  std::uint64_t semantics = 0;
  std::uint64_t units = 0;
  std::string name;
  std::uint64_t sampler = 0;
  std::uint64_t interval = 0;
  std::uint64_t packets_taken = 0;
  std::uint64_t packets_passed = 0;
};

namespace {

constexpr std::uint64_t kUptimesBeginAnewMs = std::uint64_t{1} << 32U;

std::uint64_t number_of(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) {
    value = value << 8U | std::to_integer<std::uint64_t>(byte);
  }
  return value;
}

}  // namespace

std::optional<Field> field_of_type(DataType type) {
  switch (type) {
    case DataType::unsigned8:
    case DataType::boolean:
      return Field{{}, {}, Type::u8, Meaning::number, Type::u8};
    case DataType::unsigned16:
      return Field{{}, {}, Type::u16, Meaning::number, Type::u16};
    case DataType::unsigned32:
      return Field{{}, {}, Type::u32, Meaning::number, Type::u32};
    case DataType::unsigned64:
      return Field{{}, {}, Type::u64, Meaning::number, Type::u64};
    case DataType::macAddress:
      return Field{{}, {}, Type::u64, Meaning::mac, Type::u64};
    case DataType::signed64:
      return Field{{}, {}, Type::i64, Meaning::number, Type::i64};
    case DataType::dateTimeMilliseconds:
      return Field{{}, {}, Type::i64, Meaning::time, Type::i64};
    case DataType::float64:
      return Field{{}, {}, Type::f64, Meaning::number, Type::f64};
    case DataType::ipv4Address:
    case DataType::ipv6Address:
      return Field{{}, {}, Type::address, Meaning::address, Type::address};
    default:
      return std::nullopt;
  }
}

void ExporterNotes::note(Announcement& said, ElementId id, std::span<const std::byte> bytes) {
  namespace option = option_element;
  using Number = std::uint64_t Announcement::*;
  constexpr std::pair<ElementId, Number> kNumbers[] = {
      {option::kEnterprise, &Announcement::enterprise},
      {option::kNumber, &Announcement::number},
      {option::kSemantics, &Announcement::semantics},
      {option::kUnits, &Announcement::units},
      {option::kSamplerId, &Announcement::sampler},
      {element::kSelectorId, &Announcement::sampler},
      {option::kRandomInterval, &Announcement::interval},
      {element::kSamplingInterval, &Announcement::interval},
      {option::kPacketsTaken, &Announcement::packets_taken},
      {option::kPacketsPassed, &Announcement::packets_passed}};
  if (id == option::kName) {
    said.name.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } else if (id == option::kBootTime) {
    said.boot_ms = static_cast<std::int64_t>(number_of(bytes));
  } else if (id == option::kDataType) {
    said.type = number_of(bytes);
  }
  for (const auto& [element, to] : kNumbers) {
    if (element == id) {
      said.*to = number_of(bytes);
    }
  }
}

void ExporterNotes::take(std::span<const std::byte> set, const Template& layout,
                         std::uint32_t session) {
  while (set.size() >= std::max<std::size_t>(layout.least_bytes(), 1)) {
    Announcement said;
    const auto taken =
        for_each_field(set, layout, [&](const FieldSpec& spec, std::span<const std::byte> bytes) {
          note(said, spec.id, bytes);
        });
    if (taken.value_or(0) == 0) {
      return;
    }
    if (said.boot_ms) {
      boot_[session] = *said.boot_ms;
    }
    take_sampler(session, said);
    if (said.enterprise == kColumnEnterprise) {
      announce(said);
    }
    set = set.subspan(*taken);
  }
}

void ExporterNotes::take_sampler(std::uint32_t session, const Announcement& said) {
  constexpr std::size_t kMostSamplers = 256;
  std::uint64_t interval = said.interval;
  if (interval == 0 && said.packets_taken != 0) {
    interval = said.packets_passed / said.packets_taken + 1;
  }
  if (interval == 0 || interval > UINT32_MAX) {
    return;
  }
  std::map<std::uint64_t, std::uint64_t>& samplers = samplers_[session];
  if (samplers.size() < kMostSamplers || samplers.contains(said.sampler)) {
    samplers[said.sampler] = interval;
  }
}

std::optional<std::uint64_t> ExporterNotes::sampling(std::uint32_t session) const {
  const auto found = samplers_.find(session);
  if (found == samplers_.end()) {
    return std::nullopt;
  }
  const std::uint64_t interval = found->second.begin()->second;
  const bool same = std::all_of(found->second.begin(), found->second.end(),
                                [=](const auto& sampler) { return sampler.second == interval; });
  return same ? std::optional(interval) : std::nullopt;
}

void ExporterNotes::announce(const Announcement& said) {
  if (said.name.empty() || !said.type || *said.type > UINT8_MAX || said.number > INT16_MAX ||
      announced_.size() == kMaxColumns ||
      is_announced({kColumnEnterprise, static_cast<std::uint16_t>(said.number)})) {
    return;
  }
  AnnouncedElement element;
  element.element = {kColumnEnterprise, static_cast<std::uint16_t>(said.number)};
  element.type = static_cast<DataType>(*said.type);
  std::optional<Field> field = field_of_type(element.type);
  if (!field) {
    return;
  }
  element.field = std::move(*field);
  element.field.name = said.name;
  if (said.semantics == option_element::kFlagsSemantics && element.field.type == Type::u8) {
    element.field.meaning = Meaning::flags;
  }
  if (said.units == option_element::kMillisecondUnits && element.type == DataType::signed64) {
    element.field.meaning = Meaning::duration;
  }
  const FieldInfo* own = find_field(said.name);
  if (own != nullptr && own->id.enterprise == kLocalEnterprise && own->type == element.field.type) {
    element.field = field_of(*own);
  }
  announced_.push_back(std::move(element));
}

bool ExporterNotes::is_announced(ElementId element) const {
  return std::any_of(announced_.begin(), announced_.end(),
                     [element](const AnnouncedElement& known) { return known.element == element; });
}

std::optional<std::int64_t> ExporterNotes::boot_ms(std::uint32_t session) const {
  const auto said = boot_.find(session);
  if (said != boot_.end()) {
    return said->second;
  }
  const auto guess = guesses_.find(session);
  return guess == guesses_.end() ? std::nullopt : std::optional(guess->second);
}

void ExporterNotes::guess_boot(std::uint32_t session, std::uint64_t uptime_ms,
                               std::int64_t export_ms) {
  guessed_ = true;
  const std::uint64_t before = uptime_ms + kUptimesBeginAnewMs;
  const auto boot = static_cast<std::int64_t>(static_cast<std::uint64_t>(export_ms) - before);
  const auto [guess, is_new] = guesses_.emplace(session, boot);
  guess->second = is_new ? boot : std::min(guess->second, boot);
}

}  // namespace nfql
