// Reads IPFIX files (RFC 5655), with the elements of any exporter.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "common/io/reader.h"

namespace nfql {

/// Whether an input that begins so is an IPFIX file.
[[nodiscard]] bool looks_ipfix(std::span<const std::byte> first);

/// A reader of the flows of an IPFIX file.
///
/// Unless columns are chosen there is one for each of the usual fields (times, addresses, ports,
/// protocol, flags, packets, bytes) and for each element of the templates that come before the
/// first flow, but for text, lists and other octets longer than 8; warnings() names what came
/// later. A field that was named (ReadOptions) and that no flow had is one of missing_fields().
///
/// Flows are in the order of their records. With ReadOptions::split_biflow a record that counts
/// both directions is two flows; the answers of a set come behind its other flows, and those
/// without packets are left out. Records of options are passed over but for those that say when
/// uptimes began to count, and what the elements are that our writer made.
///
/// Sets whose template is not known are passed over, and warnings() counts them. An input that is
/// cut short or damaged gives the good flows first and then throws Error(Exit::failed); with
/// ReadOptions::salvage it ends there and fault() tells.
[[nodiscard]] std::unique_ptr<Reader> make_ipfix_reader(InputFile file, const ReadOptions& options);

}  // namespace nfql
