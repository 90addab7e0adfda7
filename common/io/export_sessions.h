// The exporters of an input: what is known of each, and what was lost on the way from it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "common/io/export_sets.h"
#include "common/io/record_decoder.h"

namespace nfql {

/// Numbers the exporters from 0: each address, port that it sends to, version of messages and
/// domain is one, as templates, sequence and options are of that.
class ExportSessions {
 public:
  /// The number of who sent a message; one larger than any before if it is new.
  std::uint32_t find(const ExportMessage& message, const ExportHeader& header);
  /// What the records of its messages do not say themselves: exporter, domain, engine, sampling.
  /// Valid until the next find().
  [[nodiscard]] const std::vector<RecordConstant>& constants(std::uint32_t session) const {
    return sessions_[session].constants;
  }
  /// By its options one packet in `interval` was looked at; nothing: that is not known.
  void set_sampling(std::uint32_t session, std::optional<std::uint64_t> interval);
  /// What did not arrive, by the sequence of messages of NetFlow (that of IPFIX counts records,
  /// which is only known of messages with known templates); "" if nothing is missing.
  [[nodiscard]] std::string lost_text() const;

 private:
  struct Session {
    std::vector<RecordConstant> constants;
    std::optional<std::uint32_t> expected;
    std::uint64_t lost = 0;  // flows of NetFlow v5, datagrams of v9
    std::uint16_t version = 0;
  };
  // Exporter, port, version, domain; and sampling, which hardly ever changes.
  using Key = std::tuple<Address, std::uint16_t, std::uint16_t, std::uint32_t, std::uint16_t>;

  static void count(Session& session, const ExportHeader& header);

  std::map<Key, std::uint32_t> numbers_;
  std::vector<Session> sessions_;
  std::optional<Key> last_;
  std::uint32_t last_number_ = 0;
};

}  // namespace nfql
