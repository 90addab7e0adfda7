// A query in the text form as written: stages and chains, whose names are not resolved yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/expr/parse.h"
#include "common/query/problems.h"

namespace nfql {

/// In the order in which they may follow each other in a chain.
enum class StageKind : std::uint8_t { splitter, filter, grouper, groupfilter, merger, ungrouper };

/// The word for it.
[[nodiscard]] std::string_view name_of(StageKind kind);

/// A word of the source: a name, or a file's without its quotes.
struct TextWord {
  std::string text;
  Span span;
};

/// `module NAME { RULE... }` of a grouper or merger. Rules that stand in none are one without name.
struct TextModule {
  TextWord name;
  std::vector<TextWord> branches;  ///< of a merger's; none: all that go to the merger
  std::vector<Rule> rules;
};

/// One stage. What its kind does not have is empty.
struct TextStage {
  StageKind kind = StageKind::filter;
  TextWord name;
  std::vector<Rule> rules;          ///< filters
  std::vector<TextModule> modules;  ///< groupers and mergers
  std::vector<Span> aggregates;     ///< the lists behind `aggregate`
  std::vector<TextWord> exports;
  bool collection = false;         ///< `emit collection`
  bool input_order = false;        ///< `order input`
  std::optional<Span> no_members;  ///< where it says so
  bool flat = false;
  bool faulty = false;  ///< it could not be read to its end
};

/// A stage or file between arrows, perhaps with `branch NAME` behind it.
struct ChainLink {
  bool file = false;
  TextWord word;
  std::optional<TextWord> branch;
};
using TextChain = std::vector<ChainLink>;

struct TextQuery {
  std::vector<TextStage> stages;
  std::vector<TextChain> chains;
  bool whole = true;  ///< no chain or stage was lost to a mistake
};

/// Reads the source. What does not follow the grammar is added to the problems, and left out.
[[nodiscard]] TextQuery read_text(const QuerySource& source, Problems& problems);

}  // namespace nfql
