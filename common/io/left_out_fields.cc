#include "common/io/left_out_fields.h"

#include <fmt/format.h>

#include "common/flow/schema.h"

namespace nfql {

void LeftOutFields::note(ElementId id) {
  constexpr unsigned kElementBits = 16;
  if (ids_.size() == kMost) {
    return;
  }
  const bool is_new = ids_.insert(std::uint64_t{id.enterprise} << kElementBits | id.element).second;
  if (is_new && names_.size() < kShownNames) {
    names_.push_back(field_of(id).name);
  }
}

std::string LeftOutFields::text() const {
  const std::size_t more = ids_.size() - names_.size();
  return fmt::format(
      "{}{}", fmt::join(names_, ", "),
      more == 0 ? ""
                : fmt::format(" and {}{} more", ids_.size() == kMost ? "at least " : "", more));
}

}  // namespace nfql
