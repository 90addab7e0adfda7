// Several inputs, one after the other, as one stream of flows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/io/flow_times.h"
#include "common/io/input_list.h"
#include "common/io/reader.h"

namespace nfql {

/// What is to be read, and what is to be said of what is not.
struct InputPlan {
  std::vector<ListedInput> inputs;
  std::vector<std::string> warnings;
  FlowTimes times;
};

/// A reader of inputs that must all be flows; see open_inputs(). Throws Error(Exit::usage) when one
/// is not, or has a column of another type than another.
[[nodiscard]] std::unique_ptr<Reader> make_inputs_reader(InputPlan plan,
                                                         const ReadOptions& options);

}  // namespace nfql
