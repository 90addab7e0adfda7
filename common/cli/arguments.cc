#include "common/cli/arguments.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/cli/options.h"

namespace nfql {

namespace {

// `trace.ft`, not `dstip in @hosts.txt`.
bool is_meant_as_file(const std::string& word) {
  return word.find_first_of(" @=<>!(){}&|,") == std::string::npos && has_file_ending(word);
}

// Whether a word is a piece of an expression that was not put in quotes.
bool is_piece(const std::string& word) {
  constexpr std::array<std::string_view, 4> kJoints = {"and", "or", "not", "in"};
  return word.find_first_not_of("=<>!~&|(){},+-") == std::string::npos || find_element(word) ||
         std::find(kJoints.begin(), kJoints.end(), lower(word)) != kJoints.end();
}

// Fails when what would be the first input is no file and the next piece of the expression.
void check_quotes(const Arguments& arguments) {
  if (arguments.expression.empty() || arguments.inputs.empty()) {
    return;
  }
  std::string word = arguments.inputs.front();
  if (!word.empty() && word.back() == ',') {
    word.pop_back();
  }
  if (!word.empty() && is_piece(word) && !is_existing_file(arguments.inputs.front())) {
    throw Error(Exit::failed,
                fmt::format("{}: cannot open: {}", arguments.inputs.front(), std::strerror(ENOENT)),
                fmt::format("an expression is one argument, in quotes: '{} {} ...'",
                            arguments.expression, arguments.inputs.front()));
  }
}

}  // namespace

void add_words(CLI::App& app, Words& words, const std::string& names) {
  app.add_option("-e,--expr", words.expression);
  app.add_option(names, words.rest);
}

Arguments split_arguments(const Words& words) {
  Arguments result{words.expression.value_or(""), {}};
  auto next = words.rest.begin();
  if (!words.expression && !words.rest.empty()) {
    const bool is_file = is_existing_file(words.rest.front());
    if (is_file && words.rest.size() > 1) {
      throw Error(Exit::usage,
                  fmt::format("'{}' stands where the expression does, and names a file",
                              words.rest.front()),
                  "say which word is the expression: -e EXPR FILE...; -e any takes all");
    }
    if (!is_file && is_meant_as_file(words.rest.front())) {
      fail_system(words.rest.front(), "cannot open", ENOENT);
    }
    if (!is_file) {
      result.expression = *next++;
    }
  }
  result.inputs.assign(next, words.rest.end());
  if (!words.expression) {
    check_quotes(result);
  }
  if (result.inputs.empty()) {
    result.inputs.emplace_back("-");
  }
  refuse_terminal_input(result.inputs);
  return result;
}

void refuse_terminal_input(const std::vector<std::string>& inputs) {
  const bool reads_stdin = std::find(inputs.begin(), inputs.end(), "-") != inputs.end();
  if (reads_stdin && ::isatty(STDIN_FILENO) == 1) {
    throw Error(Exit::usage, "no input: standard input is the terminal",
                "name a file, or pipe a trace in");
  }
}

std::vector<ElementId> default_elements() {
  using namespace element;
  return {kStart,           kEnd,      kSourceAddress, kSourcePort, kDestinationAddress,
          kDestinationPort, kProtocol, kTcpFlags,      kPackets,    kOctets,
          kStream};
}

std::vector<ElementId> elements_of(const std::vector<std::string>& names) {
  std::vector<ElementId> elements;
  for (const std::string& name : names) {
    const std::optional<ElementId> id = find_element(name);
    if (!id) {
      continue;  // no field of a flow; whoever looks it up says so
    }
    elements.push_back(*id);
    if (*id == element::kDuration) {
      elements.push_back(element::kStart);
      elements.push_back(element::kEnd);
    }
  }
  return elements;
}

}  // namespace nfql
