#include "common/io/nfdump_encode.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/flow/time.h"
#include "common/io/record_columns.h"

namespace nfql {
namespace {

namespace nf = nfdump;

constexpr std::size_t kElementStart = 4;

// Elements that hold addresses are chosen by family, those of events and counters by rules of their
// own; the others are there when one of their fields is known.
constexpr NfdumpSlots kChosenElsewhere =
    slot_bit(nf::kHeader) | slot_bit(nf::kGeneric) | slot_bit(nf::kIpv4) | slot_bit(nf::kIpv6) |
    slot_bit(nf::kNextHop4) | slot_bit(nf::kNextHop6) | slot_bit(nf::kBgpNextHop4) |
    slot_bit(nf::kBgpNextHop6) | slot_bit(nf::kReceived4) | slot_bit(nf::kReceived6) |
    slot_bit(nf::kNat4) | slot_bit(nf::kNat6) | slot_bit(nf::kFirewall) | slot_bit(nf::kNat) |
    slot_bit(nf::kFlowNumber) | slot_bit(nf::kCounters);
// There are newer forms of these; how a sampler samples goes into a record of its own
// (NfdumpExporterRecords).
constexpr NfdumpSlots kNotWritten = slot_bit(nf::kSampler) | slot_bit(nf::kOldNat);

constexpr std::uint16_t number_in_file(std::size_t slot) {
  return slot == nf::kNewSampler ? std::uint16_t{nf::kSampler} : static_cast<std::uint16_t>(slot);
}

constexpr std::size_t kLargestRecord = [] {
  std::size_t size = nf::kFlowHeaderBytes;
  for (std::size_t slot = 1; slot < nf::kSlots; ++slot) {
    size += kElementStart + nf::kPayloadBytes[slot];
  }
  return size;
}();
static_assert(kLargestRecord * NfdumpEncoder::kMostRows < 1024 * 1024);

using At = std::array<std::byte*, NfdumpEncoder::kMostRows>;

// Stores the known values in the elements that are there; returns how many rows went well.
template <class Stored, class T>
std::size_t store_all(std::span<const T> values, const std::uint8_t* known, const At& at,
                      std::size_t offset) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (at[i] == nullptr || (known != nullptr && known[i] == 0)) {
      continue;
    }
    const auto value = stored_value(values[i], std::numeric_limits<Stored>::max());
    if (!value) {
      return i;
    }
    store(at[i] + offset, static_cast<Stored>(*value));
  }
  return values.size();
}

void store_addresses(const Column& column, std::size_t first, std::size_t count, const At& at,
                     std::size_t offset) {
  for (std::size_t i = 0; i < count; ++i) {
    if (at[i] != nullptr && column.is_known(first + i)) {
      const Address address = column.address(first + i);
      store(at[i] + offset, address.high);
      store(at[i] + offset + sizeof address.high, address.low);
    }
  }
}

}  // namespace

NfdumpEncoder::NfdumpEncoder(const Schema& schema, std::string where, std::string what)
    : where_(std::move(where)),
      what_(std::move(what)),
      pairs_{{nf::kIpv4, nf::kIpv6, {}},
             {nf::kNextHop4, nf::kNextHop6, {}},
             {nf::kBgpNextHop4, nf::kBgpNextHop6, {}},
             {nf::kReceived4, nf::kReceived6, {}},
             {nf::kNat4, nf::kNat6, {}}},
      start_(find_typed_column(schema, element::kStart)),
      end_(find_typed_column(schema, element::kEnd)) {
  for (const nf::Place& place : nf::kPlaces) {
    if ((slot_bit(place.slot) & kNotWritten) == 0) {
      add_cell(schema, place);
    }
  }
}

void NfdumpEncoder::add_cell(const Schema& schema, const nf::Place& place) {
  std::optional<std::size_t> column = find_record_column(schema, place.id);
  if (place.id == element::kStart || place.id == element::kEnd) {
    column = find_typed_column(schema, place.id);
  } else if (place.id == element::kFlowCount) {
    column = column ? column : schema.find(element::kCount);
    flow_count_ = column;
  }
  // A column of the element's name that is no address cannot be chosen by family.
  const bool address = find_field(place.id)->type == Type::address;
  if (!column || (schema[*column].type == Type::address) != address) {
    return;
  }
  cells_.push_back({*column, place.slot, place.offset, place.width, place.id});
  used_ |= slot_bit(place.slot);
  for (Pair& pair : pairs_) {
    if (pair.ipv4 == place.slot) {
      pair.columns.push_back(*column);
    }
  }
}

