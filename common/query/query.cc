#include "common/query/query.h"

#include "common/query/query_json.h"
#include "common/query/query_text.h"

namespace nfql {

Query parse_query(const QuerySource& source, Problems& problems) {
  const std::size_t first = source.text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    problems.add(Error(Exit::usage, source.name + ": is empty, and no query",
                       "see nfql-query(5) for how to write one"));
    return {};
  }
  // No query in the text form begins with a bracket.
  const bool json = source.text[first] == '{' || source.text[first] == '[';
  return json ? parse_query_json(source, problems) : parse_query_text(source, problems);
}

}  // namespace nfql
