// A file of messages of exporters, one behind the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/io/export_message.h"

namespace nfql {

/// Finds where messages begin and end. IPFIX says its length, and the length of NetFlow v5 follows
/// from its flows; a message of NetFlow v9 ends where no set but the version of a next message
/// comes (that is no number of a set). Behind messages of NetFlow there may be zeros (behind those
/// of v9 four or more), and those of v5 may lie in slots of 1464 bytes, as for 30 flows, whatever
/// is behind them there (SiLK).
class MessageFile final : public MessageSource {
 public:
  explicit MessageFile(InputFile file) : window_(std::move(file)) {}

  bool next(ExportMessage& message) override;
  [[nodiscard]] InputWindow& window() override { return window_; }

 private:
  void skip_padding();
  void leave_slot();
  [[nodiscard]] std::uint16_t number_at(std::size_t at);
  std::size_t netflow9_length();

  InputWindow window_;
  std::size_t length_ = 0;  // of the message before
  bool may_be_padded_ = false;
};

}  // namespace nfql
