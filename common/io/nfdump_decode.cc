#include "common/io/nfdump_decode.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/byte_order.h"

namespace nfql {
namespace {

namespace nf = nfdump;
using Elements = std::span<const std::byte* const>;

template <class Stored, class Value>
void decode_values(Elements at, std::size_t offset, bool only, std::byte* to) {
  auto* values = reinterpret_cast<Value*>(to);
  if (!only) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      values[i] = load<Stored>(at[i] + offset);
    }
    return;
  }
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (at[i] != NfdumpFlows::zeros()) {
      values[i] = load<Stored>(at[i] + offset);
    }
  }
}

// Fields are as wide in a record as in their column, but for one: a flow number may be narrower.
NfdumpDecoder::Decode decoder(std::size_t stored, std::size_t value) {
  switch (stored) {
    case 1:
      return &decode_values<std::uint8_t, std::uint8_t>;
    case 2:
      return &decode_values<std::uint16_t, std::uint16_t>;
    case 4:
      return value == 4 ? &decode_values<std::uint32_t, std::uint32_t>
                        : &decode_values<std::uint32_t, std::uint64_t>;
    default:
      return &decode_values<std::uint64_t, std::uint64_t>;
  }
}

Address load_address(const std::byte* from) {
  return {load<std::uint64_t>(from), load<std::uint64_t>(from + sizeof(std::uint64_t))};
}

// The only field that is made of others: where it is an ICMP flow, the port.
constexpr nf::Place kIcmpPlace{element::kIcmpTypeCode, nf::kGeneric, 42, 2};
constexpr std::size_t kProtocolAt = 44;
constexpr std::uint8_t kIcmp = 1, kIcmp6 = 58;

bool is_icmp(const std::byte* generic) {
  const auto protocol = std::to_integer<std::uint8_t>(generic[kProtocolAt]);
  return protocol == kIcmp || protocol == kIcmp6;
}

}  // namespace

NfdumpSlots nfdump_slots(const Schema& schema) {
  NfdumpSlots slots = 0;
  for (const Field& field : schema.fields()) {
    for (const nf::Place& place : nf::kPlaces) {
      slots |= place.id == field.id ? slot_bit(place.slot) : 0;
    }
    if (field.id == element::kIcmpTypeCode) {
      slots |= slot_bit(kIcmpPlace.slot);
    }
    if (field.id == element::kExporter) {
      slots |= slot_bit(nf::kHeader);
    }
    if (field.id == element::kSamplingInterval) {
      slots |= slot_bit(nf::kHeader) | slot_bit(nf::kNewSampler);
    }
  }
  return slots;
}

NfdumpDecoder::NfdumpDecoder(const Schema& schema) {
  targets_.reserve(schema.size());
  for (const Field& field : schema.fields()) {
    targets_.push_back(make_target(field));
  }
}

NfdumpDecoder::Target NfdumpDecoder::make_target(const Field& field) {
  Target target;
  target.field = field;
  for (const nf::Place& place : nf::kPlaces) {
    if (place.id == field.id) {
      const bool address = field.type == Type::address;
      target.origins.push_back(
          {place, address ? nullptr : decoder(place.width, width_of(field.type))});
    }
  }
  if (field.id == element::kIcmpTypeCode) {
    target.origins.push_back({kIcmpPlace, decoder(kIcmpPlace.width, width_of(field.type))});
  }
  return target;
}

void NfdumpDecoder::append(const NfdumpFlows& flows, std::size_t rows, const FlowNumbers& numbers) {
  const Rows appended{flows, rows_, rows, last_rows_, numbers};
  for (Target& target : targets_) {
    decode(target, appended);
  }
  rows_ += rows;
}

