#include "common/io/flow_tools_decode.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "common/flow/element_list.h"
#include "common/io/flow_tools_format.h"

namespace nfql {
namespace {

namespace ft = flow_tools;

constexpr std::array kSchemaOrder = {element::kStart,
                                     element::kEnd,
                                     element::kSourceAddress,
                                     element::kSourcePort,
                                     element::kDestinationAddress,
                                     element::kDestinationPort,
                                     element::kProtocol,
                                     element::kTcpFlags,
                                     element::kPackets,
                                     element::kOctets,
                                     element::kClassOfService,
                                     element::kIngress,
                                     element::kEgress,
                                     element::kNextHop,
                                     element::kSourceAs,
                                     element::kDestinationAs,
                                     element::kSourceMask,
                                     element::kDestinationMask,
                                     element::kExporter,
                                     element::kEngineType,
                                     element::kEngineId,
                                     element::kStartUptime,
                                     element::kEndUptime,
                                     element::kFlowId,
                                     element::kExportSeconds,
                                     element::kExportNanoseconds,
                                     element::kExportUptime,
                                     element::kPadding};

constexpr std::int64_t kNanosecondsPerMs = 1'000'000;

template <ByteOrder Order>
std::int64_t load_u32(const std::byte* from) {
  return load<std::uint32_t>(from, Order);
}

template <ByteOrder Order>
void decode_time(const std::byte* records, std::size_t stride, std::size_t rows, std::size_t offset,
                 std::byte* to) {
  auto* values = reinterpret_cast<std::int64_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::byte* record = records + i * stride;
    const std::int64_t exported = load_u32<Order>(record + ft::kSecondsAt) * 1000 +
                                  load_u32<Order>(record + ft::kFractionAt) / kNanosecondsPerMs;
    values[i] = ft::time_of_uptime(exported, load_u32<Order>(record + ft::kUptimeAt),
                                   load_u32<Order>(record + offset));
  }
}

// After a header1: uptimes count from the time in the record.
template <ByteOrder Order>
void decode_time1(const std::byte* records, std::size_t stride, std::size_t rows,
                  std::size_t offset, std::byte* to) {
  auto* values = reinterpret_cast<std::int64_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::byte* record = records + i * stride;
    values[i] = load_u32<Order>(record + ft::kSecondsAt) * 1000 +
                load_u32<Order>(record + ft::kFractionAt) + load_u32<Order>(record + offset);
  }
}

// After a header1: the milliseconds of the export time, as nanoseconds.
template <ByteOrder Order>
void decode_nanoseconds1(const std::byte* records, std::size_t stride, std::size_t rows,
                         std::size_t offset, std::byte* to) {
  auto* values = reinterpret_cast<std::uint32_t*>(to);
  for (std::size_t i = 0; i < rows; ++i) {
    values[i] = static_cast<std::uint32_t>(load_u32<Order>(records + i * stride + offset) *
                                           kNanosecondsPerMs);
  }
}

// A record is one flow.
void decode_one(const std::byte*, std::size_t, std::size_t rows, std::size_t, std::byte* to) {
  std::fill_n(reinterpret_cast<std::uint64_t*>(to), rows, std::uint64_t{1});
}

// After a header1: the uptime at export, which is when the router started.
void decode_zero(const std::byte*, std::size_t, std::size_t rows, std::size_t, std::byte* to) {
  std::memset(to, 0, rows * sizeof(std::uint32_t));
}

std::span<const ft::Place> places_of(const FlowToolsHeader& header) {
  if (header.stream_version == 1) {
    return std::span(ft::kPlaces1)
        .first(header.version == 1 ? ft::kPlaces1OfVersion1 : ft::kPlaces1.size());
  }
  return std::span(ft::kPlaces)
      .first(header.version == 1 ? ft::kPlacesOfVersion1 : ft::kPlaces.size());
}

struct Bound {
  FixedDecode decode = nullptr;
  std::size_t offset = 0;
};

