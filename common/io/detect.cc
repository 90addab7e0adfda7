#include "common/io/detect.h"

#include <algorithm>
#include <cstdint>

#include "common/base/byte_order.h"
#include "common/io/csv_reader.h"
#include "common/io/export_message.h"
#include "common/io/flow_tools_header.h"
#include "common/io/json_reader.h"
#include "common/io/native.h"
#include "common/io/nfdump_blocks.h"
#include "common/io/pcap_messages.h"
#include "common/io/silk_header.h"

namespace nfql {
namespace {

using First = std::span<const std::byte>;

template <class... Bytes>
bool begins(First first, Bytes... bytes) {
  const std::byte magic[] = {static_cast<std::byte>(bytes)...};
  return first.size() >= sizeof...(bytes) &&
         std::equal(std::begin(magic), std::end(magic), first.begin());
}

std::uint16_t u16_at(First first, std::size_t at, ByteOrder order = ByteOrder::big) {
  return at + 2 <= first.size() ? load<std::uint16_t>(first.data() + at, order) : std::uint16_t{0};
}

bool nfdump_layout(First first, unsigned layout) {
  return begins(first, 0x0c, 0xa5) && u16_at(first, 2, ByteOrder::little) == layout;
}

// Messages begin with a number that much begins with: what follows must fit as well.
template <std::uint16_t kVersion>
bool export_file(First first) {
  return u16_at(first, 0) == kVersion && looks_export(first, SIZE_MAX);
}

constexpr std::string_view kNfdump16 = "convert it with nfdump 1.7: nfdump -r OLD -w NEW";
constexpr std::string_view kNfdump18 =
    "send it to an nfcapd of version 1.7, which writes layout 2: nfreplay -v 9 -H HOST -p PORT -r "
    "FILE";
constexpr std::string_view kNfdump = "layout 2 is read, as little-endian machines write it";

// In the order in which they are tried.
constexpr FileKind kKinds[] = {
    {"nfql", "an nfql stream", "", &looks_native},
    {"flow-tools", "a flow-tools file", "", &looks_flow_tools},
    {"nfdump", "an nfdump file", "", &looks_nfdump},
    {"", "an nfdump file, layout 1 (nfdump 1.6)", kNfdump16,
     [](First f) { return nfdump_layout(f, 1); }},
    {"", "an nfdump file, layout 3 (nfdump 1.8)", kNfdump18,
     [](First f) { return nfdump_layout(f, 3); }},
    {"", "an nfdump file of an unknown layout", kNfdump,
     [](First f) { return begins(f, 0x0c, 0xa5); }},
    {"", "an nfdump file of a big-endian machine", kNfdump,
     [](First f) { return begins(f, 0xa5, 0x0c, 0x00) && f.size() > 3 && f[3] <= std::byte{3}; }},
    {"silk", "a SiLK file", "", &looks_silk},
    {"ipfix", "an IPFIX file", "", &export_file<ipfix::kVersion>},
    {"netflow", "a file of NetFlow v5 packets", "", &export_file<netflow5::kVersion>},
    {"netflow", "a file of NetFlow v9 packets", "", &export_file<netflow9::kVersion>},
    {"pcap", "a pcap file", "", &looks_pcap},
    {"json", "a file of JSON lines", "", [](First f) { return looks_text(f) && looks_json(f); }},
    {"csv", "a CSV file", "", [](First f) { return looks_text(f) && looks_csv(f); }},
};

}  // namespace

const FileKind* detect(std::span<const std::byte> first) {
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const FileKind& k) { return k.matches(first); });
  return kind == std::end(kKinds) ? nullptr : kind;
}

bool looks_text(std::span<const std::byte> first) {
  return !first.empty() && std::all_of(first.begin(), first.end(), [](std::byte byte) {
    const auto c = std::to_integer<unsigned>(byte);
    return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0x7f);
  });
}

}  // namespace nfql
