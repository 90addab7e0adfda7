#include "common/io/export_templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/base/byte_order.h"

namespace nfql {
namespace {

constexpr ElementId kNoElement{0, 210};  // padding

// Takes the templates of one set, one after the other.
class TemplateSetReader {
 public:
  TemplateSetReader(const ExportSets& sets, const ExportSet& set)
      : sets_(sets),
        set_(set),
        options_(set.kind == ExportSet::Kind::options_templates),
        netflow_(set.version == netflow9::kVersion) {}

  std::vector<TemplateRecord> read() {
    constexpr std::size_t kLeastBytes = 4;
    std::vector<TemplateRecord> records;
    // What is less than a header is padding, and so is a zero where a number should be.
    while (left() >= kLeastBytes && number_at(at_) != 0) {
      begin_ = at_;
      read_template(records.emplace_back());
    }
    return records;
  }

 private:
  [[nodiscard]] std::size_t left() const { return set_.body.size() - at_; }
  [[nodiscard]] std::uint16_t number_at(std::size_t at) const {
    return load<std::uint16_t>(set_.body.data() + at, ByteOrder::big);
  }
  std::uint16_t take16() {
    if (left() < sizeof(std::uint16_t)) {
      fail("does not fit into its set");
    }
    at_ += sizeof(std::uint16_t);
    return number_at(at_ - sizeof(std::uint16_t));
  }
  [[noreturn]] void fail(std::string_view problem) const {
    sets_.fail_at("template", set_.body_offset + begin_, problem);
  }

  void read_template(TemplateRecord& record) {
    record.number = take16();
    std::size_t count = take16();
    if (netflow_ && options_) {
      constexpr std::size_t kFieldBytes = 4;
      record.scope_fields = count / kFieldBytes;
      count = record.scope_fields + take16() / kFieldBytes;
    }
    if (count == 0 && !netflow_) {
      return;
    }
    if (record.number < ipfix::kFirstDataSet) {
      fail(fmt::format("has the number {}, the least is 256", record.number));
    }
    if (options_ && !netflow_) {
      record.scope_fields = take16();
      if (record.scope_fields == 0 || record.scope_fields > count) {
        fail(fmt::format("has {} scope fields of {} fields", record.scope_fields, count));
      }
    }
    read_fields(record, count);
    if (record.fields.empty() || (options_ && record.scope_fields == 0)) {
      // Of no use, and no withdrawal in NetFlow; as options without a scope some exporters have
      // those of the whole exporter.
      record.fields.insert(record.fields.begin(), {kNoElement, 0});
      ++record.scope_fields;
    }
  }

  void read_fields(TemplateRecord& record, std::size_t count) {
    constexpr std::size_t kFieldBytes = 4;
    if (count > left() / kFieldBytes) {
      fail("does not fit into its set");
    }
    record.fields.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint16_t element = take16();
      const std::uint16_t length = take16();
      const auto own = static_cast<std::uint16_t>(element & ~ipfix::kEnterpriseBit);
      FieldSpec field{{0, own}, length};
      if (netflow_ && i < record.scope_fields) {
        field.id = kNoElement;
      } else if (own != element) {
        field.id.enterprise = netflow_ ? kCiscoEnterprise : take_enterprise();
      }
      record.fields.push_back(field);
    }
  }

  std::uint32_t take_enterprise() {
    const std::uint32_t high = take16();
    return high << 16U | take16();
  }

  const ExportSets& sets_;
  const ExportSet& set_;
  bool options_;
  bool netflow_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the template
};

}  // namespace

std::vector<TemplateRecord> read_templates(const ExportSets& sets, const ExportSet& set) {
  return TemplateSetReader(sets, set).read();
}

Template netflow5_layout() {
  constexpr FieldSpec kFields[] = {
      {element::kSourceAddress, 4},   {element::kDestinationAddress, 4},
      {element::kNextHop, 4},         {element::kIngress, 2},
      {element::kEgress, 2},          {element::kPackets, 4},
      {element::kOctets, 4},          {element::kStartUptime, 4},
      {element::kEndUptime, 4},       {element::kSourcePort, 2},
      {element::kDestinationPort, 2}, {kNoElement, 1},
      {element::kTcpFlags, 1},        {element::kProtocol, 1},
      {element::kClassOfService, 1},  {element::kSourceAs, 2},
      {element::kDestinationAs, 2},   {element::kSourceMask, 1},
      {element::kDestinationMask, 1}, {kNoElement, 2}};
  return {std::vector<FieldSpec>(std::begin(kFields), std::end(kFields)), 0};
}

}  // namespace nfql
