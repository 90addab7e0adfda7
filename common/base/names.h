// Names as people type them: case does not matter, and a near miss gets a suggestion.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace nfql {

[[nodiscard]] std::string lower(std::string_view text);
/// Equal but for the case of ASCII letters.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

/// Whether expressions can name a branch so: ASCII letters, digits and '_', at least one.
[[nodiscard]] bool is_branch_name(std::string_view name);
/// Throws Error(Exit::usage), with `where` in front, for a name that is none.
void check_branch_name(std::string_view name, std::string_view where);

/// The one of `candidates` that `name` is most likely a misspelling of, or "" when none is near
/// (Damerau-Levenshtein distance at most a third of the length, at least 1).
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            std::span<const std::string_view> candidates);

/// The same, but "" for a name of one letter, which is near every other.
[[nodiscard]] std::string_view likely_name(std::string_view name,
                                           std::span<const std::string_view> candidates);

/// A hint for a name that is none of `known`: "did you mean 'NAME'?", or when none is likely `what`
/// and all of them, or "" when there are none.
[[nodiscard]] std::string hint_of(std::string_view name, std::span<const std::string_view> known,
                                  std::string_view what);

}  // namespace nfql
