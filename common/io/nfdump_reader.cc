#include "common/io/nfdump_reader.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "common/base/error.h"
#include "common/flow/element_list.h"
#include "common/io/nfdump_blocks.h"
#include "common/io/nfdump_decode.h"
#include "common/io/nfdump_flows.h"
#include "common/io/nfdump_format.h"
#include "common/io/read_ahead.h"
#include "common/io/row_choice.h"

namespace nfql {
namespace {

namespace nf = nfdump;

// What every flow has.
constexpr NfdumpSlots kAlways =
    slot_bit(nf::kHeader) | slot_bit(nf::kGeneric) | slot_bit(nf::kIpv4) | slot_bit(nf::kIpv6);

// Kinds of elements in which a field may lie.
NfdumpSlots slots_of(ElementId id) {
  NfdumpSlots slots = 0;
  for (const nf::Place& place : nf::kPlaces) {
    slots |= place.id == id ? slot_bit(place.slot) : 0;
  }
  return slots;
}

// What flows of a file have that some kinds of elements, and such exporters, were seen in.
bool is_there(ElementId id, NfdumpSlots seen, const NfdumpExporters& exporters) {
  return (slots_of(id) & (seen | kAlways)) != 0 ||
         (id == element::kExporter && exporters.has_exporters()) ||
         (id == element::kSamplingInterval && exporters.has_samplers());
}

template <class Take>
Schema schema_of(const Take& take) {
  Schema schema;
  for (const nf::Place& place : nf::kPlaces) {
    if (take(place.id) && !schema.find(place.id)) {
      schema.add(field_of(place.id));
    }
  }
  for (const ElementId id : {element::kIcmpTypeCode, element::kFlowId}) {
    if (take(id)) {
      schema.add(field_of(id));
    }
  }
  return schema;
}

class NfdumpReader final : public Reader {
 public:
  NfdumpReader(InputFile file, const ReadOptions& options)
      : blocks_(std::move(file)),
        options_(options),
        pending_(blocks_.begin()),
        flows_(blocks_.name()) {
    find_flows();
    header_ = flows_header(choose_columns());
    flows_.need(nfdump_slots(header_.flows()));
    decoder_.emplace(header_.flows());
  }

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return blocks_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return blocks_.bytes_total(); }
  [[nodiscard]] std::optional<std::string> fault() const override { return fault_; }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override;
  [[nodiscard]] std::vector<std::string> warnings() const override;

  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override {
    // Whether any flow knows a field that was named is to be told of all flows.
    choice_.emplace(std::move(chooser), header_.flows(), options_.named);
    return true;
  }
  [[nodiscard]] std::uint64_t rows_left_out() const override {
    return choice_ ? choice_->left_out() : 0;
  }

  bool next(Block& block) override {
    if (pending_) {
      return announce(block);
    }
    // Every turn without a row is the end, a fault, or the announcement of a file, or nobody wants
    // one of so many.
    while (!ended_ && !fault_) {
      try {
        fill();
      } catch (const Error& error) {
        keep_fault(error);
      }
      if (decoder_->rows() != 0) {
        block.kind = BlockKind::flows;
        block.branch = 0;
        block.sources.clear();
        decoder_->move_to(block.batch);
        return true;
      }
      if (pending_) {
        return announce(block);
      }
    }
    if (fault_ && !options_.salvage) {
      std::rethrow_exception(thrown_);
    }
    return false;
  }

 private:
  bool announce(Block& block) {
    block.kind = BlockKind::sources;
    block.branch = 0;
    block.batch.clear();
    pending_->first_flow = flow_count_;
    if (beside_for(blocks_.bytes_total(), options_.threads) == Beside::yes) {
      blocks_.read_ahead(options_.threads);
    }
    block.sources = {*std::exchange(pending_, std::nullopt)};
    return true;
  }

  // Called where an error is caught.
  void keep_fault(const Error& error) {
    fault_ = error.what();
    thrown_ = std::current_exception();
  }
  void find_flows();
  [[nodiscard]] Schema choose_columns() const;

