// Any bytes as an IPFIX file.
#include "tests/fuzz/export_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return nfql::fuzz::run_export({data, size}, &nfql::make_export_reader);
}
