#include "common/io/message_file.h"

#include <algorithm>
#include <utility>

#include "common/base/byte_order.h"

namespace nfql {
namespace {

constexpr std::size_t kSlotBytes =
    netflow5::kHeaderBytes + netflow5::kMostFlows * netflow5::kRecordBytes;

}  // namespace

bool MessageFile::next(ExportMessage& message) {
  window_.skip(std::exchange(length_, 0));
  if (may_be_padded_) {
    skip_padding();
  }
  const std::span<const std::byte> first = window_.peek(sizeof(std::uint32_t));
  if (first.empty()) {
    return false;
  }
  message = ExportMessage();
  message.offset = window_.offset();
  message.length = first.size();
  const std::uint16_t version = number_at(0);
  const std::size_t count = number_at(sizeof(std::uint16_t));
  if (version == ipfix::kVersion) {
    message.length = std::max(count, ipfix::kMessageHeaderBytes);
  } else if (version == netflow5::kVersion) {
    const std::size_t flows = std::min<std::size_t>(count, netflow5::kMostFlows);
    message.length = netflow5::kHeaderBytes + flows * netflow5::kRecordBytes;
  } else if (version == netflow9::kVersion) {
    message.length = netflow9_length();
  }
  message.bytes = window_.peek(message.length);
  message.bytes = message.bytes.first(std::min(message.bytes.size(), message.length));
  length_ = message.bytes.size();
  may_be_padded_ = version != ipfix::kVersion;
  if (version == netflow5::kVersion) {
    leave_slot();
    message.bytes = window_.peek(length_).first(message.bytes.size());
  }
  return true;
}

// A version is no more than a byte, so the zero in front of it is not skipped.
void MessageFile::skip_padding() {
  for (;;) {
    const std::span<const std::byte> bytes = window_.peek(sizeof(std::uint16_t));
    const auto* end = std::find_if(bytes.data(), bytes.data() + bytes.size(),
                                   [](std::byte byte) { return byte != std::byte{0}; });
    const auto zeros = static_cast<std::size_t>(end - bytes.data());
    if (zeros < bytes.size() || bytes.size() < sizeof(std::uint16_t)) {
      window_.skip(zeros < bytes.size() ? std::max<std::size_t>(zeros, 1) - 1 : zeros);
      return;
    }
    window_.skip(zeros - 1);
  }
}

// Takes what is behind the message in its slot along, if a next message does not follow at once.
void MessageFile::leave_slot() {
  const std::size_t next = length_;
  const std::span<const std::byte> bytes = window_.peek(next + sizeof(std::uint32_t));
  if (bytes.size() <= next || is_export_version(number_at(next))) {
    return;
  }
  if (window_.peek(kSlotBytes).size() >= kSlotBytes) {
    length_ = std::max(length_, kSlotBytes);
  }
}

// 0 behind the end of the input.
std::uint16_t MessageFile::number_at(std::size_t at) {
  const std::span<const std::byte> bytes = window_.peek(at + sizeof(std::uint16_t));
  return bytes.size() < at + sizeof(std::uint16_t)
             ? std::uint16_t{0}
             : load<std::uint16_t>(bytes.data() + at, ByteOrder::big);
}

std::size_t MessageFile::netflow9_length() {
  std::size_t at = netflow9::kHeaderBytes;
  // No datagram is longer.
  while (at <= UINT16_MAX && window_.peek(at + ipfix::kSetHeaderBytes).size() > at) {
    const std::uint16_t id = number_at(at);
    const std::uint16_t length = number_at(at + sizeof(std::uint16_t));
    if (is_export_version(id) || (id == 0 && length == 0)) {
      break;
    }
    at += std::max<std::size_t>(length, ipfix::kSetHeaderBytes);
  }
  return at;
}

}  // namespace nfql
