#include "common/cli/arguments.h"

#include <unistd.h>

#include <algorithm>

#include "common/base/error.h"
#include "common/cli/options.h"

namespace nfql {

Arguments split_arguments(const std::vector<std::string>& words) {
  Arguments result;
  auto next = words.begin();
  if (!words.empty() && !is_existing_file(words.front())) {
    result.expression = *next++;
  }
  result.inputs.assign(next, words.end());
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
    const FieldInfo* info = find_field(name);
    if (info == nullptr) {
      continue;  // no field of a flow; whoever looks it up says so
    }
    elements.push_back(info->id);
    if (info->id == element::kDuration) {
      elements.push_back(element::kStart);
      elements.push_back(element::kEnd);
    }
  }
  return elements;
}

}  // namespace nfql
