#include "common/io/silk_codec.h"

#include <snappy.h>

#include <cstring>

#include "common/io/lzo.h"

namespace nfql {
namespace {

bool decompress_snappy(std::span<const std::byte> stored, std::span<std::byte> raw) {
  const auto* from = reinterpret_cast<const char*>(stored.data());
  std::size_t size = 0;
  return ::snappy::GetUncompressedLength(from, stored.size(), &size) && size == raw.size() &&
         ::snappy::RawUncompress(from, stored.size(), reinterpret_cast<char*>(raw.data()));
}

}  // namespace

std::string_view name_of(silk::Method method) {
  switch (method) {
    case silk::Method::none:
      break;
    case silk::Method::zlib:
      return "zlib";
    case silk::Method::lzo:
      return "LZO";
    case silk::Method::snappy:
      return "snappy";
  }
  return "uncompressed";
}

bool SilkDecompressor::zlib(std::span<const std::byte> stored, std::span<std::byte> raw) {
  if (inflater_ == nullptr) {
    inflater_ = std::make_unique<Inflater>();
  } else {
    inflater_->reset();
  }
  // As the input is whole, a second step is needed only for a checksum behind a full output.
  Inflater::Step step = inflater_->step(stored, raw);
  const std::size_t produced = step.produced;
  if (step.state == Inflater::State::running) {
    stored = stored.subspan(step.consumed);
    step = inflater_->step(stored, raw.subspan(produced));
  }
  return step.state == Inflater::State::ended && step.consumed == stored.size() &&
         produced == raw.size();
}

bool SilkDecompressor::decompress(silk::Method method, std::span<const std::byte> stored,
                                  std::span<std::byte> raw) {
  switch (method) {
    case silk::Method::none:
      break;
    case silk::Method::zlib:
      return zlib(stored, raw);
    case silk::Method::lzo:
      return decompress_lzo1x(stored, raw) == raw.size();
    case silk::Method::snappy:
      return decompress_snappy(stored, raw);
  }
  if (stored.size() != raw.size()) {
    return false;
  }
  std::memcpy(raw.data(), stored.data(), raw.size());
  return true;
}

}  // namespace nfql
