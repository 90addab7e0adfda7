// Streams of every kind with values of every type, small enough to be damaged byte by byte.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/stream/block.h"

namespace nfql {

/// A stream as it is in memory.
struct Sample {
  std::string name;
  StreamHeader header;
  std::vector<Block> blocks;
};

/// The column of groups that counts their members.
[[nodiscard]] inline Field count_field() {
  return {"count", element::kCount, Type::u64, Meaning::number, Type::u64};
}

/// Every type with known and unknown values, narrow and wide addresses, sets, columns of one value
/// and of none.
[[nodiscard]] Sample flows_sample(std::size_t blocks, std::size_t rows);
/// All kinds of streams; `rows` is about the size of their blocks.
[[nodiscard]] std::vector<Sample> all_samples(std::size_t rows);

}  // namespace nfql
