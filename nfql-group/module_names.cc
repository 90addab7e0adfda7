#include "nfql-group/module_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {

std::vector<std::string> module_names(const std::vector<std::string>& given, std::size_t count) {
  std::vector<std::string> names = given;
  if (!names.empty() && names.size() != count) {
    throw Error(Exit::usage,
                fmt::format("{} names of modules, but the terms have {}", names.size(), count),
                "a module is a list of terms, and 'or' stands between lists");
  }
  for (std::size_t i = names.size(); i < count; ++i) {
    names.push_back(fmt::format("g{}", i + 1));
  }
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (!is_branch_name(*name)) {
      throw Error(Exit::usage, fmt::format("'{}' cannot be the name of a module", *name),
                  "names have letters, digits and _");
    }
    if (std::any_of(names.begin(), name,
                    [name](const std::string& other) { return same_name(other, *name); })) {
      fail(Exit::usage, "two modules are named '{}'", *name);
    }
  }
  return names;
}

}  // namespace nfql
