// Reads flows from JSON lines: our own, nfdump's, goflow2's.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "common/io/reader.h"

namespace nfql {

/// Whether a file that begins with these bytes may be one: an object, or an array of objects.
[[nodiscard]] bool looks_json(std::span<const std::byte> first_bytes);

/// A reader of the flows of a file of JSON objects, one a flow: one a line, or several, or all in
/// an array. Keys name the columns (text_names.h); for what becomes of them see text_flows.h. A key
/// that an object lacks, and null, are unknown values.
///
/// Which columns there are is decided by the objects in the first 64 KiB; fields that the request
/// names have one too, and the IPv6 address of a flow goes where IPv4 addresses are. Keys that
/// nobody knows, and those of other fields that come up later, are left out with a warning. Throws
/// Error(Exit::failed), which names line and key, for what is no JSON and for a value that is none;
/// the rows before it are given first. With ReadOptions::salvage the input ends there, and fault()
/// tells.
[[nodiscard]] std::unique_ptr<Reader> make_json_reader(InputFile file, const ReadOptions& options);

}  // namespace nfql
