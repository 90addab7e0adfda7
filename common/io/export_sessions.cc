#include "common/io/export_sessions.h"

#include <fmt/format.h>

#include <algorithm>

namespace nfql {
namespace {

std::vector<RecordConstant> constants_of(const ExportMessage& message, const ExportHeader& header) {
  constexpr std::uint32_t kEngineTypeShift = 8;
  constexpr std::uint32_t kEngineId = 0xff;
  constexpr ElementId kExportVersion{0, 214};
  std::vector<RecordConstant> constants;
  if (message.exporter) {
    constants.push_back({element::kExporter, 0, *message.exporter});
    constants.push_back({kExportVersion, header.version, {}});
  }
  if (header.version == netflow5::kVersion) {
    constants.push_back({element::kEngineType, header.domain >> kEngineTypeShift, {}});
    constants.push_back({element::kEngineId, header.domain & kEngineId, {}});
    if (header.sampling != 0) {
      constants.push_back({element::kSamplingInterval, header.sampling, {}});
    }
  } else if (header.domain != 0) {
    constants.push_back({element::kObservationDomain, header.domain, {}});
  }
  return constants;
}

}  // namespace

std::uint32_t ExportSessions::find(const ExportMessage& message, const ExportHeader& header) {
  const Key key{message.exporter.value_or(Address()), message.port, header.version, header.domain,
                header.sampling};
  if (last_ != key) {
    const auto [number, is_new] =
        numbers_.emplace(key, static_cast<std::uint32_t>(sessions_.size()));
    if (is_new) {
      Session& session = sessions_.emplace_back();
      session.constants = constants_of(message, header);
      session.version = header.version;
    }
    last_ = key;
    last_number_ = number->second;
  }
  count(sessions_[last_number_], header);
  return last_number_;
}

// What comes late had been counted as lost; what is far from what was expected is a new beginning.
void ExportSessions::count(Session& session, const ExportHeader& header) {
  constexpr std::uint32_t kFar = 1U << 20U;
  if (header.version == ipfix::kVersion) {
    return;
  }
  const std::uint32_t units = header.version == netflow5::kVersion ? header.records : 1U;
  const std::uint32_t gap = header.sequence - session.expected.value_or(header.sequence);
  if (gap > UINT32_MAX - kFar) {
    session.lost -= std::min<std::uint64_t>(session.lost, units);
    return;
  }
  session.lost += gap < kFar ? gap : 0;
  session.expected = header.sequence + units;
}

void ExportSessions::set_sampling(std::uint32_t session, std::optional<std::uint64_t> interval) {
  std::vector<RecordConstant>& constants = sessions_[session].constants;
  constants.erase(std::remove_if(constants.begin(), constants.end(),
                                 [](const RecordConstant& constant) {
                                   return constant.id == element::kSamplingInterval;
                                 }),
                  constants.end());
  if (interval) {
    constants.push_back({element::kSamplingInterval, *interval, {}});
  }
}

std::string ExportSessions::lost_text() const {
  std::uint64_t flows = 0;
  std::uint64_t datagrams = 0;
  for (const Session& session : sessions_) {
    (session.version == netflow5::kVersion ? flows : datagrams) += session.lost;
  }
  std::string text;
  if (flows != 0) {
    text = fmt::format("{} flow{} of NetFlow v5", flows, flows == 1 ? "" : "s");
  }
  if (datagrams != 0) {
    text += fmt::format("{}{} datagram{} of NetFlow v9", text.empty() ? "" : " and ", datagrams,
                        datagrams == 1 ? "" : "s");
  }
  return text;
}

}  // namespace nfql
