// Builds IPFIX messages and writes them (the layout is in export_message.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/buffer.h"
#include "common/base/output_file.h"
#include "common/io/template_store.h"

namespace nfql {

/// The message that is being built. It is sent when it is full; what is added to one set stays
/// together only as far as there is room.
class IpfixMessage {
 public:
  /// A record is never larger than this.
  static constexpr std::size_t kMostRecordBytes = 65'000;

  explicit IpfixMessage(OutputFile& file) : file_(file) {}

  /// Adds a template; `scope_fields` is 0 but for options.
  void add_template(std::uint16_t number, const std::vector<FieldSpec>& fields,
                    std::size_t scope_fields);
  /// Makes room for up to `most` records of a template, at least one; returns where they are, which
  /// is to be filled before the next call.
  struct Room {
    std::byte* to;
    std::size_t records;
  };
  Room add_records(std::uint16_t number, std::size_t record_bytes, std::size_t most);
  /// Adds one record, as it is.
  void add_record(std::uint16_t number, std::span<const std::byte> record);
  /// Messages say that they were made then, or at a later time named before; ms since the epoch.
  void set_time(std::int64_t export_ms);
  /// Sends what there is, if any.
  void send();
  /// Whether nothing was ever added.
  [[nodiscard]] bool is_untouched() const { return sequence_ == 0 && message_.size() == 0; }

 private:
  void begin_set(std::uint16_t id, std::size_t bytes);
  void end_set();
  std::byte* grow(std::size_t bytes);

  OutputFile& file_;
  Buffer message_;
  std::size_t set_at_ = 0;  // where the open set begins; 0: none is open
  std::uint16_t set_id_ = 0;
  std::uint32_t sequence_ = 0;  // records in messages that were sent
  std::uint32_t records_ = 0;   // in this
  std::uint32_t export_seconds_ = 0;
};

}  // namespace nfql
