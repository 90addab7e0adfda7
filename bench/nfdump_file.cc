#include "bench/nfdump_file.h"

#include <bit>
#include <span>

#include "common/base/error.h"

namespace nfql::bench {
namespace {

// As nfdump 1.7 declares them; numbers are in the order of the host, as nfdump writes them.
struct FileHeader {
  std::uint16_t magic = 0xa50c;
  std::uint16_t layout = 2;
  std::uint32_t version = 0x0107'0100;  // 1.7.1
  std::uint64_t created = 1'767'225'600;
  std::uint8_t compression = 0;
  std::uint8_t encryption = 0;
  std::uint16_t appendix_blocks = 0;
  std::uint32_t creator = 0;
  std::uint64_t appendix_offset = 0;
  std::uint32_t block_size = 0;
  std::uint32_t blocks = 0;
};
static_assert(sizeof(FileHeader) == 40);

struct BlockHeader {
  std::uint32_t records;
  std::uint32_t size;
  std::uint16_t type = 3;  // records
  std::uint16_t flags = 0;
};
static_assert(sizeof(BlockHeader) == 12);

struct RecordHeader {
  std::uint16_t type = 11;  // V3Record
  std::uint16_t size;
  std::uint16_t elements = 2;
  std::uint8_t engine_type = 0;
  std::uint8_t engine_id = 0;
  std::uint16_t exporter = 0;
  std::uint8_t flags = 0;
  std::uint8_t version = 9;
};
static_assert(sizeof(RecordHeader) == 12);

struct ElementHeader {
  std::uint16_t id;
  std::uint16_t size;
};

struct GenericFlow {
  std::uint64_t first_ms;
  std::uint64_t last_ms;
  std::uint64_t received_ms;
  std::uint64_t packets;
  std::uint64_t bytes;
  std::uint16_t source_port;
  std::uint16_t destination_port;
  std::uint8_t protocol;
  std::uint8_t tcp_flags;
  std::uint8_t forwarding = 0;
  std::uint8_t tos = 0;
};
static_assert(sizeof(GenericFlow) == 48);

struct Ipv4Flow {
  std::uint32_t source;
  std::uint32_t destination;
};

constexpr std::uint16_t kGenericId = 1;
constexpr std::uint16_t kIpv4Id = 2;
constexpr std::uint16_t kGenericBytes = sizeof(ElementHeader) + sizeof(GenericFlow);
constexpr std::uint16_t kIpv4Bytes = sizeof(ElementHeader) + sizeof(Ipv4Flow);
constexpr std::uint16_t kRecordBytes = sizeof(RecordHeader) + kGenericBytes + kIpv4Bytes;
constexpr std::size_t kBlockBytes = 1024 * 1024;  // what nfdump 1.7.1 reads into at least

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

}  // namespace

static_assert(std::endian::native == std::endian::little);

NfdumpFile::NfdumpFile(const std::string& path) : file_(path) {
  if (!file_.seekable()) {
    fail(Exit::failed, "{}: nfdump's format needs a regular file", file_.name());
  }
  file_.write(bytes_of(FileHeader{}));
}

void NfdumpFile::put(const Flow& flow) {
  if (block_.size() + kRecordBytes > kBlockBytes - sizeof(BlockHeader)) {
    end_block();
  }
  RecordHeader record{};
  record.size = kRecordBytes;
  block_.push(record);
  block_.push(ElementHeader{kGenericId, kGenericBytes});
  GenericFlow generic{};
  generic.first_ms = static_cast<std::uint64_t>(flow.start_ms);
  generic.last_ms = static_cast<std::uint64_t>(flow.end_ms);
  generic.received_ms = generic.last_ms;
  generic.packets = flow.packets;
  generic.bytes = flow.bytes;
  generic.source_port = flow.source_port;
  generic.destination_port = flow.destination_port;
  generic.protocol = flow.protocol;
  generic.tcp_flags = flow.tcp_flags;
  block_.push(generic);
  block_.push(ElementHeader{kIpv4Id, kIpv4Bytes});
  block_.push(Ipv4Flow{flow.source, flow.destination});
  ++records_;
}

void NfdumpFile::end_block() {
  if (records_ == 0) {
    return;  // nfdump takes an empty block for a damaged one
  }
  file_.write(bytes_of(BlockHeader{records_, static_cast<std::uint32_t>(block_.size())}));
  file_.write(block_.bytes());
  block_.clear();
  records_ = 0;
  ++blocks_;
}

void NfdumpFile::finish() {
  end_block();
  FileHeader header;
  header.blocks = blocks_;
  file_.write_at(0, bytes_of(header));
  file_.commit();
}

}  // namespace nfql::bench