  // Fills a batch from as many flows, or to the end of its file.
  void fill() {
    for (std::size_t read = 0; read < kMaxRows;) {
      const std::size_t rows = in_block_ ? flows_.next(kMaxRows - read) : std::size_t{0};
      if (rows != 0) {
        append(rows);
        read += rows;
        flow_count_ += rows;
      } else if (!next_block()) {
        return;
      }
    }
  }

  // Decodes the flows noted, or those that are wanted.
  void append(std::size_t rows) {
    if (!choice_) {
      decoder_->append(flows_, rows, {flow_count_, {}});
      return;
    }
    choice_->decoder().append(flows_, rows, {flow_count_, {}});
    const std::span<const RowId> wanted = choice_->choose();
    if (!wanted.empty()) {
      flows_.keep(wanted);
      decoder_->append(flows_, wanted.size(), {flow_count_, wanted});
    }
  }

  bool next_block() {
    in_block_ = blocks_.next(block_);
    if (in_block_) {
      flows_.open(block_);
      return true;
    }
    if (blocks_.next_file()) {
      pending_ = blocks_.begin();
      flows_.begin_file();
    } else {
      ended_ = true;
    }
    return false;
  }

  NfdumpBlocks blocks_;
  ReadOptions options_;
  std::optional<Source> pending_;  // of a file whose flows are to come
  NfdumpFlows flows_;
  StreamHeader header_;
  NfdumpBlock block_;
  bool in_block_ = false;
  std::optional<NfdumpDecoder> decoder_;
  std::optional<RowChoice<NfdumpDecoder>> choice_;
  bool ended_ = false;
  std::uint64_t flow_count_ = 0;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

// Reads until there is a block with flows, and sees what they have. Faults wait for their turn:
// those in the block are met again when its flows are decoded.
void NfdumpReader::find_flows() {
  try {
    while (!in_block_ && blocks_.next(block_)) {
      flows_.open(block_);
      try {
        while (flows_.next(NfdumpFlows::kMostFlows) != 0) {
          in_block_ = true;
        }
      } catch (const Error&) {
        in_block_ = true;
      }
    }
  } catch (const Error& error) {
    keep_fault(error);
  }
  if (in_block_) {
    flows_.open(block_);
  }
}

Schema NfdumpReader::choose_columns() const {
  return schema_of([this](ElementId id) {
    if (contains(options_.named, id)) {
      return true;
    }
    if (options_.wanted) {
      return contains(*options_.wanted, id);
    }
    return id == element::kFlowId || is_there(id, flows_.seen(), flows_.exporters());
  });
}

std::vector<ElementId> NfdumpReader::missing_fields() const {
  if (!ended_ || flow_count_ == 0) {
    return {};
  }
  const NfdumpDecoder& of_all = choice_ ? choice_->decoder() : *decoder_;
  return never_known(choice_ ? choice_->schema() : header_.flows(), options_.named,
                     [&of_all](std::size_t column) { return of_all.ever_known(column); });
}

std::vector<std::string> NfdumpReader::warnings() const {
  if (options_.wanted) {
    return {};
  }
  std::vector<std::string> left_out;
  for (const nf::Place& place : nf::kPlaces) {
    const std::string name(find_field(place.id)->short_name());
    if ((flows_.seen() & slot_bit(place.slot)) != 0 && !header_.flows().find(place.id) &&
        std::find(left_out.begin(), left_out.end(), name) == left_out.end()) {
      left_out.push_back(name);
    }
  }
  if (left_out.empty()) {
    return {};
  }
  return {
      fmt::format("{}: some flows have fields that the first ones lack, and that were left "
                  "out; name them in --columns: {}",
                  blocks_.name(), fmt::join(left_out, ", "))};
}

}  // namespace

std::unique_ptr<Reader> make_nfdump_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<NfdumpReader>(std::move(file), options);
}

}  // namespace nfql
