#include "common/query/text_tokens.h"

#include "common/base/names.h"
#include "common/query/text_grammar.h"

namespace nfql {
namespace {

namespace g = text_grammar;
namespace peg = tao::pegtl;

using Input = peg::memory_input<peg::tracking_mode::lazy>;

Input input_at(std::string_view text, std::size_t at) {
  return {text.data() + at, text.data() + text.size(), ""};
}

struct HeadKind : g::StageWord {};
struct HeadName : peg::identifier {};
struct Head : peg::seq<HeadKind, g::Blank, HeadName, g::Blank, peg::at<peg::one<'{'>>> {};
struct Heads : peg::star<peg::sor<Head, g::SkippedToken>> {};

struct HeadReader {
  std::string_view kind;
  std::vector<StageHead> heads;
};

template <class Rule>
struct HeadAction : peg::nothing<Rule> {};
template <>
struct HeadAction<HeadKind> {
  template <class In>
  static void apply(const In& in, HeadReader& reader) {
    reader.kind = {in.begin(), in.size()};
  }
};
template <>
struct HeadAction<HeadName> {
  template <class In>
  static void apply(const In& in, HeadReader& reader) {
    reader.heads.push_back({reader.kind, {in.begin(), in.size()}});
  }
};

/// How deep in braces a token leaves us, and whether a line ended.
struct Depth {
  std::size_t braces = 0;
  bool closed = false;
  bool line_ended = false;
};

template <class Rule>
struct SkipAction : peg::nothing<Rule> {};
template <>
struct SkipAction<g::SkippedOpen> {
  static void apply0(Depth& depth) { ++depth.braces; }
};
template <>
struct SkipAction<g::SkippedClose> {
  static void apply0(Depth& depth) {
    depth.closed = depth.braces <= 1;
    depth.braces -= depth.braces == 0 ? 0 : 1;
  }
};
template <>
struct SkipAction<g::SkippedLine> {
  static void apply0(Depth& depth) { depth.line_ended = true; }
};
template <>
struct SkipAction<g::Comment> {
  static void apply0(Depth& depth) { depth.line_ended = true; }
};

struct TidyText {
  MappedText* to;
  const char* begin;
};

template <class Rule>
struct TidyAction : peg::nothing<Rule> {};
template <>
struct TidyAction<g::Gap> {
  static void apply0(const TidyText& text) { text.to->add(" "); }
};
template <>
struct TidyAction<g::KeptToken> {
  template <class In>
  static void apply(const In& in, const TidyText& text) {
    text.to->add({in.begin(), in.size()}, static_cast<std::size_t>(in.begin() - text.begin));
  }
};

}  // namespace

std::vector<StageHead> stage_heads(std::string_view text) {
  HeadReader reader;
  Input in = input_at(text, 0);
  static_cast<void>(peg::parse<Heads, HeadAction>(in, reader));
  return std::move(reader.heads);
}

bool is_stage_ahead(std::string_view text, std::size_t at) {
  Input in = input_at(text, at);
  return peg::parse<g::StageAhead>(in);
}

bool is_named_brace(std::string_view text, std::size_t at) {
  Input in = input_at(text, at);
  return peg::parse<g::NamedBrace>(in);
}

std::size_t skip_blanks(std::string_view text, std::size_t begin) {
  Input in = input_at(text, begin);
  static_cast<void>(peg::parse<g::Blank>(in));
  return static_cast<std::size_t>(in.current() - text.data());
}

Span word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && is_branch_name(text.substr(begin - 1, 1))) {
    --begin;
  }
  return {begin, end};
}

std::optional<std::size_t> open_parenthesis(std::string_view text, Span span) {
  std::size_t closed = 0;
  for (std::size_t at = span.end; at > span.begin + 1; --at) {
    const char c = text[at - 1];
    closed += c == ')' ? 1 : 0;
    if (c == '(' && closed == 0) {
      return at - 1;
    }
    closed -= c == '(' ? 1 : 0;
  }
  return std::nullopt;
}

std::optional<std::size_t> skip_statement(std::string_view text, std::size_t begin,
                                          std::size_t at) {
  Depth depth;
  Input in = input_at(text, begin);
  const auto position = [&] { return static_cast<std::size_t>(in.current() - text.data()); };
  while (!in.empty()) {
    depth.closed = false;
    depth.line_ended = false;
    static_cast<void>(peg::parse<g::SkippedToken, SkipAction>(in, depth));
    if (depth.closed || (depth.line_ended && depth.braces == 0 && position() > at)) {
      return position();
    }
    if (depth.line_ended && is_stage_ahead(text, skip_blanks(text, position()))) {
      return position();
    }
  }
  return depth.braces == 0 ? std::optional(position()) : std::nullopt;
}

void add_tidy(MappedText& to, std::string_view text, Span span) {
  const TidyText tidy{&to, text.data()};
  Input in(text.data() + span.begin, text.data() + span.end, "");
  static_cast<void>(peg::parse<peg::star<g::TidyToken>, TidyAction>(in, tidy));
}

}  // namespace nfql
