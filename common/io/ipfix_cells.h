// Which elements of IPFIX the columns of a stream are written as.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/flow/schema.h"

namespace nfql {

/// A column and its element.
struct IpfixCell {
  std::size_t column = 0;
  ElementId element;   ///< of all rows, or of those of IPv4
  ElementId element6;  ///< of rows of IPv6; none: there is no other
  DataType type = DataType::unsigned64;
  std::uint16_t width = 0;  ///< bytes of a value, of an address those of IPv4
  std::string name;         ///< for messages, and to announce it

  [[nodiscard]] bool is_address() const {
    return type == DataType::ipv4Address || type == DataType::ipv6Address;
  }
  /// No registry has the element, so the file must say what it is (RFC 5610).
  [[nodiscard]] bool is_announced() const;
};

/// The elements of rows of this schema, in its order.
///
/// A column is written as the element that it is, a computed one that is a sum, or bears the name
/// of an element, as the element that it stands for (find_record_column()), if any; `count` as
/// deltaFlowCount unless another column is that. Other columns get elements of kColumnEnterprise.
/// Not written: sets, our flowId, and a duration beside start and end.
[[nodiscard]] std::vector<IpfixCell> make_ipfix_cells(const Schema& schema);

/// The column whose addresses decide of which family the elements of a row are that have no
/// address themselves, such as prefix lengths; nothing: all are of IPv4.
[[nodiscard]] std::optional<std::size_t> family_column(const Schema& schema);

}  // namespace nfql
