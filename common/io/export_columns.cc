#include "common/io/export_columns.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "common/flow/element_list.h"
#include "common/stream/layout.h"

namespace nfql {
namespace {

// What flows have everywhere; unknown where no record says it.
constexpr std::array kUsualFields = {
    element::kStart,           element::kEnd,      element::kSourceAddress,
    element::kSourcePort,      element::kProtocol, element::kDestinationAddress,
    element::kDestinationPort, element::kTcpFlags, element::kPackets,
    element::kOctets,          element::kFlowId};

}  // namespace

Schema export_columns(std::vector<ElementId> fields, const std::vector<AnnouncedElement>& announced,
                      const ReadOptions& options) {
  fields.insert(fields.end(), kUsualFields.begin(), kUsualFields.end());
  if (options.wanted) {
    fields = *options.wanted;
  }
  fields.insert(fields.end(), options.named.begin(), options.named.end());
  const auto is_announced_field = [&](ElementId id) {
    return (!options.wanted || contains(fields, id)) &&
           std::any_of(announced.begin(), announced.end(),
                       [id](const AnnouncedElement& element) { return element.field.id == id; });
  };
  Schema schema;
  for (const FieldInfo& info : all_fields()) {
    const bool computed = info.id == element::kDuration && contains(fields, element::kStart);
    const bool local =
        info.id.enterprise == kLocalEnterprise && info.id != element::kExportedFlowId;
    if (local ? is_announced_field(info.id) : contains(fields, info.id) && !computed) {
      schema.add(field_of(info));
    }
  }
  std::sort(fields.begin(), fields.end(), [](ElementId a, ElementId b) {
    return std::tie(a.enterprise, a.element) < std::tie(b.enterprise, b.element);
  });
  for (const ElementId id : fields) {
    if (schema.size() < kMaxColumns && id.enterprise != kLocalEnterprise && !schema.find(id)) {
      schema.add(field_of(id));
    }
  }
  for (const AnnouncedElement& element : announced) {
    const bool taken = schema.find(element.field.name).has_value();
    if (!taken && schema.size() < kMaxColumns && !element.field.id.any()) {
      schema.add(element.field);
    }
  }
  return schema;
}

}  // namespace nfql
