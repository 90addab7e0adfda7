// Which of the inputs that were listed are read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/io/inputs.h"
#include "common/io/reader.h"

namespace nfql {

/// Passes over files that cannot have flows of the window, by their names or headers, and over
/// what directories have beside flows: files that nobody reads, text without a column of flows,
/// streams of groups. Each file of which somebody knows what it is has a warning, of many the first
/// ten; the others have one together.
class InputSieve {
 public:
  explicit InputSieve(const ReadOptions& options);

  /// Leaves at least one input. Throws Error(Exit::failed) when a directory has no flows at all.
  void run(InputPlan& plan);

 private:
  [[nodiscard]] bool is_outside(const ListedInput& input) const;
  [[nodiscard]] bool is_stranger(const ListedInput& input);
  [[nodiscard]] bool lacks_flows(const ListedInput& input);
  void tell(InputPlan& plan) const;

  // A file that was passed over, and what its user can do.
  struct Known {
    std::string what;
    std::string hint;
  };

  const ReadOptions& options_;
  std::uint64_t correction_ = 0;  // of clocks, at most
  std::vector<Known> known_;
  std::vector<std::string> unknown_;  // the paths of those of which nobody knows what they are
};

}  // namespace nfql
