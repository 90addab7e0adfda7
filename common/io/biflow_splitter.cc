#include "common/io/biflow_splitter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/flow/element_list.h"
#include "common/io/biflow_elements.h"

namespace nfql {
namespace {

constexpr std::array kCounters = {element::kReversePackets, element::kReverseOctets};

class BiflowSplitter final : public Reader {
 public:
  BiflowSplitter(std::unique_ptr<Reader> reader, const ReadOptions& options)
      : reader_(std::move(reader)), named_(options.named) {
    const Schema& schema = reader_->header().flows();
    Schema shown;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      const bool wanted = !options.wanted || contains(*options.wanted, schema[i].id);
      if (wanted && !is_reverse(schema[i].id)) {
        forward_.push_back(i);
        reverse_.push_back(find_answer(schema, schema[i]));
        shown.add(schema[i]);
      }
    }
    header_ = flows_header(std::move(shown));
    for (const ElementId id : kCounters) {
      if (const std::optional<std::size_t> column = schema.find(id)) {
        counters_.push_back(*column);
      }
    }
    flow_id_ = header_.flows().find(element::kFlowId);
  }

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return reader_->bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return reader_->bytes_total(); }
  [[nodiscard]] std::optional<std::string> fault() const override { return reader_->fault(); }
  [[nodiscard]] std::vector<std::string> warnings() const override { return reader_->warnings(); }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    std::vector<ElementId> missing = reader_->missing_fields();
    const auto end = std::remove_if(missing.begin(), missing.end(),
                                    [this](ElementId id) { return !contains(named_, id); });
    missing.erase(end, missing.end());
    return missing;
  }

  bool next(Block& block) override {
    if (answers_.rows != 0) {
      block.kind = BlockKind::flows;
      block.sources.clear();
      block.batch = std::exchange(answers_, {});
      return true;
    }
    if (!reader_->next(block)) {
      return false;
    }
    for (Source& source : block.sources) {
      source.first_flow = flows_;
    }
    if (block.kind == BlockKind::flows) {
      const std::vector<RowId> answered = answered_rows(block.batch);
      std::vector<Column> columns;
      for (const std::size_t column : forward_) {
        columns.push_back(block.batch.columns[column]);
      }
      answers_ = answers_of(block.batch, answered);
      block.batch.columns = std::move(columns);
      number(block.batch);
      number(answers_);
    }
    return true;
  }

 private:
  // The column that says of the answer what `field` says of the flow.
  static std::optional<std::size_t> find_answer(const Schema& schema, const Field& field) {
    const auto is_there = [&schema](ElementId id) { return schema.find(id).has_value(); };
    const bool ours = field.id.enterprise == kLocalEnterprise;  // of who exported the flow
    const auto id = ours ? field.id : element_towards(field.id, Direction::reverse, is_there);
    const auto column = id ? schema.find(*id) : std::nullopt;
    return column && schema[*column].type == field.type ? column : std::nullopt;
  }

  // Rows that count something of the other direction.
  [[nodiscard]] std::vector<RowId> answered_rows(const Batch& batch) const {
    std::vector<bool> answered(batch.rows);
    for (const std::size_t counter : counters_) {
      const Column& column = batch.columns[counter];
      const std::span<const std::uint64_t> counts = column.values<std::uint64_t>();
      for (std::size_t row = 0; row < batch.rows; ++row) {
        answered[row] = answered[row] || (column.is_known(row) && counts[row] != 0);
      }
    }
    std::vector<RowId> rows;
    for (RowId row = 0; row < batch.rows; ++row) {
      if (answered[row]) {
        rows.push_back(row);
      }
    }
    return rows;
  }

  [[nodiscard]] Batch answers_of(const Batch& batch, const std::vector<RowId>& rows) const {
    Batch answers;
    answers.rows = rows.size();
    for (std::size_t i = 0; i < reverse_.size(); ++i) {
      answers.columns.push_back(reverse_[i]
                                    ? gather(batch.columns[*reverse_[i]], rows, answers)
                                    : unknown_column(header_.flows()[i], rows.size(), answers));
    }
    return answers;
  }

  // flowIds count what is given.
  void number(Batch& batch) {
    if (flow_id_) {
      Buffer ids(batch.rows * sizeof(std::uint64_t));
      for (std::size_t i = 0; i < batch.rows; ++i) {
        ids.as<std::uint64_t>()[i] = flows_ + i;
      }
      batch.columns[*flow_id_].data = batch.keep(std::move(ids));
    }
    flows_ += batch.rows;
  }

  std::unique_ptr<Reader> reader_;
  std::vector<ElementId> named_;
  StreamHeader header_;
  // Of each column of header_: where the reader has it, and where what it is of the answer.
  std::vector<std::size_t> forward_;
  std::vector<std::optional<std::size_t>> reverse_;
  std::vector<std::size_t> counters_;   // of the other direction, where the reader has them
  std::optional<std::size_t> flow_id_;  // in header_
  Batch answers_;                       // to be given next
  std::uint64_t flows_ = 0;
};

}  // namespace

ReadOptions with_answers(ReadOptions options) {
  std::vector<ElementId> answers(kCounters.begin(), kCounters.end());
  for (const ElementId id : options.wanted.value_or(std::vector<ElementId>{})) {
    for (const auto& answer : {reverse_of(id), same_of_answer(id)}) {
      if (answer && find_field(*answer) != nullptr) {
        answers.push_back(*answer);
      }
    }
  }
  if (options.wanted) {
    options.wanted->insert(options.wanted->end(), answers.begin(), answers.end());
  }
  // Also where a format has columns only for what its first flows have.
  options.named.insert(options.named.end(), answers.begin(), answers.end());
  return options;
}

std::unique_ptr<Reader> split_biflow(std::unique_ptr<Reader> reader, const ReadOptions& options) {
  return std::make_unique<BiflowSplitter>(std::move(reader), options);
}

}  // namespace nfql
