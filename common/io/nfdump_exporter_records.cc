#include "common/io/nfdump_exporter_records.h"

#include <cstring>

#include "common/base/byte_order.h"
#include "common/io/nfdump_format.h"
#include "common/io/record_columns.h"

namespace nfql {
namespace {

namespace nf = nfdump;

template <class T>
std::optional<T> value_at(const Batch& batch, const std::optional<std::size_t>& column,
                          std::size_t row) {
  if (!column || !batch.columns[*column].is_known(row)) {
    return std::nullopt;
  }
  return batch.columns[*column].values<T>()[row];
}

// What records of flows call sFlow, and what those of exporters do.
constexpr std::uint8_t kSflow = 0x80;
constexpr std::uint32_t kSflowExporter = 9999;

constexpr std::size_t kMostWritten = 4096;  // a file has a few samplers

std::byte* grow(Buffer& to, std::uint16_t type, std::size_t size) {
  const std::size_t old = to.size();
  to.resize(old + size);
  std::byte* record = to.data() + old;
  std::memset(record, 0, size);
  store(record, type);
  store(record + 2, static_cast<std::uint16_t>(size));
  return record;
}

}  // namespace

NfdumpExporterRecords::NfdumpExporterRecords(const Schema& schema)
    : number_(find_typed_column(schema, element::kNfdumpExporter)),
      address_(find_typed_column(schema, element::kExporter)),
      version_(find_typed_column(schema, nf::ipfix(214))),
      domain_(find_typed_column(schema, element::kObservationDomain)),
      interval_(find_typed_column(schema, element::kSamplingInterval)),
      sampler_(find_typed_column(schema, element::kSelectorId)),
      algorithm_(find_typed_column(schema, nf::ipfix(35))) {}

std::uint32_t NfdumpExporterRecords::append(const Batch& batch, std::size_t first,
                                            std::size_t count, Buffer& to) {
  std::uint32_t records = 0;
  for (std::size_t row = first; row < first + count && number_ && address_; ++row) {
    const auto exporter = value_at<std::uint16_t>(batch, number_, row);
    if (!exporter || (exporter == last_ && !interval_)) {
      continue;
    }
    if (!exporters_.contains(*exporter) && append_exporter(batch, row, *exporter, to)) {
      exporters_.insert(*exporter);
      ++records;
    }
    if (exporters_.contains(*exporter)) {
      last_ = exporter;
      records += append_sampler(batch, row, *exporter, to) ? 1U : 0U;
    }
  }
  return records;
}

bool NfdumpExporterRecords::append_exporter(const Batch& batch, std::size_t row,
                                            std::uint16_t exporter, Buffer& to) {
  constexpr std::uint16_t kIpv4Family = 2, kIpv6Family = 10;
  if (!batch.columns[*address_].is_known(row)) {
    return false;
  }
  const Address address = batch.columns[*address_].address(row);
  const bool ipv4 = is_ipv4(address);
  const std::uint8_t version = value_at<std::uint8_t>(batch, version_, row).value_or(0);
  std::byte* record = grow(to, nf::kExporterRecord, nf::kExporterBytes);
  store(record + 4, version == kSflow ? kSflowExporter : std::uint32_t{version});
  store(record + 8, ipv4 ? std::uint64_t{0} : address.high);
  store(record + 16, ipv4 ? std::uint64_t{ipv4_of(address)} : address.low);
  store(record + 24, ipv4 ? kIpv4Family : kIpv6Family);
  store(record + 26, exporter);
  store(record + 28, value_at<std::uint32_t>(batch, domain_, row).value_or(0));
  return true;
}

bool NfdumpExporterRecords::append_sampler(const Batch& batch, std::size_t row,
                                           std::uint16_t exporter, Buffer& to) {
  const auto interval = value_at<std::uint32_t>(batch, interval_, row);
  if (!interval || samplers_.size() >= kMostWritten) {
    return false;
  }
  const std::uint64_t number =
      value_at<std::uint64_t>(batch, sampler_, row).value_or(nf::kNoSampler);
  if (!samplers_.insert({exporter, {number, *interval}}).second) {
    return false;
  }
  std::byte* record = grow(to, nf::kOldSamplerRecord, nf::kOldSamplerBytes);
  store(record + 4, static_cast<std::uint32_t>(number));
  store(record + 8, *interval);
  store(record + 12, std::uint16_t{value_at<std::uint8_t>(batch, algorithm_, row).value_or(0)});
  store(record + 14, exporter);
  return true;
}

}  // namespace nfql
