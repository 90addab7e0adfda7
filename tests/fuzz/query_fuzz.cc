// Any text given as a JSON query is a query or an Error.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/base/error.h"
#include "common/query/query.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    static_cast<void>(
        nfql::parse_query_json(std::string(reinterpret_cast<const char*>(data), size), "fuzz"));
  } catch (const nfql::Error&) {
    // The only exception that may come out.
  }
  return 0;
}
