// What the words and literals of an expression mean next to a field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/expr/ast.h"
#include "common/flow/time.h"
#include "common/flow/type.h"

namespace nfql {

/// IP protocol by name: `tcp`, `icmp6` …; the common ones are built in, the others asked of the
/// system. Case ignored.
[[nodiscard]] std::optional<std::uint8_t> protocol_number(std::string_view name);
/// The name of a built-in protocol, or "".
[[nodiscard]] std::string_view protocol_name(std::uint8_t number);
/// Port of a service by name: `http`, `domain` …; likewise.
[[nodiscard]] std::optional<std::uint16_t> service_port(std::string_view name);

/// The built-in name of a port or protocol nearest to a misspelt one, or "".
[[nodiscard]] std::string_view nearest_word(std::string_view word, Meaning meaning);

/// TCP flags by their letters FSRPAUEC in any order, each at most once; case ignored.
[[nodiscard]] std::optional<std::uint8_t> flag_bits(std::string_view letters);

/// `S/SA`: of the flags in `mask`, exactly those in `bits` are set.
struct FlagTest {
  std::uint8_t bits;
  std::uint8_t mask;
};
/// `S/SA`; nothing when it is not of that form, or tests for flags that are not in the mask.
[[nodiscard]] std::optional<FlagTest> parse_flag_test(std::string_view text);

/// A literal in ms. Nothing when that is no whole number: times are whole milliseconds, so no field
/// could equal it, and rounding would silently ask for something else.
[[nodiscard]] std::optional<Wide> in_milliseconds(const IntegerLiteral& literal);
[[nodiscard]] std::optional<Wide> in_milliseconds(const FloatLiteral& literal);

/// Value of a text next to a field.
using Value = std::variant<Wide, double, Address, Prefix>;
/// What `text` (a word, a quoted string, a line of a file) means next to a field of `meaning`: a
/// name of it, or a number or a time or an address as the language writes them.
[[nodiscard]] std::optional<Value> parse_value(std::string_view text, Meaning meaning,
                                               ZoneMinutes zone);

/// How messages call a meaning: "a time", "an address" …
[[nodiscard]] std::string_view describe(Meaning meaning);

/// The number in decimal.
[[nodiscard]] std::string to_string(Wide value);

}  // namespace nfql
