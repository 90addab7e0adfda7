// Any bytes as a file of messages of NetFlow.
#include "tests/fuzz/export_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return nfql::fuzz::run_export({data, size}, &nfql::make_export_reader);
}
