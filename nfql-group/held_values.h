// What open groups keep of their flows: values of the first, of the last, and running extremes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "nfql-group/bind_conditions.h"
#include "nfql-group/flow_value.h"

namespace nfql::relate {

/// The values of groups by their places, beside each other for each group.
class HeldValues {
 public:
  explicit HeldValues(std::vector<Held> kinds) : kinds_(std::move(kinds)) {}

  /// Makes room for so many places.
  void resize(std::size_t places) { values_.resize(places * kinds_.size()); }
  /// Valid until resize().
  [[nodiscard]] const Value* at(std::uint32_t place) const {
    return values_.data() + place * kinds_.size();
  }
  /// A group at this place begins with the flow that has these values.
  void found(std::uint32_t place, const Value* flow);
  /// The flow joins the group.
  void join(std::uint32_t place, const Value* flow);

 private:
  std::vector<Held> kinds_;
  std::vector<Value> values_;
};

}  // namespace nfql::relate
