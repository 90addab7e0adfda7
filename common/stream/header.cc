#include "common/stream/header.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/base/hash.h"
#include "common/stream/cursor.h"

namespace nfql {
namespace {

constexpr std::size_t kChecksumAt = 16;  // in a header's head
// What is left of the magic after a transfer that changed line ends or cut the eighth bit.
constexpr std::string_view kMagicName = "NFQL";

void push_text(Buffer& to, std::string_view text) {
  to.push(static_cast<std::uint16_t>(text.size()));
  to.append(text.data(), text.size());
}

void push_schema(Buffer& to, const Schema& schema) {
  to.push(static_cast<std::uint16_t>(schema.size()));
  for (const Field& field : schema.fields()) {
    to.push(field.id.enterprise);
    to.push(field.id.element);
    to.push(field.type);
    to.push(field.meaning);
    to.push(field.element_type);
    push_text(to, field.name);
  }
}

std::uint64_t header_checksum(std::span<const std::byte> bytes) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, bytes.data(), kChecksumAt);
  XXH3_64bits_update(&state, bytes.data() + kStreamHeadBytes, bytes.size() - kStreamHeadBytes);
  return XXH3_64bits_digest(&state);
}

Type take_type(Cursor& from) {
  const auto number = from.take<std::uint8_t>();
  if (number < static_cast<std::uint8_t>(Type::u8) ||
      number > static_cast<std::uint8_t>(Type::set)) {
    fail(Exit::failed, "{}: there is no type of number {}", from.where(), number);
  }
  return static_cast<Type>(number);
}

Meaning take_meaning(Cursor& from) {
  const auto number = from.take<std::uint8_t>();
  if (number > static_cast<std::uint8_t>(Meaning::mac)) {
    fail(Exit::failed, "{}: there is no meaning of number {}", from.where(), number);
  }
  return static_cast<Meaning>(number);
}

Schema take_schema(Cursor& from) {
  const auto columns = from.take<std::uint16_t>();
  if (columns > kMaxColumns) {
    fail(Exit::failed, "{}: {} columns, at most {} are allowed", from.where(), columns,
         kMaxColumns);
  }
  Schema schema;
  for (std::size_t i = 0; i < columns; ++i) {
    Field field;
    field.id.enterprise = from.take<std::uint32_t>();
    field.id.element = from.take<std::uint16_t>();
    field.type = take_type(from);
    field.meaning = take_meaning(from);
    field.element_type = take_type(from);
    field.name = from.take_text();
    try {
      schema.add(std::move(field));
    } catch (const Error& twice) {
      fail(Exit::failed, "{}: {}", from.where(), twice.what());
    }
  }
  return schema;
}

std::vector<BranchSchema> take_branches(Cursor& from) {
  const auto count = from.take<std::uint16_t>();
  std::vector<BranchSchema> branches;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < count; ++i) {
    BranchSchema branch;
    branch.name = from.take_text();
    branch.groups = take_schema(from);
    branch.flows = take_schema(from);
    columns += branch.groups.size() + branch.flows.size();
    if (columns > kMaxTotalColumns) {
      fail(Exit::failed, "{}: more than {} columns", from.where(), kMaxTotalColumns);
    }
    branches.push_back(std::move(branch));
  }
  return branches;
}

}  // namespace

Buffer pack_header(const StreamHeader& header) {
  Buffer bytes;
  bytes.append(kStreamMagic.data(), kStreamMagic.size());
  bytes.push(kStreamVersion);
  bytes.push(header.kind);
  bytes.push(header.members ? kHasMembers : std::uint8_t{0});
  bytes.push(std::uint32_t{0});
  bytes.push(std::uint64_t{0});
  bytes.push(static_cast<std::uint16_t>(header.branches.size()));
  for (const BranchSchema& branch : header.branches) {
    push_text(bytes, branch.name);
    push_schema(bytes, branch.groups);
    push_schema(bytes, branch.flows);
  }
  while (bytes.size() % 8 != 0) {
    bytes.push(std::uint8_t{0});
  }
  const std::size_t payload = bytes.size() - kStreamHeadBytes;
  if (payload > kMaxHeaderPayload) {
    fail(Exit::failed,
         "the names of all columns take {} bytes, more than the {} that a stream allows", payload,
         kMaxHeaderPayload);
  }
  store(bytes.data() + 12, static_cast<std::uint32_t>(payload));
  store(bytes.data() + kChecksumAt, header_checksum(bytes.bytes()));
  return bytes;
}

bool may_be_stream(std::span<const std::byte> bytes) {
  const std::size_t size = std::min(bytes.size(), kStreamMagic.size());
  return size != 0 && std::memcmp(bytes.data(), kStreamMagic.data(), size) == 0;
}

void check_magic(std::span<const std::byte> bytes, const std::string& name) {
  if (may_be_stream(bytes)) {
    return;
  }
  if (bytes.size() > kMagicName.size() &&
      std::memcmp(bytes.data() + 1, kMagicName.data(), kMagicName.size()) == 0) {
    fail(Exit::failed, "{}: is an nfql stream that a transfer as text has damaged", name);
  }
  fail(Exit::failed, "{}: is not an nfql stream", name);
}

StreamHead load_stream_head(std::span<const std::byte> bytes, const std::string& name) {
  check_magic(bytes, name);
  const auto version = load<std::uint16_t>(bytes.data() + 8);
  if (version != kStreamVersion) {
    fail(Exit::failed, "{}: is an nfql stream of version {}; this program reads version {}", name,
         version, kStreamVersion);
  }
  const StreamHead head{
      load<std::uint8_t>(bytes.data() + 10), load<std::uint8_t>(bytes.data() + 11),
      load<std::uint32_t>(bytes.data() + 12), load<std::uint64_t>(bytes.data() + kChecksumAt)};
  if (head.payload_bytes > kMaxHeaderPayload || head.payload_bytes % 8 != 0) {
    fail(Exit::failed, "{}: header: a length of {} bytes is not possible", name,
         head.payload_bytes);
  }
  return head;
}

StreamHeader unpack_header(std::span<const std::byte> bytes, const std::string& name) {
  const StreamHead head = load_stream_head(bytes, name);
  if (header_checksum(bytes) != head.checksum) {
    fail(Exit::failed, "{}: header: the checksum is wrong", name);
  }
  if (head.kind < static_cast<std::uint8_t>(StreamKind::flows) ||
      head.kind > static_cast<std::uint8_t>(StreamKind::collection)) {
    fail(Exit::failed, "{}: header: there is no kind of stream of number {}", name, head.kind);
  }
  if (head.flags > kHasMembers) {
    fail(Exit::failed, "{}: header: the flags {:#x} are not known", name, head.flags);
  }
  Cursor from(bytes.subspan(kStreamHeadBytes), name + ": header");
  StreamHeader header{static_cast<StreamKind>(head.kind), head.flags == kHasMembers,
                      take_branches(from)};
  const auto rest = from.rest();
  if (rest.size() >= 8 ||
      std::any_of(rest.begin(), rest.end(), [](std::byte b) { return b != std::byte{0}; })) {
    fail(Exit::failed, "{}: header: {} bytes too many", name, rest.size());
  }
  const std::string problem = find_problem(header);
  if (!problem.empty()) {
    fail(Exit::failed, "{}: header: {}", name, problem);
  }
  return header;
}

}  // namespace nfql
