#include "common/io/native.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/io/projection.h"
#include "common/io/row_limit.h"
#include "common/stream/header.h"
#include "common/stream/stream_reader.h"
#include "common/stream/stream_writer.h"

namespace nfql {
namespace {

// Of a smaller file all blocks are decoded in less time than it takes to start a thread.
constexpr std::uint64_t kLargeBytes = 1U << 20;

class NativeReader : public Reader {
 public:
  NativeReader(InputFile file, const ReadOptions& options)
      : bytes_total_(file.size()),
        reader_(std::move(file), options.wanted, bytes_total_ < kLargeBytes ? 1 : options.threads),
        salvage_(options.salvage && reader_.header().kind == StreamKind::flows) {}

  [[nodiscard]] const StreamHeader& header() const override { return reader_.header(); }
  // Groups without all their members would be no groups: only flows can be salvaged.
  bool next(Block& block) override {
    if (!salvage_) {
      return reader_.next(block);
    }
    try {
      return !fault_ && reader_.next(block);
    } catch (const Error& error) {
      fault_ = error.what();
      return false;
    }
  }
  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override {
    if (header().kind != StreamKind::flows) {
      return false;
    }
    reader_.choose_rows(std::move(chooser));
    return true;
  }
  [[nodiscard]] std::uint64_t rows_left_out() const override { return reader_.rows_left_out(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return reader_.bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return bytes_total_; }
  [[nodiscard]] std::optional<std::string> fault() const override { return fault_; }

 private:
  std::uint64_t bytes_total_;
  StreamReader reader_;
  bool salvage_;
  std::optional<std::string> fault_;
};

std::optional<Projection> native_projection(const StreamHeader& header,
                                            const WriteOptions& options) {
  if (!options.columns.has_value()) {
    return std::nullopt;
  }
  return Projection(header, *options.columns, KeptColumns::structural);
}

// Narrow columns are read and written faster than anything that compresses.
Compression compression_of(const WriteOptions& options) {
  return options.compress.empty() ? Compression{} : parse_compression(options.compress);
}

class NativeWriter : public Writer {
 public:
  NativeWriter(OutputFile file, const StreamHeader& header, const WriteOptions& options)
      : limit_(header, options.limit),
        projection_(native_projection(header, options)),
        writer_(std::move(file), projection_.has_value() ? projection_->header() : header,
                compression_of(options), options.threads) {}

  void put(Block&& block) override {
    if (!limit_.apply(block)) {
      return;
    }
    if (projection_.has_value()) {
      projection_->apply(block);
    }
    writer_.put(std::move(block));
  }
  void finish() override { writer_.finish(); }
  [[nodiscard]] std::uint64_t bytes_written() const override { return writer_.bytes_written(); }
  [[nodiscard]] bool full() const override { return limit_.full(); }

 private:
  RowLimit limit_;
  std::optional<Projection> projection_;
  StreamWriter writer_;
};

}  // namespace

bool looks_native(std::span<const std::byte> first_bytes) {
  return may_be_stream(first_bytes);
}

std::unique_ptr<Reader> make_native_reader(InputFile file, const ReadOptions& options) {
  return std::make_unique<NativeReader>(std::move(file), options);
}

std::unique_ptr<Writer> make_native_writer(OutputFile file, const StreamHeader& header,
                                           const WriteOptions& options) {
  return std::make_unique<NativeWriter>(std::move(file), header, options);
}

}  // namespace nfql
