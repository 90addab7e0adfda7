// A reader of files of records of one size: what is the same for all such formats.
#pragma once

#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/io/fixed_records.h"
#include "common/io/reader.h"
#include "common/io/row_choice.h"

namespace nfql {

/// Gives the streams of a file as blocks: each is announced by a block with its source, and its
/// flows fill batches. `Records` walks the streams (begin(), next(), next_stream() as of
/// FlowToolsRecords), `Decoder` makes batches of their records (as FlowToolsDecoder).
/// Of records that nobody wants (choose_rows()) it decodes only what they are chosen by. At a
/// fault it gives the good flows first, then throws; with ReadOptions::salvage it ends there.
template <class Records, class Decoder>
class FixedRecordReader final : public Reader {
 public:
  FixedRecordReader(std::unique_ptr<Records> records, Schema schema, const ReadOptions& options)
      : records_(std::move(records)),
        header_(flows_header(std::move(schema))),
        decoder_(header_.flows()),
        salvage_(options.salvage) {}

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return records_->bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return records_->bytes_total(); }
  [[nodiscard]] std::optional<std::string> fault() const override { return fault_; }
  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override {
    choice_.emplace(std::move(chooser), header_.flows(), std::vector<ElementId>());
    return true;
  }
  [[nodiscard]] std::uint64_t rows_left_out() const override {
    return choice_ ? choice_->left_out() : 0;
  }

  bool next(Block& block) override {
    // Every turn without a row is the end, a fault, or the announcement of a stream, or nobody
    // wants one of so many.
    while (!ended_ && !fault_) {
      try {
        if (new_stream_) {
          announce(block);
          return true;
        }
        fill();
      } catch (const Error& error) {
        fault_ = error.what();
        thrown_ = std::current_exception();
      }
      if (decoder_.rows() != 0) {
        block.kind = BlockKind::flows;
        block.branch = 0;
        block.sources.clear();
        decoder_.move_to(block.batch);
        return true;
      }
    }
    if (fault_ && !salvage_) {
      std::rethrow_exception(thrown_);
    }
    return false;
  }

 private:
  void announce(Block& block) {
    Source source = records_->begin();
    decoder_.bind(records_->header());
    if (choice_) {
      choice_->decoder().bind(records_->header());
    }
    block.kind = BlockKind::sources;
    block.branch = 0;
    block.batch.clear();
    block.sources = {std::move(source)};
    new_stream_ = false;
  }

  // Fills a batch from as many records, or to the end of its stream.
  void fill() {
    for (std::size_t read = 0; read < kMaxRows;) {
      const std::span<const std::byte> records = records_->next(kMaxRows - read);
      if (records.empty()) {
        new_stream_ = records_->next_stream();
        ended_ = !new_stream_;
        return;
      }
      append(records);
      const std::size_t count = records.size() / records_->header().record_size();
      read += count;
      flows_ += count;
    }
  }

  void append(std::span<const std::byte> records) {
    if (!choice_) {
      decoder_.append(records, {flows_, {}});
      return;
    }
    choice_->decoder().append(records, {flows_, {}});
    const std::span<const RowId> wanted = choice_->choose();
    if (!wanted.empty()) {
      decoder_.append(pick(records, wanted), {flows_, wanted});
    }
  }

  // Those records that are wanted, one behind the other as all are.
  std::span<const std::byte> pick(std::span<const std::byte> records,
                                  std::span<const RowId> wanted) {
    const std::size_t size = records_->header().record_size();
    if (wanted.size() * size == records.size()) {
      return records;
    }
    picked_.resize(wanted.size() * size);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::memcpy(picked_.data() + i * size, records.data() + wanted[i] * size, size);
    }
    return picked_.bytes();
  }

  std::unique_ptr<Records> records_;
  StreamHeader header_;
  Decoder decoder_;
  std::optional<RowChoice<Decoder>> choice_;
  Buffer picked_;
  bool salvage_;
  bool new_stream_ = true;
  bool ended_ = false;
  std::uint64_t flows_ = 0;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

}  // namespace nfql
