// Any text given as a JSON query is a query or an error.
#include "common/query/query_json.h"
#include "query_round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nfql::check_round_trip(nfql::parse_query_json, data, size);
  return 0;
}
