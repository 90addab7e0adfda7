// Reads what exporters of flows send: IPFIX (RFC 5655), NetFlow v9 and v5, as files or captured.
#pragma once

#include <memory>

#include "common/io/reader.h"

namespace nfql {

/// A reader of the flows of a file of messages (message_file.h); they may be of all versions.
///
/// Unless columns are chosen there is one for each of the usual fields (times, addresses, ports,
/// protocol, flags, packets, bytes), for each element of the templates that come before the
/// first flow, but for text, lists and other octets longer than 8, and for what is known of the
/// exporter of the first flow; warnings() names what came later. A field that was named
/// (ReadOptions) and that no flow had is one of missing_fields().
///
/// Flows are in the order of their records. With ReadOptions::split_biflow a record that counts
/// both directions is two flows; the answers of a set come behind its other flows, and those
/// without packets are left out. Records of options are passed over but for those that say when
/// uptimes began to count, how packets were sampled, and what the elements are that our writer
/// made.
///
/// Sets whose template is not known are passed over, and warnings() counts them, as well as what
/// was lost by the sequence of NetFlow. An input that is cut short or damaged gives the good flows
/// first and then throws Error(Exit::failed); with ReadOptions::salvage it ends there and fault()
/// tells.
[[nodiscard]] std::unique_ptr<Reader> make_export_reader(InputFile file,
                                                         const ReadOptions& options);

/// The same for the datagrams in a capture of packets (pcap_messages.h). Those that are damaged are
/// left out, and warnings() counts them.
[[nodiscard]] std::unique_ptr<Reader> make_pcap_reader(InputFile file, const ReadOptions& options);

}  // namespace nfql
