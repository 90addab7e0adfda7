#include "common/io/inflater.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

namespace nfql {
namespace {

std::uint32_t count_of(std::size_t size) {
  return static_cast<std::uint32_t>(
      std::min<std::size_t>(size, std::numeric_limits<std::uint32_t>::max()));
}

// Whole bytes of the input among the bits that ISA-L fetched, up to 8 of them, and did not use yet.
std::size_t unused_bytes(const inflate_state& state) {
  return static_cast<std::size_t>(std::max(state.read_in_length, 0)) / 8;
}

}  // namespace

void Inflater::Delete::operator()(inflate_state* state) const {
  std::default_delete<inflate_state>()(state);
}

Inflater::Inflater() : state_(std::make_unique<inflate_state>().release()) {
  ::isal_inflate_init(state_.get());
  state_->crc_flag = ISAL_ZLIB;
}

void Inflater::reset() {
  ::isal_inflate_reset(state_.get());
  held_ = 0;
}

Inflater::Step Inflater::step(std::span<const std::byte> in, std::span<std::byte> out) {
  const std::span<const std::byte> fresh = in.subspan(std::min(held_, in.size()));
  const std::uint32_t in_size = count_of(fresh.size());
  const std::uint32_t out_size = count_of(out.size());
  // It reads through this pointer only; its type lacks the const.
  state_->next_in = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(fresh.data()));
  state_->avail_in = in_size;
  state_->next_out = reinterpret_cast<std::uint8_t*>(out.data());
  state_->avail_out = out_size;
  const int result = ::isal_inflate(state_.get());
  State state = State::running;
  if (result != ISAL_DECOMP_OK && result != ISAL_END_INPUT) {
    state = State::corrupt;
  } else if (state_->block_state == ISAL_BLOCK_FINISH) {
    state = State::ended;
  }
  // Where it stopped for want of input, what it has is the start of a symbol, and consumed.
  // On a fault it may have counted one more than there was: below 0.
  const std::uint32_t left = state_->avail_in <= in_size ? state_->avail_in : 0;
  const std::size_t taken = std::min(held_ + in_size - left, in.size());
  const bool stopped = state == State::ended || state_->avail_out == 0;
  held_ = stopped ? std::min(unused_bytes(*state_), taken) : 0;
  return {taken - held_, out_size - state_->avail_out, state};
}

}  // namespace nfql
