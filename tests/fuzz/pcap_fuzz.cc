// Any bytes as a capture of what exporters send.
#include "tests/fuzz/export_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return nfql::fuzz::run_export({data, size}, &nfql::make_pcap_reader);
}
