#include "common/io/ipfix_cells.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/base/names.h"
#include "common/io/exporter_notes.h"
#include "common/io/record_columns.h"

namespace nfql {
namespace {

// A label is three octets, though its registry only says octets.
constexpr std::uint16_t kFirstLabel = 70, kLastLabel = 79, kLabelBytes = 3;

// The type of an element of no registry.
DataType type_of_column(const Field& field) {
  switch (field.type) {
    case Type::u8:
      return DataType::unsigned8;
    case Type::u16:
      return DataType::unsigned16;
    case Type::u32:
      return DataType::unsigned32;
    case Type::i64:
      return field.meaning == Meaning::time ? DataType::dateTimeMilliseconds : DataType::signed64;
    case Type::f64:
      return DataType::float64;
    case Type::address:
      return DataType::ipv4Address;
    default:
      return field.meaning == Meaning::mac ? DataType::macAddress : DataType::unsigned64;
  }
}

class CellMaker {
 public:
  explicit CellMaker(const Schema& schema) : schema_(schema) {}

  std::vector<IpfixCell> make() {
    for (std::size_t i = 0; i < schema_.size(); ++i) {
      if (!is_left_out(schema_[i])) {
        add(i);
      }
    }
    return std::move(cells_);
  }

 private:
  [[nodiscard]] bool is_left_out(const Field& field) const {
    return field.type == Type::set || field.id == element::kFlowId ||
           (field.id == element::kDuration && find_typed_column(schema_, element::kStart) &&
            find_typed_column(schema_, element::kEnd));
  }

  // The field that a column is or stands for.
  [[nodiscard]] std::optional<ElementId> field_of_column(std::size_t column) const {
    const ElementId id = schema_[column].id;
    if (id == element::kCount && !find_record_column(schema_, element::kFlowCount)) {
      return element::kFlowCount;
    }
    if (id.any()) {
      return id.enterprise == kLocalEnterprise && id != element::kExportedFlowId
                 ? std::nullopt
                 : std::optional(id);
    }
    const FieldInfo* info = find_field(name_of_field(schema_[column]));
    const bool can = info != nullptr && info->id.enterprise != kLocalEnterprise &&
                     info->id != element::kFlowId &&
                     (info->type == Type::address) == (schema_[column].type == Type::address);
    return can && find_record_column(schema_, info->id) == column ? std::optional(info->id)
                                                                  : std::nullopt;
  }

  // What a computed column has the value of: of its name or, of sums and of collected flags, of
  // what was summed up. The largest of some counts is no count.
  static std::string_view name_of_field(const Field& column) {
    const std::string_view name = column.name;
    for (const std::string_view function : {"sum_", "or_", "bitor_"}) {
      if (same_name(name.substr(0, function.size()), function)) {
        return name.substr(function.size());
      }
    }
    return name;
  }

  void add(std::size_t column) {
    IpfixCell cell;
    cell.column = column;
    cell.name = schema_[column].name;
    const std::optional<ElementId> field = field_of_column(column);
    const bool taken =
        field && std::any_of(cells_.begin(), cells_.end(), [&](const IpfixCell& other) {
          return other.element == element_of(*field);
        });
    if (field && !taken && set_element(cell, *field)) {
      cells_.push_back(std::move(cell));
      return;
    }
    announce(cell);
    cells_.push_back(std::move(cell));
  }

  static ElementId element_of(ElementId field) {
    return field == element::kExportedFlowId ? element::kFlowId : field;
  }

  // False if the element is of addresses and the column is not, or the other way round.
  bool set_element(IpfixCell& cell, ElementId field) const {
    const Field& column = schema_[cell.column];
    cell.element = element_of(field);
    const ElementInfo* info = find_element_info(cell.element);
    cell.type = info == nullptr ? DataType::unsigned64 : info->type;
    const bool label = cell.element.enterprise == 0 && cell.element.element >= kFirstLabel &&
                       cell.element.element <= kLastLabel;
    cell.width = static_cast<std::uint16_t>(label ? kLabelBytes : size_of(cell.type));
    if (cell.width == 0 || cell.width > sizeof(Address)) {
      cell.type = DataType::unsigned64;  // octets that were read as a number
      cell.width = sizeof(std::uint64_t);
    } else if (cell.type <= DataType::unsigned64 && width_of(column.type) < cell.width) {
      cell.width = static_cast<std::uint16_t>(width_of(column.type));
    }
    const FieldInfo* both = find_field(
        ElementId{field.enterprise == kReverseEnterprise ? 0 : field.enterprise, field.element});
    if (both != nullptr && both->element6 != 0) {
      cell.element6 = {cell.element.enterprise, both->element6};
    }
    return cell.is_address() == (column.type == Type::address);
  }

  void announce(IpfixCell& cell) {
    const Field& field = schema_[cell.column];
    const FieldInfo* own = field.id.any() ? find_field(field.id) : nullptr;
    if (own != nullptr && own->id.enterprise == kLocalEnterprise) {
      cell.name = own->short_name();
    }
    cell.type = type_of_column(field);
    cell.width = static_cast<std::uint16_t>(size_of(cell.type));
    cell.element = {kColumnEnterprise, ++announced_};
    cell.element6 = cell.is_address() ? ElementId{kColumnEnterprise, ++announced_} : ElementId{};
  }

  const Schema& schema_;
  std::vector<IpfixCell> cells_;
  std::uint16_t announced_ = 0;
};

}  // namespace

bool IpfixCell::is_announced() const {
  return element.enterprise == kColumnEnterprise;
}

std::vector<IpfixCell> make_ipfix_cells(const Schema& schema) {
  return CellMaker(schema).make();
}

std::optional<std::size_t> family_column(const Schema& schema) {
  for (const ElementId id : {element::kSourceAddress, element::kDestinationAddress}) {
    const std::optional<std::size_t> column = schema.find(id);
    if (column && schema[*column].type == Type::address) {
      return column;
    }
  }
  return std::nullopt;
}

}  // namespace nfql