void NfdumpDecoder::decode(Target& target, const Rows& rows) {
  const ElementId id = target.field.id;
  if (target.field.type == Type::address) {
    decode_addresses(target, rows);
  } else if (id == element::kFlowCount) {
    decode_flow_count(target, rows);
    return;  // always known
  } else if (id == element::kFlowId) {
    target.ever_known = true;
    store_flow_ids(rows.numbers, rows.count,
                   reinterpret_cast<std::byte*>(room<std::uint64_t>(target, rows)));
    return;
  } else {
    decode_integers(target, rows);
  }
  mark_known(target, rows);
  if (id == element::kIcmpTypeCode) {
    decode_icmp(target, rows);
  } else if (id == element::kExporter) {
    look_up_exporters(target, rows);
  } else if (id == element::kSamplingInterval) {
    look_up_samplers(target, rows);
  }
  if (!target.ever_known) {
    const std::uint8_t* known = target.known.as<std::uint8_t>();
    target.ever_known =
        target.known.size() == 0 || std::any_of(known + rows.first, known + rows.first + rows.count,
                                                [](std::uint8_t k) { return k != 0; });
  }
}

// Makes room for the rows' values; returns where they go.
template <class T>
T* NfdumpDecoder::room(Target& target, const Rows& rows) {
  target.values.reserve(rows.likely * sizeof(T));
  target.values.resize((rows.first + rows.count) * sizeof(T));
  return target.values.as<T>() + rows.first;
}

void NfdumpDecoder::decode_integers(Target& target, const Rows& rows) {
  std::byte* to = visit_values(target.field.type, 0, [&]<class T>(std::type_identity<T>) {
    return reinterpret_cast<std::byte*>(room<T>(target, rows));
  });
  bool only = false;
  for (const Origin& origin : target.origins) {
    const nf::Slot slot = origin.place.slot;
    if (!only || rows.flows.any_has(slot)) {
      origin.decode(rows.flows.at(slot), origin.place.offset, only, to);
    }
    only = true;
  }
}

// Addresses have a place of 4 bytes and one of 16, in this order.
void NfdumpDecoder::decode_addresses(Target& target, const Rows& rows) {
  const nf::Place& place4 = target.origins.front().place;
  const nf::Place& place6 = target.origins.back().place;
  const Elements at4 = rows.flows.at(place4.slot);
  const Elements at6 = rows.flows.at(place6.slot);
  if (rows.flows.any_has(place6.slot)) {
    widen(target, rows.first, rows.likely);
  }
  if (!target.wide) {
    auto* values = room<std::uint32_t>(target, rows);
    for (std::size_t i = 0; i < rows.count; ++i) {
      values[i] = load<std::uint32_t>(at4[i] + place4.offset);
    }
    return;
  }
  auto* values = room<Address>(target, rows);
  for (std::size_t i = 0; i < rows.count; ++i) {
    values[i] = at6[i] != NfdumpFlows::zeros()
                    ? load_address(at6[i] + place6.offset)
                    : mapped(load<std::uint32_t>(at4[i] + place4.offset));
  }
}

void NfdumpDecoder::widen(Target& target, std::size_t rows, std::size_t likely) {
  if (std::exchange(target.wide, true)) {
    return;
  }
  Buffer wide;
  wide.reserve(likely * sizeof(Address));
  wide.resize(rows * sizeof(Address));
  const auto* narrow = target.values.as<std::uint32_t>();
  for (std::size_t i = 0; i < rows; ++i) {
    wide.as<Address>()[i] = mapped(narrow[i]);
  }
  target.values = std::move(wide);
}

void NfdumpDecoder::decode_flow_count(Target& target, const Rows& rows) {
  target.ever_known = true;
  decode_integers(target, rows);
  auto* values = target.values.as<std::uint64_t>() + rows.first;
  for (std::size_t i = 0; i < rows.count; ++i) {
    values[i] = std::max<std::uint64_t>(values[i], 1);
  }
}

void NfdumpDecoder::decode_icmp(Target& target, const Rows& rows) {
  std::uint8_t* known = known_of(target, rows);
  const Elements at = rows.flows.at(kIcmpPlace.slot);
  for (std::size_t i = 0; i < rows.count; ++i) {
    known[i] = known[i] != 0 && is_icmp(at[i]) ? 1 : 0;
  }
}

