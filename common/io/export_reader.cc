#include "common/io/export_reader.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/flow/element_list.h"
#include "common/io/export_columns.h"
#include "common/io/export_records.h"
#include "common/io/left_out_fields.h"
#include "common/io/message_file.h"
#include "common/io/pcap_messages.h"
#include "common/io/record_decoder.h"
#include "common/io/record_packer.h"

namespace nfql {
namespace {

using Plans = ExportRecords::Plans;

class ExportReader final : public Reader {
 public:
  ExportReader(std::unique_ptr<MessageSource> messages, const ReadOptions& options)
      : records_(std::move(messages)), options_(options) {
    source_.name = records_.name();
    source_.fingerprint = fingerprint(records_.window());
    find_flows();
    header_ = flows_header(choose_columns());
    decoder_.emplace(header_.flows());
  }

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return records_.window().offset(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return records_.window().size(); }
  [[nodiscard]] std::optional<std::string> fault() const override { return fault_; }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override;
  [[nodiscard]] std::vector<std::string> warnings() const override;

  bool next(Block& block) override {
    block.branch = 0;
    block.sources.clear();
    if (!announced_source_) {
      announced_source_ = true;
      block.kind = BlockKind::sources;
      block.batch.clear();
      block.sources = {source_};
      return true;
    }
    if (!is_done()) {
      try {
        fill();
      } catch (const Error& error) {
        keep_fault(error);
      }
    }
    if (decoder_->rows() != 0) {
      block.kind = BlockKind::flows;
      decoder_->move_to(block.batch);
      return true;
    }
    if (fault_ && !options_.salvage) {
      std::rethrow_exception(thrown_);
    }
    return false;
  }

 private:
  // Records of a set that wait to be decoded by a plan.
  struct Run {
    RecordSpan records;
    const DecodePlan* plan;
  };

  // Called where an error is caught.
  void keep_fault(const Error& error) {
    fault_ = error.what();
    thrown_ = std::current_exception();
  }
  // Nothing more can be decoded.
  [[nodiscard]] bool is_done() const { return runs_.empty() && (ended_ || fault_); }
  void find_flows();
  [[nodiscard]] Schema choose_columns() const;
  void fill();
  void begin_set();
  void add_run(const RecordSpan& records, const DecodePlan& plan);
  [[nodiscard]] std::vector<ElementId> plain_fields(const Template& layout) const;
  [[nodiscard]] Plans make_plans(const Template& layout) const;
  void note_left_out(const Template& layout);
  void settle_boot(const RecordSpan& records, const DecodePlan& plan);
  [[nodiscard]] Direction first_direction() const {
    return options_.split_biflow ? Direction::forward : Direction::both;
  }

