#include "common/io/ipfix_message.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "common/base/byte_order.h"
#include "common/io/export_message.h"

namespace nfql {
namespace {

// Half of what a message can be, so that readers' buffers are used well and one larger set fits.
constexpr std::size_t kTargetBytes = 32 * 1024;

template <class T>
void put(std::byte*& to, T value) {
  store(to, value, ByteOrder::big);
  to += sizeof value;
}

}  // namespace

std::byte* IpfixMessage::grow(std::size_t bytes) {
  const std::size_t old = message_.size();
  message_.resize(old + bytes);
  return message_.data() + old;
}

// Opens a set, or goes on with it, so that there is room for `bytes` more in it.
void IpfixMessage::begin_set(std::uint16_t id, std::size_t bytes) {
  const bool goes_on = set_at_ != 0 && set_id_ == id;
  if (message_.size() != 0 &&
      message_.size() + (goes_on ? 0 : ipfix::kSetHeaderBytes) + bytes > kTargetBytes) {
    send();
  } else if (goes_on) {
    return;
  }
  end_set();
  if (message_.size() == 0) {
    grow(ipfix::kMessageHeaderBytes);
  }
  set_at_ = message_.size();
  set_id_ = id;
  store(grow(ipfix::kSetHeaderBytes), id, ByteOrder::big);
}

void IpfixMessage::end_set() {
  if (set_at_ != 0) {
    store(message_.data() + set_at_ + 2, static_cast<std::uint16_t>(message_.size() - set_at_),
          ByteOrder::big);
  }
  set_at_ = 0;
}

void IpfixMessage::add_template(std::uint16_t number, const std::vector<FieldSpec>& fields,
                                std::size_t scope_fields) {
  const auto count = static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(),
                    [](const FieldSpec& field) { return field.id.enterprise != 0; }));
  const std::size_t bytes = 4 + (scope_fields != 0 ? 2 : 0) + 4 * (fields.size() + count);
  begin_set(scope_fields != 0 ? ipfix::kOptionsTemplateSet : ipfix::kTemplateSet, bytes);
  std::byte* to = grow(bytes);
  put(to, number);
  put(to, static_cast<std::uint16_t>(fields.size()));
  if (scope_fields != 0) {
    put(to, static_cast<std::uint16_t>(scope_fields));
  }
  for (const FieldSpec& field : fields) {
    const bool own = field.id.enterprise != 0;
    put(to, static_cast<std::uint16_t>(field.id.element | (own ? ipfix::kEnterpriseBit : 0)));
    put(to, field.length);
    if (own) {
      put(to, field.id.enterprise);
    }
  }
}

IpfixMessage::Room IpfixMessage::add_records(std::uint16_t number, std::size_t record_bytes,
                                             std::size_t most) {
  assert(record_bytes <= kMostRecordBytes);
  begin_set(number, record_bytes);
  const std::size_t left = kTargetBytes - std::min(message_.size(), kTargetBytes);
  const std::size_t records = std::clamp<std::size_t>(left / record_bytes, 1, most);
  records_ += static_cast<std::uint32_t>(records);
  return {grow(records * record_bytes), records};
}

void IpfixMessage::add_record(std::uint16_t number, std::span<const std::byte> record) {
  std::copy(record.begin(), record.end(), add_records(number, record.size(), 1).to);
}

void IpfixMessage::set_time(std::int64_t export_ms) {
  const std::int64_t seconds = export_ms / 1000 + (export_ms % 1000 > 0 ? 1 : 0);
  export_seconds_ =
      std::max(export_seconds_,
               static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX)));
}

void IpfixMessage::send() {
  if (message_.size() == 0) {
    return;
  }
  end_set();
  std::byte* to = message_.data();
  put(to, ipfix::kVersion);
  put(to, static_cast<std::uint16_t>(message_.size()));
  put(to, export_seconds_);
  put(to, sequence_);
  put(to, std::uint32_t{0});  // of no one domain; that of a flow is an element
  file_.write(message_.bytes());
  sequence_ += std::exchange(records_, 0);
  message_.clear();
}

}  // namespace nfql
