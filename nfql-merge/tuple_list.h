// Tuples held back until all are found: to be put in order, each once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nfql-merge/tuples.h"

namespace nfql::merge {

class TupleList : public TupleSink {
 public:
  explicit TupleList(std::size_t branches) : tuples_(branches) {}

  bool put(const Tuples& tuples) override;
  /// Passes all tuples to `sink` in lexicographic order, each once. `sizes` are the numbers of the
  /// branches' groups.
  void pass_on(const std::vector<std::size_t>& sizes, TupleSink& sink);

 private:
  [[nodiscard]] std::vector<std::size_t> sorted(const std::vector<std::size_t>& sizes) const;
  [[nodiscard]] bool equal(std::size_t a, std::size_t b) const;

  Tuples tuples_;
};

}  // namespace nfql::merge
