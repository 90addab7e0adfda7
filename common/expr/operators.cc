#include "common/expr/operators.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <span>
#include <utility>

#include "common/base/names.h"
#include "common/flow/time.h"

namespace nfql {
namespace {

// The first sign of an operator is the one that is printed.
constexpr std::array<std::pair<std::string_view, Op>, 8> kOps = {{{"=", Op::eq},
                                                                  {"==", Op::eq},
                                                                  {"!=", Op::ne},
                                                                  {"<>", Op::ne},
                                                                  {"<", Op::lt},
                                                                  {"<=", Op::le},
                                                                  {">", Op::gt},
                                                                  {">=", Op::ge}}};

constexpr std::array<std::pair<char, Arithmetic>, 4> kArithmetic = {{{'+', Arithmetic::add},
                                                                     {'-', Arithmetic::subtract},
                                                                     {'&', Arithmetic::bit_and},
                                                                     {'|', Arithmetic::bit_or}}};

// Slips, and the signs that were meant.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSlips = {{{"=<", "<="},
                                                                                  {"=>", ">="},
                                                                                  {"=!", "!="},
                                                                                  {"===", "="},
                                                                                  {"!==", "!="},
                                                                                  {"><", "<>"},
                                                                                  {"!>", "<="}}};

constexpr std::array<std::string_view, 3> kRelations = {"in", "notin", "intersects"};
constexpr std::array<std::string_view, 15> kMergeRelations = {
    "in",         "notin",  "intersects", "before", "after",    "meets",    "met",   "overlaps",
    "overlapped", "starts", "started",    "during", "contains", "finishes", "equals"};

}  // namespace

std::optional<Op> op_of(std::string_view sign) {
  for (const auto& [text, op] : kOps) {
    if (text == sign) {
      return op;
    }
  }
  return std::nullopt;
}

std::string_view sign_of(Op op) {
  for (const auto& [text, of] : kOps) {
    if (of == op) {
      return text;
    }
  }
  assert(false);
  return {};
}

Arithmetic arithmetic_of(char sign) {
  for (const auto& [text, op] : kArithmetic) {
    if (text == sign) {
      return op;
    }
  }
  assert(false);
  return Arithmetic::add;
}

char sign_of(Arithmetic op) {
  for (const auto& [text, of] : kArithmetic) {
    if (of == op) {
      return text;
    }
  }
  assert(false);
  return '+';
}

std::optional<Allen> relation_of(Op op) {
  switch (op) {
    case Op::eq:
      return Allen::equals;
    case Op::lt:
      return Allen::before;
    case Op::gt:
      return Allen::after;
    case Op::ne:
    case Op::le:
    case Op::ge:
      break;
  }
  return std::nullopt;
}

bool is_unit(std::string_view word) {
  return parse_unit(word).has_value();
}

std::string unknown_operator(std::string_view quoted, std::string_view sign) {
  if (sign == "=~" || sign == "!~" || sign == "~" || sign == "<<" || sign == ">>") {
    return fmt::format("operator {} is not supported", quoted);
  }
  for (const auto& [slip, meant] : kSlips) {
    if (slip == sign) {
      return fmt::format("unknown operator {} (did you mean '{}'?)", quoted, meant);
    }
  }
  return fmt::format("unknown operator {} (one of = != < <= > >=)", quoted);
}

std::string_view nearest_relation(std::string_view word, Grammar grammar) {
  return grammar == Grammar::merge ? nearest_name(word, kMergeRelations)
                                   : nearest_name(word, kRelations);
}

}  // namespace nfql
