// The order in which the branches of a conjunct come in, by how they are linked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "nfql-merge/terms.h"

namespace nfql::merge {

/// What a term that more than one branch takes part in is used as.
enum class Use : std::uint8_t { equality, difference, check };

struct Term {
  const Node* node;
  Use use;
  std::vector<std::size_t> branches;
};

/// Whether the term reads the branch, and all others that it reads are `in`, as is the branch.
[[nodiscard]] bool comes_with(const Term& term, std::size_t branch, const std::vector<bool>& in);

class JoinOrder {
 public:
  /// Both must outlive this. `sizes` are the numbers of groups.
  JoinOrder(const std::vector<Term>& terms, const std::vector<std::size_t>& sizes)
      : terms_(terms), sizes_(sizes) {}

  /// Of all branches: as few as possible without a term, then as few as possible without an
  /// equality; their own order, unless that is worse or has a far larger branch indexed.
  [[nodiscard]] std::vector<std::size_t> best() const;
  /// Of the branches that are not in: always the one with the best link next, of these the
  /// smallest.
  [[nodiscard]] std::vector<std::size_t> from(std::vector<bool> in) const;

 private:
  /// How a branch would come in; the lower the better.
  enum class Link : std::uint8_t { equality, difference, none };
  struct Cost;

  [[nodiscard]] Link link(std::size_t branch, std::vector<bool>& in) const;
  [[nodiscard]] Cost cost_of(const std::vector<std::size_t>& order) const;

  const std::vector<Term>& terms_;
  const std::vector<std::size_t>& sizes_;
};

}  // namespace nfql::merge
