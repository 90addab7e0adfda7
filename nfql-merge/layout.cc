#include "nfql-merge/layout.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "nfql-merge/bind.h"

namespace nfql::merge {
namespace {

void check_names(const std::vector<Branch>& branches) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const std::string& name = branches[i].name;
      const std::string& other = branches[j].name;
      if (name == other) {
        fail(Exit::usage, "two branches are named '{}'", name);
      }
      if (same_name(name, other)) {
        throw Error(Exit::usage,
                    fmt::format("two branches are named '{}' and '{}', which is the same name",
                                other, name),
                    "upper and lower case are not told apart in names");
      }
    }
  }
}

std::vector<bool> named_by(const ExpressionText& text, const std::vector<Branch>& branches) {
  // Binding takes its tree, and the one that is there is needed later.
  const BoundExpression bound = bind_terms(parse(text.text, Grammar::merge, text.what), branches);
  std::vector<bool> named(branches.size());
  for (const Leaf& leaf : bound.leaves) {
    for (const std::size_t branch : leaf.branches) {
      named[branch] = true;
    }
  }
  return named;
}

std::vector<bool> outputs_of(const std::vector<Branch>& branches, const ExpressionText& expr,
                             const std::vector<ExpressionText>& except) {
  std::vector<bool> outputs = named_by(expr, branches);
  std::vector<bool> excepted(branches.size());
  for (const ExpressionText& text : except) {
    const std::vector<bool> named = named_by(text, branches);
    std::transform(named.begin(), named.end(), excepted.begin(), excepted.begin(),
                   std::logical_or<>());
  }
  std::transform(outputs.begin(), outputs.end(), excepted.begin(), outputs.begin(),
                 [](bool named, bool other) { return named || !other; });
  return outputs;
}

}  // namespace

Layout lay_out(std::vector<Branch> given, const ExpressionText& expr,
               const std::vector<ExpressionText>& except) {
  check_names(given);
  const std::vector<bool> outputs = outputs_of(given, expr, except);
  Layout layout;
  layout.outputs = static_cast<std::size_t>(std::count(outputs.begin(), outputs.end(), true));
  if (layout.outputs == 0) {
    throw Error(
        Exit::usage,
        fmt::format("{}: names no branch, and all are named by what is to be left out", expr.what),
        fmt::format("name the branches to keep in it, such as '{}.count > 0'", given.front().name));
  }
  std::size_t next_output = 0;
  std::size_t next_other = layout.outputs;
  layout.branches.resize(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    layout.places.push_back(outputs[i] ? next_output++ : next_other++);
    layout.branches[layout.places[i]] = std::move(given[i]);
  }
  return layout;
}

}  // namespace nfql::merge