  ExportRecords records_;
  ReadOptions options_;
  Source source_;
  bool announced_source_ = false;
  StreamHeader header_;
  bool has_set_ = false;  // to be decoded
  RecordPacker packer_;
  std::vector<Run> runs_;  // of the set, the next last
  std::optional<RecordDecoder> decoder_;
  RecordContext context_;
  std::uint64_t flow_count_ = 0;
  LeftOutFields left_out_;
  bool ended_ = false;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

// What templates there are before the first flow says which columns there will be.
void ExportReader::find_flows() {
  try {
    has_set_ = records_.next();
    ended_ = !has_set_;
  } catch (const Error& error) {
    keep_fault(error);
  }
}

// The fields of a template but for those that the stream gave a name of its own.
std::vector<ElementId> ExportReader::plain_fields(const Template& layout) const {
  std::vector<ElementId> fields = fields_of(layout, first_direction());
  fields.erase(std::remove_if(fields.begin(), fields.end(),
                              [this](ElementId id) { return records_.notes().is_announced(id); }),
               fields.end());
  return fields;
}

Schema ExportReader::choose_columns() const {
  std::vector<ElementId> fields;
  records_.templates().for_each([&](const Template& layout) {
    if (!layout.is_options()) {
      const std::vector<ElementId> more = plain_fields(layout);
      fields.insert(fields.end(), more.begin(), more.end());
    }
  });
  if (has_set_) {
    for (const RecordConstant& constant : records_.constants()) {
      fields.push_back(constant.id);
    }
  }
  return export_columns(std::move(fields), records_.notes().announced(), options_);
}

Plans ExportReader::make_plans(const Template& layout) const {
  const auto make = [&](Direction direction) {
    return make_plan(layout, header_.flows(), direction, records_.notes().announced());
  };
  Plans plans;
  plans.push_back(make(first_direction()));
  if (options_.split_biflow && has_reverse_flow(layout)) {
    plans.push_back(make(Direction::reverse));
  }
  return plans;
}

// Fills a batch.
void ExportReader::fill() {
  while (decoder_->room() != 0) {
    if (runs_.empty()) {
      if (is_done()) {
        return;
      }
      if (!std::exchange(has_set_, false) && !records_.next()) {
        ended_ = true;
      } else {
        begin_set();
      }
      continue;
    }
    Run& run = runs_.back();
    RecordSpan records = run.records;
    records.count = std::min(records.count, decoder_->room());
    context_.first_flow = flow_count_;
    decoder_->append(*run.plan, records, context_);
    flow_count_ += records.count;
    run.records.at += records.count * records.stride;
    run.records.count -= records.count;
    if (run.records.count == 0) {
      runs_.pop_back();
    }
  }
}

void ExportReader::note_left_out(const Template& layout) {
  std::vector<ElementId> fields = plain_fields(layout);
  for (const RecordConstant& constant : records_.constants()) {
    fields.push_back(constant.id);
  }
  for (const ElementId id : fields) {
    if (!header_.flows().find(id)) {
      left_out_.note(id);
    }
  }
}

// Makes runs of the records of the set.
void ExportReader::begin_set() {
  ExportRecords::Store::Entry& entry = records_.entry();
  const std::span<const std::byte> set = records_.set().body;
  const Template& layout = entry.layout;
  if (!entry.plan) {
    entry.plan = std::make_unique<Plans>(make_plans(layout));
    note_left_out(layout);
  }
  RecordSpan records{set.data(), layout.fixed_bytes(),
                     layout.is_variable() ? 0 : set.size() / layout.fixed_bytes()};
  if (layout.is_variable()) {
    records = packer_.pack(set, layout);
    if (packer_.rest() >= layout.least_bytes()) {
      try {
        records_.fail_record(packer_.rest());
      } catch (const Error& error) {
        keep_fault(error);  // its good records are decoded first
      }
    }
  }
  context_.clock.export_ms = records_.header().export_ms;
  context_.constants = records_.constants();
  settle_boot(records, entry.plan->front());
  // The last is the first to be decoded.
  if (entry.plan->size() > 1) {
    const DecodePlan& reverse = entry.plan->back();
    add_run(packer_.select(records, reverse.answered), reverse);
  }
  add_run(records, entry.plan->front());
}

void ExportReader::add_run(const RecordSpan& records, const DecodePlan& plan) {
  if (records.count != 0) {
    runs_.push_back({records, &plan});
  }
}

void ExportReader::settle_boot(const RecordSpan& records, const DecodePlan& plan) {
  if (records_.header().boot_ms) {
    context_.clock.boot_ms = *records_.header().boot_ms;
    return;
  }
  ExporterNotes& notes = records_.notes();
  if (plan.uptime && !notes.knows_boot(records_.session())) {
    std::uint64_t latest = 0;
    for (std::size_t i = 0; i < records.count; ++i) {
      const std::byte* from = records.at + i * records.stride + plan.uptime->offset;
      std::uint64_t uptime = 0;
      for (std::size_t k = 0; k < plan.uptime->width; ++k) {
        uptime = uptime << 8U | std::to_integer<std::uint64_t>(from[k]);
      }
      latest = std::max(latest, uptime);
    }
    notes.guess_boot(records_.session(), latest, context_.clock.export_ms);
  }
  context_.clock.boot_ms = notes.boot_ms(records_.session()).value_or(0);
}

std::vector<ElementId> ExportReader::missing_fields() const {
  if (!ended_ || flow_count_ == 0) {
    return {};
  }
  return never_known(header_.flows(), options_.named,
                     [this](std::size_t column) { return decoder_->ever_known(column); });
}

std::vector<std::string> ExportReader::warnings() const {
  std::vector<std::string> warnings = records_.warnings();
  const std::string& name = records_.name();
  if (records_.notes().guessed()) {
    warnings.push_back(fmt::format(
        "{}: times are uptimes, and it does not say since when: they are those at which "
        "flows were exported, or earlier",
        name));
  }
  if (!options_.wanted && !left_out_.empty()) {
    warnings.push_back(
        fmt::format("{}: some flows have fields that the first ones lack, and that were left out; "
                    "name them in --columns: {}",
                    name, left_out_.text()));
  }
  return warnings;
}

}  // namespace

std::unique_ptr<Reader> make_export_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<ExportReader>(std::make_unique<MessageFile>(std::move(file)), options);
}

std::unique_ptr<Reader> make_pcap_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<ExportReader>(make_pcap_messages(std::move(file)), options);
}

}  // namespace nfql
