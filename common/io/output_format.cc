#include <array>
#include <string_view>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/io/writer.h"

namespace nfql {

namespace {

constexpr std::array<std::pair<std::string_view, OutputFormat>, 7> kFormatNames = {
    {{"nfql", OutputFormat::native},
     {"flow-tools", OutputFormat::flow_tools},
     {"nfdump", OutputFormat::nfdump},
     {"ipfix", OutputFormat::ipfix},
     {"csv", OutputFormat::csv},
     {"json", OutputFormat::json},
     {"table", OutputFormat::table}}};

}  // namespace

std::string_view name_of(OutputFormat format) {
  for (const auto& [name, known] : kFormatNames) {
    if (known == format) {
      return name;
    }
  }
  return "";
}

OutputFormat parse_output_format(std::string_view name) {
  std::array<std::string_view, kFormatNames.size()> names;
  for (std::size_t i = 0; i < kFormatNames.size(); ++i) {
    if (same_name(kFormatNames[i].first, name)) {
      return kFormatNames[i].second;
    }
    names[i] = kFormatNames[i].first;
  }
  const std::string_view nearest = nearest_name(name, names);
  throw Error(Exit::usage,
              fmt::format("output format: '{}' is none of {}", name, fmt::join(names, ", ")),
              nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest));
}

}  // namespace nfql
