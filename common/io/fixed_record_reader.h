// A reader of files of records of one size: what is the same for all such formats.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/io/reader.h"

namespace nfql {

/// Gives the streams of a file as blocks: each is announced by a block with its source, and its
/// flows fill batches. `Records` walks the streams (begin(), next(), next_stream() as of
/// FlowToolsRecords), `Decoder` makes batches of their records (as FlowToolsDecoder).
/// At a fault it gives the good flows first, then throws; with ReadOptions::salvage it ends there.
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

  bool next(Block& block) override {
    // Every turn without a row is the end, a fault, or the announcement of a stream.
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
    block.kind = BlockKind::sources;
    block.branch = 0;
    block.batch.clear();
    block.sources = {std::move(source)};
    new_stream_ = false;
  }

  // Fills a batch, which ends with its stream.
  void fill() {
    while (decoder_.rows() < kMaxRows) {
      const std::span<const std::byte> records = records_->next(kMaxRows - decoder_.rows());
      if (records.empty()) {
        new_stream_ = records_->next_stream();
        ended_ = !new_stream_;
        return;
      }
      decoder_.append(records, flows_);
      flows_ += records.size() / records_->header().record_size();
    }
  }

  std::unique_ptr<Records> records_;
  StreamHeader header_;
  Decoder decoder_;
  bool salvage_;
  bool new_stream_ = true;
  bool ended_ = false;
  std::uint64_t flows_ = 0;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

}  // namespace nfql
