// A naive merger for tests: groups as structs, expressions as functions, nested loops. It shares no
// code with the real one but the types of what goes in and out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/flow/batch.h"
#include "common/flow/schema.h"
#include "common/stream/block.h"

namespace nfql::test {

struct ModelFlow {
  std::optional<std::int64_t> start;
  std::uint64_t id = 0;
};

/// A group with a few columns of each kind; nothing is an unknown value.
struct ModelGroup {
  std::uint64_t id = 0;  ///< tells groups of a branch apart in the output
  std::optional<std::uint16_t> port;
  std::optional<std::uint32_t> small;
  std::optional<std::int64_t> number;  ///< signed
  std::optional<std::uint64_t> large;
  std::optional<double> real;
  std::optional<Address> ip;
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> end;
  std::vector<ModelFlow> members;
};

using ModelBranch = std::vector<ModelGroup>;

/// Of id, port, small, number, large, real, ip, start, end, count.
[[nodiscard]] Schema model_groups_schema();
/// Of start, flowId, and a column that only tests know.
[[nodiscard]] Schema model_flows_schema();
[[nodiscard]] StreamHeader model_header(bool members);

/// The branch as blocks of at most `rows` groups, each followed by its members if wanted.
[[nodiscard]] std::vector<Block> blocks_of(const ModelBranch& branch, std::size_t rows,
                                           bool members);

/// Tuples by the places of the groups in their branches.
using ModelTuple = std::vector<std::size_t>;

/// True, false or unknown for a tuple.
using Truth = std::optional<bool>;
using Meaning3 = std::function<Truth(const std::vector<const ModelGroup*>&)>;

/// An expression as text and as what it means.
struct ModelExpression {
  std::string text;
  Meaning3 meaning;
};

/// All tuples for which the expression is true, in lexicographic order.
[[nodiscard]] std::vector<ModelTuple> naive_tuples(const std::vector<ModelBranch>& branches,
                                                   const ModelExpression& expression);

/// Of each branch (component, place of the group): all groups in some tuple, ordered by both.
[[nodiscard]] std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> naive_components(
    const std::vector<ModelBranch>& branches, const std::vector<ModelTuple>& tuples);

using Random = std::mt19937_64;

/// Branches whose values are few, so that many tuples match; some are unknown.
[[nodiscard]] std::vector<ModelBranch> random_branches(Random& random, std::size_t branches,
                                                       std::size_t most_groups);
/// Terms of all kinds over so many branches, called A, B, …, combined to some depth.
[[nodiscard]] ModelExpression random_expression(Random& random, std::size_t branches, int depth);

/// Whether `x relation y` by the table of LANGUAGE.md; `relation` is a long name.
[[nodiscard]] bool spelled_out_allen(const std::string& relation, std::int64_t xs, std::int64_t xe,
                                     std::int64_t ys, std::int64_t ye,
                                     std::optional<std::int64_t> delta);

}  // namespace nfql::test
