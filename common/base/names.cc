#include "common/base/names.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "common/base/error.h"

namespace nfql {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

bool is_word(char c) {
  const char small = lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

bool is_branch_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_word);
}

void check_branch_name(std::string_view name, std::string_view where) {
  if (!is_branch_name(name)) {
    throw Error(Exit::usage, fmt::format("{}: '{}' is no name for a branch", where, name),
                "letters, digits and '_' make one");
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(name.size(), candidate.size());
    const std::size_t shorter = std::min(name.size(), candidate.size());
    if (longer - shorter > best_distance) {
      continue;  // the distance is at least that
    }
    const std::size_t d = distance(name, candidate);
    // People get the first letter right: among equally near ones it decides.
    const bool likelier = d == best_distance && !best.empty() && !name.empty() &&
                          lower(best.front()) != lower(name.front()) && !candidate.empty() &&
                          lower(candidate.front()) == lower(name.front());
    if (d < best_distance || likelier) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

std::string_view likely_name(std::string_view name, std::span<const std::string_view> candidates) {
  return name.size() < 2 ? "" : nearest_name(name, candidates);
}

std::string hint_of(std::string_view name, std::span<const std::string_view> known,
                    std::string_view what) {
  const std::string_view likely = likely_name(name, known);
  if (!likely.empty()) {
    return fmt::format("did you mean '{}'?", likely);
  }
  return known.empty() ? "" : fmt::format("{} {}", what, fmt::join(known, ", "));
}

}  // namespace nfql
