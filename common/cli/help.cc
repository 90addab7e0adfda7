#include "common/cli/help.h"

#include <fmt/format.h>

#include <array>

#include "common/flow/registry.h"

namespace nfql {
namespace {

constexpr std::array<std::string_view, 9> kTypeNames = {"",    "u8",  "u16",     "u32", "u64",
                                                        "i64", "f64", "address", "set"};

std::string_view type_name(const FieldInfo& info) {
  switch (info.meaning) {
    case Meaning::time:
      return "time";
    case Meaning::duration:
      return "duration";
    case Meaning::mac:
      return "mac";
    default:
      return kTypeNames[static_cast<std::size_t>(info.type)];
  }
}

std::string names_of(const FieldInfo& info) {
  std::string names;
  for (const std::string_view alias : info.aliases) {
    if (!alias.empty() && alias != info.name) {
      names += names.empty() ? "" : " ";
      names += alias;
    }
  }
  return names;
}

std::string id_of(const FieldInfo& info) {
  if (info.id.enterprise == kLocalEnterprise) {
    return "-";
  }
  if (info.id.enterprise != 0) {
    return fmt::format("{}:{}", info.id.enterprise, info.id.element);
  }
  return info.element6 == 0 ? fmt::format("{}", info.id.element)
                            : fmt::format("{}/{}", info.id.element, info.element6);
}

}  // namespace

std::string_view common_help() {
  return R"(  -o, --output FILE; -I, --input-format F   where the first bytes do not tell
  -O, --output-format F  nfql, flow-tools, nfdump, ipfix, csv, json or table
  -z, --compress HOW     none, lz4, zstd[:LEVEL]; flow-tools: 0..9
  -n, --limit N; --columns LIST   so many rows; exactly these: srcip,dstip,bytes
  --since T, --until T [--starts|--active]; --time-offset SOURCE=MS   by time
  --tz ZONE, --time ms; --tee FILE   times in +hh:mm, as numbers; a second copy
  --salvage, --skip-unrepresentable  keep what is good, before a fault or at all
  --stats[=json], --progress, -q, -j/--threads N; -h/--help, --help-fields, -V
)";
}

std::string fields_help() {
  std::string text = fmt::format("{:<32} {:<8} {:<7} {:<7} {:<28} {}\n", "IPFIX name", "type",
                                 "unit", "id", "other names", "what it is");
  for (const FieldInfo& info : all_fields()) {
    std::string name(info.name);
    fmt::format_to(std::back_inserter(text), "{:<32} {:<8} {:<7} {:<7} {:<28} {}\n", name,
                   type_name(info), info.unit, id_of(info), names_of(info), info.about);
    if (!info.name6.empty()) {
      fmt::format_to(std::back_inserter(text), "{}\n", info.name6);
    }
  }
  return text;
}

}  // namespace nfql
