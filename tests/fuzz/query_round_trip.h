// What holds for every query, however it was written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/query/query.h"

namespace nfql {

using QueryParser = Query (*)(const QuerySource& source, Problems& problems);

/// Any text is a query or has problems, and a query without problems is the same when it is printed
/// as JSON and read again. Ends the program where that is not so.
inline void check_round_trip(QueryParser parse, const std::uint8_t* data, std::size_t size) {
  const QuerySource source{"fuzz", std::string(reinterpret_cast<const char*>(data), size)};
  Problems problems(source);
  const Query query = parse(source, problems);
  if (!problems.empty()) {
    return;
  }
  const QuerySource json{"json", to_json(query)};
  Problems none(json);
  const Query again = parse_query(json, none);
  if (!none.empty() || to_json(again) != json.text) {
    std::abort();
  }
}

}  // namespace nfql
