// What --columns does: picks, orders and names the columns of a stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/expr/computed.h"
#include "common/stream/block.h"

namespace nfql {

/// Columns that an output needs whether or not the user listed them.
enum class KeptColumns : std::uint8_t {
  listed,      ///< exactly the list: for text
  structural,  ///< also what later stages need: `count` beside members, `component` of a collection
};

/// A choice of columns, bound to the header of a stream; turns its blocks into blocks of header().
///
/// In a stream of flows the names are those of flow columns, in a stream of groups of group
/// columns, in tuples and collections of group columns with the branch in front (`A.srcip`). In a
/// collection a name without branch means that column of every branch that has it. Names are
/// resolved as Schema::find does; a column is called what the user typed, less the branch.
/// Fields that an expression may name although no column holds them (FieldReader) are computed.
class Projection {
 public:
  /// One entry of the list, in the order of the list.
  struct Selected {
    std::uint16_t branch = 0;
    std::size_t column = 0;  ///< in the branch's schema of header()
    std::string name;        ///< as typed, with its branch
  };

  /// Throws Error(Exit::usage) for a name that the stream has no column for, with the nearest one
  /// it has, and for a column listed twice.
  Projection(const StreamHeader& from, const std::vector<std::string>& names, KeptColumns kept);

  [[nodiscard]] const StreamHeader& header() const { return header_; }
  /// The list, with columns of several branches in the order given.
  [[nodiscard]] const std::vector<Selected>& selected() const { return selected_; }
  /// Replaces the columns of a block of the original stream; the memory stays shared. Blocks that
  /// hold other things than the chosen columns (members, tuples, sources) are left as they are.
  void apply(Block& block) const;

 private:
  const Schema& original(std::size_t branch) const;
  Schema& projected(std::size_t branch);
  void select(const std::string& name);
  bool select_from(std::size_t branch, std::string_view name, const std::string& typed);
  void keep(std::size_t branch, ElementId id);
  [[noreturn]] void fail_unknown(const std::string& name) const;

  StreamHeader from_;
  StreamHeader header_;
  std::vector<Selected> selected_;
  std::vector<std::vector<FieldReader>> origins_;  // per branch, in the order of its columns
};

}  // namespace nfql
