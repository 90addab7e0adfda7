#include "tests/unit/expr/random_tree.h"

#include <array>
#include <limits>
#include <utility>

namespace nfql::test {
namespace {

std::unique_ptr<Operand> boxed(Operand operand) {
  return std::make_unique<Operand>(std::move(operand));
}

}  // namespace

Name RandomTree::name() {
  static constexpr std::array<const char*, 10> kNames = {"srcip", "x",  "_",     "S",  "delta",
                                                         "tcp",   "as", "inner", "a1", "notable"};
  static constexpr std::array<const char*, 6> kQualifiers = {"A", "0", "m", "and", "last", "2nd"};
  return {below(4) == 0 ? kQualifiers.at(below(6)) : "", kNames.at(below(10))};
}

IntegerLiteral RandomTree::integer() {
  static constexpr std::array<const char*, 9> kUnits = {"",  "",  "us",  "ms", "s",
                                                        "m", "h", "min", "d"};
  static constexpr std::array<Wide, 6> kValues = {0,
                                                  1,
                                                  -1,
                                                  std::numeric_limits<std::uint64_t>::max(),
                                                  std::numeric_limits<std::int64_t>::min(),
                                                  65536};
  return {below(2) == 0 ? kValues.at(below(6)) : Wide{below(100000)}, kUnits.at(below(9))};
}

Address RandomTree::address() {
  return below(2) == 0 ? mapped(static_cast<std::uint32_t>(random_()))
                       : Address{random_(), random_()};
}

Operand RandomTree::atom() {
  static constexpr std::array<const char*, 7> kTimes = {
      "2012-05-01", "2012-05-01T10:00",        "2012-05-01T10:00:00.5Z", "S/SA", "2012-05-01+02:00",
      "a1/b_",      "2012-05-01T10:00:00-0530"};
  static constexpr std::array<const char*, 5> kStrings = {"tcp", "", "a \"b\" \\", "\n\t#", "é"};
  static constexpr std::array<const char*, 5> kFloats = {"", "s", "ms", "d", "us"};
  switch (below(8)) {
    case 0:
      return {{}, integer()};
    case 1:
      return {
          {},
          FloatLiteral{(static_cast<double>(below(2000)) - 1000) * (below(2) == 0 ? 1e30 : 0.125),
                       kFloats.at(below(5))}};
    case 2:
      return {{}, address()};
    case 3: {
      const unsigned length = below(129);
      return {{}, Prefix{Prefix::masked(address(), length), length}};
    }
    case 4:
      return {{}, WordLiteral{kTimes.at(below(7)), false}};
    case 5:
      return {{}, WordLiteral{kStrings.at(below(5)), true}};
    default:
      return {{}, name()};
  }
}

Operand RandomTree::set() {
  switch (below(3)) {
    case 0:
      return {{}, Range{boxed(atom()), boxed(atom())}};
    case 1:
      return {{}, FileSet{below(2) == 0 ? "lists/a.txt" : "my \"file\", (2)"}};
    default: {
      SetLiteral literal;
      for (unsigned i = 0; i <= below(4); ++i) {
        literal.items.push_back(below(4) == 0 ? Operand{{}, Range{boxed(atom()), boxed(atom())}}
                                              : atom());
      }
      return {{}, std::move(literal)};
    }
  }
}

Operand RandomTree::operand(unsigned depth) {
  if (depth == 0 || below(3) == 0) {
    return atom();
  }
  if (below(3) == 0) {
    Call call{"gap", {}, below(3) == 0 ? "g1" : ""};
    for (unsigned i = 0; i < below(4); ++i) {
      call.arguments.push_back(operand(depth - 1));
    }
    return {{}, std::move(call)};
  }
  const auto op = static_cast<Arithmetic>(below(4));
  return {{}, Binary{op, boxed(operand(depth - 1)), boxed(operand(depth - 1))}};
}

std::unique_ptr<Tolerance> RandomTree::tolerance() {
  if (below(2) == 0) {
    return nullptr;
  }
  IntegerLiteral amount = integer();
  amount.value = amount.value < 0 ? 0 : amount.value;
  const bool relative = grammar_ == Grammar::group_terms && below(2) == 0;
  return std::make_unique<Tolerance>(
      Tolerance{{}, relative, boxed(Operand{{}, std::move(amount)})});
}

Expr RandomTree::term(unsigned depth) {
  switch (below(6)) {
    case 0:
      return {{},
              Membership{operand(depth), below(2) == 0, below(2) == 0 ? set() : operand(depth)}};
    case 1:
      return {{}, Intersection{operand(depth), set()}};
    case 2:
      return {{}, Always{}};
    case 3:
      if (grammar_ == Grammar::merge) {
        static constexpr std::array<const char*, 4> kBranches = {"A", "m", "0", "equals"};
        return {{},
                AllenTerm{kBranches.at(below(4)), static_cast<Allen>(below(13)),
                          kBranches.at(below(4)), tolerance()}};
      }
      if (grammar_ == Grammar::group_terms) {
        return {{}, Bare{operand(depth), below(2) == 0 ? "" : "net"}};
      }
      [[fallthrough]];
    default: {
      // A number on the left, so that a merge does not take two names for branches.
      Operand left = grammar_ == Grammar::merge ? Operand{{}, integer()} : operand(depth);
      const auto op = static_cast<Op>(below(6));
      return {{}, Comparison{std::move(left), op, operand(depth), tolerance()}};
    }
  }
}

std::vector<Expr> RandomTree::parts(unsigned depth) {
  std::vector<Expr> list;
  const unsigned count = 2 + below(3);
  for (unsigned i = 0; i < count; ++i) {
    list.push_back(expression(depth));
  }
  return list;
}

Expr RandomTree::expression(unsigned depth) {
  if (depth == 0 || below(4) == 0) {
    return term(depth);
  }
  switch (below(3)) {
    case 0:
      return {{}, And{parts(depth - 1)}};
    case 1:
      return {{}, Or{parts(depth - 1)}};
    default:
      return {{}, Not{std::make_unique<Expr>(expression(depth - 1))}};
  }
}

}  // namespace nfql::test
