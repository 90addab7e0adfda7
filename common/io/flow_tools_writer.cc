#include "common/io/flow_tools_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/base/buffer.h"
#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/io/deflater.h"
#include "common/io/flow_tools_encode.h"
#include "common/io/flow_tools_format.h"
#include "common/io/lost_columns.h"

namespace nfql {
namespace {

namespace ft = flow_tools;

// Records made and written at a time: what a pipe takes in one piece.
constexpr std::size_t kPieceRows = 64 * 1024 / ft::kRecord5Bytes;
// On flow records 2 % larger than level 6, the default of zlib and of flow-capture, in a third of
// the time.
constexpr int kDefaultLevel = 4;

int level_of(const WriteOptions& options, bool seekable) {
  if (options.compress.empty()) {
    return seekable ? kDefaultLevel : 0;
  }
  if (options.compress.size() != 1 || options.compress[0] < '0' || options.compress[0] > '9') {
    throw Error(Exit::usage, fmt::format("-z '{}' is not for flow-tools output", options.compress),
                "use a level from 0 (not compressed) to 9 (smallest)");
  }
  return options.compress[0] - '0';
}

// First and last second in which there were flows; for flow-cat -t.
struct Interval {
  std::int64_t first_ms = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ms = std::numeric_limits<std::int64_t>::min();

  void add(std::int64_t ms) {
    first_ms = std::min(first_ms, ms);
    last_ms = std::max(last_ms, ms);
  }
  [[nodiscard]] std::uint32_t first_second() const {
    return first_ms > last_ms ? 0 : clamp(first_ms / 1000);
  }
  [[nodiscard]] std::uint32_t last_second() const {
    return first_ms > last_ms ? 0 : clamp(last_ms / 1000 + (last_ms % 1000 > 0 ? 1 : 0));
  }

 private:
  static std::uint32_t clamp(std::int64_t second) {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(second, 0, std::numeric_limits<std::uint32_t>::max()));
  }
};

// Builds a header3; numbers are little-endian, as we are.
class HeaderBytes {
 public:
  HeaderBytes() {
    bytes_.push(std::array{ft::kMagic1, ft::kMagic2, std::byte{1}, std::byte{3}});
    bytes_.push(std::uint32_t{0});  // its length, when that is known
  }

  template <class T>
  void part(ft::Tag tag, T value) {
    bytes_.push(static_cast<std::uint16_t>(tag));
    bytes_.push(static_cast<std::uint16_t>(sizeof value));
    bytes_.push(value);
  }
  [[nodiscard]] std::span<const std::byte> finish() {
    while (bytes_.size() % 4 != 0) {
      bytes_.push(std::byte{0});
    }
    store(bytes_.data() + 4, static_cast<std::uint32_t>(bytes_.size()));
    return bytes_.bytes();
  }

 private:
  Buffer bytes_;
};

class FlowToolsWriter final : public Writer {
 public:
  FlowToolsWriter(OutputFile file, const StreamHeader& header, const WriteOptions& options)
      : file_(std::move(file)),
        kind_(header.kind == StreamKind::flows ? BlockKind::flows : BlockKind::groups),
        what_(kind_ == BlockKind::flows ? "flow" : "group"),
        encoder_(kind_ == BlockKind::flows ? header.flows() : header.groups(), what_),
        skip_(options.skip_unrepresentable),
        limit_(options.limit.value_or(std::numeric_limits<std::uint64_t>::max())) {
    const Schema& schema = kind_ == BlockKind::flows ? header.flows() : header.groups();
    for (const ElementId id : {element::kStart, element::kEnd}) {
      const std::optional<std::size_t> column = schema.find(id);
      if (column && schema[*column].type == Type::i64) {
        times_.push_back(*column);
      }
    }
    if (kind_ == BlockKind::groups) {
      lost_ = lost_columns(schema, encoder_.columns(), "flow-tools");
    }
    const int level = level_of(options, file_.seekable());
    if (level != 0) {
      deflater_.emplace(level, options.threads);
    }
    write_header();
  }

