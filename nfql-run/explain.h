// A plan as text: the shell pipeline that does the same, or a graph.
#pragma once

#include <string>
#include <vector>

#include "nfql-run/plan.h"

namespace nfql {

/// One word as a POSIX shell reads it back.
[[nodiscard]] std::string shell_word(const std::string& word);

/// A bash command (process substitutions feed nfql-merge) that prints what nfql-run prints.
/// Standard input as the trace of several branches is put into a temporary file first.
[[nodiscard]] std::string explain_shell(const Plan& plan);

/// The processes of nfql-run as a graph in the language of Graphviz.
[[nodiscard]] std::string explain_dot(const Plan& plan);

}  // namespace nfql
