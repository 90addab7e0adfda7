#include "common/expr/literals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "common/flow/time.h"

namespace nfql {
namespace {

struct Multiplier {
  std::string_view suffix;
  std::uint32_t factor;
};
constexpr std::array<Multiplier, 6> kMultipliers = {{{"k", 1000},
                                                     {"M", 1'000'000},
                                                     {"G", 1'000'000'000},
                                                     {"Ki", 1U << 10},
                                                     {"Mi", 1U << 20},
                                                     {"Gi", 1U << 30}}};

// What stands behind the digits of a number: a multiplier, or a unit of time.
struct NumberSuffix {
  std::uint32_t factor = 1;
  std::string unit;
};

// `digits` is how much of the number is before the suffix.
NumberSuffix read_suffix(const ExpressionSource& source, Span span, std::size_t digits) {
  const std::string_view suffix = source.at(span).substr(digits);
  if (suffix.empty()) {
    return {};
  }
  for (const Multiplier& multiplier : kMultipliers) {
    if (multiplier.suffix == suffix) {
      return {multiplier.factor, ""};
    }
  }
  if (parse_unit(suffix)) {
    return {1, std::string(suffix)};
  }
  const Span at = {span.begin + digits, span.end};
  source.fail(at, fmt::format("unknown suffix {} on a number (one of k M G Ki Mi Gi us ms s m min "
                              "h d)",
                              source.quoted(at)));
}

[[noreturn]] void fail_range(const ExpressionSource& source, Span span) {
  source.fail(span, fmt::format("{} is out of range (from {} to {})", source.quoted(span),
                                std::numeric_limits<std::int64_t>::min(),
                                std::numeric_limits<std::uint64_t>::max()));
}

bool is_hexadecimal(std::string_view digits) {
  return digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
}

}  // namespace

IntegerLiteral read_integer(const ExpressionSource& source, Span span) {
  const std::string_view written = source.at(span);
  const bool negative = written.front() == '-';
  const std::string_view digits = written.substr(negative ? 1 : 0);
  const bool hexadecimal = is_hexadecimal(digits);
  std::uint64_t magnitude = 0;
  const char* const from = digits.data() + (hexadecimal ? 2 : 0);
  const auto [end, error] =
      std::from_chars(from, digits.data() + digits.size(), magnitude, hexadecimal ? 16 : 10);
  NumberSuffix suffix = read_suffix(source, span, static_cast<std::size_t>(end - written.data()));
  const Wide value = (negative ? -1 : 1) * Wide{magnitude} * suffix.factor;
  if (error != std::errc() || value > std::numeric_limits<std::uint64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    fail_range(source, span);
  }
  return {value, std::move(suffix.unit)};
}

FloatLiteral read_float(const ExpressionSource& source, Span span) {
  const std::string_view written = source.at(span);
  double value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  NumberSuffix suffix = read_suffix(source, span, static_cast<std::size_t>(end - written.data()));
  value *= suffix.factor;
  if (error != std::errc() || value > std::numeric_limits<double>::max() ||
      value < std::numeric_limits<double>::lowest()) {
    source.fail(span, fmt::format("{} is out of range", source.quoted(span)));
  }
  return {value, std::move(suffix.unit)};
}

Address read_address(const ExpressionSource& source, Span span) {
  const std::optional<Address> address = parse_address(source.at(span));
  if (!address) {
    source.fail(span, fmt::format("{} is no address", source.quoted(span)));
  }
  return *address;
}

Prefix read_prefix(const ExpressionSource& source, Span span) {
  const std::optional<Prefix> prefix = parse_prefix(source.at(span));
  if (!prefix) {
    source.fail(span, fmt::format("{} is no prefix", source.quoted(span)));
  }
  return *prefix;
}

WordLiteral read_time(const ExpressionSource& source, Span span) {
  if (!parse_time(source.at(span))) {
    source.fail(span, fmt::format("{} is no date or time", source.quoted(span)));
  }
  return {std::string(source.at(span)), false};
}

std::string read_string(const ExpressionSource& source, Span span) {
  std::string text;
  for (std::size_t i = span.begin + 1; i + 1 < span.end; ++i) {
    char c = source.text()[i];
    if (c == '\\') {
      c = source.text()[++i];
      if (c != '"' && c != '\\') {
        source.fail({i - 1, i + 1}, R"(unknown escape in a string (only \" and \\ are known))");
      }
    }
    text += c;
  }
  return text;
}

}  // namespace nfql
