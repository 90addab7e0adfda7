#include "common/io/ipfix_messages.h"

#include <algorithm>

#include "common/base/byte_order.h"
#include "common/base/error.h"

namespace nfql {
namespace {

constexpr std::size_t kFieldBytes = 4, kEnterpriseBytes = 4;

std::uint16_t u16_at(std::span<const std::byte> bytes, std::size_t at) {
  return load<std::uint16_t>(bytes.data() + at, ByteOrder::big);
}
std::uint32_t u32_at(std::span<const std::byte> bytes, std::size_t at) {
  return load<std::uint32_t>(bytes.data() + at, ByteOrder::big);
}

// The field at `at`, which moves behind it; false if it does not fit.
bool read_field(std::span<const std::byte> body, std::size_t& at, FieldSpec& field) {
  if (body.size() - at < kFieldBytes) {
    return false;
  }
  const std::uint16_t element = u16_at(body, at);
  field = {{0, static_cast<std::uint16_t>(element & ~ipfix::kEnterpriseBit)}, u16_at(body, at + 2)};
  at += kFieldBytes;
  if ((element & ipfix::kEnterpriseBit) != 0) {
    if (body.size() - at < kEnterpriseBytes) {
      return false;
    }
    field.id.enterprise = u32_at(body, at);
    at += kEnterpriseBytes;
  }
  return true;
}

}  // namespace

bool IpfixMessages::next(IpfixSet& set) {
  while (at_ >= length_) {
    if (!next_message()) {
      return false;
    }
  }
  const std::span<const std::byte> rest = message_.subspan(std::min(at_, message_.size()));
  const std::size_t left = length_ - at_;
  const std::uint64_t offset = window_.offset() + at_;
  if (rest.size() < std::min(left, ipfix::kSetHeaderBytes)) {
    fail_at("message", window_.offset(),
            fmt::format("is cut short: {} of {} bytes", message_.size(), length_));
  }
  const std::size_t size = left < ipfix::kSetHeaderBytes ? 0 : u16_at(rest, 2);
  if (size < ipfix::kSetHeaderBytes || size > left) {
    fail_at("set", offset,
            left < ipfix::kSetHeaderBytes
                ? fmt::format("has no header: {} bytes are left of the message", left)
                : fmt::format("is {} bytes, {} are left of the message", size, left));
  }
  if (size > rest.size()) {
    fail_at("message", window_.offset(),
            fmt::format("is cut short: {} of {} bytes", message_.size(), length_));
  }
  set = head_;
  set.id = u16_at(rest, 0);
  set.offset = offset;
  set.body = rest.subspan(ipfix::kSetHeaderBytes, size - ipfix::kSetHeaderBytes);
  at_ += size;
  return true;
}

// Looks at the next message; false at the end of the input.
bool IpfixMessages::next_message() {
  window_.skip(std::exchange(length_, 0));
  at_ = 0;
  message_ = window_.peek(ipfix::kMessageHeaderBytes);
  if (message_.empty()) {
    return false;
  }
  if (message_.size() < ipfix::kMessageHeaderBytes) {
    fail_at("message", window_.offset(),
            fmt::format("is cut short: {} bytes of its header", message_.size()));
  }
  const std::uint16_t version = u16_at(message_, 0);
  const std::size_t length = u16_at(message_, 2);
  if (version != ipfix::kVersion || length < ipfix::kMessageHeaderBytes) {
    fail_at("message", window_.offset(),
            version != ipfix::kVersion ? fmt::format("is of version {}, not 10", version)
                                       : fmt::format("is {} bytes long, at least 16 are", length));
  }
  message_ = window_.peek(length);
  message_ = message_.first(std::min(message_.size(), length));
  length_ = length;
  at_ = ipfix::kMessageHeaderBytes;
  head_.export_seconds = u32_at(message_, 4);
  head_.domain = u32_at(message_, 12);
  return true;
}

void IpfixMessages::fail_at(std::string_view what, std::uint64_t offset,
                            std::string_view problem) const {
  fail(Exit::failed, "{}: {} at byte {} {}", name(), what, offset, problem);
}

std::vector<TemplateRecord> read_templates(const IpfixMessages& messages, const IpfixSet& set) {
  const bool options = set.id == ipfix::kOptionsTemplateSet;
  const std::span<const std::byte> body = set.body;
  constexpr std::size_t kHeaderBytes = 4;
  std::vector<TemplateRecord> records;
  // What is less than a header is padding, and so is a zero where a number should be.
  for (std::size_t at = 0; body.size() - at >= kHeaderBytes && u16_at(body, at) != 0;) {
    const std::uint64_t offset = set.offset + ipfix::kSetHeaderBytes + at;
    TemplateRecord& record = records.emplace_back();
    record.number = u16_at(body, at);
    const std::size_t count = u16_at(body, at + 2);
    at += kHeaderBytes;
    if (count == 0) {
      continue;
    }
    if (record.number < ipfix::kFirstDataSet) {
      messages.fail_at("template", offset,
                       fmt::format("has the number {}, the least is 256", record.number));
    }
    if (options) {
      if (body.size() - at < 2) {
        messages.fail_at("template", offset, "does not fit into its set");
      }
      record.scope_fields = u16_at(body, at);
      at += 2;
      if (record.scope_fields == 0 || record.scope_fields > count) {
        messages.fail_at(
            "template", offset,
            fmt::format("has {} scope fields of {} fields", record.scope_fields, count));
      }
    }
    record.fields.resize(std::min(count, (body.size() - at) / kFieldBytes));
    for (FieldSpec& field : record.fields) {
      if (!read_field(body, at, field)) {
        messages.fail_at("template", offset, "does not fit into its set");
      }
    }
    if (record.fields.size() != count) {
      messages.fail_at("template", offset, "does not fit into its set");
    }
  }
  return records;
}

}  // namespace nfql
