// Addresses as text, fast: what append_address() gives, without a string or a call of libc.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/flow/address.h"

namespace nfql {

/// Bytes that the functions below may touch at `to`, also past the end that they return.
inline constexpr std::size_t kAddressRoom = 48;

/// Writes an address at `to` and returns its end.
[[nodiscard]] char* put_address(char* to, std::uint32_t ipv4);
[[nodiscard]] char* put_address(char* to, const Address& address);

}  // namespace nfql
