#include "common/io/flow_tools_reader.h"

#include <exception>
#include <utility>

#include "common/base/error.h"
#include "common/io/flow_tools_decode.h"
#include "common/io/flow_tools_records.h"

namespace nfql {
namespace {

class FlowToolsReader final : public Reader {
 public:
  FlowToolsReader(InputFile file, const ReadOptions& options)
      : records_(std::move(file)),
        header_(flows_header(flow_tools_schema(options.wanted))),
        decoder_(header_.flows()),
        salvage_(options.salvage) {}

  [[nodiscard]] const StreamHeader& header() const override { return header_; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return records_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return records_.bytes_total(); }
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
    Source source = records_.begin();
    decoder_.bind(records_.header());
    block.kind = BlockKind::sources;
    block.branch = 0;
    block.batch.clear();
    block.sources = {std::move(source)};
    new_stream_ = false;
  }

  // Fills a batch, which ends with its stream.
  void fill() {
    while (decoder_.rows() < kMaxRows) {
      const std::span<const std::byte> records = records_.next(kMaxRows - decoder_.rows());
      if (records.empty()) {
        new_stream_ = records_.next_stream();
        ended_ = !new_stream_;
        return;
      }
      decoder_.append(records, flows_);
      flows_ += records.size() / records_.header().record_size();
    }
  }

  FlowToolsRecords records_;
  StreamHeader header_;
  FlowToolsDecoder decoder_;
  bool salvage_;
  bool new_stream_ = true;
  bool ended_ = false;
  std::uint64_t flows_ = 0;
  std::optional<std::string> fault_;
  std::exception_ptr thrown_;
};

}  // namespace

std::unique_ptr<Reader> make_flow_tools_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<FlowToolsReader>(std::move(file), options);
}

}  // namespace nfql
