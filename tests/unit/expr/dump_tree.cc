#include "tests/unit/expr/dump_tree.h"

#include <fmt/format.h>

#include <array>
#include <variant>

namespace nfql::test {
namespace {

std::string dump(const Name& n) {
  return n.qualifier.empty() ? n.name : fmt::format("(of {} {})", n.qualifier, n.name);
}

std::string with_unit(const std::string& value, const std::string& unit) {
  return unit.empty() ? value : value + ' ' + unit;
}

std::string dump(const IntegerLiteral& n) {
  const std::string value = n.value < 0 ? fmt::format("{}", static_cast<std::int64_t>(n.value))
                                        : fmt::format("{}", static_cast<std::uint64_t>(n.value));
  return fmt::format("(int {})", with_unit(value, n.unit));
}

std::string dump(const FloatLiteral& n) {
  return fmt::format("(float {})", with_unit(fmt::format("{}", n.value), n.unit));
}

std::string dump(const Address& a) {
  return fmt::format("(address {})", to_string(a));
}

std::string dump(const Prefix& p) {
  return fmt::format("(prefix {}/{})", to_string(p.network), p.length);
}

std::string dump(const WordLiteral& w) {
  return fmt::format("({} {})", w.quoted ? "string" : "word", w.text);
}

std::string dump(const std::vector<Operand>& list) {
  std::string text;
  for (const Operand& operand : list) {
    text += ' ' + test::dump(operand);
  }
  return text;
}

std::string dump(const Binary& b) {
  constexpr std::array<char, 4> kSigns = {'+', '-', '&', '|'};
  return fmt::format("({} {} {})", kSigns.at(static_cast<std::size_t>(b.op)), test::dump(*b.left),
                     test::dump(*b.right));
}

std::string dump(const Call& c) {
  return fmt::format("(call {}{})", dump(Name{c.qualifier, c.function}), dump(c.arguments));
}

std::string dump(const Range& r) {
  return fmt::format("(range {} {})", test::dump(*r.low), test::dump(*r.high));
}

std::string dump(const SetLiteral& s) {
  return fmt::format("(set{})", dump(s.items));
}

std::string dump(const FileSet& f) {
  return fmt::format("(file {})", f.path);
}

std::string dump(const std::unique_ptr<Tolerance>& t) {
  return t == nullptr
             ? ""
             : fmt::format(" {} {}", t->relative ? "rdelta" : "delta", test::dump(*t->amount));
}

std::string dump(const Comparison& c) {
  constexpr std::array<const char*, 6> kSigns = {"=", "!=", "<", "<=", ">", ">="};
  return fmt::format("({} {} {}{})", kSigns.at(static_cast<std::size_t>(c.op)), test::dump(c.left),
                     test::dump(c.right), dump(c.tolerance));
}

std::string dump(const Membership& m) {
  return fmt::format("({} {} {})", m.negated ? "notin" : "in", test::dump(m.left),
                     test::dump(m.right));
}

std::string dump(const Intersection& i) {
  return fmt::format("(intersects {} {})", test::dump(i.left), test::dump(i.right));
}

std::string dump(const AllenTerm& a) {
  constexpr std::array<const char*, 13> kNames = {"bf", "af", "m",  "mi", "o",  "oi", "s",
                                                  "si", "d",  "di", "f",  "fi", "eq"};
  return fmt::format("(allen {} {} {}{})", a.left, kNames.at(static_cast<std::size_t>(a.relation)),
                     a.right, dump(a.tolerance));
}

std::string dump(const Always&) {
  return "any";
}

std::string dump(const Bare& b) {
  return b.alias.empty() ? fmt::format("(bare {})", test::dump(b.operand))
                         : fmt::format("(bare {} as {})", test::dump(b.operand), b.alias);
}

std::string dump(const char* word, const std::vector<Expr>& parts) {
  std::string text = std::string("(") + word;
  for (const Expr& part : parts) {
    text += ' ' + test::dump(part);
  }
  return text + ')';
}

std::string dump(const And& list) {
  return dump("and", list.parts);
}
std::string dump(const Or& list) {
  return dump("or", list.parts);
}
std::string dump(const Not& n) {
  return fmt::format("(not {})", test::dump(*n.part));
}

}  // namespace

std::string dump(const Expr& expr) {
  return std::visit([](const auto& node) { return dump(node); }, expr.node);
}

std::string dump(const Operand& operand) {
  return std::visit([](const auto& node) { return dump(node); }, operand.node);
}

}  // namespace nfql::test