void NfdumpDecoder::look_up_exporters(Target& target, const Rows& rows) {
  if (target.known.size() == 0 || !rows.flows.exporters().has_exporters()) {
    return;
  }
  std::uint8_t* known = known_of(target, rows);
  const Elements heads = rows.flows.at(nf::kHeader);
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (known[i] != 0) {
      continue;
    }
    const auto exporter = load<std::uint16_t>(heads[i] + nf::kExporterIdAt);
    const std::optional<Address> address = rows.flows.exporters().address(exporter);
    if (!address) {
      continue;
    }
    known[i] = 1;
    if (!is_ipv4(*address)) {
      widen(target, rows.first + rows.count, rows.likely);
    }
    if (target.wide) {
      target.values.as<Address>()[rows.first + i] = *address;
    } else {
      target.values.as<std::uint32_t>()[rows.first + i] = ipv4_of(*address);
    }
  }
}

void NfdumpDecoder::look_up_samplers(Target& target, const Rows& rows) {
  if (target.known.size() == 0 || !rows.flows.exporters().has_samplers()) {
    return;
  }
  std::uint8_t* known = known_of(target, rows);
  auto* values = target.values.as<std::uint32_t>() + rows.first;
  const Elements heads = rows.flows.at(nf::kHeader);
  const Elements samplers = rows.flows.at(nf::kNewSampler);
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (known[i] != 0) {
      continue;
    }
    const bool named = samplers[i] != NfdumpFlows::zeros();
    const auto interval = rows.flows.exporters().interval(
        load<std::uint16_t>(heads[i] + nf::kExporterIdAt),
        named ? std::optional(load<std::uint64_t>(samplers[i])) : std::nullopt);
    if (interval) {
      values[i] = *interval;
      known[i] = 1;
    }
  }
}

// Which of the rows, from `first` of the batch on, know the field; makes the list if there is none.
std::uint8_t* NfdumpDecoder::known_of(Target& target, const Rows& rows) {
  const std::size_t old = target.known.size();
  const std::size_t all = rows.first + rows.count;
  if (old != all) {
    target.known.reserve(rows.likely);
    target.known.resize(all);
    std::memset(target.known.data() + old, 1, all - old);
  }
  return target.known.as<std::uint8_t>() + rows.first;
}

void NfdumpDecoder::mark_known(Target& target, const Rows& rows) {
  const nf::Place& first = target.origins.front().place;
  const bool all = rows.flows.all_have(first.slot);
  if (all && !first.zero_is_none) {
    if (target.known.size() != 0) {
      known_of(target, rows);
    }
    return;
  }
  std::uint8_t* known = known_of(target, rows);
  std::memset(known, all ? 1 : 0, rows.count);
  for (const Origin& origin : target.origins) {
    const Elements at = rows.flows.at(origin.place.slot);
    for (std::size_t i = 0; i < rows.count && !all; ++i) {
      known[i] |= static_cast<std::uint8_t>(at[i] != NfdumpFlows::zeros());
    }
  }
  if (first.zero_is_none) {
    visit_values(target.field.type, 0, [&]<class T>(std::type_identity<T>) {
      const T* values = target.values.as<T>() + rows.first;
      for (std::size_t i = 0; i < rows.count; ++i) {
        known[i] &= static_cast<std::uint8_t>(!(values[i] == T{}));
      }
    });
  }
}

void NfdumpDecoder::move_to(Batch& batch) {
  std::vector<Buffer> used = std::move(batch.memory);
  batch.clear();
  batch.rows = rows_;
  for (Target& target : targets_) {
    Column column;
    column.type = target.field.type;
    column.element_type = target.field.type;
    column.width =
        static_cast<std::uint8_t>(target.wide ? sizeof(Address) : width_of(target.field.type));
    column.rows = rows_;
    column.data = batch.keep(std::exchange(target.values, Buffer()));
    if (target.known.size() != 0) {
      column.known =
          reinterpret_cast<const std::uint8_t*>(batch.keep(std::exchange(target.known, Buffer())));
    }
    batch.columns.push_back(column);
    target.wide = false;
  }
  // What the batch had before becomes the memory of the next one.
  for (std::size_t i = 0; i < std::min(used.size(), targets_.size()); ++i) {
    targets_[i].values = std::move(used[i]);
    targets_[i].values.clear();
  }
  last_rows_ = std::exchange(rows_, 0);
}

}  // namespace nfql
