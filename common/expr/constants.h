// Lists of constants as ranges: set literals, `low..high`, prefixes and @files.
#pragma once

#include <optional>
#include <string>

#include "common/expr/operand.h"
#include "common/expr/ranges.h"

namespace nfql {

/// What the constants of a list are compared with.
struct Looked {
  Meaning meaning = Meaning::number;
  Type type = Type::i64;  ///< kind of the ranges: address, f64 (reals) or any other (whole numbers)
  bool bounded = false;   ///< `type` is a column's: constants that it cannot hold are errors
  std::string name;       ///< how messages call it
};

/// The constants of `list` (a set, range, file, prefix or single constant), normalised.
/// Throws Error(Exit::usage) with a caret for reversed ranges, constants of the wrong kind or
/// outside the type, with file and line when they stand in a file; Error(Exit::failed) when the
/// file cannot be read.
[[nodiscard]] ConstantRanges read_ranges(Scope& scope, const Operand& list, const Looked& looked);

/// "70000 does not fit 'srcport' (u16, at most 65535)" when `value` is outside a type of whole
/// numbers, else "".
[[nodiscard]] std::string misfit(Wide value, const Looked& looked);

}  // namespace nfql
