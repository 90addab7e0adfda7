#include "common/io/nfdump_block_writer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/byte_order.h"
#include "common/io/nfdump_codec.h"

namespace nfql {

namespace nf = nfdump;

// A block on its way: filled, compressed, written, and then filled again.
struct NfdumpBlockWriter::Piece {
  explicit Piece(Compression compression) : compressor(compression) {}

  NfdumpCompressor compressor;
  Buffer records;
  std::uint32_t count = 0;            // of records
  std::span<const std::byte> stored;  // the compressor's, or the records
};

NfdumpBlockWriter::NfdumpBlockWriter(Compression compression, std::size_t threads)
    : compression_(compression),
      // What is not compressed is written at once.
      threads_(method() == nf::Method::none ? 1 : std::min(threads, kMostNfdumpThreads)),
      next_(unused_piece()),
      tasks_(threads_) {}

NfdumpBlockWriter::~NfdumpBlockWriter() = default;

nf::Method NfdumpBlockWriter::method() const {
  return nfdump_method(compression_);
}

Buffer& NfdumpBlockWriter::records() {
  return next_->records;
}

void NfdumpBlockWriter::add(std::uint32_t count) {
  next_->count += count;
}

void NfdumpBlockWriter::end_block(OutputFile& output) {
  if (next_->count == 0) {
    return;
  }
  tasks_.start([filled = std::exchange(next_, unused_piece())]() mutable {
    filled->stored = filled->compressor.compress(filled->records.bytes());
    return std::move(filled);
  });
  ++blocks_;
  write(threads_ > 1 ? threads_ + 1 : 0, output);
}

void NfdumpBlockWriter::finish(OutputFile& output) {
  end_block(output);
  write(0, output);
}

// Writes blocks in their order until only `but` of them are left to be compressed.
void NfdumpBlockWriter::write(std::size_t but, OutputFile& output) {
  tasks_.take_until(but, [&](std::unique_ptr<Piece> piece) {
    std::array<std::byte, nf::kBlockHeaderBytes> header{};
    store(header.data(), piece->count);
    store(header.data() + 4, static_cast<std::uint32_t>(piece->stored.size()));
    store(header.data() + 8, nf::kRecordsBlock);
    output.write(header);
    output.write(piece->stored);
    unused_.put(std::move(piece));
  });
}

std::unique_ptr<NfdumpBlockWriter::Piece> NfdumpBlockWriter::unused_piece() {
  std::unique_ptr<Piece> piece =
      unused_.take([this] { return std::make_unique<Piece>(compression_); });
  piece->records.clear();
  piece->count = 0;
  return piece;
}

}  // namespace nfql
