#include "tests/unit/stream/stream_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>
#include <type_traits>

namespace nfql {
namespace {

constexpr std::array<std::string_view, 9> kTypes{"",    "u8",  "u16",     "u32", "u64",
                                                 "i64", "f64", "address", "set"};
constexpr std::array<std::string_view, 8> kMeanings{"number",   "time",  "duration", "port",
                                                    "protocol", "flags", "address",  "mac"};
constexpr std::array<std::string_view, 5> kStreams{"", "flows", "groups", "tuples", "collection"};
constexpr std::array<std::string_view, 6> kBlocks{"",       "sources", "flows",
                                                  "groups", "members", "tuples"};

template <class Enum, std::size_t Count>
std::string_view name_in(const std::array<std::string_view, Count>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

template <class T>
std::string value_text(Type type, T value) {
  if constexpr (std::is_same_v<T, Address>) {
    return fmt::format("\"{}\"", to_string(value));
  } else if constexpr (std::is_same_v<T, double>) {
    const std::string text = std::isnan(value) ? "NaN" : fmt::format("{}", value);
    return text.find_first_of(".eNi") == std::string::npos ? text + ".0" : text;
  } else {
    return type == Type::address
               ? fmt::format("\"{}\"", to_string(mapped(static_cast<std::uint32_t>(value))))
               : fmt::format("{}", value);
  }
}

template <class T>
std::string cell_text(const Column& column, std::size_t row) {
  if (column.type != Type::set) {
    return value_text(column.type, column.values<T>()[row]);
  }
  std::string text;
  for (const T value : column.set<T>(row)) {
    text += (text.empty() ? "" : ",") + value_text(column.element_type, value);
  }
  return "[" + text + "]";
}

std::string cell_text(const Column& column, std::size_t row) {
  if (!column.is_known(row)) {
    return "null";
  }
  return visit_values(column.type == Type::set ? column.element_type : column.type, column.width,
                      [&]<class T>(std::type_identity<T>) { return cell_text<T>(column, row); });
}

std::vector<std::string> names_of(const StreamHeader& header, const Block& block) {
  std::vector<std::string> names;
  if (block.kind == BlockKind::tuples) {
    for (const BranchSchema& branch : header.branches) {
      names.push_back(branch.name);
    }
    return names;
  }
  const BranchSchema& branch = header.branches.at(block.branch);
  const Schema& schema = block.kind == BlockKind::groups ? branch.groups : branch.flows;
  for (const Field& field : schema.fields()) {
    names.push_back(field.name);
  }
  return names;
}

std::string schema_text(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.fields()) {
    text +=
        fmt::format(R"({}{{"name":"{}","enterprise":{},"element":{},"type":"{}","meaning":"{}")",
                    text.empty() ? "" : ",", field.name, field.id.enterprise, field.id.element,
                    name_in(kTypes, field.type), name_in(kMeanings, field.meaning));
    if (field.type == Type::set) {
      text += fmt::format(R"(,"element_type":"{}")", name_in(kTypes, field.element_type));
    }
    text += "}";
  }
  return "[" + text + "]";
}

}  // namespace

void append_lines(std::vector<std::string>& lines, const StreamHeader& header, const Block& block) {
  const std::string start = fmt::format(R"({{"kind":"{}","branch":{},"row":{{)",
                                        name_in(kBlocks, block.kind), block.branch);
  for (const Source& source : block.sources) {
    lines.push_back(start + fmt::format(R"("name":"{}","fingerprint":{},"first_flow":{}}}}})",
                                        source.name, source.fingerprint, source.first_flow));
  }
  if (block.kind == BlockKind::sources) {
    return;
  }
  const auto names = names_of(header, block);
  for (std::size_t row = 0; row < block.batch.rows; ++row) {
    std::string line = start;
    for (std::size_t i = 0; i < names.size(); ++i) {
      line += fmt::format(R"({}"{}":{})", i == 0 ? "" : ",", names[i],
                          cell_text(block.batch.columns.at(i), row));
    }
    lines.push_back(line + "}}");
  }
}

std::string header_line(const StreamHeader& header) {
  std::string text = fmt::format(R"({{"version":1,"kind":"{}","members":{},"branches":[)",
                                 name_in(kStreams, header.kind), header.members);
  for (std::size_t i = 0; i < header.branches.size(); ++i) {
    const BranchSchema& branch = header.branches[i];
    text += fmt::format(R"({}{{"name":"{}","groups":{},"flows":{}}})", i == 0 ? "" : ",",
                        branch.name, schema_text(branch.groups), schema_text(branch.flows));
  }
  return text + "]}";
}

}  // namespace nfql
