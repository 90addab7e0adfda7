#include "common/expr/operand.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/expr/arithmetic.h"

namespace nfql {
namespace {

// Prefix lengths are at most those of IPv6.
constexpr Wide kMaxPrefixLength = 128;

std::optional<Meaning> meaning_of_call(const Scope& scope, const Call& call) {
  if (const auto column = scope.find(call)) {
    return column->field().meaning;
  }
  if (call.function == "prefix") {
    return Meaning::address;
  }
  if (call.function == "protocol") {
    return Meaning::protocol;
  }
  if (call.function == "port") {
    return Meaning::port;
  }
  if (call.arguments.size() != 2) {
    return std::nullopt;
  }
  const auto first = meaning_of(scope, call.arguments[0]);
  const auto second = meaning_of(scope, call.arguments[1]);
  return call.function == "gap" ? combined_meaning(Arithmetic::subtract, second, first)
                                : combined_meaning(Arithmetic::bit_and, first, second);
}

class Binder {
 public:
  Binder(Scope& scope, Span span, std::optional<Meaning> expected)
      : scope_(scope), span_(span), expected_(expected) {}

  BoundOperand operator()(const Name& name) const {
    if (const auto reader = scope_.find(name)) {
      return field(*reader);
    }
    const bool may_be_word =
        expected_ == Meaning::port || expected_ == Meaning::protocol || expected_ == Meaning::flags;
    if (!may_be_word || !name.qualifier.empty()) {
      scope_.fail_unknown(span_, name);
    }
    return word(name.name, name);
  }
  BoundOperand operator()(const IntegerLiteral& literal) const {
    return literal.unit.empty() ? integer(literal.value, Meaning::number) : duration(literal);
  }
  BoundOperand operator()(const FloatLiteral& literal) const {
    return literal.unit.empty() ? real(literal.value) : duration(literal);
  }
  BoundOperand operator()(const Address& address) const {
    return {span_, Meaning::address, AddressSide{std::nullopt, address}};
  }
  BoundOperand operator()(const Prefix& prefix) const { return {span_, Meaning::address, prefix}; }
  BoundOperand operator()(const WordLiteral& literal) const { return word(literal.text, {}); }
  BoundOperand operator()(const Binary& binary) const {
    check_hyphen(binary);
    return arithmetic(binary.op, *binary.left, *binary.right);
  }
  BoundOperand operator()(const Call& call) const;
  BoundOperand operator()(const Range&) const { return list(); }
  BoundOperand operator()(const SetLiteral&) const { return list(); }
  BoundOperand operator()(const FileSet&) const { return list(); }

  const Operand* operand = nullptr;

 private:
  [[nodiscard]] BoundOperand list() const {
    return {span_, expected_.value_or(Meaning::number), ListSide{operand}};
  }
  [[nodiscard]] BoundOperand integer(Wide value, Meaning meaning) const {
    return {span_, meaning, Number::of_integer(value)};
  }
  [[nodiscard]] BoundOperand real(double value) const {
    // 1e9 is a whole number; 2^120 is above all that a column holds and below what Wide does.
    if (std::trunc(value) == value && std::abs(value) < 0x1p120) {
      return integer(static_cast<Wide>(value), Meaning::number);
    }
    return {span_, Meaning::number, Number::of_real(value)};
  }
  template <class Literal>
  [[nodiscard]] BoundOperand duration(const Literal& literal) const {
    const auto ms = in_milliseconds(literal);
    if (!ms) {
      scope_.fail(span_, scope_.quoted(span_) + " is not a whole number of ms");
    }
    return integer(*ms, Meaning::duration);
  }
  [[nodiscard]] BoundOperand field(const FieldReader& reader) const;
  [[nodiscard]] BoundOperand word(std::string_view text, const std::optional<Name>& name) const;
  void check_hyphen(const Binary& binary) const;
  [[noreturn]] void fail_word(std::string_view text, const std::optional<Name>& name) const;
  [[nodiscard]] BoundOperand arithmetic(Arithmetic op, const Operand& left,
                                        const Operand& right) const;
  [[nodiscard]] BoundOperand prefix(const Call& call) const;
  [[nodiscard]] BoundOperand named(const Call& call, Meaning meaning) const;
  void need_arguments(const Call& call, std::size_t count, std::string_view usage) const;