std::vector<std::size_t> NfdumpEncoder::columns() const {
  std::vector<std::size_t> columns;
  for (const Cell& cell : cells_) {
    columns.push_back(cell.column);
  }
  return columns;
}

bool NfdumpEncoder::known(const Rows& rows, std::size_t column, std::size_t row) const {
  return rows.batch.columns[column].is_known(rows.first + row);
}

void NfdumpEncoder::encode(const Batch& batch, std::size_t first, std::size_t count,
                           std::uint64_t ordinal, Buffer& to) {
  assert(count <= kMostRows);
  const Rows rows{batch, first, count, ordinal};
  choose_elements(rows);
  choose_families(rows);
  choose_events(rows);
  choose_counters(rows);
  lay_out(rows, to);
  for (const Cell& cell : cells_) {
    store_cell(cell, rows);
  }
  complete_times(rows);
}

void NfdumpEncoder::choose_elements(const Rows& rows) {
  std::fill_n(elements_.data(), rows.count, slot_bit(nf::kGeneric));
  for (const Cell& cell : cells_) {
    const NfdumpSlots bit = slot_bit(cell.slot) & ~kChosenElsewhere;
    const std::uint8_t* known = rows.batch.columns[cell.column].known;
    for (std::size_t i = 0; i < rows.count && bit != 0; ++i) {
      elements_[i] |= known == nullptr || known[rows.first + i] != 0 ? bit : 0;
    }
  }
}

void NfdumpEncoder::choose_families(const Rows& rows) {
  for (const Pair& pair : pairs_) {
    const NfdumpSlots ipv4 = slot_bit(pair.ipv4);
    const NfdumpSlots ipv6 = slot_bit(pair.ipv6);
    for (const std::size_t index : pair.columns) {
      const Column& column = rows.batch.columns[index];
      const bool narrow = column.width != sizeof(Address);
      for (std::size_t i = 0; i < rows.count; ++i) {
        if (known(rows, index, i)) {
          elements_[i] |= narrow || is_ipv4(column.address(rows.first + i)) ? ipv4 : ipv6;
        }
      }
    }
    for (std::size_t i = 0; i < rows.count && !pair.columns.empty(); ++i) {
      elements_[i] &= (elements_[i] & ipv6) != 0 ? ~ipv4 : ~NfdumpSlots{0};
    }
  }
}

// The time and the number of the flow are in the element of firewall events, and the time in that
// of NAT events too: whichever is there for another reason. Alone they make one.
void NfdumpEncoder::choose_events(const Rows& rows) {
  constexpr NfdumpSlots kEvents = slot_bit(nf::kFirewall) | slot_bit(nf::kNat);
  constexpr ElementId kEventTime = nf::ipfix(323);
  for (const Cell& cell : cells_) {
    const NfdumpSlots bit = slot_bit(cell.slot) & kEvents;
    for (std::size_t i = 0; i < rows.count && bit != 0; ++i) {
      const bool own = cell.id != kEventTime && cell.id != element::kExportedFlowId;
      elements_[i] |= own && known(rows, cell.column, i) ? bit : 0;
    }
  }
  for (const Cell& cell : cells_) {
    const bool time = cell.id == kEventTime && cell.slot == nf::kFirewall;
    const bool number = cell.slot == nf::kFlowNumber;
    for (std::size_t i = 0; i < rows.count && (time || number); ++i) {
      const NfdumpSlots there = elements_[i] & (time ? kEvents : slot_bit(nf::kFirewall));
      if (there == 0 && known(rows, cell.column, i)) {
        elements_[i] |= slot_bit(time ? nf::kFirewall : nf::kFlowNumber);
      }
    }
  }
}

// A record without counters is one flow in one direction.
void NfdumpEncoder::choose_counters(const Rows& rows) {
  for (const Cell& cell : cells_) {
    for (std::size_t i = 0; i < rows.count && cell.slot == nf::kCounters; ++i) {
      bool there = known(rows, cell.column, i);
      if (there && cell.id == element::kFlowCount) {
        const Column& column = rows.batch.columns[cell.column];
        visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
          there = stored_value(column.values<T>()[rows.first + i],
                               std::numeric_limits<std::uint64_t>::max()) != std::uint64_t{1};
        });
      }
      elements_[i] |= there ? slot_bit(nf::kCounters) : 0;
    }
  }
}

