// Values of text formats: from the text of a cell to the value of a column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/io/cell_column.h"
#include "common/io/time_text.h"

namespace nfql {

/// How a column writes its values where that does not follow from the field.
enum class Notation : std::uint8_t {
  plain,
  seconds,           ///< a time, in seconds since the epoch, or as text
  microseconds,      ///< likewise; or a duration
  nanoseconds,       ///< likewise
  duration_seconds,  ///< `1.234` or `1d 02:03:04.567`
  mpls,              ///< label-class-bottom
  icmp_type,         ///< the upper half of an ICMP flow's destination port, unless 0
  icmp_code          ///< the lower half
};

/// Reads a text into a row of `to`; false when it is no value of it, and then the row is as it was.
/// Numbers are decimal, flags also hexadecimal or letters (`...AP.SF`, or with blanks), protocols
/// also names, ports of ICMP also type.code.
using ReadCell = bool (*)(std::string_view text, CellColumn& to, std::size_t row, TimeText& times);
[[nodiscard]] ReadCell cell_reader(const Field& field, Notation notation);

/// What such a text should have been: `a number (u16)`, `an address` ...
[[nodiscard]] std::string expected_text(const Field& field, Notation notation);

}  // namespace nfql
