#include "nfql-merge/difference.h"

#include "common/expr/words.h"

namespace nfql::merge {
namespace {

// Larger numbers are left to predicates. Sums of a few of these stay far from the ends of Wide.
constexpr Wide kLargest = Wide{1} << 61;

bool is_integer(const Field& field) {
  return field.type == Type::u8 || field.type == Type::u16 || field.type == Type::u32 ||
         field.type == Type::u64 || field.type == Type::i64;
}

bool is_small(Wide value) {
  return value <= kLargest && value >= -kLargest;
}

// A number in its unit, times in ms; nothing when that is no whole number or a large one.
std::optional<Wide> whole_number(const IntegerLiteral& literal) {
  const auto value = literal.unit.empty() ? std::optional(literal.value) : in_milliseconds(literal);
  return value && is_small(*value) ? value : std::nullopt;
}

// plus - minus + constant, where at most one column has each sign.
struct Linear {
  std::optional<ColumnRef> plus;
  std::optional<ColumnRef> minus;
  Wide constant = 0;
};

class LinearReader {
 public:
  explicit LinearReader(const std::vector<Branch>& branches) : branches_(branches) {}

  // Adds the operand, or its negative; false when it is not of that form.
  bool add(const Operand& operand, bool negative) {
    if (const auto* literal = std::get_if<IntegerLiteral>(&operand.node)) {
      const std::optional<Wide> value = whole_number(*literal);
      linear_.constant += negative ? -value.value_or(0) : value.value_or(0);
      return value && is_small(linear_.constant);
    }
    if (const auto* binary = std::get_if<Binary>(&operand.node)) {
      const bool minus = binary->op == Arithmetic::subtract;
      return (minus || binary->op == Arithmetic::add) && add(*binary->left, negative) &&
             add(*binary->right, negative != minus);
    }
    if (const auto* call = std::get_if<Call>(&operand.node)) {
      return call->function == "gap" && call->arguments.size() == 2 &&
             add(call->arguments[1], negative) && add(call->arguments[0], !negative);
    }
    const auto column = find_column(operand, branches_);
    std::optional<ColumnRef>& place = negative ? linear_.minus : linear_.plus;
    if (!column || place || !is_integer(branches_[column->branch].groups[column->column])) {
      return false;
    }
    place = column;
    return true;
  }
  [[nodiscard]] const Linear& result() const { return linear_; }

