#include "common/io/nfdump_writer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/io/lost_columns.h"
#include "common/io/nfdump_block_writer.h"
#include "common/io/nfdump_encode.h"
#include "common/io/nfdump_exporter_records.h"
#include "common/io/nfdump_totals.h"

namespace nfql {
namespace {

namespace nf = nfdump;

constexpr std::uint32_t kWrittenAs = 0x0107'0100;  // nfdump 1.7.1, whose elements these are
// Those of nfdump 1.7.1 are up to 1 MiB; rows with the usual elements leave these in it, too.
constexpr std::size_t kFullBlock = 960 * 1024;
constexpr std::string_view kIdent{"none\0", 5};  // what nfdump writes where there is none

const Schema& schema_of_rows(const StreamHeader& header) {
  return header.kind == StreamKind::flows ? header.flows() : header.groups();
}

class NfdumpWriter final : public Writer {
 public:
  NfdumpWriter(OutputFile file, const StreamHeader& header, const WriteOptions& options)
      : file_(std::move(file)),
        kind_(header.kind == StreamKind::flows ? BlockKind::flows : BlockKind::groups),
        encoder_(schema_of_rows(header), file_.name(),
                 kind_ == BlockKind::flows ? "flow" : "group"),
        exporters_(schema_of_rows(header)),
        blocks_(parse_compression(options.compress.empty() ? "lz4" : options.compress),
                options.threads),
        limit_(options.limit.value_or(std::numeric_limits<std::uint64_t>::max())) {
    if (kind_ == BlockKind::groups) {
      lost_ = lost_columns(header.groups(), encoder_.columns(), "nfdump");
    }
    file_.write(header_bytes());
  }

  void put(Block&& block) override {
    if (block.kind != kind_) {
      return;  // sources and members
    }
    const std::size_t rows = std::min<std::uint64_t>(block.batch.rows, limit_ - rows_);
    for (std::size_t first = 0; first < rows; first += NfdumpEncoder::kMostRows) {
      put_rows(block.batch, first, std::min(NfdumpEncoder::kMostRows, rows - first));
    }
  }

  void finish() override {
    blocks_.finish(file_);
    flow_blocks_ = blocks_.blocks();
    appendix_ = file_.offset();
    std::array<std::byte, nf::kRecordStartBytes> ident{};
    store(ident.data(), nf::kIdentRecord);
    store(ident.data() + 2, static_cast<std::uint16_t>(ident.size() + kIdent.size()));
    blocks_.records().append(ident.data(), ident.size());
    blocks_.records().append(kIdent.data(), kIdent.size());
    const auto sums = totals_.record();
    blocks_.records().append(sums.data(), sums.size());
    blocks_.add(2);
    blocks_.finish(file_);
    file_.write_at(0, header_bytes());
    file_.commit();
  }

  [[nodiscard]] std::uint64_t bytes_written() const override { return file_.offset(); }
  [[nodiscard]] bool full() const override { return rows_ >= limit_; }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    if (!lost_) {
      return {};
    }
    return {fmt::format("{}: {}", file_.name(), *lost_)};
  }

 private:
  void put_rows(const Batch& batch, std::size_t first, std::size_t count) {
    Buffer& records = blocks_.records();
    blocks_.add(exporters_.append(batch, first, count, records));
    encoder_.encode(batch, first, count, rows_, records);
    blocks_.add(static_cast<std::uint32_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
      totals_.add(encoder_.at(nf::kGeneric, i), encoder_.at(nf::kCounters, i));
    }
    rows_ += count;
    if (records.size() > kFullBlock) {
      blocks_.end_block(file_);
    }
  }

  // Written twice: first to take its place, at the end with what is known then.
  [[nodiscard]] std::array<std::byte, nf::kFileHeaderBytes> header_bytes() const {
    std::array<std::byte, nf::kFileHeaderBytes> header{};
    store(header.data(), nf::kMagic);
    store(header.data() + nf::kVersionAt, kWrittenAs);
    store(header.data() + nf::kCreatedAt, totals_.last_ms() / 1000);
    header[nf::kCompressionAt] = static_cast<std::byte>(blocks_.method());
    store(header.data() + nf::kAppendixBlocksAt,
          static_cast<std::uint16_t>(appendix_ != 0 ? 1 : 0));
    store(header.data() + nf::kAppendixAt, appendix_);
    store(header.data() + nf::kBlocksAt, flow_blocks_);
    return header;
  }

  OutputFile file_;
  BlockKind kind_;
  NfdumpEncoder encoder_;
  NfdumpExporterRecords exporters_;
  NfdumpBlockWriter blocks_;
  std::uint64_t limit_;
  std::optional<std::string> lost_;
  NfdumpTotals totals_;
  std::uint32_t flow_blocks_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t appendix_ = 0;  // where it begins
};

}  // namespace

std::unique_ptr<Writer> make_nfdump_writer(OutputFile file, const StreamHeader& header,
                                           const WriteOptions& options) {
  if (header.kind != StreamKind::flows && header.kind != StreamKind::groups) {
    throw Error(Exit::usage, "nfdump files hold flows and groups, not tuples",
                "put nfql-ungroup between, or write another format");
  }
  if (options.columns) {
    throw Error(Exit::usage, "--columns is not for nfdump output",
                "a record has the fields that its flow knows");
  }
  if (!file.seekable()) {
    throw Error(Exit::usage,
                fmt::format("{}: nfdump reads regular files only, so that is what nfdump output "
                            "needs",
                            file.name()),
                "give -o FILE, and then nfdump -r FILE");
  }
  return std::make_unique<NfdumpWriter>(std::move(file), header, options);
}

}  // namespace nfql
