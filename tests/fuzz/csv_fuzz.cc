// Any bytes as CSV: flows or an Error, and what is read is printed and read again.
#include "common/io/csv_reader.h"
#include "tests/fuzz/text_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nfql::fuzz::check(data, size, &nfql::make_csv_reader);
  return 0;
}
