#include "common/expr/habits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "common/base/names.h"
#include "common/flow/time.h"

namespace nfql {
namespace {

// Words of the filters of nfdump and tcpdump that stand before a value, and the fields that either
// of which has it.
struct Habit {
  std::array<std::string_view, 2> words;
  std::array<std::string_view, 2> fields;
};
constexpr Habit kHabits[] = {
    {{"src", "port"}, {"srcport"}},
    {{"dst", "port"}, {"dstport"}},
    {{"src", "ip"}, {"srcip"}},
    {{"dst", "ip"}, {"dstip"}},
    {{"src", "host"}, {"srcip"}},
    {{"dst", "host"}, {"dstip"}},
    {{"src", "net"}, {"srcip"}},
    {{"dst", "net"}, {"dstip"}},
    {{"src", "as"}, {"srcas"}},
    {{"dst", "as"}, {"dstas"}},
    {{"in", "if"}, {"inif"}},
    {{"out", "if"}, {"outif"}},
    {{"next", "ip"}, {"nexthop"}},
    {{"router", "ip"}, {"exporter"}},
    {{"port"}, {"srcport", "dstport"}},
    {{"host"}, {"srcip", "dstip"}},
    {{"ip"}, {"srcip", "dstip"}},
    {{"net"}, {"srcip", "dstip"}},
    {{"proto"}, {"proto"}},
    {{"flags"}, {"flags"}},
    {{"tos"}, {"tos"}},
};

using Tokens = std::vector<std::string_view>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_comparator(std::string_view token) {
  return token.find_first_not_of("=<>!") == std::string_view::npos;
}

bool is_joint(std::string_view token) {
  return token == "," || same_name(token, "or") || same_name(token, "and");
}

// Words and marks; `place` becomes the number of the last one that begins at `at` or before.
Tokens split_tokens(std::string_view text, std::size_t at, std::size_t& place) {
  constexpr std::string_view kBlanks = " \t\r\n", kMarks = "()[],";
  Tokens tokens;
  for (std::size_t i = 0; i < text.size();) {
    if (kBlanks.find(text[i]) != std::string_view::npos) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    const bool mark = kMarks.find(text[i]) != std::string_view::npos;
    while (!mark && end < text.size() && (kBlanks.find(text[end]) == std::string_view::npos) &&
           kMarks.find(text[end]) == std::string_view::npos) {
      ++end;
    }
    place = i <= at ? tokens.size() : place;
    tokens.push_back(text.substr(i, end - i));
    i = end;
  }
  return tokens;
}

// `in {80, 443}` of the values behind the bracket `open`; "" where it does not close or has none.
std::string as_set(const Tokens& tokens, std::size_t open) {
  std::vector<std::string_view> values;
  for (std::size_t i = open + 1; i < tokens.size(); ++i) {
    if (tokens[i] == ")" || tokens[i] == "]") {
      return values.empty() ? "" : fmt::format("in {{{}}}", fmt::join(values, ", "));
    }
    if (!is_joint(tokens[i])) {
      values.push_back(tokens[i]);
    }
  }
  return "";
}

bool opens(const Tokens& tokens, std::size_t i) {
  return i < tokens.size() && (tokens[i] == "(" || tokens[i] == "[");
}

// `= 80`, `> 1024` or `in {80, 443}` of what stands at `from`.
std::string as_relation(const Tokens& tokens, std::size_t from) {
  if (from < tokens.size() && same_name(tokens[from], "in") && opens(tokens, from + 1)) {
    return as_set(tokens, from + 1);
  }
  const bool has_comparator = from < tokens.size() && is_comparator(tokens[from]);
  const std::size_t value = from + (has_comparator ? 1 : 0);
  if (value >= tokens.size() ||
      tokens[value].find_first_of("()[],=<>!") != std::string_view::npos ||
      is_joint(tokens[value])) {
    return "";
  }
  return fmt::format("{} {}", has_comparator && tokens[from] != "==" ? tokens[from] : "=",
                     tokens[value]);
}

std::string of_habit(const Habit& habit, const Tokens& tokens, std::size_t from) {
  std::size_t next = from;
  for (const std::string_view word : habit.words) {
    if (!word.empty() && (next >= tokens.size() || !same_name(tokens[next++], word))) {
      return "";
    }
  }
  if (habit.words[0] == habit.fields[0] && next < tokens.size() && is_comparator(tokens[next])) {
    return "";  // that is how it is written
  }
  std::string relation = as_relation(tokens, next);
  if (relation.empty()) {
    return "";
  }
  if (habit.fields[0] == "flags" && relation.find('/') == std::string::npos) {
    relation += fmt::format("/{}", tokens[next]);  // those among others
  }
  std::string hint = fmt::format("write '{} {}", habit.fields[0], relation);
  if (!habit.fields[1].empty()) {
    hint += fmt::format(" or {} {}", habit.fields[1], relation);
  }
  return hint + "'";
}

// Sets in other brackets.
std::string of_bracket(const Tokens& tokens, std::size_t place) {
  for (std::size_t i = std::min(place + 2, tokens.size()); i-- > 1;) {
    if (opens(tokens, i)) {
      const std::string set = same_name(tokens[i - 1], "in") ? as_set(tokens, i) : "";
      return set.empty() ? "" : fmt::format("a set has braces: '{}'", set);
    }
  }
  return "";
}

// `2026-11-22 10:42:10`.
std::string of_time(const Tokens& tokens, std::size_t place) {
  for (std::size_t i = std::max<std::size_t>(place, 1); i < std::min(place + 2, tokens.size());
       ++i) {
    const std::string joined = fmt::format("{}T{}", tokens[i - 1], tokens[i]);
    if (tokens[i].find(':') != std::string_view::npos && parse_time(joined, 0)) {
      return fmt::format("a 'T' joins date and time: {}", joined);
    }
  }
  return "";
}

// `1h30m` and `10kB`.
std::string of_number(std::string_view token) {
  struct Unit {
    char letter;
    std::uint64_t seconds;
  };
  constexpr std::array<Unit, 4> kUnits = {{{'d', 86'400}, {'h', 3600}, {'m', 60}, {'s', 1}}};
  constexpr std::size_t kMostDigits = 9;
  std::uint64_t seconds = 0;
  std::size_t parts = 0;
  const Unit* unit = nullptr;
  for (std::size_t i = 0; i < token.size(); ++parts) {
    std::uint64_t number = 0;
    const std::size_t begin = i;
    while (i < token.size() && is_digit(token[i]) && i - begin < kMostDigits) {
      number = number * 10 + static_cast<std::uint64_t>(token[i++] - '0');
    }
    const std::string_view rest = token.substr(i);
    if (i > begin && parts == 0 && rest.size() > 1 && (rest.back() == 'B' || rest.back() == 'b') &&
        std::string_view("kKMG").find(rest[0]) != std::string_view::npos &&
        (rest.size() == 2 || (rest.size() == 3 && rest[1] == 'i'))) {
      const std::string multiplier = rest[0] == 'K' ? "k" : std::string(1, rest[0]);
      return fmt::format("write {}{}{}: a number of bytes has no unit", token.substr(0, i),
                         multiplier, rest.size() == 3 ? "i" : "");
    }
    unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& known) {
      return !rest.empty() && known.letter == rest[0];
    });
    if (i == begin || unit == kUnits.end()) {
      return "";
    }
    seconds += number * unit->seconds;
    ++i;
  }
  return parts < 2
             ? ""
             : fmt::format("a number has one unit: {}{}", seconds / unit->seconds, unit->letter);
}

}  // namespace

std::string habit_hint(std::string_view text, std::size_t at) {
  std::size_t place = 0;
  const Tokens tokens = split_tokens(text, at, place);
  if (tokens.empty()) {
    return "";
  }
  // The error is at one of the words, or at the value behind them.
  for (std::size_t from = place - std::min<std::size_t>(place, 2); from <= place; ++from) {
    for (const Habit& habit : kHabits) {
      std::string hint = of_habit(habit, tokens, from);
      if (!hint.empty()) {
        return hint;
      }
    }
  }
  for (std::string hint :
       {of_bracket(tokens, place), of_time(tokens, place), of_number(tokens[place])}) {
    if (!hint.empty()) {
      return hint;
    }
  }
  return "";
}

}  // namespace nfql
