#include "common/io/silk_header.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/base/error.h"

namespace nfql {
namespace {

using SilkStart = std::span<const std::byte>;

constexpr std::string_view kUseRwcat = "pipe it through rwcat: rwcat FILE | nfql-...";
constexpr std::string_view kAskRwfileinfo = "rwfileinfo FILE says what it is";

// Formats by number, as SiLK names them.
struct SilkFormatName {
  std::uint8_t number;
  std::string_view name;
};
constexpr std::array kFlowFormats = {
    SilkFormatName{0x0b, "FT_RWIPV6"},       SilkFormatName{0x0c, "FT_RWIPV6ROUTING"},
    SilkFormatName{0x0d, "FT_RWAUGSNMPOUT"}, SilkFormatName{0x0e, "FT_RWAUGROUTING"},
    SilkFormatName{0x10, "FT_RWROUTED"},     SilkFormatName{0x11, "FT_RWNOTROUTED"},
    SilkFormatName{0x12, "FT_RWSPLIT"},      SilkFormatName{0x13, "FT_RWFILTER"},
    SilkFormatName{0x14, "FT_RWAUGMENTED"},  SilkFormatName{0x15, "FT_RWAUGWEB"},
    SilkFormatName{0x16, "FT_RWGENERIC"},    SilkFormatName{0x1c, "FT_FLOWCAP"},
    SilkFormatName{0x1f, "FT_RWWWW"}};
constexpr std::array kOtherFormats = {
    SilkFormatName{0x09, "an aggregate bag"}, SilkFormatName{0x19, "a file of scans"},
    SilkFormatName{0x1d, "an IPset"},         SilkFormatName{0x21, "a bag"},
    SilkFormatName{0x22, "a Bloom filter"},   SilkFormatName{0x25, "a prefix map"}};

template <class Formats>
std::string_view name_in(const Formats& formats, std::uint8_t number) {
  const auto* found = std::find_if(formats.begin(), formats.end(),
                                   [&](const SilkFormatName& f) { return f.number == number; });
  return found == formats.end() ? std::string_view() : found->name;
}

std::uint8_t u8_of(SilkStart start, std::size_t at) {
  return std::to_integer<std::uint8_t>(start[at]);
}

std::uint16_t u16_of(SilkStart start, std::size_t at) {
  return load<std::uint16_t>(start.data() + at, ByteOrder::big);
}

const silk::Layout* layout_of(SilkStart start) {
  const auto* layout =
      std::find_if(silk::kLayouts.begin(), silk::kLayouts.end(), [&](const silk::Layout& l) {
        return static_cast<std::uint8_t>(l.format) == u8_of(start, silk::kFormatAt) &&
               l.version == u16_of(start, silk::kRecordVersionAt);
      });
  return layout == silk::kLayouts.end() ? nullptr : layout;
}

bool is_known_method(std::uint8_t number) {
  return number <= static_cast<std::uint8_t>(silk::Method::snappy);
}

// For what has no layout here.
[[noreturn]] void refuse_format(SilkStart start, const std::string& name) {
  const std::uint8_t format = u8_of(start, silk::kFormatAt);
  if (const std::string_view other = name_in(kOtherFormats, format); !other.empty()) {
    throw Error(Exit::failed, fmt::format("{}: is a SiLK file: {}, not flows", name, other));
  }
  const std::string_view flows = name_in(kFlowFormats, format);
  if (flows.empty()) {
    throw Error(Exit::failed,
                fmt::format("{}: is a SiLK file of format {:#04x}, no flows", name, format),
                std::string(kAskRwfileinfo));
  }
  throw Error(Exit::failed,
              fmt::format("{}: is a packed SiLK file ({} version {})", name, flows,
                          u16_of(start, silk::kRecordVersionAt)),
              std::string(kUseRwcat));
}

}  // namespace

bool looks_silk(std::span<const std::byte> first) {
  return first.size() >= sizeof silk::kMagic &&
         load<std::uint32_t>(first.data(), ByteOrder::big) == silk::kMagic;
}

SilkHeader parse_silk_header(std::span<const std::byte> start, const std::string& name) {
  const std::uint8_t version = u8_of(start, silk::kVersionAt);
  if (version < silk::kMinVersion) {
    throw Error(Exit::failed,
                fmt::format("{}: is a SiLK file of an old version ({})", name, version),
                std::string(kUseRwcat));
  }
  const silk::Layout* layout = layout_of(start);
  if (layout == nullptr) {
    refuse_format(start, name);
  }
  const std::uint8_t method = u8_of(start, silk::kCompressionAt);
  if (!is_known_method(method)) {
    fail(Exit::failed, "{}: SiLK header is damaged, or of an unknown compression ({})", name,
         method);
  }
  const std::uint16_t record_size = u16_of(start, silk::kRecordSizeAt);
  if (record_size != layout->record_size) {
    fail(Exit::failed, "{}: SiLK header is damaged: its records have {} bytes, not {}", name,
         record_size, layout->record_size);
  }
  const bool big = (u8_of(start, silk::kFlagsAt) & silk::kBigEndian) != 0;
  return {big ? ByteOrder::big : ByteOrder::little, silk::Method{method}, layout};
}

}  // namespace nfql
