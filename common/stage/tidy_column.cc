#include "common/stage/tidy_column.h"

#include <cstring>

namespace nfql {
namespace {

bool all_ipv4(const Column& column) {
  const std::span<const Address> addresses = column.values<Address>();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (!is_ipv4(addresses[i]) && column.is_known(i)) {
      return false;
    }
  }
  return true;
}

void narrow(Column& column, Batch& owner) {
  const std::span<const Address> wide = column.values<Address>();
  Buffer values(column.rows * sizeof(std::uint32_t));
  for (std::size_t i = 0; i < wide.size(); ++i) {
    values.as<std::uint32_t>()[i] = ipv4_of(wide[i]);
  }
  column.width = sizeof(std::uint32_t);
  column.data = owner.keep(std::move(values));
}

void clear_unknown(Column& column, Batch& owner) {
  Buffer values(column.data_bytes());
  std::memcpy(values.data(), column.data, column.data_bytes());
  for (std::size_t i = 0; i < column.rows; ++i) {
    if (column.known[i] == 0) {
      std::memset(values.data() + i * column.width, 0, column.width);
    }
  }
  column.data = owner.keep(std::move(values));
}

}  // namespace

void tidy(Column& column, Batch& owner) {
  assert(column.type != Type::set);
  if (column.rows == 0) {
    column.known = nullptr;
    return;
  }
  if (column.known != nullptr && std::memchr(column.known, 0, column.rows) == nullptr) {
    column.known = nullptr;
  }
  if (column.type == Type::address && column.width == sizeof(Address) && all_ipv4(column)) {
    narrow(column, owner);
  }
  if (column.known != nullptr) {
    clear_unknown(column, owner);
  }
}

}  // namespace nfql
