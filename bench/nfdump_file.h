// Writes nfcapd files, layout 2, for nfdump 1.7 to read: what benchmarks compare with.
#pragma once

#include <cstdint>
#include <string>

#include "bench/traffic.h"
#include "common/base/buffer.h"
#include "common/base/output_file.h"

namespace nfql::bench {

/// Uncompressed, IPv4 flows only, without the appendix of sums that nfcapd adds.
class NfdumpFile {
 public:
  /// Throws Error(Exit::failed), also when `path` is no regular file: the header is rewritten.
  explicit NfdumpFile(const std::string& path);

  void put(const Flow& flow);
  /// Completes the file and puts it in place.
  void finish();

 private:
  void end_block();

  OutputFile file_;
  Buffer block_;  // payload of the block that is being filled
  std::uint32_t records_ = 0;
  std::uint32_t blocks_ = 0;
};

}  // namespace nfql::bench
