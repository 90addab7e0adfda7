// Random expression trees such as the parser could make.
#pragma once

#include <random>

#include "common/expr/ast.h"
#include "common/expr/parse.h"

namespace nfql::test {

/// Makes trees of at most `depth` levels below each term; the same seed gives the same trees.
class RandomTree {
 public:
  RandomTree(std::uint32_t seed, Grammar grammar) : random_(seed), grammar_(grammar) {}

  [[nodiscard]] Expr expression(unsigned depth);

 private:
  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }
  Expr term(unsigned depth);
  std::vector<Expr> parts(unsigned depth);
  Operand operand(unsigned depth);
  Operand atom();
  Operand set();
  Address address();
  Name name();
  IntegerLiteral integer();
  std::unique_ptr<Tolerance> tolerance();

  std::mt19937_64 random_;
  Grammar grammar_;
};

}  // namespace nfql::test
