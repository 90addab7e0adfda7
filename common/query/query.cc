#include "common/query/query.h"

#include "common/query/query_json.h"

namespace nfql {

Query parse_query(const QuerySource& source, Problems& problems) {
  const std::size_t first = source.text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    problems.add(Error(Exit::usage, source.name + ": is empty, and no query",
                       "see nfql-query(5) for how to write one"));
    return {};
  }
  return parse_query_json(source, problems);
}

}  // namespace nfql