  Scope& scope_;
  Span span_;
  std::optional<Meaning> expected_;
};

BoundOperand Binder::field(const FieldReader& reader) const {
  const Field& field = reader.field();
  const std::size_t slot = scope_.add_slot(reader);
  if (field.type == Type::address) {
    return {span_, Meaning::address, AddressSide{slot, {}}};
  }
  if (field.type == Type::set) {
    return {span_, field.meaning, SetSide{slot, field.element_type}};
  }
  return {span_, field.meaning, Number::of_field(slot, field.type)};
}

BoundOperand Binder::word(std::string_view text, const std::optional<Name>& name) const {
  if (expected_ == Meaning::flags) {
    if (const auto test = parse_flag_test(text)) {
      return {span_, Meaning::flags, *test};
    }
  }
  // A time says itself that it is one.
  const Meaning meaning = expected_.value_or(Meaning::time);
  const auto value = parse_value(text, meaning, scope_.zone());
  if (!value) {
    fail_word(text, name);
  }
  if (const Wide* whole = std::get_if<Wide>(&*value)) {
    const bool is_time = meaning == Meaning::time || meaning == Meaning::duration;
    return integer(*whole, is_time ? meaning : Meaning::number);
  }
  if (const double* fraction = std::get_if<double>(&*value)) {
    return real(*fraction);
  }
  if (const Prefix* network = std::get_if<Prefix>(&*value)) {
    return (*this)(*network);
  }
  return (*this)(std::get<Address>(*value));
}

void Binder::fail_word(std::string_view text, const std::optional<Name>& name) const {
  if (!expected_) {
    scope_.fail(span_, fmt::format("'{}' stands next to nothing that says what it means", text));
  }
  std::string_view kind;
  switch (*expected_) {
    case Meaning::port:
      kind = "service";
      break;
    case Meaning::protocol:
      kind = "protocol";
      break;
    case Meaning::flags:
      scope_.fail(span_, fmt::format("'{}' are no TCP flags", text),
                  "the letters are F S R P A U E C, as in S or S/SA");
    default:
      scope_.fail(span_, fmt::format("'{}' is not {}", text, describe(*expected_)));
  }
  const std::string word(nearest_word(text, *expected_));
  const std::string near = word.empty() && name ? scope_.schema().nearest(text) : word;
  scope_.fail(span_, fmt::format("no {}{} is called '{}'", kind, name ? " and no field" : "", text),
              near.empty() ? "" : fmt::format("did you mean '{}'?", near));
}

// `proto = ipv6-icmp` would be 41 less 1.
void Binder::check_hyphen(const Binary& binary) const {
  const auto* name = std::get_if<Name>(&binary.right->node);
  const bool may_be_word = expected_ == Meaning::port || expected_ == Meaning::protocol;
  if (may_be_word && binary.op == Arithmetic::subtract && name != nullptr && !scope_.find(*name)) {
    scope_.fail(span_, fmt::format("{} is a difference", scope_.quoted(span_)),
                "a name with '-' stands in quotes: \"ipv6-icmp\", \"ftp-data\"");
  }
}

BoundOperand Binder::arithmetic(Arithmetic op, const Operand& left, const Operand& right) const {
  const auto left_meaning = meaning_of(scope_, left);
  const auto right_meaning = meaning_of(scope_, right);
  const BoundOperand a = bind_operand(scope_, left, right_meaning ? right_meaning : expected_);
  const BoundOperand b = bind_operand(scope_, right, left_meaning ? left_meaning : expected_);
  return combine(scope_, span_, op, a, b);
}

void Binder::need_arguments(const Call& call, std::size_t count, std::string_view usage) const {
  if (call.arguments.size() != count) {
    scope_.fail(span_, fmt::format("{}() takes {}", call.function, usage));
  }
}

BoundOperand Binder::operator()(const Call& call) const {
  if (const auto column = scope_.find(call)) {
    return field(*column);
  }
  if (!call.qualifier.empty()) {
    scope_.fail_unknown(span_, call);
  }
  if (call.function == "prefix") {
    return prefix(call);
  }
  if (call.function == "protocol") {
    return named(call, Meaning::protocol);
  }
  if (call.function == "port") {
    return named(call, Meaning::port);
  }
  if (call.function == "gap") {
    need_arguments(call, 2, "two operands");
    return arithmetic(Arithmetic::subtract, call.arguments[1], call.arguments[0]);
  }
  if (call.function == "bitand" || call.function == "bitor") {
    need_arguments(call, 2, "two operands");
    const Arithmetic op = call.function == "bitand" ? Arithmetic::bit_and : Arithmetic::bit_or;
    return arithmetic(op, call.arguments[0], call.arguments[1]);
  }
  scope_.fail_unknown(span_, call);
}

BoundOperand Binder::prefix(const Call& call) const {
  constexpr std::string_view kUsage = "an address and a length from 0 to 128";
  need_arguments(call, 2, kUsage);
  const auto* literal = std::get_if<IntegerLiteral>(&call.arguments[1].node);
  if (literal == nullptr || !literal->unit.empty() || literal->value < 0 ||
      literal->value > kMaxPrefixLength) {
    scope_.fail(call.arguments[1].span, fmt::format("prefix() takes {}", kUsage));
  }
  const auto length = static_cast<unsigned>(literal->value);
  const BoundOperand address = bind_operand(scope_, call.arguments[0], Meaning::address);
  const AddressSide* side = address.as<AddressSide>();
  if (side == nullptr) {
    scope_.fail(address.span, fmt::format("prefix() takes {}, {} is {}", kUsage,
                                          scope_.quoted(address.span), describe(address)));
  }
  if (!side->slot) {
    return (*this)(network_of(side->constant, length));
  }
  const Slot inner = scope_.slot(*side->slot);
  const unsigned shorter = std::min(length, inner.network.value_or(length));
  return {span_, Meaning::address, AddressSide{scope_.add_slot(inner.reader, shorter), {}}};
}

BoundOperand Binder::named(const Call& call, Meaning meaning) const {
  const std::string_view usage =
      meaning == Meaning::port ? "the name of a service" : "the name of a protocol";
  need_arguments(call, 1, usage);
  const Operand& argument = call.arguments[0];
  std::string text;
  if (const auto* literal = std::get_if<WordLiteral>(&argument.node)) {
    text = literal->text;
  } else if (const auto* name = std::get_if<Name>(&argument.node)) {
    text = full_name(*name);
  } else {
    scope_.fail(argument.span, fmt::format("{}() takes {}", call.function, usage));
  }
  BoundOperand number = Binder(scope_, argument.span, meaning).word(text, std::nullopt);
  number.span = span_;
  return number;
}

}  // namespace

std::optional<Meaning> meaning_of(const Scope& scope, const Operand& operand) {
  if (const auto* name = std::get_if<Name>(&operand.node)) {
    const auto reader = scope.find(*name);
    return reader ? std::optional(reader->field().meaning) : std::nullopt;
  }
  if (const auto* call = std::get_if<Call>(&operand.node)) {
    return meaning_of_call(scope, *call);
  }
  if (const auto* binary = std::get_if<Binary>(&operand.node)) {
    return combined_meaning(binary->op, meaning_of(scope, *binary->left),
                            meaning_of(scope, *binary->right));
  }
  if (const auto* word = std::get_if<WordLiteral>(&operand.node)) {
    return parse_time(word->text, scope.zone()) ? std::optional(Meaning::time) : std::nullopt;
  }
  const bool address =
      std::holds_alternative<Address>(operand.node) || std::holds_alternative<Prefix>(operand.node);
  return address ? std::optional(Meaning::address) : std::nullopt;
}

BoundOperand bind_operand(Scope& scope, const Operand& operand, std::optional<Meaning> expected) {
  Binder binder(scope, operand.span, expected);
  binder.operand = &operand;
  return std::visit(binder, operand.node);
}

std::string describe(const BoundOperand& operand) {
  if (operand.as<SetSide>() != nullptr) {
    return "a set";
  }
  if (const ListSide* list = operand.as<ListSide>()) {
    return std::holds_alternative<Range>(list->list->node) ? "a range" : "a set";
  }
  if (operand.as<AddressSide>() != nullptr) {
    return "an address";
  }
  if (operand.as<Prefix>() != nullptr) {
    return "a prefix";
  }
  return std::string(describe(operand.meaning));
}

}  // namespace nfql
