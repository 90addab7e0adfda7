// The flow records in what exporters send, set by set, with their templates.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/io/export_sessions.h"
#include "common/io/export_sets.h"
#include "common/io/export_templates.h"
#include "common/io/exporter_notes.h"

namespace nfql {

/// Goes through the messages of an input for sets of flows, and minds what else they say: templates
/// and options, of each exporter apart.
class ExportRecords {
 public:
  /// The plans for the flows of a template: one, or one a direction.
  using Plans = std::vector<DecodePlan>;
  using Store = TemplateStore<Plans>;

  explicit ExportRecords(std::unique_ptr<MessageSource> messages)
      : messages_(std::move(messages)), sets_(messages_->window().name()) {}

  [[nodiscard]] const std::string& name() const { return sets_.name(); }
  [[nodiscard]] InputWindow& window() const { return messages_->window(); }

  /// The next set with records of flows; false at the end of the input. Throws Error(Exit::failed)
  /// for what is damaged or cut short, but passes it over where messages came as datagrams.
  bool next();
  // Of the set, until the next call:
  [[nodiscard]] const ExportSet& set() const { return set_; }
  [[nodiscard]] Store::Entry& entry() const { return *entry_; }
  [[nodiscard]] const ExportHeader& header() const { return sets_.header(); }
  [[nodiscard]] std::uint32_t session() const { return session_; }
  [[nodiscard]] const std::vector<RecordConstant>& constants() const {
    return sessions_.constants(session_);
  }
  /// For a set whose last `bytes` are no whole record: as next() for what is damaged.
  void fail_record(std::size_t bytes);

  [[nodiscard]] const Store& templates() const { return templates_; }
  [[nodiscard]] ExporterNotes& notes() { return notes_; }
  [[nodiscard]] const ExporterNotes& notes() const { return notes_; }
  /// What was passed over.
  [[nodiscard]] std::vector<std::string> warnings() const;

 private:
  bool next_message();
  bool take_set();
  void pass_over(const Error& error);

  std::unique_ptr<MessageSource> messages_;
  ExportMessage message_;
  ExportSets sets_;
  ExportSessions sessions_;
  std::uint32_t session_ = 0;        // whose message it is
  std::uint32_t session_count_ = 0;  // so far
  Store templates_;
  ExporterNotes notes_;
  ExportSet set_;
  Store::Entry* entry_ = nullptr;
  std::uint64_t unknown_sets_ = 0;
  std::string unknown_;  // the first of them
  std::uint64_t empty_sets_ = 0;
  std::uint64_t damaged_ = 0;  // messages
  std::string damage_;         // of the first
};

}  // namespace nfql
