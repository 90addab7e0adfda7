#include "common/expr/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "common/expr/allen.h"
#include "common/expr/operators.h"

namespace nfql {
namespace {

// Characters of names, times, flags and plain paths.
bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_/:.+-").find(c) != std::string_view::npos;
  });
}

class Printer {
 public:
  void print(const Operand& operand) {
    std::visit([this](const auto& node) { print(node); }, operand.node);
  }
  void print(const Expr& expr) {
    std::visit([this](const auto& node) { print(node); }, expr.node);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void print(const Name& name);
  void print(const IntegerLiteral& literal);
  void print(const FloatLiteral& literal);
  void print(const Address& address) { append_address(text_, address); }
  void print(const Prefix& prefix);
  void print(const WordLiteral& word);
  void print(const Binary& binary);
  void print(const Call& call);
  void print(const Range& range);
  void print(const SetLiteral& set);
  void print(const FileSet& file);

  void print(const Comparison& term);
  void print(const Membership& term);
  void print(const Intersection& term);
  void print(const AllenTerm& term);
  void print(const Always&) { text_ += "any"; }
  void print(const Bare& term);
  void print(const And& list) { print_parts(list.parts, " and ", false); }
  void print(const Or& list) { print_parts(list.parts, " or ", true); }
  void print(const Not& negation);

  void print_quoted(std::string_view text);
  void print_list(const std::vector<Operand>& operands);
  void print_parts(const std::vector<Expr>& parts, std::string_view between, bool and_is_tighter);
  void print_tolerance(const std::unique_ptr<Tolerance>& tolerance);
  template <class Node>
  void print_in_parentheses(const Node& node);

  std::string text_;
};

void Printer::print(const Name& name) {
  if (!name.qualifier.empty()) {
    text_ += name.qualifier;
    text_ += '.';
  }
  text_ += name.name;
}

void Printer::print(const IntegerLiteral& literal) {
  std::string digits;
  for (Wide rest = literal.value; rest != 0 || digits.empty(); rest /= 10) {
    const int digit = static_cast<int>(rest % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  if (literal.value < 0) {
    digits += '-';
  }
  text_.append(digits.rbegin(), digits.rend());
  text_ += literal.unit;
}

void Printer::print(const FloatLiteral& literal) {
  std::array<char, 32> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), literal.value);
  const std::string_view digits(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  text_ += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) {
    text_ += ".0";  // else it would be an integer when read again
  }
  text_ += literal.unit;
}

void Printer::print(const Prefix& prefix) {
  constexpr unsigned kMappedLength = 96;
  const bool ipv4 = prefix.length >= kMappedLength && is_ipv4(prefix.network);
  append_address(text_, prefix.network);
  fmt::format_to(std::back_inserter(text_), "/{}",
                 ipv4 ? prefix.length - kMappedLength : prefix.length);
}

void Printer::print(const WordLiteral& word) {
  if (word.quoted || !is_plain(word.text)) {
    print_quoted(word.text);
  } else {
    text_ += word.text;
  }
}

void Printer::print(const Binary& binary) {
  print(*binary.left);
  text_ += ' ';
  text_ += sign_of(binary.op);
  text_ += ' ';
  if (std::holds_alternative<Binary>(binary.right->node)) {
    print_in_parentheses(*binary.right);
  } else {
    print(*binary.right);
  }
}

void Printer::print(const Call& call) {
  print(Name{call.qualifier, call.function});
  text_ += '(';
  print_list(call.arguments);
  text_ += ')';
}

void Printer::print(const Range& range) {
  print(*range.low);
  text_ += "..";
  print(*range.high);
}

void Printer::print(const SetLiteral& set) {
  text_ += '{';
  print_list(set.items);
  text_ += '}';
}

void Printer::print(const FileSet& file) {
  text_ += '@';
  if (is_plain(file.path)) {
    text_ += file.path;
  } else {
    print_quoted(file.path);
  }
}

void Printer::print(const Comparison& term) {
  print(term.left);
  text_ += ' ';
  text_ += sign_of(term.op);
  text_ += ' ';
  print(term.right);
  print_tolerance(term.tolerance);
}

void Printer::print(const Membership& term) {
  print(term.left);
  text_ += term.negated ? " not in " : " in ";
  print(term.right);
}

void Printer::print(const Intersection& term) {
  print(term.left);
  text_ += " intersects ";
  print(term.right);
}

void Printer::print(const AllenTerm& term) {
  text_ += term.left;
  text_ += ' ';
  text_ += to_name(term.relation);
  text_ += ' ';
  text_ += term.right;
  print_tolerance(term.tolerance);
}

void Printer::print(const Bare& term) {
  print(term.operand);
  if (!term.alias.empty()) {
    text_ += " as ";
    text_ += term.alias;
  }
}

void Printer::print(const Not& negation) {
  text_ += "not ";
  const auto& part = negation.part->node;
  if (std::holds_alternative<And>(part) || std::holds_alternative<Or>(part)) {
    print_in_parentheses(*negation.part);
  } else {
    print(*negation.part);
  }
}

void Printer::print_parts(const std::vector<Expr>& parts, std::string_view between,
                          bool and_is_tighter) {
  for (const Expr& part : parts) {
    if (&part != parts.data()) {
      text_ += between;
    }
    if (std::holds_alternative<Or>(part.node) ||
        (std::holds_alternative<And>(part.node) && !and_is_tighter)) {
      print_in_parentheses(part);
    } else {
      print(part);
    }
  }
}

void Printer::print_tolerance(const std::unique_ptr<Tolerance>& tolerance) {
  if (tolerance != nullptr) {
    text_ += tolerance->relative ? " rdelta " : " delta ";
    print(*tolerance->amount);
  }
}

void Printer::print_list(const std::vector<Operand>& operands) {
  for (const Operand& operand : operands) {
    if (&operand != operands.data()) {
      text_ += ", ";
    }
    print(operand);
  }
}

template <class Node>
void Printer::print_in_parentheses(const Node& node) {
  text_ += '(';
  print(node);
  text_ += ')';
}

void Printer::print_quoted(std::string_view text) {
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
    }
    text_ += c;
  }
  text_ += '"';
}

}  // namespace

std::string to_text(const Expr& expr) {
  Printer printer;
  printer.print(expr);
  return printer.take();
}

std::string to_text(const Operand& operand) {
  Printer printer;
  printer.print(operand);
  return printer.take();
}

std::string to_text(const AggregateItem& item) {
  std::string text = item.qualifier.empty() ? "" : item.qualifier + '.';
  text += item.written.empty() ? item.function : item.written;
  if (item.function.empty()) {
    text += item.field;
  } else if (!item.field.empty()) {
    text += '(' + item.field;
    if (!item.argument_text.empty()) {
      text += ", " + item.argument_text;
    }
    text += ')';
  }
  if (!item.alias.empty()) {
    text += " as " + item.alias;
  }
  return text;
}

}  // namespace nfql
