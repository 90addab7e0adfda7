// What the modules of a grouping are called.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nfql {

/// The names of `count` modules: those given, or g1, g2 … when none are. Throws Error(Exit::usage)
/// when there are too few or too many, and for names that are none or stand twice.
[[nodiscard]] std::vector<std::string> module_names(const std::vector<std::string>& given,
                                                    std::size_t count);

}  // namespace nfql
