#include "common/io/export_records.h"

#include <string_view>

namespace nfql {

bool ExportRecords::next() {
  for (;;) {
    try {
      while (sets_.next(set_)) {
        if (take_set()) {
          return true;
        }
      }
    } catch (const Error& error) {
      pass_over(error);
    }
    if (!next_message()) {
      return false;
    }
  }
}

bool ExportRecords::next_message() {
  if (!messages_->next(message_)) {
    return false;
  }
  try {
    sets_.begin(message_);
  } catch (const Error& error) {
    pass_over(error);
    return true;
  }
  session_ = sessions_.find(message_, sets_.header());
  if (session_ == session_count_) {
    ++session_count_;
    if (sets_.header().version == netflow5::kVersion) {
      templates_.define(session_, kNetflow5Template, netflow5_layout());
    }
  }
  return true;
}

// Called where an error is caught, of what is in a message.
void ExportRecords::pass_over(const Error& error) {
  if (!messages_->has_datagrams()) {
    throw;
  }
  damage_ = damaged_ == 0 ? error.what() : damage_;
  ++damaged_;
  sets_.skip_message();
}

void ExportRecords::fail_record(std::size_t bytes) {
  try {
    sets_.fail_at("record", set_.body_offset + set_.body.size() - bytes,
                  "does not fit into its set");
  } catch (const Error& error) {
    pass_over(error);
  }
}

// Whether the set is one of flows.
bool ExportRecords::take_set() {
  if (set_.kind != ExportSet::Kind::records) {
    if (set_.kind != ExportSet::Kind::other) {
      take_templates(sets_, set_, session_, templates_);
    }
    return false;
  }
  entry_ = templates_.find(session_, set_.id);
  if (entry_ == nullptr) {
    if (++unknown_sets_ == 1) {
      unknown_ = fmt::format("at byte {}, of template {} in domain {}",
                             set_.body_offset - ipfix::kSetHeaderBytes, set_.id, header().domain);
    }
    return false;
  }
  const Template& layout = entry_->layout;
  if (layout.is_options()) {
    notes_.take(set_.body, layout, session_);
    sessions_.set_sampling(session_, notes_.sampling(session_));
    return false;
  }
  if (layout.least_bytes() == 0) {
    ++empty_sets_;
    return false;
  }
  return set_.body.size() >= layout.least_bytes();
}

std::vector<std::string> ExportRecords::warnings() const {
  std::vector<std::string> warnings = messages_->warnings();
  const auto plural = [](std::uint64_t count) { return count == 1 ? "" : "s"; };
  if (damaged_ != 0) {
    warnings.push_back(fmt::format("{}: {} damaged message{}, left out from there on: {}", name(),
                                   damaged_, plural(damaged_), damage_));
  }
  if (const std::string lost = sessions_.lost_text(); !lost.empty()) {
    warnings.push_back(fmt::format("{}: {} did not arrive, by their sequence", name(), lost));
  }
  if (unknown_sets_ != 0) {
    warnings.push_back(fmt::format(
        "{}: {} set{} of records left out: no template says what is in them (the first {})", name(),
        unknown_sets_, plural(unknown_sets_), unknown_));
  }
  if (empty_sets_ != 0) {
    warnings.push_back(fmt::format("{}: {} set{} of records left out: their template has no bytes",
                                   name(), empty_sets_, plural(empty_sets_)));
  }
  return warnings;
}

}  // namespace nfql
