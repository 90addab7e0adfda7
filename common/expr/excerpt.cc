#include "common/expr/excerpt.h"

#include <algorithm>
#include <vector>

namespace nfql {
namespace {

constexpr std::size_t kLineWidth = 96;  // of a quoted line, in characters
constexpr std::string_view kEllipsis = "…";

// One character as a terminal may show it, and the byte of the text where it begins.
struct Glyph {
  std::string_view bytes;
  std::size_t begin;
};

// Control characters and broken UTF-8 could make a terminal do anything.
bool printable(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1) {
    return lead == '\t' || (lead >= 0x20 && lead < 0x7f);
  }
  return lead != 0xc2 || static_cast<unsigned char>(character[1]) >= 0xa0;  // else C1 controls
}

std::vector<Glyph> glyphs_of(std::string_view line, std::size_t begin) {
  std::vector<Glyph> glyphs;
  for (std::size_t i = 0; i < line.size();) {
    const std::string_view character = line.substr(i, utf8_length(line.substr(i)));
    glyphs.push_back({printable(character) ? character : "?", begin + i});
    i += character.size();
  }
  return glyphs;
}

// Index of the glyph that holds byte `at`, or the number of glyphs.
std::size_t glyph_at(const std::vector<Glyph>& glyphs, std::size_t at) {
  const auto after =
      std::upper_bound(glyphs.begin(), glyphs.end(), at,
                       [](std::size_t byte, const Glyph& g) { return byte < g.begin; });
  return after == glyphs.begin() ? 0 : static_cast<std::size_t>(after - glyphs.begin()) - 1;
}

struct Line {
  std::string_view text;
  std::size_t begin;  // byte where it begins
};

Line line_at(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  return {text.substr(begin, end - begin), begin};
}

// The line and the carets under [first, last), cut to kLineWidth around the first.
std::string lines(const std::vector<Glyph>& glyphs, std::size_t first, std::size_t last) {
  std::size_t begin = 0;
  std::size_t end = glyphs.size();
  if (glyphs.size() > kLineWidth) {
    begin = std::min(first > kLineWidth / 2 ? first - kLineWidth / 2 : 0, end - kLineWidth);
    end = begin + kLineWidth;
  }
  std::string line = begin == 0 ? "  " : "  " + std::string(kEllipsis);
  std::string carets = begin == 0 ? "  " : "   ";
  for (std::size_t i = begin; i < end; ++i) {
    line += glyphs[i].bytes;
    if (i < first) {
      carets += glyphs[i].bytes == "\t" ? '\t' : ' ';
    }
  }
  if (end < glyphs.size()) {
    line += kEllipsis;
  }
  carets += '^';
  const std::size_t underlined = std::min(last, std::max(end, first + 1));
  carets.append(underlined > first + 1 ? underlined - first - 1 : 0, '~');
  return line + '\n' + carets;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xc2   ? 1
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 1;
  if (length > text.size()) {
    return 1;
  }
  const bool whole =
      std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                  [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; });
  return whole ? length : 1;
}

TextPlace place_at(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const Line line = line_at(text, at);
  const auto before = text.begin() + static_cast<std::ptrdiff_t>(line.begin);
  const std::vector<Glyph> glyphs = glyphs_of(line.text, line.begin);
  const std::size_t column =
      at == line.begin + line.text.size() ? glyphs.size() : glyph_at(glyphs, at);
  return {static_cast<std::size_t>(std::count(text.begin(), before, '\n')) + 1, column + 1};
}

std::string excerpt(std::string_view text, Span span) {
  const std::size_t at = std::min(span.begin, text.size());
  const Line line = line_at(text, at);
  const std::vector<Glyph> glyphs = glyphs_of(line.text, line.begin);
  const std::size_t line_end = line.begin + line.text.size();
  const std::size_t first = at == line_end ? glyphs.size() : glyph_at(glyphs, at);
  const std::size_t last = span.end <= at || at == line_end
                               ? first
                               : glyph_at(glyphs, std::min(span.end, line_end) - 1) + 1;
  return lines(glyphs, first, last);
}

std::string shown(std::string_view text, std::size_t characters) {
  // A glyph has at most four bytes: a longer text need not be looked at whole.
  const std::vector<Glyph> glyphs = glyphs_of(text.substr(0, 4 * (characters + 1)), 0);
  std::string result;
  for (std::size_t i = 0; i < std::min(glyphs.size(), characters); ++i) {
    result += glyphs[i].bytes;
  }
  return glyphs.size() > characters ? result + std::string(kEllipsis) : result;
}

}  // namespace nfql
