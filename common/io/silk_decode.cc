#include "common/io/silk_decode.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "common/flow/element_list.h"
#include "common/io/silk_format.h"

namespace nfql {
namespace {

constexpr std::array kSilkSchemaOrder = {element::kStart,
                                         element::kEnd,
                                         element::kSourceAddress,
                                         element::kSourcePort,
                                         element::kDestinationAddress,
                                         element::kDestinationPort,
                                         element::kProtocol,
                                         element::kTcpFlags,
                                         element::kPackets,
                                         element::kOctets,
                                         element::kInitialTcpFlags,
                                         element::kUnionTcpFlags,
                                         element::kIngress,
                                         element::kEgress,
                                         element::kNextHop,
                                         element::kSilkApplication,
                                         element::kSilkSensor,
                                         element::kSilkFlowType,
                                         element::kSilkTcpState,
                                         element::kFlowId};
// Only for those who ask: they say nothing that others do not.
constexpr std::array kSilkOnDemand = {element::kFlowCount, element::kIcmpTypeCode};

constexpr std::uint8_t kIcmpProtocol = 1, kIcmp6Protocol = 58;
constexpr std::size_t kWideBytes = sizeof(Address);

std::uint8_t byte_at(const std::byte* from) {
  return std::to_integer<std::uint8_t>(*from);
}

// Times are signed in records too; what is beyond all time wraps around.
template <ByteOrder Order>
void decode_start(const std::byte* records, std::size_t stride, std::size_t rows, std::size_t,
                  std::byte* to) {
  auto* values = reinterpret_cast<std::int64_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    values[i] = static_cast<std::int64_t>(
        load<std::uint64_t>(records + i * stride + silk::kStartAt, Order));
  }
}

template <ByteOrder Order>
void decode_end(const std::byte* records, std::size_t stride, std::size_t rows, std::size_t,
                std::byte* to) {
  auto* values = reinterpret_cast<std::int64_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::byte* record = records + i * stride;
    values[i] = static_cast<std::int64_t>(load<std::uint64_t>(record + silk::kStartAt, Order) +
                                          load<std::uint32_t>(record + silk::kElapsedAt, Order));
  }
}

void decode_tcp_state(const std::byte* records, std::size_t stride, std::size_t rows, std::size_t,
                      std::byte* to) {
  auto* values = reinterpret_cast<std::uint8_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    values[i] = byte_at(records + i * stride + silk::kTcpStateAt) &
                static_cast<std::uint8_t>(~silk::kIpv6Record);
  }
}

// A record is one flow.
void decode_one_flow(const std::byte*, std::size_t, std::size_t rows, std::size_t, std::byte* to) {
  std::fill_n(reinterpret_cast<std::uint64_t*>(to), rows, std::uint64_t{1});
}

void know_told_apart(const std::byte* records, std::size_t stride, std::size_t rows,
                     std::uint8_t* to) {
  static_assert(silk::kExpandedFlags == 1);
  for (std::size_t i = 0; i < rows; ++i) {
    to[i] = byte_at(records + i * stride + silk::kTcpStateAt) & silk::kExpandedFlags;
  }
}

void know_icmp(const std::byte* records, std::size_t stride, std::size_t rows, std::uint8_t* to) {
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint8_t protocol = byte_at(records + i * stride + silk::kProtocolAt);
    to[i] = protocol == kIcmpProtocol || protocol == kIcmp6Protocol ? 1 : 0;
  }
}

// All ones are none, in either byte order.
template <class T, std::size_t Offset>
void know_not_ones(const std::byte* records, std::size_t stride, std::size_t rows,
                   std::uint8_t* to) {
  for (std::size_t i = 0; i < rows; ++i) {
    to[i] = load<T>(records + i * stride + Offset) != static_cast<T>(~T{}) ? 1 : 0;
  }
}

bool is_ipv6_record(const std::byte* record) {
  return (byte_at(record + silk::kTcpStateAt) & silk::kIpv6Record) != 0;
}

std::uint32_t load_silk_ipv4(const std::byte* wide) {
  return load<std::uint32_t>(wide + kWideBytes - sizeof(std::uint32_t), ByteOrder::big);
}

Address load_silk_ipv6(const std::byte* wide) {
  return {load<std::uint64_t>(wide, ByteOrder::big),
          load<std::uint64_t>(wide + sizeof(std::uint64_t), ByteOrder::big)};
}

// Where the field is in records of this layout: in all of them, or not at all if it is computed.
const silk::Place* find_place(const silk::Layout& layout, ElementId id) {
  const auto is_it = [id](const silk::Place& place) { return place.id == id; };
  const auto* shared = std::find_if(silk::kPlaces.begin(), silk::kPlaces.end(), is_it);
  if (shared != silk::kPlaces.end()) {
    return shared;
  }
  const auto* own = std::find_if(layout.places.begin(), layout.places.end(), is_it);
  return own == layout.places.end() ? nullptr : own;
}

template <ByteOrder Order>
FixedDecode computed_decoder(ElementId id) {
  if (id == element::kStart) {
    return &decode_start<Order>;
  }
  if (id == element::kEnd) {
    return &decode_end<Order>;
  }
  if (id == element::kFlowCount) {
    return &decode_one_flow;
  }
  return id == element::kSilkTcpState ? &decode_tcp_state : nullptr;
}

}  // namespace

Schema silk_schema(const std::optional<std::vector<ElementId>>& wanted) {
  Schema schema;
  for (const ElementId id : kSilkSchemaOrder) {
    if (!wanted || contains(*wanted, id)) {
      schema.add(field_of(id));
    }
  }
  for (const ElementId id : kSilkOnDemand) {
    if (wanted && contains(*wanted, id)) {
      schema.add(field_of(id));
    }
  }
  return schema;
}

