#include "nfql-merge/tuple_output.h"

#include <algorithm>

namespace nfql::merge {

TupleOutput::TupleOutput(std::span<const GroupStore> stores, std::optional<std::uint64_t> limit,
                         BlockSink& out)
    : stores_(stores),
      left_(limit.value_or(std::numeric_limits<std::uint64_t>::max())),
      out_(out),
      branches_(stores.size()) {
  for (std::size_t i = 0; i < stores.size(); ++i) {
    branches_[i].numbers.assign(stores[i].size(), kNew);
  }
}

bool TupleOutput::put(const Tuples& tuples) {
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(tuples.rows, left_));
  for (std::size_t begin = 0; begin < wanted;) {
    const std::size_t end = std::min(wanted, begin + (kMadeRows - rows_));
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      Numbering& branch = branches_[i];
      for (std::size_t row = begin; row < end; ++row) {
        const GroupId group = tuples.ids[i][row];
        if (branch.numbers[group] == kNew) {
          branch.numbers[group] = branch.next++;
          branch.fresh.push_back(group);
        }
        branch.column.push_back(branch.numbers[group]);
      }
    }
    rows_ += end - begin;
    begin = end;
    if (rows_ == kMadeRows) {
      flush();
    }
  }
  left_ -= wanted;
  return left_ != 0;
}

void TupleOutput::flush() {
  if (rows_ == 0) {
    return;
  }
  Block block;
  block.kind = BlockKind::tuples;
  block.batch.rows = rows_;
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    Numbering& branch = branches_[i];
    stores_[i].put(branch.fresh, {}, static_cast<std::uint16_t>(i), out_);
    branch.fresh.clear();
    Buffer values;
    values.append(branch.column.data(), branch.column.size() * sizeof branch.column.front());
    branch.column.clear();
    Column column;
    column.rows = rows_;
    column.data = block.batch.keep(std::move(values));
    block.batch.columns.push_back(column);
  }
  rows_ = 0;
  out_.put(std::move(block));
}

}  // namespace nfql::merge
