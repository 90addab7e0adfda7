#include "common/io/ipfix_reader.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/io/exporter_notes.h"
#include "common/io/ipfix_messages.h"
#include "common/io/record_decoder.h"
#include "common/io/record_packer.h"
#include "common/stream/layout.h"

namespace nfql {
namespace {

// What flows have everywhere; unknown where no record says it.
constexpr std::array kUsual = {
    element::kStart,           element::kEnd,      element::kSourceAddress,
    element::kSourcePort,      element::kProtocol, element::kDestinationAddress,
    element::kDestinationPort, element::kTcpFlags, element::kPackets,
    element::kOctets,          element::kFlowId};

template <class Range>
bool is_among(const Range& ids, ElementId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// The plans for the flows of a template: one, or one a direction.
using Plans = std::vector<DecodePlan>;
using Store = TemplateStore<Plans>;

class IpfixReader final : public Reader {
 public:
  IpfixReader(InputFile file, const ReadOptions& options)
      : messages_(std::move(file)), options_(options) {
    source_.name = messages_.name();
    source_.fingerprint = fingerprint(messages_.window());
    find_flows();
    header_ = flows_header(choose_columns());
    decoder_.emplace(header_.flows());
  }

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return messages_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return messages_.bytes_total(); }
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
  bool next_flows();
  void fill();
  void begin_set();
  void add_run(const RecordSpan& records, const DecodePlan& plan);
  [[nodiscard]] std::vector<ElementId> plain_fields(const Template& layout) const;
  [[nodiscard]] Plans make_plans(const Template& layout) const;
  void settle_boot(const RecordSpan& records, const DecodePlan& plan);
  [[nodiscard]] Direction first_direction() const {
    return options_.split_biflow ? Direction::forward : Direction::both;
  }

  IpfixMessages messages_;
  ReadOptions options_;
  Source source_;
  bool announced_source_ = false;
  StreamHeader header_;
  Store templates_;
  ExporterNotes notes_;
  IpfixSet set_;                   // of flows, to be decoded
  Store::Entry* entry_ = nullptr;  // its template; none once it is decoded
  RecordPacker packer_;
  std::vector<Run> runs_;  // of the set, the next last
  std::optional<RecordDecoder> decoder_;
  RecordContext context_;
  std::uint64_t flow_count_ = 0;
  std::uint64_t unknown_sets_ = 0;
  IpfixSet unknown_;  // the first of them
  std::uint64_t empty_sets_ = 0;
  std::vector<ElementId> left_out_;
  bool ended_ = false;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

// Goes on to the next set of flows, minding templates and options; false at the end of the input.
bool IpfixReader::next_flows() {
  while (messages_.next(set_)) {
    if (set_.id == ipfix::kTemplateSet || set_.id == ipfix::kOptionsTemplateSet) {
      take_templates(messages_, set_, templates_);
      continue;
    }
    if (set_.id < ipfix::kFirstDataSet) {
      continue;  // to be ignored (RFC 7011, 3.3.2)
    }
    Store::Entry* entry = templates_.find(set_.domain, set_.id);
    if (entry == nullptr) {
      unknown_ = unknown_sets_ == 0 ? set_ : unknown_;
      ++unknown_sets_;
    } else if (entry->layout.is_options()) {
      notes_.take(set_.body, entry->layout, set_.domain);
    } else if (entry->layout.least_bytes() == 0) {
      ++empty_sets_;
    } else if (set_.body.size() >= entry->layout.least_bytes()) {
      entry_ = entry;
      return true;
    }
  }
  return false;
}

// What templates there are before the first flow says which columns there will be.
void IpfixReader::find_flows() {
  try {
    ended_ = !next_flows();
  } catch (const Error& error) {
    keep_fault(error);
  }
}

// The fields of a template but for those that the stream gave a name of its own.
std::vector<ElementId> IpfixReader::plain_fields(const Template& layout) const {
  std::vector<ElementId> fields = fields_of(layout, first_direction());
  fields.erase(std::remove_if(fields.begin(), fields.end(),
                              [this](ElementId id) { return notes_.is_announced(id); }),
               fields.end());
  return fields;
}

Schema IpfixReader::choose_columns() const {
  std::vector<ElementId> there(kUsual.begin(), kUsual.end());
  templates_.for_each([&](const Template& layout) {
    if (!layout.is_options()) {
      const std::vector<ElementId> fields = plain_fields(layout);
      there.insert(there.end(), fields.begin(), fields.end());
    }
  });
  if (entry_ != nullptr && set_.domain != 0) {
    there.push_back(element::kObservationDomain);
  }
  if (options_.wanted) {
    there = *options_.wanted;
  }
  there.insert(there.end(), options_.named.begin(), options_.named.end());
  const auto is_announced_field = [&](ElementId id) {
    return (!options_.wanted || is_among(there, id)) &&
           std::any_of(notes_.announced().begin(), notes_.announced().end(),
                       [id](const AnnouncedElement& element) { return element.field.id == id; });
  };
  Schema schema;
  for (const FieldInfo& info : all_fields()) {
    const bool computed = info.id == element::kDuration && is_among(there, element::kStart);
    const bool local =
        info.id.enterprise == kLocalEnterprise && info.id != element::kExportedFlowId;
    if (local ? is_announced_field(info.id) : is_among(there, info.id) && !computed) {
      schema.add(field_of(info));
    }
  }
  std::sort(there.begin(), there.end(), [](ElementId a, ElementId b) {
    return std::pair(a.enterprise, a.element) < std::pair(b.enterprise, b.element);
  });
  for (const ElementId id : there) {
    if (schema.size() < kMaxColumns && id.enterprise != kLocalEnterprise && !schema.find(id)) {
      schema.add(field_of(id));
    }
  }
  for (const AnnouncedElement& element : notes_.announced()) {
    const bool taken = schema.find(element.field.name).has_value();
    if (!taken && schema.size() < kMaxColumns && !element.field.id.any()) {
      schema.add(element.field);
    }
  }
  return schema;
}

Plans IpfixReader::make_plans(const Template& layout) const {
  const auto make = [&](Direction direction) {
    return make_plan(layout, header_.flows(), direction, notes_.announced());
  };
  Plans plans;
  plans.push_back(make(first_direction()));
  if (options_.split_biflow && has_reverse_flow(layout)) {
    plans.push_back(make(Direction::reverse));
  }
  return plans;
}

// Fills a batch.
void IpfixReader::fill() {
  while (decoder_->rows() < kMaxRows) {
    if (runs_.empty()) {
      if (is_done()) {
        return;
      }
      if (entry_ == nullptr && !next_flows()) {
        ended_ = true;
      } else {
        begin_set();
      }
      continue;
    }
    Run& run = runs_.back();
    RecordSpan records = run.records;
    records.count = std::min(records.count, kMaxRows - decoder_->rows());
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

// Makes runs of the records of the set.
void IpfixReader::begin_set() {
  Store::Entry& entry = *std::exchange(entry_, nullptr);
  const Template& layout = entry.layout;
  if (!entry.plan) {
    entry.plan = std::make_unique<Plans>(make_plans(layout));
    for (const ElementId id : plain_fields(layout)) {
      if (!header_.flows().find(id) && !is_among(left_out_, id)) {
        left_out_.push_back(id);
      }
    }
  }
  RecordSpan records{set_.body.data(), layout.fixed_bytes(),
                     layout.is_variable() ? 0 : set_.body.size() / layout.fixed_bytes()};
  if (layout.is_variable()) {
    records = packer_.pack(set_.body, layout);
    if (packer_.rest() >= layout.least_bytes()) {
      // Its good records are decoded first.
      const std::uint64_t at = set_.offset + ipfix::kSetHeaderBytes + set_.body.size();
      try {
        messages_.fail_at("record", at - packer_.rest(), "does not fit into its set");
      } catch (const Error& error) {
        keep_fault(error);
      }
    }
  }
  context_.clock.export_ms = std::int64_t{set_.export_seconds} * 1000;
  context_.domain = set_.domain;
  settle_boot(records, entry.plan->front());
  // The last is the first to be decoded.
  if (entry.plan->size() > 1) {
    const DecodePlan& reverse = entry.plan->back();
    add_run(packer_.select(records, *reverse.condition), reverse);
  }
  add_run(records, entry.plan->front());
}

void IpfixReader::add_run(const RecordSpan& records, const DecodePlan& plan) {
  if (records.count != 0) {
    runs_.push_back({records, &plan});
  }
}

void IpfixReader::settle_boot(const RecordSpan& records, const DecodePlan& plan) {
  if (plan.uptime && !notes_.knows_boot(set_.domain)) {
    std::uint64_t latest = 0;
    for (std::size_t i = 0; i < records.count; ++i) {
      const std::byte* from = records.at + i * records.stride + plan.uptime->offset;
      std::uint64_t uptime = 0;
      for (std::size_t k = 0; k < plan.uptime->width; ++k) {
        uptime = uptime << 8U | std::to_integer<std::uint64_t>(from[k]);
      }
      latest = std::max(latest, uptime);
    }
    notes_.guess_boot(set_.domain, latest, context_.clock.export_ms);
  }
  context_.clock.boot_ms = notes_.boot_ms(set_.domain).value_or(0);
}

std::vector<ElementId> IpfixReader::missing_fields() const {
  std::vector<ElementId> missing;
  const Schema& schema = header_.flows();
  for (std::size_t i = 0; i < schema.size() && ended_ && flow_count_ != 0; ++i) {
    if (is_among(options_.named, schema[i].id) && !decoder_->ever_known(i)) {
      missing.push_back(schema[i].id);
    }
  }
  return missing;
}

std::vector<std::string> IpfixReader::warnings() const {
  std::vector<std::string> warnings;
  const std::string& name = messages_.name();
  if (unknown_sets_ != 0) {
    warnings.push_back(fmt::format(
        "{}: {} set{} of records left out: no template says what is in them (the first at byte {}, "
        "of template {} in domain {})",
        name, unknown_sets_, unknown_sets_ == 1 ? "" : "s", unknown_.offset, unknown_.id,
        unknown_.domain));
  }
  if (empty_sets_ != 0) {
    warnings.push_back(fmt::format("{}: {} set{} of records left out: their template has no bytes",
                                   name, empty_sets_, empty_sets_ == 1 ? "" : "s"));
  }
  if (notes_.guessed()) {
    warnings.push_back(fmt::format(
        "{}: times are uptimes, and it does not say since when: they are those at which "
        "flows were exported, or earlier",
        name));
  }
  if (!options_.wanted && !left_out_.empty()) {
    std::vector<std::string> names;
    for (const ElementId id : left_out_) {
      names.push_back(field_of(id).name);
    }
    warnings.push_back(
        fmt::format("{}: some flows have fields that the first ones lack, and that were left out; "
                    "name them in --columns: {}",
                    name, fmt::join(names, ", ")));
  }
  return warnings;
}

}  // namespace

bool looks_ipfix(std::span<const std::byte> first) {
  const auto u16_at = [first](std::size_t at) {
    return at + 2 <= first.size() ? load<std::uint16_t>(first.data() + at, ByteOrder::big)
                                  : std::uint16_t{0};
  };
  const std::size_t length = u16_at(2);
  const std::uint16_t set = u16_at(ipfix::kMessageHeaderBytes);
  // A message may be empty, and then the next one begins.
  const bool plausible = set == ipfix::kTemplateSet || set == ipfix::kOptionsTemplateSet ||
                         set >= ipfix::kFirstDataSet;
  return u16_at(0) == ipfix::kVersion && length >= ipfix::kMessageHeaderBytes &&
         (length == ipfix::kMessageHeaderBytes || plausible);
}

std::unique_ptr<Reader> make_ipfix_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<IpfixReader>(std::move(file), options);
}

}  // namespace nfql