 private:
  const std::vector<Branch>& branches_;
  Linear linear_;
};

// [low, high], whose ends are kNoLow or kNoHigh when open; or, if `outside`, all but that.
struct WideRange {
  Wide low = kNoLow;
  Wide high = kNoHigh;
  bool outside = false;
};

// Where `difference op value delta tolerance` holds.
WideRange range_of(Op op, Wide value, Wide tolerance) {
  switch (op) {
    case Op::eq:
      return {value - tolerance, value + tolerance, false};
    case Op::ne:
      return {value - tolerance, value + tolerance, true};
    case Op::lt:  // difference < value + tolerance
      return {kNoLow, value + tolerance - 1, false};
    case Op::le:
      return {kNoLow, value + tolerance, false};
    case Op::gt:  // difference > value - tolerance
      return {value - tolerance + 1, kNoHigh, false};
    case Op::ge:
      return {value - tolerance, kNoHigh, false};
  }
  return {};
}

// Where it does not.
WideRange complement(const WideRange& range) {
  if (range.low == kNoLow) {
    return {range.high + 1, kNoHigh, false};
  }
  if (range.high == kNoHigh) {
    return {kNoLow, range.low - 1, false};
  }
  return {range.low, range.high, !range.outside};
}

std::optional<Wide> tolerance_of(const Comparison& comparison) {
  if (!comparison.tolerance) {
    return 0;
  }
  const auto* literal = std::get_if<IntegerLiteral>(&comparison.tolerance->amount->node);
  const auto amount = literal == nullptr ? std::nullopt : whole_number(*literal);
  return !amount || *amount < 0 || comparison.tolerance->relative ? std::nullopt : amount;
}

bool is_plain_equality(const Comparison& comparison, Sense sense) {
  return !comparison.tolerance && comparison.op == (sense == Sense::negated ? Op::ne : Op::eq);
}

}  // namespace

std::optional<ColumnRef> find_column(const Operand& operand, const std::vector<Branch>& branches) {
  const auto* name = std::get_if<Name>(&operand.node);
  for (std::size_t i = 0; name != nullptr && i < branches.size(); ++i) {
    for (std::size_t j = 0; branches[i].name == name->qualifier && j < branches[i].groups.size();
         ++j) {
      if (branches[i].groups[j].name == name->name) {
        return ColumnRef{i, j};
      }
    }
  }
  return std::nullopt;
}

std::optional<DifferenceTest> difference_test(const Comparison& comparison, Sense sense,
                                              const std::vector<Branch>& branches) {
  const std::optional<Wide> tolerance = tolerance_of(comparison);
  LinearReader reader(branches);
  if (!tolerance || !reader.add(comparison.left, false) || !reader.add(comparison.right, true)) {
    return std::nullopt;
  }
  const Linear& linear = reader.result();
  if (!linear.plus || !linear.minus) {
    return std::nullopt;
  }
  const WideRange holds = range_of(comparison.op, -linear.constant, *tolerance);
  const WideRange range = sense == Sense::negated ? complement(holds) : holds;
  if (range.low < kNoLow || range.high > kNoHigh) {
    return std::nullopt;
  }
  return DifferenceTest{{*linear.plus, *linear.minus, static_cast<std::int64_t>(range.low),
                         static_cast<std::int64_t>(range.high)},
                        range.outside};
}

void classify(const Comparison& comparison, Sense sense, const std::vector<Branch>& branches,
              Leaf& leaf) {
  const auto left = find_column(comparison.left, branches);
  const auto right = find_column(comparison.right, branches);
  if (left && right && left->branch != right->branch && is_plain_equality(comparison, sense)) {
    const Field& a = branches[left->branch].groups[left->column];
    const Field& b = branches[right->branch].groups[right->column];
    if ((is_integer(a) && is_integer(b)) || (a.type == Type::address && b.type == Type::address)) {
      leaf.equal = std::pair(*left, *right);
    }
    return;
  }
  const auto test = difference_test(comparison, sense, branches);
  if (test && !test->outside && test->range.left.branch != test->range.right.branch) {
    leaf.differences.push_back(test->range);
  }
}

std::vector<Difference> differences_of(const AllenPair& pair) {
  const bool gap = pair.relation == Allen::before || pair.relation == Allen::after;
  const std::int64_t delta = gap ? 0 : pair.delta.value_or(0);
  const std::int64_t beyond = delta == kNoHigh ? kNoHigh : delta + 1;
  // cmp(left, right) of LANGUAGE.md: equal, less or greater.
  const auto eq = [&](ColumnRef l, ColumnRef r) { return Difference{l, r, -delta, delta}; };
  const auto lt = [&](ColumnRef l, ColumnRef r) { return Difference{l, r, kNoLow, -beyond}; };
  const auto gt = [&](ColumnRef l, ColumnRef r) { return Difference{l, r, beyond, kNoHigh}; };
  const auto& [xs, xe, ys, ye, relation, explicit_delta, negated] = pair;
  const std::int64_t widest = explicit_delta.value_or(kNoHigh);
  switch (relation) {
    case Allen::equals:
      return {eq(xs, ys), eq(xe, ye)};
    case Allen::starts:
      return {eq(xs, ys), lt(xe, ye)};
    case Allen::started_by:
      return {eq(xs, ys), gt(xe, ye)};
    case Allen::finishes:
      return {gt(xs, ys), eq(xe, ye)};
    case Allen::finished_by:
      return {lt(xs, ys), eq(xe, ye)};
    case Allen::during:
      return {gt(xs, ys), lt(xe, ye)};
    case Allen::contains:
      return {lt(xs, ys), gt(xe, ye)};
    case Allen::before:
      return {lt(xs, ys), lt(xe, ye), {ys, xe, 1, widest}};
    case Allen::meets:
      return {lt(xs, ys), lt(xe, ye), eq(xe, ys)};
    case Allen::overlaps:
      return {lt(xs, ys), lt(xe, ye), gt(xe, ys)};
    case Allen::after:
      return {gt(xs, ys), gt(xe, ye), {xs, ye, 1, widest}};
    case Allen::met_by:
      return {gt(xs, ys), gt(xe, ye), eq(xs, ye)};
    case Allen::overlapped_by:
      return {gt(xs, ys), gt(xe, ye), lt(xs, ye)};
  }
  return {};
}

std::optional<std::int64_t> milliseconds_of(const Operand& operand) {
  std::optional<Wide> value;
  if (const auto* integer = std::get_if<IntegerLiteral>(&operand.node)) {
    value = whole_number(*integer);
  } else if (const auto* number = std::get_if<FloatLiteral>(&operand.node)) {
    value =
        in_milliseconds(FloatLiteral{number->value, number->unit.empty() ? "ms" : number->unit});
  }
  if (!value || *value < 0 || !is_small(*value)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*value);
}

}  // namespace nfql::merge