SilkDecoder::SilkDecoder(const Schema& schema) {
  targets_.resize(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const ElementId id = schema[i].id;
    Target& target = targets_[i];
    target.field = schema[i];
    if (id == element::kInitialTcpFlags || id == element::kUnionTcpFlags) {
      target.known_of = &know_told_apart;
    } else if (id == element::kIcmpTypeCode) {
      target.known_of = &know_icmp;
    } else if (id == element::kSilkSensor) {
      target.known_of = &know_not_ones<std::uint16_t, silk::kSensorAt>;
    } else if (id == element::kSilkFlowType) {
      target.known_of = &know_not_ones<std::uint8_t, silk::kFlowTypeAt>;
    }
  }
}

void SilkDecoder::bind(const SilkHeader& header) {
  record_size_ = header.record_size();
  may_be_ipv6_ = header.layout->format == silk::Format::ipv6_routing;
  for (Target& target : targets_) {
    if (header.order == ByteOrder::little) {
      bind_target<ByteOrder::little>(target, *header.layout);
    } else {
      bind_target<ByteOrder::big>(target, *header.layout);
    }
  }
}

template <ByteOrder Order>
void SilkDecoder::bind_target(Target& target, const silk::Layout& layout) {
  const ElementId id = target.field.id;
  const silk::Place* place =
      find_place(layout, id == element::kIcmpTypeCode ? element::kDestinationPort : id);
  target.decode = computed_decoder<Order>(id);
  if (place != nullptr) {
    target.offset = place->offset;
    if (target.decode == nullptr && place->width != kWideBytes) {
      target.decode = fixed_decoder<Order>(place->width, width_of(target.field.type));
    }
  }
}

void SilkDecoder::append(std::span<const std::byte> records, const FlowNumbers& numbers) {
  const std::size_t count = records.size() / record_size_;
  bool any_ipv6 = false;
  for (std::size_t i = 0; may_be_ipv6_ && i < count; ++i) {
    any_ipv6 |= is_ipv6_record(records.data() + i * record_size_);
  }
  for (Target& target : targets_) {
    append(target, {records.data(), record_size_, count, any_ipv6}, numbers);
  }
  rows_ += count;
}

void SilkDecoder::append(Target& target, const Records& records, const FlowNumbers& numbers) const {
  if (target.field.type == Type::address && target.decode == nullptr) {
    append_addresses(target, records);
    return;
  }
  std::byte* to = visit_values(target.field.type, 0, [&]<class T>(std::type_identity<T>) {
    return reinterpret_cast<std::byte*>(room<T>(target, records.count));
  });
  if (target.decode != nullptr) {
    target.decode(records.at, records.stride, records.count, target.offset, to);
  } else {
    store_flow_ids(numbers, records.count, to);
  }
  if (target.known_of != nullptr) {
    target.known.resize(rows_ + records.count);
    target.known_of(records.at, records.stride, records.count,
                    target.known.as<std::uint8_t>() + rows_);
  }
}

void SilkDecoder::append_addresses(Target& target, const Records& records) const {
  if (records.any_ipv6) {
    widen(target);
  }
  const std::byte* at = records.at + target.offset;
  if (!target.wide) {
    auto* values = room<std::uint32_t>(target, records.count);
    for (std::size_t i = 0; i < records.count; ++i) {
      values[i] = load_silk_ipv4(at + i * records.stride);
    }
    return;
  }
  auto* values = room<Address>(target, records.count);
  for (std::size_t i = 0; i < records.count; ++i) {
    const std::byte* address = at + i * records.stride;
    values[i] = is_ipv6_record(records.at + i * records.stride) ? load_silk_ipv6(address)
                                                                : mapped(load_silk_ipv4(address));
  }
}

// Where the values of `rows` more records go.
template <class T>
T* SilkDecoder::room(Target& target, std::size_t rows) const {
  target.values.reserve(last_rows_ * sizeof(T));
  target.values.resize((rows_ + rows) * sizeof(T));
  return target.values.as<T>() + rows_;
}

void SilkDecoder::widen(Target& target) const {
  if (std::exchange(target.wide, true)) {
    return;
  }
  const Buffer narrow = std::exchange(target.values, Buffer());
  Address* wide = room<Address>(target, 0) - rows_;
  std::transform(narrow.as<std::uint32_t>(), narrow.as<std::uint32_t>() + rows_, wide, &mapped);
}

void SilkDecoder::move_to(Batch& batch) {
  std::vector<Buffer> used = std::move(batch.memory);
  batch.clear();
  batch.rows = rows_;
  for (Target& target : targets_) {
    Column column;
    column.type = target.field.type;
    column.element_type = target.field.type;
    column.width = static_cast<std::uint8_t>(
        std::exchange(target.wide, false) ? kWideBytes : width_of(target.field.type));
    column.rows = rows_;
    column.data = batch.keep(std::exchange(target.values, Buffer()));
    batch.columns.push_back(column);
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    Buffer known = std::exchange(targets_[i].known, Buffer());
    if (known.size() != 0 && std::memchr(known.data(), 0, known.size()) != nullptr) {
      batch.columns[i].known = reinterpret_cast<const std::uint8_t*>(batch.keep(std::move(known)));
    }
  }
  // What the values of the batch had before becomes the memory of the next one.
  for (std::size_t i = 0; i < std::min(used.size(), targets_.size()); ++i) {
    targets_[i].values = std::move(used[i]);
    targets_[i].values.clear();
  }
  last_rows_ = std::exchange(rows_, 0);
}

}  // namespace nfql
