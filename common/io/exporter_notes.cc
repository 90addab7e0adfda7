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
};

namespace {

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

void ExporterNotes::take(std::span<const std::byte> set, const Template& layout,
                         std::uint32_t domain) {
  const std::size_t least = std::max<std::size_t>(layout.least_bytes(), 1);
  while (set.size() >= least) {
    Announcement said;
    const auto taken =
        for_each_field(set, layout, [&](const FieldSpec& spec, std::span<const std::byte> bytes) {
          namespace option = option_element;
          if (spec.id == option::kName) {
            said.name.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
          } else if (spec.id == option::kBootTime) {
            said.boot_ms = static_cast<std::int64_t>(number_of(bytes));
          } else if (spec.id == option::kEnterprise) {
            said.enterprise = number_of(bytes);
          } else if (spec.id == option::kNumber) {
            said.number = number_of(bytes);
          } else if (spec.id == option::kDataType) {
            said.type = number_of(bytes);
          } else if (spec.id == option::kSemantics) {
            said.semantics = number_of(bytes);
          } else if (spec.id == option::kUnits) {
            said.units = number_of(bytes);
          }
        });
    if (!taken) {
      return;
    }
    if (said.boot_ms) {
      boot_[domain] = *said.boot_ms;
    }
    if (said.enterprise == kColumnEnterprise) {
      announce(said);
    }
    set = set.subspan(*taken);
  }
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

std::optional<std::int64_t> ExporterNotes::boot_ms(std::uint32_t domain) const {
  const auto said = boot_.find(domain);
  if (said != boot_.end()) {
    return said->second;
  }
  const auto guess = guesses_.find(domain);
  return guess == guesses_.end() ? std::nullopt : std::optional(guess->second);
}

void ExporterNotes::guess_boot(std::uint32_t domain, std::uint64_t uptime_ms,
                               std::int64_t export_ms) {
  guessed_ = true;
  const auto boot = static_cast<std::int64_t>(static_cast<std::uint64_t>(export_ms) - uptime_ms);
  const auto [guess, is_new] = guesses_.emplace(domain, boot);
  guess->second = is_new ? boot : std::min(guess->second, boot);
}

}  // namespace nfql
