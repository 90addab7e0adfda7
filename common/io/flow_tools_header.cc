#include "common/io/flow_tools_header.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/base/error.h"
#include "common/io/flow_tools_format.h"

namespace nfql {
namespace {

namespace ft = flow_tools;

// By method, from 1.
constexpr std::array<std::string_view, 14> kAggregations = {
    "AS",         "protocol-port",     "source prefix",      "destination prefix",
    "prefix",     "destination",       "source-destination", "full flow",
    "ToS-AS",     "ToS-protocol-port", "ToS-source prefix",  "ToS-destination prefix",
    "ToS-prefix", "ToS-prefix-port"};

// Walks the parts of a header3.
class Parser {
 public:
  Parser(std::span<const std::byte> bytes, ParsedFlowToolsHeader& result)
      : bytes_(bytes), header_(result.header), problem_(result.problem) {}

  void run() {
    constexpr std::size_t kPartHead = 4;
    std::size_t at = ft::kHeaderStartBytes;
    while (at + kPartHead <= bytes_.size() && problem_.empty()) {
      const auto tag = load<std::uint16_t>(bytes_.data() + at, header_.order);
      const std::size_t length = load<std::uint16_t>(bytes_.data() + at + 2, header_.order);
      if (length > bytes_.size() - at - kPartHead) {
        problem_ = fmt::format("its part {:#x} at byte {} is longer than the header", tag, at);
        return;
      }
      part(static_cast<ft::Tag>(tag), bytes_.subspan(at + kPartHead, length));
      at += kPartHead + length;
    }
    finish();
  }

 private:
  void part(ft::Tag tag, std::span<const std::byte> value) {
    switch (tag) {
      case ft::Tag::version:
        header_.version = integer<std::uint16_t>(tag, value);
        break;
      case ft::Tag::aggregation_method:
        header_.aggregation = integer<std::uint8_t>(tag, value);
        break;
      case ft::Tag::flags:
        flags_ = integer<std::uint32_t>(tag, value);
        break;
      case ft::Tag::flow_count:
        count_ = integer<std::uint32_t>(tag, value);
        break;
      case ft::Tag::capture_start:
        header_.capture_start = seconds(value);
        break;
      case ft::Tag::capture_end:
        header_.capture_end = seconds(value);
        break;
      case ft::Tag::aggregation_version:
        break;
    }
  }

  template <class T>
  T integer(ft::Tag tag, std::span<const std::byte> value) {
    if (value.size() < sizeof(T)) {
      problem_ = fmt::format("its part {:#x} has {} of {} bytes", static_cast<unsigned>(tag),
                             value.size(), sizeof(T));
      return 0;
    }
    return load<T>(value.data(), header_.order);
  }

  // Nothing but the choice of files reads it: one that is too short is as good as none.
  [[nodiscard]] std::uint32_t seconds(std::span<const std::byte> value) const {
    return value.size() < sizeof(std::uint32_t) ? 0
                                                : load<std::uint32_t>(value.data(), header_.order);
  }

  void finish() {
    if (problem_.empty() && header_.version == 0) {
      problem_ = "it does not say which version its records have";
    }
    header_.compressed = (flags_ & ft::kFlagCompress) != 0;
    // A stream's header is written before anybody knows the count.
    if ((flags_ & ft::kFlagDone) != 0 && (flags_ & ft::kFlagStreaming) == 0) {
      header_.flow_count = count_;
    }
  }

  std::span<const std::byte> bytes_;
  FlowToolsHeader& header_;
  std::string& problem_;
  std::uint32_t flags_ = 0;
  std::optional<std::uint32_t> count_;
};

void parse_header1(std::span<const std::byte> bytes, FlowToolsHeader& header) {
  const auto version = load<std::uint16_t>(bytes.data() + ft::kVersion1At, header.order);
  const auto flags = load<std::uint32_t>(bytes.data() + ft::kFlags1At, header.order);
  header.version = version == ft::kOldVersion ? 1 : version;
  header.compressed = (flags & ft::kFlagCompress) != 0;
  if ((flags & ft::kFlagDone) != 0 && (flags & ft::kFlagStreaming) == 0) {
    header.flow_count = load<std::uint32_t>(bytes.data() + ft::kFlowCount1At, header.order);
  }
}

std::string aggregation_name(std::uint8_t method) {
  if (method == 0 || method > kAggregations.size()) {
    return "unknown aggregates";
  }
  return fmt::format("{} aggregates", kAggregations[method - 1U]);
}

}  // namespace

std::size_t FlowToolsHeader::record_size() const {
  if (stream_version == 1 || version == 1) {
    return ft::kRecord1Bytes;
  }
  switch (version) {
    case 7:
      return 68;
    case 6:
    case 1005:
      return 72;
    default:
      return ft::kRecord5Bytes;
  }
}

bool looks_flow_tools(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == ft::kMagic1 && bytes[1] == ft::kMagic2;
}

std::optional<std::size_t> flow_tools_header_size(std::span<const std::byte> start) {
  if (start.size() < ft::kHeaderStartBytes || !looks_flow_tools(start)) {
    return std::nullopt;
  }
  const auto order = static_cast<ByteOrder>(start[2]);
  if (order != ByteOrder::little && order != ByteOrder::big) {
    return std::nullopt;
  }
  const auto stream_version = std::to_integer<unsigned>(start[3]);
  if (stream_version == 1) {
    return ft::kHeader1Bytes;
  }
  const std::size_t size = load<std::uint32_t>(start.data() + 4, order);
  if (stream_version != 3 || size < ft::kMinHeader3Bytes || size > ft::kMaxHeader3Bytes ||
      size % 4 != 0) {
    return std::nullopt;
  }
  return size;
}

ParsedFlowToolsHeader parse_flow_tools_header(std::span<const std::byte> bytes) {
  ParsedFlowToolsHeader result;
  result.header.order = static_cast<ByteOrder>(bytes[2]);
  result.header.stream_version = std::to_integer<std::uint8_t>(bytes[3]);
  result.header.size = bytes.size();
  if (result.header.stream_version == 1) {
    parse_header1(bytes, result.header);
  } else {
    Parser(bytes, result).run();
  }
  return result;
}

void check_version(const FlowToolsHeader& header, const std::string& name) {
  if (header.stream_version != 1 && header.version == 8) {
    throw Error(Exit::failed,
                fmt::format("{}: flow-tools version 8.{} ({}): holds sums over flows, no flows",
                            name, header.aggregation, aggregation_name(header.aggregation)),
                "let the router export version 5, or read the flows that were summed up");
  }
  constexpr std::array<std::uint16_t, 5> kKnown = {1, 5, 6, 7, 1005};
  const std::size_t known = header.stream_version == 1 ? 2 : kKnown.size();
  if (std::find(kKnown.begin(), kKnown.begin() + known, header.version) == kKnown.begin() + known) {
    fail(Exit::failed, "{}: flow-tools version {} is unknown (known are {})", name, header.version,
         known == 2 ? "1 and 5" : "1, 5, 6, 7 and 1005");
  }
}

}  // namespace nfql
