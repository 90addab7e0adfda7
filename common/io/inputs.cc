#include "common/io/inputs.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "common/base/error.h"
#include "common/flow/element_list.h"
#include "common/io/united_chooser.h"
#include "common/io/united_columns.h"
#include "common/io/unknown_columns.h"

namespace nfql {
namespace {

// Inputs that stay open between the look at their headers and their turn. Of more, those that can
// be opened twice are closed: descriptors are few (1024 by default), and so is memory.
constexpr std::size_t kMostOpen = 64;

struct Input {
  std::string path;
  std::string argument;
  std::string name;
  std::unique_ptr<Reader> reader;  // none: to be opened again, or done with
  StreamHeader header;
};

std::string_view kind_name(StreamKind kind) {
  switch (kind) {
    case StreamKind::flows:
      return "flows";
    case StreamKind::groups:
      return "groups";
    case StreamKind::tuples:
      return "tuples";
    case StreamKind::collection:
      break;
  }
  return "collected groups";
}

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return path != "-" && ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool reads(const RowChooser& chooser, std::size_t column) {
  const std::vector<std::size_t>& columns = chooser.columns();
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

class InputsReader final : public Reader {
 public:
  InputsReader(InputPlan plan, const ReadOptions& options)
      : options_(options), times_(std::move(plan.times)), warnings_(std::move(plan.warnings)) {
    inputs_.reserve(plan.inputs.size());
    for (const ListedInput& input : plan.inputs) {
      inputs_.push_back(look_at(input));
    }
    Schema schema;
    for (const Input& input : inputs_) {
      if (input.header.kind != StreamKind::flows) {
        fail(Exit::usage, "{}: is a stream of {}, expected flows", input.name,
             kind_name(input.header.kind));
      }
      unite(schema, input.header.flows(), input.name);
    }
    header_ = flows_header(std::move(schema));
  }

  [[nodiscard]] const StreamHeader& header() const override { return header_; }

  [[nodiscard]] std::uint64_t bytes_read() const override {
    return bytes_done_ + (begun_ ? inputs_[current_].reader->bytes_read() : 0);
  }
  [[nodiscard]] std::uint64_t bytes_total() const override { return bytes_total_; }

  [[nodiscard]] std::optional<std::string> fault() const override {
    return faults_.empty() ? std::nullopt : std::optional(faults_);
  }

  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override {
    chooser_ = std::move(chooser);
    return true;
  }
  [[nodiscard]] std::uint64_t rows_left_out() const override {
    return left_out_ + times_.rows_left_out();
  }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    std::vector<ElementId> missing;
    for (const ElementId id : missed_) {
      if (at_end() && !contains(found_, id)) {
        missing.push_back(id);
      }
    }
    return missing;
  }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all = warnings_;
    for (std::string& warning : times_.warnings()) {
      all.push_back(std::move(warning));
    }
    return all;
  }

  bool next(Block& block) override {
    while (!at_end()) {
      if (!begun_) {
        begin_input();
      }
      const bool more = inputs_[current_].reader->next(block);
      count_left_out();
      if (!more) {
        end_input();
        continue;
      }
      count(block);
      if (times_.apply(block)) {
        adapt(block);
        if (choose(block)) {
          return true;
        }
      }
    }
    return false;
  }

 private:
  Input look_at(const ListedInput& listed) {
    const std::string& path = listed.path;
    InputFile file = InputFile::open(path);
    Input input{path, listed.argument, file.name(), nullptr, {}};
    input.reader = open_reader(std::move(file), options_);
    input.header = input.reader->header();
    const std::uint64_t bytes = input.reader->bytes_total();
    total_known_ = total_known_ && bytes != 0;
    bytes_total_ = total_known_ ? bytes_total_ + bytes : 0;
    if (inputs_.size() >= kMostOpen && is_regular_file(path)) {
      input.reader.reset();
    }
    return input;
  }

  [[nodiscard]] bool at_end() const { return current_ == inputs_.size(); }

  void begin_input() {
    Input& input = inputs_[current_];
    if (!input.reader) {
      input.reader = open_reader(InputFile::open(input.path), options_);
      if (input.reader->header() != input.header) {
        fail(Exit::failed, "{}: was changed while the inputs before it were read", input.name);
      }
    }
    columns_ = origins_of(header_.flows(), input.header.flows());
    flow_id_ = input.header.flows().find(element::kFlowId);
    if (flow_id_ && input.header.flows()[*flow_id_].type != Type::u64) {
      fail(Exit::failed, "{}: its flowIds are no u64", input.name);
    }
    times_.begin(input.argument, input.name, input.header.flows());
    first_flow_ = next_flow_;
    rows_ = 0;
    input_left_out_ = 0;
    next_id_ = 0;
    chosen_ = leave_choice_to(*input.reader);
    begun_ = true;
  }