template <ByteOrder Order>
Bound bind_field(const Field& field, const FlowToolsHeader& header) {
  const bool first_form = header.stream_version == 1;
  if (field.id == element::kStart || field.id == element::kEnd) {
    const bool start = field.id == element::kStart;
    if (first_form) {
      return {&decode_time1<Order>, start ? ft::kFirst1At : ft::kLast1At};
    }
    return {&decode_time<Order>, start ? ft::kFirstAt : ft::kLastAt};
  }
  if (field.id == element::kFlowCount) {
    return {&decode_one, 0};
  }
  if (first_form && field.id == element::kExportNanoseconds) {
    return {&decode_nanoseconds1<Order>, ft::kFractionAt};
  }
  if (first_form && field.id == element::kExportUptime) {
    return {&decode_zero, 0};
  }
  for (const ft::Place& place : places_of(header)) {
    if (place.id == field.id) {
      return {fixed_decoder<Order>(place.width, width_of(field.type)), place.offset};
    }
  }
  return {};
}

}  // namespace

Schema flow_tools_schema(const std::optional<std::vector<ElementId>>& wanted) {
  Schema schema;
  for (const ElementId id : kSchemaOrder) {
    if (!wanted || contains(*wanted, id)) {
      schema.add(field_of(id));
    }
  }
  if (wanted && contains(*wanted, element::kFlowCount)) {
    schema.add(field_of(element::kFlowCount));
  }
  return schema;
}

FlowToolsDecoder::FlowToolsDecoder(const Schema& schema) {
  targets_.reserve(schema.size());
  for (const Field& field : schema.fields()) {
    targets_.push_back({field, nullptr, 0, {}});
  }
}

void FlowToolsDecoder::bind(const FlowToolsHeader& header) {
  record_size_ = header.record_size();
  for (Target& target : targets_) {
    const Bound bound = header.order == ByteOrder::little
                            ? bind_field<ByteOrder::little>(target.field, header)
                            : bind_field<ByteOrder::big>(target.field, header);
    target.decode = bound.decode;
    target.offset = bound.offset;
  }
}

void FlowToolsDecoder::append(std::span<const std::byte> records, const FlowNumbers& numbers) {
  const std::size_t rows = records.size() / record_size_;
  for (Target& target : targets_) {
    const std::size_t old = target.values.size();
    const std::size_t width = width_of(target.field.type);
    const std::size_t more = rows * width;
    target.values.reserve(last_rows_ * width);
    target.values.resize(old + more);
    std::byte* to = target.values.data() + old;
    if (target.decode != nullptr) {
      target.decode(records.data(), record_size_, rows, target.offset, to);
    } else if (target.field.id == element::kFlowId) {
      store_flow_ids(numbers, rows, to);
    } else {
      std::memset(to, 0, more);
    }
  }
  rows_ += rows;
}

void FlowToolsDecoder::move_to(Batch& batch) {
  std::vector<Buffer> used = std::move(batch.memory);
  batch.clear();
  batch.rows = rows_;
  const std::uint8_t* none_known = nullptr;
  for (Target& target : targets_) {
    const bool known = target.decode != nullptr || target.field.id == element::kFlowId;
    if (!known && none_known == nullptr) {
      Buffer zeros(rows_);
      std::memset(zeros.data(), 0, rows_);
      none_known = reinterpret_cast<const std::uint8_t*>(batch.keep(std::move(zeros)));
    }
    Column column;
    column.type = target.field.type;
    column.element_type = target.field.type;
    column.width = static_cast<std::uint8_t>(width_of(target.field.type));
    column.rows = rows_;
    column.data = batch.keep(std::exchange(target.values, Buffer()));
    column.known = known ? nullptr : none_known;
    batch.columns.push_back(column);
  }
  // What the batch had before becomes the memory of the next one.
  for (std::size_t i = 0; i < std::min(used.size(), targets_.size()); ++i) {
    targets_[i].values = std::move(used[i]);
    targets_[i].values.clear();
  }
  last_rows_ = std::exchange(rows_, 0);
}

}  // namespace nfql
