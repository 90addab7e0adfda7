#include "common/io/inputs.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/error.h"
#include "common/expr/computed.h"
#include "common/flow/element_list.h"
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

// Two columns of two inputs are one if they are the same element, or have one name and are none.
std::optional<std::size_t> find_same(const Schema& schema, const Field& field) {
  if (field.id.any()) {
    return schema.find(field.id);
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (!schema[i].id.any() && schema[i].name == field.name) {
      return i;
    }
  }
  return std::nullopt;
}

// What gives a column of all inputs in one of them: the same column, or, where the input has none,
// what the field is computed from there. Nothing: it is not known there.
std::optional<FieldReader> find_origin(const Schema& schema, const Field& field) {
  if (const std::optional<std::size_t> same = find_same(schema, field)) {
    return FieldReader(schema, *same);
  }
  const FieldInfo* info = find_field(field.id);
  std::optional<FieldReader> computed;
  if (info != nullptr) {
    computed = FieldReader::find(schema, info->name);
  }
  return computed && computed->field().type == field.type ? computed : std::nullopt;
}

// Adds to `schema` what it lacks of the columns of `input`.
void unite(Schema& schema, const Input& input) {
  for (const Field& field : input.header.flows().fields()) {
    const std::optional<std::size_t> same = find_same(schema, field);
    if (!same) {
      schema.add(field);
    } else if (schema[*same].type != field.type ||
               (field.type == Type::set && schema[*same].element_type != field.element_type)) {
      fail(Exit::usage, "{}: column '{}' is of another type than in the inputs before", input.name,
           field.name);
    }
  }
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
      unite(schema, input);
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

  [[nodiscard]] std::uint64_t rows_left_out() const override { return times_.rows_left_out(); }
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
      if (!inputs_[current_].reader->next(block)) {
        end_input();
      } else if (times_.apply(block)) {
        adapt(block);
        return true;
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
    columns_.clear();
    for (const Field& field : header_.flows().fields()) {
      columns_.push_back(find_origin(input.header.flows(), field));
    }
    flow_id_ = input.header.flows().find(element::kFlowId);
    if (flow_id_ && input.header.flows()[*flow_id_].type != Type::u64) {
      fail(Exit::failed, "{}: its flowIds are no u64", input.name);
    }
    times_.begin(input.argument, input.name, input.header.flows());
    first_flow_ = next_flow_;
    rows_ = 0;
    begun_ = true;
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

  void use_flow(std::uint64_t flow) { next_flow_ = std::max(next_flow_, flow + 1); }

  // Makes of a block of one input a block of all of them.
  void adapt(Block& block) {
    for (Source& source : block.sources) {
      source.first_flow += first_flow_;
      next_flow_ = std::max(next_flow_, source.first_flow);
    }
    if (block.kind != BlockKind::flows) {
      return;
    }
    rows_ += block.batch.rows;
    if (flow_id_) {
      move_flow_ids(block.batch);
    } else {
      next_flow_ += block.batch.rows;
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
      const std::uint64_t id = ids[i] + first_flow_;
      moved.as<std::uint64_t>()[i] = id;
      if (column.is_known(i)) {
        use_flow(id);
      }
    }
    column.data = batch.keep(std::move(moved));
  }

  ReadOptions options_;
  std::vector<Input> inputs_;
  StreamHeader header_;
  std::size_t current_ = 0;
  bool begun_ = false;
  // Of the current input: what gives each column of the header, and what its flowId 0 becomes.
  std::vector<std::optional<FieldReader>> columns_;
  std::optional<std::size_t> flow_id_;
  std::uint64_t first_flow_ = 0;
  std::uint64_t next_flow_ = 0;
  std::uint64_t bytes_done_ = 0;
  std::uint64_t bytes_total_ = 0;
  bool total_known_ = true;
  std::uint64_t rows_ = 0;  // of the current input
  std::vector<ElementId> missed_;
  std::vector<ElementId> found_;
  FlowTimes times_;
  std::vector<std::string> warnings_;
  std::string faults_;
};

}  // namespace

std::unique_ptr<Reader> make_inputs_reader(InputPlan plan, const ReadOptions& options) {
  return std::make_unique<InputsReader>(std::move(plan), options);
}

}  // namespace nfql