  // Has the flows chosen while they are read, if that input can do so.
  bool leave_choice_to(Reader& reader) {
    std::unique_ptr<RowChooser> chooser;
    // FlowIds are moved only afterwards.
    const std::optional<std::size_t> flow_id = header_.flows().find(element::kFlowId);
    const bool may_choose = chooser_ != nullptr && !(flow_id && reads(*chooser_, *flow_id));
    if (may_choose) {
      chooser = std::make_unique<UnitedChooser>(*chooser_, header_.flows(), columns_);
    }
    if (times_.may_change(chooser != nullptr ? chooser->columns() : std::vector<std::size_t>())) {
      chooser = times_.chooser_before(std::move(chooser));
    }
    if (chooser != nullptr && flow_id_) {
      chooser = std::make_unique<FlowIdWatch>(*flow_id_, std::move(chooser), next_id_);
    }
    return chooser != nullptr && reader.choose_rows(chooser) && may_choose;
  }

  void end_input() {
    Input& input = inputs_[current_];
    if (const std::optional<std::string> fault = input.reader->fault()) {
      faults_ += faults_.empty() ? *fault : "; " + *fault;
    }
    for (const std::string& warning : input.reader->warnings()) {
      warnings_.push_back(warning);
    }
    if (rows_ != 0) {
      look_for_named(input);
    }
    bytes_done_ += input.reader->bytes_read();
    input.reader.reset();
    next_flow_ = std::max(next_flow_, first_flow_ + next_id_);
    ++current_;
    begun_ = false;
    if (at_end()) {
      times_.finish();
    }
  }

  // Sorts the fields that the request names by whether flows of this input have them.
  void look_for_named(const Input& input) {
    const std::vector<ElementId> missing = input.reader->missing_fields();
    for (const ElementId id : options_.named) {
      if (contains(missing, id)) {
        missed_.push_back(id);
      } else if (input.header.flows().find(id)) {
        found_.push_back(id);
      }
    }
  }

  // Flows that the input leaves out count like others.
  void count_left_out() {
    const std::uint64_t left_out = inputs_[current_].reader->rows_left_out();
    count_rows(left_out - input_left_out_);
    left_out_ += left_out - input_left_out_;
    input_left_out_ = left_out;
  }
  void count_rows(std::uint64_t rows) {
    rows_ += rows;
    next_flow_ += flow_id_ ? 0 : rows;
  }
  void count(const Block& block) {
    if (block.kind != BlockKind::flows) {
      return;
    }
    count_rows(block.batch.rows);
    if (flow_id_) {
      const Column& ids = block.batch.columns[*flow_id_];
      for (std::size_t row = 0; row < block.batch.rows; ++row) {
        if (ids.is_known(row)) {
          next_flow_ = std::max(next_flow_, first_flow_ + ids.values<std::uint64_t>()[row] + 1);
        }
      }
    }
  }

  // Leaves the flows that are wanted, unless the input did; false when there are none.
  bool choose(Block& block) {
    if (block.kind != BlockKind::flows || chosen_ || chooser_ == nullptr) {
      return true;
    }
    std::vector<RowId> rows;
    chooser_->choose(block.batch, rows);
    if (rows.size() != block.batch.rows) {
      left_out_ += block.batch.rows - rows.size();
      block.batch = gather(block.batch, rows);
    }
    return !rows.empty();
  }

  // Makes of a block of one input a block of all of them.
  void adapt(Block& block) {
    for (Source& source : block.sources) {
      source.first_flow += first_flow_;
      next_flow_ = std::max(next_flow_, source.first_flow);
    }
    if (block.kind != BlockKind::flows) {
      return;
    }
    if (flow_id_) {
      move_flow_ids(block.batch);
    }
    std::vector<Column> columns;
    UnknownColumns unknown(block.batch, block.batch.rows);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      columns.push_back(columns_[i] ? columns_[i]->read(block.batch, block.batch)
                                    : unknown.make(header_.flows()[i]));
    }
    block.batch.columns = std::move(columns);
  }

  void move_flow_ids(Batch& batch) {
    Column& column = batch.columns[*flow_id_];
    const std::span<const std::uint64_t> ids = column.values<std::uint64_t>();
    Buffer moved(ids.size_bytes());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      moved.as<std::uint64_t>()[i] = ids[i] + first_flow_;
    }
    column.data = batch.keep(std::move(moved));
  }

  ReadOptions options_;
  StreamHeader header_;
  FlowTimes times_;
  std::unique_ptr<RowChooser> chooser_;  // of flows of all inputs; null: each is wanted
  // Of the current input: what gives each column of the header, what its flowId 0 becomes, 1 more
  // than the greatest flowId that was seen before flows were left out, how many flows it has, those
  // of them that it left out, and whether it leaves out all that nobody wants.
  ColumnOrigins columns_;
  std::optional<std::size_t> flow_id_;
  std::uint64_t first_flow_ = 0;
  std::atomic<std::uint64_t> next_id_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t input_left_out_ = 0;
  bool chosen_ = false;
  std::vector<Input> inputs_;  // behind what they choose by
  std::size_t current_ = 0;
  bool begun_ = false;
  std::uint64_t next_flow_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t bytes_total_ = 0;
  bool total_known_ = true;
  std::vector<ElementId> missed_;
  std::vector<ElementId> found_;
  std::vector<std::string> warnings_;
  std::string faults_;
};

}  // namespace

std::unique_ptr<Reader> make_inputs_reader(InputPlan plan, const ReadOptions& options) {
  return std::make_unique<InputsReader>(std::move(plan), options);
}

}  // namespace nfql