  void put(Block&& block) override {
    if (block.kind != kind_) {
      return;  // sources and members
    }
    const Batch& batch = block.batch;
    std::size_t rows = 0;
    while (rows < batch.rows && !full()) {
      const std::size_t count = static_cast<std::size_t>(
          std::min<std::uint64_t>({kPieceRows, batch.rows - rows, limit_ - taken()}));
      const std::span<const std::byte> records = encoder_.encode(batch, rows, count);
      // An output that will be refused need not grow.
      if (skip_ || encoder_.left_out() == 0) {
        write_records(records);
      }
      records_ += records.size() / ft::kRecord5Bytes;
      note_times(batch, rows, count);
      rows += count;
    }
  }

  void finish() override {
    if (encoder_.left_out() != 0 && !skip_) {
      throw Error(Exit::failed, fmt::format("{}: {}", file_.name(), left_out_text()),
                  "--skip-unrepresentable leaves them out; other formats have room for them");
    }
    if (deflater_) {
      deflater_->finish(file_);
    }
    if (file_.seekable()) {
      if (records_ > std::numeric_limits<std::uint32_t>::max()) {
        fail(Exit::failed, "{}: {} records are too many for a flow-tools file", file_.name(),
             records_);
      }
      write_header();
    }
    file_.commit();
  }

  [[nodiscard]] std::uint64_t bytes_written() const override { return file_.offset(); }
  [[nodiscard]] bool full() const override { return taken() >= limit_; }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> warnings;
    if (lost_) {
      warnings.push_back(fmt::format("{}: {}", file_.name(), *lost_));
    }
    if (encoder_.left_out() != 0) {
      warnings.push_back(fmt::format("{}: {}; left out", file_.name(), left_out_text()));
    }
    return warnings;
  }

 private:
  // Rows that count for the limit: those that are left out are no rows of the output.
  [[nodiscard]] std::uint64_t taken() const { return records_ + (skip_ ? 0 : encoder_.left_out()); }

  [[nodiscard]] std::string left_out_text() const {
    const std::uint64_t count = encoder_.left_out();
    return fmt::format("{} of {} {}s cannot be written to flow-tools v5, {}{}", count,
                       records_ + count, what_, count == 1 ? "" : "first ",
                       encoder_.first_problem());
  }

  // Of the rows that the encoder has just seen.
  void note_times(const Batch& batch, std::size_t first, std::size_t count) {
    if (!file_.seekable()) {
      return;
    }
    for (const std::size_t column : times_) {
      const Column& times = batch.columns[column];
      const std::span<const std::int64_t> values = times.values<std::int64_t>();
      for (std::size_t i = 0; i < count; ++i) {
        if (times.is_known(first + i) && encoder_.has_record(i)) {
          interval_.add(values[first + i]);
        }
      }
    }
  }

  void write_records(std::span<const std::byte> records) {
    if (deflater_) {
      deflater_->write(records, file_);
    } else {
      file_.write(records);
    }
  }

  // A file's header is written twice: first to take its place, at the end with what is known then.
  void write_header() {
    const std::uint32_t compress = deflater_ ? ft::kFlagCompress : 0;
    HeaderBytes header;
    header.part(ft::Tag::version, std::uint16_t{5});
    if (!file_.seekable()) {
      header.part(ft::Tag::flags, ft::kFlagStreaming | compress);
      file_.write(header.finish());
      return;
    }
    header.part(ft::Tag::capture_start, interval_.first_second());
    header.part(ft::Tag::capture_end, interval_.last_second());
    header.part(ft::Tag::flags, ft::kFlagDone | compress);
    header.part(ft::Tag::flow_count, static_cast<std::uint32_t>(records_));
    if (file_.offset() == 0) {
      file_.write(header.finish());
    } else {
      file_.write_at(0, header.finish());
    }
  }

  OutputFile file_;
  BlockKind kind_;
  std::string what_;
  FlowToolsEncoder encoder_;
  bool skip_;
  std::uint64_t limit_;
  std::optional<Deflater> deflater_;
  std::vector<std::size_t> times_;
  std::optional<std::string> lost_;
  Interval interval_;
  std::uint64_t records_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_flow_tools_writer(OutputFile file, const StreamHeader& header,
                                               const WriteOptions& options) {
  if (header.kind != StreamKind::flows && header.kind != StreamKind::groups) {
    throw Error(Exit::usage, "flow-tools files hold flows and groups, not tuples",
                "put nfql-ungroup between, or write another format");
  }
  if (options.columns) {
    throw Error(Exit::usage, "--columns is not for flow-tools output",
                "its records have the same fields always");
  }
  return std::make_unique<FlowToolsWriter>(std::move(file), header, options);
}

}  // namespace nfql
