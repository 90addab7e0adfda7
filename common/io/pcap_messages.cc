#include "common/io/pcap_messages.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/io/ip_fragments.h"
#include "common/io/packet_layers.h"

namespace nfql {
namespace {

constexpr std::uint32_t kMicrosecondMagic = 0xa1b2c3d4, kNanosecondMagic = 0xa1b23c4d;
constexpr std::size_t kFileHeader = 24, kPacketHeader = 16;

std::optional<ByteOrder> capture_order(std::span<const std::byte> first) {
  if (first.size() < sizeof(std::uint32_t)) {
    return std::nullopt;
  }
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    const auto magic = load<std::uint32_t>(first.data(), order);
    if (magic == kMicrosecondMagic || magic == kNanosecondMagic) {
      return order;
    }
  }
  return std::nullopt;
}

class PcapMessages final : public MessageSource {
 public:
  explicit PcapMessages(InputFile file) : window_(std::move(file)) {
    const std::span<const std::byte> header = window_.peek(kFileHeader);
    if (header.size() < kFileHeader) {
      fail(Exit::failed, "{}: is cut short: {} bytes of its header", window_.name(), header.size());
    }
    order_ = capture_order(header).value_or(ByteOrder::little);
    constexpr std::uint32_t kLinkType = 0x0fff'ffff;  // the rest tells of check sums
    link_type_ = load<std::uint32_t>(header.data() + 20, order_) & kLinkType;
    if (!is_known_link(link_type_)) {
      throw Error(Exit::failed,
                  fmt::format("{}: is of link type {}, whose frames nobody here knows",
                              window_.name(), link_type_),
                  "read are Ethernet, loopback, raw IP and captures of all interfaces of Linux");
    }
    used_ = kFileHeader;
  }

  bool next(ExportMessage& message) override {
    for (;;) {
      window_.skip(std::exchange(used_, 0));
      const std::span<const std::byte> frame = next_frame();
      if (used_ == 0) {
        finish();
        return false;
      }
      const auto packet = ip_in_frame(frame, link_type_, order_);
      const auto ip = packet ? parse_ip(*packet) : std::nullopt;
      if (ip && ip->protocol == IpPacket::kUdp && take(*ip, message)) {
        ++messages_;
        return true;
      }
    }
  }
  [[nodiscard]] InputWindow& window() override { return window_; }
  [[nodiscard]] bool has_datagrams() const override { return true; }

  [[nodiscard]] std::vector<std::string> warnings() const override {
    const std::uint64_t count = fragments_.incomplete();
    if (count == 0) {
      return {};
    }
    return {fmt::format("{}: {} datagram{} left out: not all fragments are there", window_.name(),
                        count, count == 1 ? "" : "s")};
  }

 private:
  // What was captured of the next packet; `used_` is 0 at the end of the input.
  std::span<const std::byte> next_frame() {
    // No program captures more of a packet.
    constexpr std::uint32_t kMostCaptured = 1U << 20U;
    std::span<const std::byte> bytes = window_.peek(kPacketHeader);
    if (bytes.empty()) {
      return {};
    }
    const auto captured = bytes.size() < kPacketHeader
                              ? std::uint32_t{0}
                              : load<std::uint32_t>(bytes.data() + 8, order_);
    if (captured > kMostCaptured) {
      fail(Exit::failed, "{}: packet at byte {} has {} bytes, more than any", window_.name(),
           window_.offset(), captured);
    }
    const std::size_t size = kPacketHeader + captured;
    bytes = window_.peek(size);
    if (bytes.size() < size) {
      fail(Exit::failed, "{}: packet at byte {} is cut short: {} of {} bytes", window_.name(),
           window_.offset(), bytes.size(), size);
    }
    used_ = size;
    ++packets_;
    return bytes.subspan(kPacketHeader, captured);
  }

  // Whether the packet completes a message.
  bool take(const IpPacket& ip, ExportMessage& message) {
    const std::span<const std::byte> bytes = ip.is_fragment() ? fragments_.add(ip) : ip.payload;
    const auto udp = parse_udp(bytes);
    if (!udp || !looks_export(udp->payload, udp->length)) {
      return false;
    }
    message = ExportMessage();
    message.bytes = udp->payload;
    message.length = udp->length;
    message.offset = window_.offset();
    if (!ip.is_fragment()) {
      message.offset += static_cast<std::uint64_t>(udp->payload.data() - window_.peek(1).data());
    }
    message.exporter = ip.source;
    message.port = udp->port;
    return true;
  }

  void finish() const {
    if (packets_ != 0 && messages_ == 0 && fragments_.incomplete() == 0) {
      throw Error(Exit::failed,
                  fmt::format("{}: is a capture without NetFlow or IPFIX in it", window_.name()),
                  "a flow meter makes flows of packets: nfpcapd, softflowd, yaf");
    }
  }

  InputWindow window_;
  ByteOrder order_ = ByteOrder::little;
  std::uint32_t link_type_ = 0;
  std::size_t used_ = 0;  // bytes of what was given last
  IpFragments fragments_;
  std::uint64_t packets_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace

bool looks_pcap(std::span<const std::byte> first) {
  return capture_order(first).has_value();
}

std::unique_ptr<MessageSource> make_pcap_messages(InputFile file) {
  return std::make_unique<PcapMessages>(std::move(file));
}

}  // namespace nfql
