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

NfdumpBlocks::NfdumpBlocks(InputFile file) : window_(std::move(file)) {
  read_header();
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
      block.bytes = uncompressed(whole.subspan(nf::kBlockHeaderBytes, size));
      block.records = records;
      block.number = blocks_;
    }
    window_.skip(nf::kBlockHeaderBytes + size);
    ++blocks_;
    if (type == nf::kRecordsBlock) {
      return true;
    }
  }
}

std::span<const std::byte> NfdumpBlocks::uncompressed(std::span<const std::byte> stored) {
  if (method_ == nf::Method::none) {
    return stored;
  }
  raw_.resize(nf::kMaxBlockBytes);  // memory that is not written to costs nothing
  const std::optional<std::size_t> size =
      decompressor_.decompress(method_, stored, {raw_.data(), raw_.size()});
  if (!size) {
    fail_block(fmt::format("its {} data is damaged", name_of(method_)));
  }
  return raw_.bytes().first(*size);
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
  fail(Exit::failed, "{}: block {} at byte {}: {}", name(), blocks_, window_.offset(), problem);
}

}  // namespace nfql
