// Rows that know the same fields, and so are records of one template.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/flow/batch.h"
#include "common/io/ipfix_cells.h"

namespace nfql {

/// What a record has of each cell.
enum class CellState : char { absent, present, present6 };

/// A field of the records of a template.
struct ShapeField {
  std::size_t cell = 0;
  ElementId element;
  std::size_t offset = 0;
  std::size_t width = 0;
};

/// A template: its number and fields.
struct Shape {
  std::uint16_t number = 0;
  std::vector<ShapeField> fields;
  std::size_t record_bytes = 0;
};

/// Finds the shapes of rows and numbers them. A row that knows nothing has a byte of padding.
class IpfixShapes {
 public:
  /// Both must outlive it; `family` is that of family_column(), numbers begin with `first_number`.
  IpfixShapes(const std::vector<IpfixCell>& cells, std::optional<std::size_t> family,
              std::uint16_t first_number);

  /// How many rows of `batch` from `first` to `end` have the shape of the first of them.
  [[nodiscard]] std::size_t run_length(const Batch& batch, std::size_t first, std::size_t end);
  /// The shape of a row, and whether it is the first of that shape.
  /// Valid until the next call. Throws Error(Exit::failed) when there are more than numbers.
  struct Found {
    const Shape& shape;
    bool is_new;
  };
  [[nodiscard]] Found find(const Batch& batch, std::size_t row);
  /// The shape of rows that know every field and have no IPv6 address.
  [[nodiscard]] const Shape& complete();

 private:
  /// A cell in which rows of a batch differ, and what it is in one of them.
  struct Varying {
    const IpfixCell* cell;
    CellState state;
  };

  [[nodiscard]] CellState state_of(const IpfixCell& cell, const Batch& batch,
                                   std::size_t row) const;
  [[nodiscard]] bool varies(const IpfixCell& cell, const Batch& batch) const;
  Found find(std::string_view states);
  [[nodiscard]] Shape make(std::string_view states) const;

  const std::vector<IpfixCell>& cells_;
  std::optional<std::size_t> family_;
  std::uint32_t next_number_;
  std::string states_;  // of a row
  std::unordered_map<std::string, Shape> shapes_;
  std::vector<Varying> varying_;  // of a batch
};

}  // namespace nfql
