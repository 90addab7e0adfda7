// What stands on a stage tool's command line besides options: an expression and inputs.
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

#include "common/flow/schema.h"

namespace nfql {

struct Arguments {
  std::string expression;           ///< "" when there is none
  std::vector<std::string> inputs;  ///< at least one; "-" is standard input
};

/// As typed.
struct Words {
  std::optional<std::string> expression;  ///< -e
  std::vector<std::string> rest;
};

/// Declares -e EXPR and the words without an option; `names` is what the latter are called.
void add_words(CLI::App& app, Words& words, const std::string& names);

/// With -e all words are inputs. Else the first is the expression, but for a lone word that names
/// an existing file: that is the input. Without inputs it is standard input. Throws
/// Error(Exit::usage) when the first of several words could be both: what a query means must not
/// depend on the files that lie beside it. Fails for an expression that is not one word, in quotes.
[[nodiscard]] Arguments split_arguments(const Words& words);

/// Throws Error(Exit::usage) when standard input is to be read and is a terminal: people who forgot
/// the file would wait for ever.
void refuse_terminal_input(const std::vector<std::string>& inputs);

/// The elements that outputs print by default of flows, and the stream number.
[[nodiscard]] std::vector<ElementId> default_elements();
/// The elements of the columns `names`, with those that a computed column is made of.
[[nodiscard]] std::vector<ElementId> elements_of(const std::vector<std::string>& names);

}  // namespace nfql
