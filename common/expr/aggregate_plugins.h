// Aggregate functions of plug-ins: shared objects that define what nfql/aggregate.h says.
#pragma once

#include <nfql/aggregate.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/expr/ast.h"

namespace nfql {

/// Must outlive the aggregates whose functions it gives.
class AggregatePlugins {
 public:
  /// Loads a shared object. A `path` without a slash is in the working directory, not where the
  /// system has its libraries.
  /// Throws Error(Exit::failed) for a file that is not there or cannot be loaded,
  /// Error(Exit::usage) for one that is no plug-in, is of another version, or has what add()
  /// refuses.
  void load(const std::string& path);

  /// Makes the functions of `table` known, which must stay; `origin` is what messages call it.
  /// Throws Error(Exit::usage) for a table that is empty or has a function without a name, type,
  /// state or pointer that it needs, or with a name that nfql or another plug-in has.
  void add(const nfql_plugin& table, const std::string& origin);

  /// Sets the plug-in function of each item that names one. Throws Error(Exit::usage) with a caret
  /// for a function that neither nfql nor a plug-in has, and the nearest name of both.
  void resolve(std::vector<AggregateItem>& items, std::string_view text) const;

 private:
  struct Close {
    void operator()(void* handle) const noexcept;
  };
  struct Function {
    const nfql_aggregate* function;
    std::string origin;
  };

  void check_name(const nfql_aggregate& function, const std::string& origin) const;

  std::vector<std::unique_ptr<void, Close>> handles_;
  std::vector<Function> functions_;
};

}  // namespace nfql
