// Fields of flows that came too late to get a column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/flow/registry.h"

namespace nfql {

/// Remembers which fields there were: up to kMost, each once.
class LeftOutFields {
 public:
  /// An input may have any number, of which nobody wants to hear.
  static constexpr std::size_t kMost = 10'000;

  void note(ElementId id);
  [[nodiscard]] bool empty() const { return ids_.empty(); }
  /// The names of the first five, and how many more there are.
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::size_t kShownNames = 5;

  std::unordered_set<std::uint64_t> ids_;
  std::vector<std::string> names_;  // to be shown
};

}  // namespace nfql
