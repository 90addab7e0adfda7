#include "nfql-run/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace nfql {
namespace {

std::string command(const StageCall& call, const std::vector<std::string>& inputs) {
  std::string text = call.tool();
  for (const std::string& option : call.options) {
    text += " " + shell_word(option);
  }
  if (!call.tee.empty()) {
    text += " --tee " + shell_word(call.tee);
  }
  if (!call.output.empty()) {
    text += " -o " + shell_word(call.output);
  }
  // With -e nothing depends on which files there are.
  if (call.stage != "ungroup") {
    text += " -e " + shell_word(call.expression);
  }
  for (const std::string& input : inputs) {
    text += " " + input;
  }
  return text;
}

std::string branch_pipeline(const BranchPlan& branch, const std::vector<std::string>& traces) {
  std::string text;
  for (const StageCall& call : branch.stages) {
    const bool first = &call == &branch.stages.front();
    text += first ? command(call, traces) : " | " + command(call, {});
  }
  return text;
}

bool from_stdin(const Plan& plan) {
  return std::find(plan.traces.begin(), plan.traces.end(), "-") != plan.traces.end();
}

std::string pipelines(const Plan& plan, const std::vector<std::string>& traces) {
  std::string text;
  if (plan.merge) {
    std::vector<std::string> inputs;
    for (const BranchPlan& branch : plan.branches) {
      inputs.push_back(fmt::format("\\\n    {}=<({})", shell_word(branch.name),
                                   branch_pipeline(branch, traces)));
    }
    text = command(*plan.merge, inputs);
  } else {
    for (const BranchPlan& branch : plan.branches) {
      text += (text.empty() ? "" : "\n") + branch_pipeline(branch, traces);
    }
  }
  if (plan.ungroup) {
    text += (plan.merge ? " \\\n  | " : " | ") + command(*plan.ungroup, {});
  }
  return text + "\n";
}

std::string dot_word(std::string_view text) {
  std::string word = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      word += '\\';
    }
    word += c;
  }
  return word + '"';
}

std::string title(const StageCall& call) {
  return call.branch.empty() ? call.stage : call.stage + " " + call.branch;
}

std::string node(const StageCall& call) {
  return dot_word(title(call));
}

}  // namespace

std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./:,@%+").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string explain_shell(const Plan& plan) {
  std::vector<std::string> traces;
  if (!from_stdin(plan) || plan.branches.size() == 1) {
    for (const std::string& trace : plan.traces) {
      traces.push_back(shell_word(trace));
    }
    return pipelines(plan, traces);
  }
  for (const std::string& trace : plan.traces) {
    traces.push_back(trace == "-" ? "\"$trace\"" : shell_word(trace));
  }
  return fmt::format("trace=$(mktemp) && cat > \"$trace\"\n{}rm -f \"$trace\"\n",
                     pipelines(plan, traces));
}

std::string explain_dot(const Plan& plan) {
  std::string text = "digraph query {\n  rankdir=LR;\n  node [shape=box];\n";
  auto out = std::back_inserter(text);
  for (const BranchPlan& branch : plan.branches) {
    std::string before = "\"filter\"";
    for (const StageCall& call : branch.stages) {
      if (call.stage == "filter") {
        continue;  // one process for all branches
      }
      fmt::format_to(out, "  {} [label={}];\n", node(call),
                     dot_word(title(call) + "\n" + call.expression));
      fmt::format_to(out, "  {} -> {} [label={}];\n", before, node(call), dot_word(branch.name));
      before = node(call);
    }
    if (plan.merge) {
      fmt::format_to(out, "  {} -> {} [label={}];\n", before, node(*plan.merge),
                     dot_word(branch.name));
    } else if (plan.ungroup) {
      fmt::format_to(out, "  {} -> {};\n", before, node(*plan.ungroup));
    }
  }
  if (plan.merge && plan.ungroup) {
    fmt::format_to(out, "  {} -> {};\n", node(*plan.merge), node(*plan.ungroup));
  }
  return text + "}\n";
}

}  // namespace nfql