// Makes the records with all elements that they have, every field 0.
void NfdumpEncoder::lay_out(const Rows& rows, Buffer& to) {
  const std::size_t old = to.size();
  to.resize(old + rows.count * kLargestRecord);
  std::byte* next = to.data() + old;
  for (NfdumpSlots left = used_; left != 0; left &= left - 1) {
    std::fill_n(at_[static_cast<std::size_t>(std::countr_zero(left))].data(), rows.count, nullptr);
  }
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (elements_[i] != form_.elements) {
      form_ = form_of(elements_[i]);
    }
    std::memcpy(next, form_.bytes.data(), form_.bytes.size());
    at_[nf::kHeader][i] = next;
    for (NfdumpSlots left = elements_[i]; left != 0; left &= left - 1) {
      const auto slot = static_cast<std::size_t>(std::countr_zero(left));
      at_[slot][i] = next + form_.at[slot];
    }
    next += form_.bytes.size();
  }
  to.resize(static_cast<std::size_t>(next - to.data()));
}

NfdumpEncoder::Form NfdumpEncoder::form_of(NfdumpSlots elements) {
  Form form;
  form.elements = elements;
  form.bytes.resize(kLargestRecord);
  std::byte* record = form.bytes.data();
  std::memset(record, 0, kLargestRecord);
  std::size_t size = nf::kFlowHeaderBytes;
  for (NfdumpSlots left = elements; left != 0; left &= left - 1) {
    const auto slot = static_cast<std::size_t>(std::countr_zero(left));
    const std::size_t bytes = kElementStart + nf::kPayloadBytes[slot];
    store(record + size, number_in_file(slot));
    store(record + size + 2, static_cast<std::uint16_t>(bytes));
    form.at[slot] = static_cast<std::uint16_t>(size + kElementStart);
    size += bytes;
  }
  store(record, nf::kFlowRecord);
  store(record + 2, static_cast<std::uint16_t>(size));
  store(record + nf::kElementsAt, static_cast<std::uint16_t>(std::popcount(elements)));
  if ((elements & slot_bit(nf::kCounters)) != 0) {
    store(record + form.at[nf::kCounters], std::uint64_t{1});  // a flow, unless the row says more
  }
  form.bytes.resize(size);
  return form;
}

void NfdumpEncoder::store_cell(const Cell& cell, const Rows& rows) {
  const Column& column = rows.batch.columns[cell.column];
  const At& at = at_[cell.slot];
  if (cell.width == sizeof(Address)) {
    store_addresses(column, rows.first, rows.count, at, cell.offset);
    return;
  }
  const std::uint8_t* known = column.known == nullptr ? nullptr : column.known + rows.first;
  const std::size_t stored =
      visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
        const std::span<const T> values = column.values<T>().subspan(rows.first, rows.count);
        switch (cell.width) {
          case 1:
            return store_all<std::uint8_t>(values, known, at, cell.offset);
          case 2:
            return store_all<std::uint16_t>(values, known, at, cell.offset);
          case 4:
            return store_all<std::uint32_t>(values, known, at, cell.offset);
          default:
            return store_all<std::uint64_t>(values, known, at, cell.offset);
        }
      });
  if (stored != rows.count) {
    fail_value(cell, rows, stored);
  }
}

void NfdumpEncoder::complete_times(const Rows& rows) {
  constexpr std::size_t kStartAt = 0, kEndAt = 8;
  for (std::size_t i = 0; i < rows.count; ++i) {
    const bool start = start_ && known(rows, *start_, i);
    const bool end = end_ && known(rows, *end_, i);
    if (start != end) {
      std::byte* generic = at_[nf::kGeneric][i];
      std::memcpy(generic + (start ? kEndAt : kStartAt), generic + (start ? kStartAt : kEndAt),
                  sizeof(std::uint64_t));
    }
  }
}

void NfdumpEncoder::fail_value(const Cell& cell, const Rows& rows, std::size_t row) const {
  const FieldInfo* info = find_field(cell.id);
  const Column& column = rows.batch.columns[cell.column];
  std::string text;
  if (info->meaning == Meaning::time && column.type == Type::i64) {
    append_time(text, column.values<std::int64_t>()[rows.first + row]);
  } else {
    text = value_text(column, rows.first + row);
  }
  const std::uint64_t largest = cell.width == sizeof(std::uint64_t)
                                    ? std::numeric_limits<std::uint64_t>::max()
                                    : (std::uint64_t{1} << (8 * cell.width)) - 1;
  fail(Exit::failed, "{}: {} {}: {} {} cannot be written to an nfdump file (0 to {})", where_,
       what_, rows.ordinal + row, info->short_name(), text, largest);
}

}  // namespace nfql
