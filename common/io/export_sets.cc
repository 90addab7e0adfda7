#include "common/io/export_sets.h"

#include <algorithm>

#include "common/base/byte_order.h"
#include "common/base/error.h"

namespace nfql {
namespace {

constexpr std::int64_t kUptimeWrapMs = std::int64_t{1} << 32;

std::uint16_t big16(std::span<const std::byte> bytes, std::size_t at) {
  return load<std::uint16_t>(bytes.data() + at, ByteOrder::big);
}
std::uint32_t big32(std::span<const std::byte> bytes, std::size_t at) {
  return load<std::uint32_t>(bytes.data() + at, ByteOrder::big);
}

std::size_t header_bytes(std::uint16_t version) {
  return version == netflow5::kVersion   ? netflow5::kHeaderBytes
         : version == netflow9::kVersion ? netflow9::kHeaderBytes
                                         : ipfix::kMessageHeaderBytes;
}

// Where NetFlow v9 has its sequence, after uptime and seconds; v5 has nanoseconds there.
ExportHeader read_netflow(std::span<const std::byte> bytes, std::uint16_t version) {
  constexpr std::int64_t kMsPerSecond = 1000;
  constexpr std::uint32_t kNanosecondsPerMs = 1'000'000;
  constexpr std::uint16_t kSamplingInterval = 0x3fff;
  ExportHeader header;
  header.version = version;
  header.records = big16(bytes, 2);
  header.export_ms = std::int64_t{big32(bytes, 8)} * kMsPerSecond;
  if (version == netflow5::kVersion) {
    header.export_ms += big32(bytes, 12) / kNanosecondsPerMs;
    header.sequence = big32(bytes, 16);
    header.domain = big16(bytes, 20);
    header.sampling = big16(bytes, 22) & kSamplingInterval;
  } else {
    header.sequence = big32(bytes, 12);
    header.domain = big32(bytes, 16);
  }
  header.boot_ms = header.export_ms - std::int64_t{big32(bytes, 4)} - kUptimeWrapMs;
  return header;
}

ExportSet::Kind kind_of(std::uint16_t version, std::uint16_t id) {
  using enum ExportSet::Kind;
  if (id >= ipfix::kFirstDataSet) {
    return records;
  }
  const bool netflow = version == netflow9::kVersion;
  if (id == (netflow ? netflow9::kTemplateSet : ipfix::kTemplateSet)) {
    return templates;
  }
  return id == (netflow ? netflow9::kOptionsTemplateSet : ipfix::kOptionsTemplateSet)
             ? options_templates
             : other;  // to be ignored (RFC 7011, 3.3.2)
}

}  // namespace

bool looks_export(std::span<const std::byte> first, std::size_t length) {
  if (first.size() < sizeof(std::uint32_t)) {
    return false;
  }
  const std::uint16_t version = big16(first, 0);
  const std::size_t count = big16(first, 2);
  if (version == netflow5::kVersion) {
    return count >= 1 && count <= netflow5::kMostFlows &&
           netflow5::kHeaderBytes + count * netflow5::kRecordBytes <= length;
  }
  const std::size_t header = header_bytes(version);
  const bool has_set = first.size() >= header + 2;
  const std::uint16_t set = has_set ? big16(first, header) : std::uint16_t{0};
  if (version == netflow9::kVersion) {
    return has_set && count != 0 &&
           (set <= netflow9::kOptionsTemplateSet || set >= ipfix::kFirstDataSet);
  }
  // A message of IPFIX may be empty, and then the next one begins.
  return version == ipfix::kVersion && count >= header && count <= length &&
         (count == header || (has_set && kind_of(version, set) != ExportSet::Kind::other));
}

void ExportSets::begin(const ExportMessage& message) {
  message_ = message.bytes;
  offset_ = message.offset;
  length_ = 0;
  const std::uint16_t version =
      message_.size() < sizeof(std::uint16_t) ? std::uint16_t{0} : big16(message_, 0);
  if (message_.size() >= sizeof(std::uint16_t) && !is_export_version(version)) {
    fail_at("message", offset_, fmt::format("is of version {}: 5, 9 and 10 are read", version));
  }
  if (message_.size() < header_bytes(version)) {
    fail_at("message", offset_,
            fmt::format("is cut short: {} bytes of its header", message_.size()));
  }
  at_ = header_bytes(version);
  const std::size_t count = big16(message_, 2);
  if (version == ipfix::kVersion) {
    if (count < at_) {
      fail_at("message", offset_, fmt::format("is {} bytes long, at least 16 are", count));
    }
    length_ = count;
    header_ = ExportHeader();
    header_.version = version;
    header_.sequence = big32(message_, 8);
    header_.domain = big32(message_, 12);
    header_.export_ms = std::int64_t{big32(message_, 4)} * 1000;
  } else {
    header_ = read_netflow(message_, version);
    length_ =
        version == netflow9::kVersion
            ? message.length
            : at_ + std::min<std::size_t>(count, netflow5::kMostFlows) * netflow5::kRecordBytes;
  }
  message_ = message_.first(std::min(message_.size(), length_));
}

bool ExportSets::next(ExportSet& set) {
  if (at_ >= length_) {
    return false;
  }
  set.version = header_.version;
  if (header_.version == netflow5::kVersion) {
    return next_records(set);
  }
  const std::span<const std::byte> rest = message_.subspan(std::min(at_, message_.size()));
  const std::size_t left = length_ - at_;
  if (rest.size() < std::min(left, ipfix::kSetHeaderBytes)) {
    fail_short();
  }
  const bool netflow = header_.version == netflow9::kVersion;
  if (netflow && (left < ipfix::kSetHeaderBytes || big32(rest, 0) == 0)) {
    length_ = 0;  // padding
    return false;
  }
  const std::size_t size = left < ipfix::kSetHeaderBytes ? 0 : big16(rest, 2);
  if (size < ipfix::kSetHeaderBytes || size > left) {
    fail_at("set", offset_ + at_,
            left < ipfix::kSetHeaderBytes
                ? fmt::format("has no header: {} bytes are left of the message", left)
                : fmt::format("is {} bytes, {} are left of the message", size, left));
  }
  if (size > rest.size()) {
    fail_short();
  }
  set.id = big16(rest, 0);
  set.kind = kind_of(header_.version, set.id);
  set.body_offset = offset_ + at_ + ipfix::kSetHeaderBytes;
  set.body = rest.subspan(ipfix::kSetHeaderBytes, size - ipfix::kSetHeaderBytes);
  at_ += size;
  return true;
}

// All whole records of NetFlow v5.
bool ExportSets::next_records(ExportSet& set) {
  const std::size_t records =
      (message_.size() - std::min(at_, message_.size())) / netflow5::kRecordBytes;
  if (records == 0) {
    fail_short();
  }
  set.kind = ExportSet::Kind::records;
  set.id = kNetflow5Template;
  set.body = message_.subspan(at_, records * netflow5::kRecordBytes);
  set.body_offset = offset_ + at_;
  at_ += set.body.size();
  return true;
}

void ExportSets::fail_short() const {
  fail_at("message", offset_,
          fmt::format("is cut short: {} of {} bytes", message_.size(), length_));
}

void ExportSets::fail_at(std::string_view what, std::uint64_t offset,
                         std::string_view problem) const {
  fail(Exit::failed, "{}: {} at byte {} {}", name_, what, offset, problem);
}

}  // namespace nfql
