// Flows chosen by some of their columns, before the others are decoded.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/stream/row_chooser.h"

namespace nfql {

/// What a reader that decodes its records by a `Decoder` needs to decode those only that a
/// RowChooser wants: a decoder of the columns that it chooses by.
template <class Decoder>
class RowChoice {
 public:
  /// Chooses flows of `schema`, as the reader gives them. Of all flows the fields of `also` are
  /// decoded, too.
  RowChoice(std::unique_ptr<RowChooser> chooser, const Schema& schema,
            const std::vector<ElementId>& also)
      : chooser_(std::move(chooser)), schema_(choose_columns(schema, also)), decoder_(schema_) {
    for (const Field& field : schema.fields()) {
      Column& column = all_.columns.emplace_back();
      column.type = field.type;
      column.element_type = field.element_type;
    }
  }

  /// The columns that are decoded of all flows.
  [[nodiscard]] const Schema& schema() const { return schema_; }
  /// To be given flows, some at a time: first these, then choose().
  [[nodiscard]] Decoder& decoder() { return decoder_; }
  [[nodiscard]] const Decoder& decoder() const { return decoder_; }
  /// Which flows are wanted of those that the decoder was given since the last call: their numbers,
  /// from 0, ascending. Valid until the next call.
  [[nodiscard]] std::span<const RowId> choose() {
    decoder_.move_to(decoded_);
    all_.rows = decoded_.rows;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      all_.columns[columns_[i]] = decoded_.columns[i];
    }
    chooser_->choose(all_, rows_);
    left_out_ += all_.rows - rows_.size();
    return rows_;
  }
  /// Flows that were not wanted, so far.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  Schema choose_columns(const Schema& schema, const std::vector<ElementId>& also) {
    const std::vector<std::size_t>& asked = chooser_->columns();
    Schema first;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      if (std::find(asked.begin(), asked.end(), i) != asked.end() ||
          std::find(also.begin(), also.end(), schema[i].id) != also.end()) {
        columns_.push_back(i);
        first.add(schema[i]);
      }
    }
    return first;
  }

  std::unique_ptr<RowChooser> chooser_;
  std::vector<std::size_t> columns_;  // of the reader's, which the decoder makes
  Schema schema_;
  Decoder decoder_;
  Batch decoded_;
  Batch all_;  // as wide as the reader's: the columns that are not decoded have no values
  std::vector<RowId> rows_;
  std::uint64_t left_out_ = 0;
};

}  // namespace nfql
