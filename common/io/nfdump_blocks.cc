#include "common/io/nfdump_blocks.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/io/nfdump_format.h"

namespace nfql {
namespace {

namespace nf = nfdump;

// What nfdump prints to its standard output, `-w /dev/stdout` or not, when it finds no flow.
constexpr std::string_view kNoFlowText = "No matching flows\n";

bool begins_with(std::span<const std::byte> bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

}  // namespace

bool looks_nfdump(std::span<const std::byte> first) {
  return first.size() >= sizeof nf::kMagic && load<std::uint32_t>(first.data()) == nf::kMagic;
}

// A block on its way: read, uncompressed, given, and then read into again.
struct NfdumpBlocks::Piece {
  NfdumpBlock block;
  std::uint64_t at = 0;   // of the block in the input
  std::uint64_t end = 0;  // behind it
  Buffer stored;
  Buffer raw;
  NfdumpDecompressor decompressor;

  // Returns whether that went well.
  bool uncompress(nf::Method method) {
    if (method == nf::Method::none) {
      block.bytes = stored.bytes();
      return true;
    }
    raw.resize(nf::kMaxBlockBytes);  // memory that is not written to costs nothing
    const std::optional<std::size_t> size =
        decompressor.decompress(method, stored.bytes(), {raw.data(), raw.size()});
    block.bytes = raw.bytes().first(size.value_or(0));
    return size.has_value();
  }
};

NfdumpBlocks::NfdumpBlocks(InputFile file) : window_(std::move(file)) {
  tasks_.emplace(1);
  read_header();
}

NfdumpBlocks::~NfdumpBlocks() = default;

void NfdumpBlocks::read_ahead(std::size_t threads) {
  if (most_ahead_ == 1) {
    const std::size_t used = std::min(threads, kMostNfdumpThreads);
    most_ahead_ = used + 1;
    tasks_.emplace(used);
  }
}

void NfdumpBlocks::read_header() {
  const std::span<const std::byte> header = window_.peek(nf::kFileHeaderBytes);
  if (header.size() < nf::kFileHeaderBytes) {
    fail(Exit::failed, "{}: ends in the middle of an nfdump file header at byte {}", name(),
         window_.offset() + header.size());
  }
  const auto number = std::to_integer<std::uint8_t>(header[nf::kCompressionAt]);
  const std::optional<nf::Method> method = nfdump_method(number);
  if (!looks_nfdump(header) || !method) {
    fail(Exit::failed, "{}: nfdump file header at byte {} is damaged, or of an unknown compression",
         name(), window_.offset());
  }
  if (header[nf::kEncryptionAt] != std::byte{0}) {
    fail(Exit::failed, "{}: is encrypted", name());
  }
  method_ = *method;
  expected_ = std::uint64_t{load<std::uint32_t>(header.data() + nf::kBlocksAt)} +
              load<std::uint16_t>(header.data() + nf::kAppendixBlocksAt);
  blocks_ = 0;
}

Source NfdumpBlocks::begin() {
  Source source{name(), fingerprint(window_), 0};
  window_.skip(nf::kFileHeaderBytes);
  bytes_read_ = window_.offset();
  read_all_ = false;
  return source;
}

// Whether another file begins where a block could: its version, read as the size of a block, would
// be too large for one.
bool NfdumpBlocks::at_header() {
  const std::span<const std::byte> start = window_.peek(nf::kBlockHeaderBytes);
  return start.size() >= nf::kBlockHeaderBytes && looks_nfdump(start) &&
         load<std::uint32_t>(start.data() + nf::kVersionAt) > nf::kMaxBlockBytes;
}

void NfdumpBlocks::pass_over_text() {
  // No more is asked for than a header, unless it is none: nobody is to wait for it.
  const std::string_view start = kNoFlowText.substr(0, nf::kBlockHeaderBytes);
  if (begins_with(window_.peek(start.size()), start) &&
      begins_with(window_.peek(kNoFlowText.size()), kNoFlowText)) {
    window_.skip(kNoFlowText.size());
  }
}

bool NfdumpBlocks::next(NfdumpBlock& block) {
  if (given_) {
    unused_.put(std::move(given_));
  }
  read_blocks();
  if (tasks_->pending() == 0) {
    bytes_read_ = window_.offset();
    if (fault_) {
      std::rethrow_exception(fault_);
    }
    return false;
  }
  given_ = tasks_->take();
  bytes_read_ = given_->end;
  block = given_->block;
  return true;
}

// What is wrong behind blocks that were read is told when these were given.
void NfdumpBlocks::read_blocks() {
  try {
    while (!read_all_ && tasks_->pending() < most_ahead_) {
      read_all_ = !read_block();
    }
  } catch (...) {
    fault_ = std::current_exception();
    read_all_ = true;
  }
}

// Has the next block uncompressed; false at the end of the file.
bool NfdumpBlocks::read_block() {
  for (;;) {
    pass_over_text();
    const std::span<const std::byte> header = window_.peek(nf::kBlockHeaderBytes);
    if (header.empty() || at_header()) {
      finish();
      return false;
    }
    if (header.size() < nf::kBlockHeaderBytes) {
      fail_block(fmt::format("ends in the middle of its header ({} of {} bytes)", header.size(),
                             nf::kBlockHeaderBytes));
    }
    const auto records = load<std::uint32_t>(header.data());
    const auto size = load<std::uint32_t>(header.data() + 4);
    const auto type = load<std::uint16_t>(header.data() + 8);
    if (size == 0 || size > nf::kMaxBlockBytes || records == 0) {
      fail_block(fmt::format("its header is damaged ({} records in {} bytes)", records, size));
    }
    const std::span<const std::byte> whole = window_.peek(nf::kBlockHeaderBytes + size);
    if (whole.size() < nf::kBlockHeaderBytes + size) {
      fail_block(fmt::format("ends in the middle of it ({} of {} bytes)", whole.size(),
                             nf::kBlockHeaderBytes + size));
    }
    if (type == nf::kRecordsBlock) {
      start_piece({{}, records, blocks_}, whole.subspan(nf::kBlockHeaderBytes, size));
    }
    window_.skip(nf::kBlockHeaderBytes + size);
    ++blocks_;
    if (type == nf::kRecordsBlock) {
      return true;
    }
  }
}

void NfdumpBlocks::start_piece(const NfdumpBlock& block, std::span<const std::byte> stored) {
  std::unique_ptr<Piece> piece = unused_.take([] { return std::make_unique<Piece>(); });
  piece->block = block;
  piece->at = window_.offset();
  piece->end = piece->at + nf::kBlockHeaderBytes + stored.size();
  piece->stored.clear();
  piece->stored.append(stored.data(), stored.size());
  tasks_->start([this, method = method_, read = std::move(piece)]() mutable {
    if (!read->uncompress(method)) {
      fail_block(read->block.number, read->at,
                 fmt::format("its {} data is damaged", name_of(method)));
    }
    return std::move(read);
  });
}

void NfdumpBlocks::finish() const {
  if (blocks_ < expected_) {
    fail(Exit::failed, "{}: is incomplete: its header says {} blocks, it has {}", name(), expected_,
         blocks_);
  }
}

bool NfdumpBlocks::next_file() {
  if (!at_header()) {
    return false;
  }
  read_header();
  return true;
}

void NfdumpBlocks::fail_block(const std::string& problem) const {
  fail_block(blocks_, window_.offset(), problem);
}

void NfdumpBlocks::fail_block(std::uint64_t block, std::uint64_t at,
                              const std::string& problem) const {
  fail(Exit::failed, "{}: block {} at byte {}: {}", name(), block, at, problem);
}

}  // namespace nfql
