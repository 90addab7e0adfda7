#include "common/io/record_columns.h"

#include <fmt/format.h>

#include <string_view>

#include "common/base/names.h"

namespace nfql {
namespace {

bool is_integer(Type type) {
  return type != Type::f64 && type != Type::set && type != Type::address;
}

// How well a computed column stands for a field: 0 not at all.
int rank_of(const Field& column, ElementId id) {
  if (column.id.any() || column.type == Type::set) {
    return 0;
  }
  const FieldInfo* same = find_field(column.name);
  if (same != nullptr && same->id == id) {
    return 2;
  }
  const bool flags = id == element::kTcpFlags;
  const std::size_t underscore = column.name.find('_');
  if (underscore == std::string::npos || !is_integer(column.type) ||
      !(flags || id == element::kPackets || id == element::kOctets)) {
    return 0;
  }
  const FieldInfo* field = find_field(std::string_view(column.name).substr(underscore + 1));
  if (field == nullptr || field->id != id) {
    return 0;
  }
  const std::string function = lower(std::string_view(column.name).substr(0, underscore));
  const bool whole = flags ? function == "or" || function == "bitor" : function == "sum";
  return whole ? 1 : 0;  // the largest of some counts is no count
}

}  // namespace

std::optional<std::size_t> find_record_column(const Schema& schema, ElementId id) {
  const std::optional<std::size_t> same = schema.find(id);
  if (same) {
    return schema[*same].type == Type::set ? std::nullopt : same;
  }
  std::optional<std::size_t> best;
  int best_rank = 0;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const int rank = rank_of(schema[i], id);
    if (rank > best_rank) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

std::optional<std::size_t> find_typed_column(const Schema& schema, ElementId id) {
  const std::optional<std::size_t> column = schema.find(id);
  return column && schema[*column].type == find_field(id)->type ? column : std::nullopt;
}

std::string value_text(const Column& column, std::size_t row) {
  if (column.type == Type::address) {
    return to_string(column.address(row));
  }
  return visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, Address>) {
      return to_string(column.values<T>()[row]);
    } else {
      return fmt::format("{}", column.values<T>()[row]);
    }
  });
}

}  // namespace nfql
