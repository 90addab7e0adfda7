// What stands on a stage tool's command line besides options: an expression and inputs.
#pragma once

#include <string>
#include <vector>

#include "common/flow/schema.h"

namespace nfql {

struct Arguments {
  std::string expression;           ///< "" when there is none
  std::vector<std::string> inputs;  ///< at least one; "-" is standard input
};

/// The first word is the expression, unless it names an existing file, which no expression does in
/// practice; the rest are inputs. Without inputs it is standard input.
[[nodiscard]] Arguments split_arguments(const std::vector<std::string>& words);

/// Throws Error(Exit::usage) when standard input is to be read and is a terminal: people who forgot
/// the file would wait for ever.
void refuse_terminal_input(const std::vector<std::string>& inputs);

/// The elements that outputs print by default of flows, and the stream number.
[[nodiscard]] std::vector<ElementId> default_elements();
/// The elements of the columns `names`, with those that a computed column is made of.
[[nodiscard]] std::vector<ElementId> elements_of(const std::vector<std::string>& names);

}  // namespace nfql
