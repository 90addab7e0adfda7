#include "common/io/nfdump_flows.h"

#include <algorithm>

#include "common/base/byte_order.h"
#include "common/base/error.h"

namespace nfql {
namespace {

namespace nf = nfdump;

constexpr std::size_t kElementStartBytes = 4;

constexpr std::size_t kLargestPayload =
    *std::max_element(nf::kPayloadBytes.begin(), nf::kPayloadBytes.end());
constexpr std::array<std::byte, kLargestPayload> kZeros{};

// The kind of an element; kHeader for those that are passed over. Versions of nfdump differ in the
// size of some, and a larger one may come to have more behind what is known.
nf::Slot slot_of(std::size_t type, std::size_t payload) {
  if (type >= nf::kSlotsInFile || nf::kPayloadBytes[type] == 0) {
    return nf::kHeader;
  }
  if (type == nf::kSampler && payload >= nf::kPayloadBytes[nf::kNewSampler]) {
    return nf::kNewSampler;
  }
  if (type == nf::kNat && payload >= nf::kPayloadBytes[nf::kOldNat]) {
    return nf::kOldNat;
  }
  return payload >= nf::kPayloadBytes[type] ? static_cast<nf::Slot>(type) : nf::kHeader;
}

bool all_zero(const std::byte* bytes, std::size_t count) {
  return std::all_of(bytes, bytes + count, [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

const std::byte* NfdumpFlows::zeros() {
  return kZeros.data();
}

void NfdumpFlows::need(NfdumpSlots needed) {
  for (std::size_t i = 0; i < nf::kSlots; ++i) {
    const auto slot = static_cast<nf::Slot>(i);
    if ((needed & slot_bit(slot)) != 0) {
      needed_.push_back(slot);
      noted_[slot].resize(kMostFlows);
    }
  }
}

void NfdumpFlows::open(const NfdumpBlock& block) {
  block_ = block;
  offset_ = 0;
  records_ = 0;
}

std::size_t NfdumpFlows::next(std::size_t most) {
  most = std::min(most, kMostFlows);
  for (const nf::Slot slot : needed_) {
    std::fill_n(noted_[slot].data(), most, zeros());
  }
  flows_ = 0;
  while (flows_ < most && records_ < block_.records) {
    const std::span<const std::byte> rest = block_.bytes.subspan(offset_);
    const std::size_t size =
        rest.size() < nf::kRecordStartBytes ? 0 : load<std::uint16_t>(rest.data() + 2);
    const bool whole = size >= nf::kRecordStartBytes && size <= rest.size();
    if (!whole || !note(rest.first(size))) {
      if (flows_ != 0) {
        break;  // these first
      }
      if (!whole) {
        fail_record(fmt::format("is {} bytes, {} are left of the block", size, rest.size()));
      }
      fail_record("its elements do not fit into it");
    }
    offset_ += size;
    ++records_;
  }
  if (flows_ == 0 && offset_ != block_.bytes.size()) {
    fail(Exit::failed, "{}: block {}: {} bytes after its {} records", name_, block_.number,
         block_.bytes.size() - offset_, block_.records);
  }
  settle_families();
  count_lacking();
  return flows_;
}

void NfdumpFlows::keep(std::span<const RowId> rows) {
  if (rows.size() == flows_) {
    return;
  }
  flows_ = rows.size();
  for (const nf::Slot slot : needed_) {
    std::transform(rows.begin(), rows.end(), noted_[slot].begin(),
                   [&at = noted_[slot]](RowId row) { return at[row]; });
  }
  count_lacking();
}

// Takes one record. False for a damaged flow, and for a record of another kind that must wait for
// the flows before it to be used.
bool NfdumpFlows::note(std::span<const std::byte> record) {
  const auto type = load<std::uint16_t>(record.data());
  if (type != nf::kFlowRecord) {
    if (type == nf::kFlowRecord16 || type == nf::kFlowRecord18) {
      if (flows_ == 0) {
        fail_record("is a flow as only other versions of nfdump know it");
      }
      return false;
    }
    if (flows_ != 0) {
      return false;
    }
    exporters_.take(record);
    return true;
  }
  if (record.size() < nf::kFlowHeaderBytes) {
    return false;
  }
  const std::byte* at = record.data() + nf::kFlowHeaderBytes;
  const std::byte* end = record.data() + record.size();
  NfdumpSlots seen = slot_bit(nf::kHeader);
  for (std::size_t i = load<std::uint16_t>(record.data() + nf::kElementsAt); i != 0; --i) {
    const auto left = static_cast<std::size_t>(end - at);
    const std::size_t size = left < kElementStartBytes ? 0 : load<std::uint16_t>(at + 2);
    if (size < kElementStartBytes || size > left) {
      return false;
    }
    const nf::Slot slot = slot_of(load<std::uint16_t>(at), size - kElementStartBytes);
    seen |= slot_bit(slot);
    if (slot != nf::kHeader && !noted_[slot].empty()) {
      noted_[slot][flows_] = at + kElementStartBytes;
    }
    at += size;
  }
  if (!noted_[nf::kHeader].empty()) {
    noted_[nf::kHeader][flows_] = record.data();
  }
  seen_ |= seen;
  ++flows_;
  return true;
}

void NfdumpFlows::settle_families() {
  if (noted_[nf::kIpv4].empty() || noted_[nf::kIpv6].empty()) {
    return;
  }
  for (std::size_t i = 0; i < flows_; ++i) {
    const std::byte*& ipv4 = noted_[nf::kIpv4][i];
    const std::byte*& ipv6 = noted_[nf::kIpv6][i];
    if (ipv4 != zeros() && ipv6 != zeros()) {
      (all_zero(ipv6, nf::kPayloadBytes[nf::kIpv6]) ? ipv6 : ipv4) = zeros();
    }
  }
}

void NfdumpFlows::count_lacking() {
  for (const nf::Slot slot : needed_) {
    lacking_[slot] = static_cast<std::size_t>(std::count(
        noted_[slot].begin(), noted_[slot].begin() + static_cast<std::ptrdiff_t>(flows_), zeros()));
  }
}

void NfdumpFlows::fail_record(const std::string& problem) const {
  fail(Exit::failed, "{}: block {}: record {}: {}", name_, block_.number, records_, problem);
}

}  // namespace nfql
