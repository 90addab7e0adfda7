// Any text is an expression or an Error; an expression's canonical text reads back as itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/base/error.h"
#include "common/expr/parse.h"
#include "common/expr/print.h"

namespace {

void try_expression(std::string_view text, nfql::Grammar grammar) {
  std::string canonical;
  try {
    canonical = nfql::to_text(nfql::parse_expression(text, grammar, "fuzz"));
  } catch (const nfql::Error&) {
    return;
  }
  // An Error here escapes and ends the run: canonical text has to parse.
  if (nfql::to_text(nfql::parse_expression(canonical, grammar, "fuzz")) != canonical) {
    std::abort();
  }
}

void try_aggregates(std::string_view text) {
  std::string canonical;
  try {
    for (const nfql::AggregateItem& item : nfql::parse_aggregates(text)) {
      canonical += (canonical.empty() ? "" : ", ") + nfql::to_text(item);
    }
  } catch (const nfql::Error&) {
    return;
  }
  std::string again;
  for (const nfql::AggregateItem& item : nfql::parse_aggregates(canonical)) {
    again += (again.empty() ? "" : ", ") + nfql::to_text(item);
  }
  if (again != canonical) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_expression(text, nfql::Grammar::filter);
  try_expression(text, nfql::Grammar::group_terms);
  try_expression(text, nfql::Grammar::merge);
  try_aggregates(text);
  return 0;
}
