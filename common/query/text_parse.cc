#include <type_traits>

#include "common/query/text_grammar.h"
#include "common/query/text_reader.h"
#include "common/query/text_tokens.h"

namespace nfql {
namespace {

namespace g = text_grammar;
namespace peg = tao::pegtl;

// What a rule does once it has matched: a member of TextReader.
template <class Rule>
struct Action : peg::nothing<Rule> {};

template <auto kMember>
struct Calls {
  template <class Input>
  static void apply(const Input& in, TextReader& reader) {
    const std::size_t begin = reader.offset(in.begin());
    (reader.*kMember)(Span{begin, begin + in.size()});
  }
};

using R = TextReader;
// clang-format off
template <class Kind> struct Action<g::KindWord<Kind>> : Calls<&R::kind> {};
template <> struct Action<g::StageName> : Calls<&R::stage_name> {};
template <> struct Action<g::BodyOpen> : Calls<&R::open> {};
template <> struct Action<g::BodyClose> : Calls<&R::close> {};
template <> struct Action<grammar::QuoteMark> : Calls<&R::saw> {};
template <> struct Action<g::ModuleWord> : Calls<&R::saw> {};
template <> struct Action<g::ModuleName> : Calls<&R::module_name> {};
template <> struct Action<g::GroupModule> : Calls<&R::end_module> {};
template <> struct Action<g::MergeModule> : Calls<&R::end_module> {};
template <> struct Action<g::MisplacedAggregate> : Calls<&R::misplaced_aggregate> {};
template <> struct Action<g::Comma> : Calls<&R::saw> {};
template <> struct Action<g::BranchItem> : Calls<&R::branch_item> {};
template <> struct Action<g::ExportItem> : Calls<&R::export_item> {};
template <> struct Action<g::EmitWhat> : Calls<&R::emit_what> {};
template <> struct Action<g::OrderWhat> : Calls<&R::order_what> {};
template <> struct Action<g::NoMembers> : Calls<&R::no_members> {};
template <> struct Action<g::Flat> : Calls<&R::flat> {};
template <> struct Action<g::Arrow> : Calls<&R::saw> {};
template <> struct Action<g::FileLink> : Calls<&R::file_link> {};
template <> struct Action<g::StageLink> : Calls<&R::stage_link> {};
template <> struct Action<g::BranchName> : Calls<&R::branch_name> {};
template <> struct Action<g::Chain> : Calls<&R::chain> {};
// clang-format on

// What the message says when a rule that must match does not.
template <class Rule>
constexpr const char* kThing = nullptr;
template <>
constexpr const char* kThing<g::StageName> = "a name";
template <>
constexpr const char* kThing<g::ModuleName> = "a name";
template <>
constexpr const char* kThing<g::BodyOpen> = "'{'";
template <>
constexpr const char* kThing<g::BranchItem> = "a branch";
template <>
constexpr const char* kThing<g::ExportItem> = "a module";
template <>
constexpr const char* kThing<g::BranchArrow> = "'->'";
template <>
constexpr const char* kThing<g::NextLink> = "a stage or a file";

template <class Rule>
struct Control : peg::normal<Rule> {
  template <class Input>
  [[noreturn]] static void raise(const Input& in, TextReader& reader) {
    const std::size_t at = reader.offset(in.current());
    if constexpr (std::is_same_v<Rule, g::BodyClose>) {
      reader.missing_close(at);
    } else if constexpr (std::is_same_v<Rule, g::ChainStep>) {
      reader.missing_arrow(at);
    } else if constexpr (std::is_same_v<Rule, grammar::QuoteRest>) {
      reader.missing_quote();
    } else {
      static_assert(kThing<Rule> != nullptr, "a rule in must<> needs a message");
      reader.missing(kThing<Rule>);
    }
  }
};

// Reads the statement that begins at `begin`; returns where it ends. Throws TextError.
std::size_t read_statement(TextReader& reader, std::size_t begin) {
  const std::string_view text = reader.text();
  peg::memory_input<peg::tracking_mode::lazy> in(text.data() + begin, text.data() + text.size(),
                                                 "");
  reader.begin_statement();
  if (!peg::parse<g::Statement, Action, Control>(in, reader)) {
    reader.missing_statement(begin);
  }
  return reader.offset(in.current());
}

}  // namespace

TextQuery read_text(const QuerySource& source, Problems& problems) {
  const std::string_view text = source.text;
  TextReader reader(source);
  for (std::size_t at = skip_blanks(text, 0); at < text.size(); at = skip_blanks(text, at)) {
    try {
      at = read_statement(reader, at);
    } catch (const TextError& error) {
      problems.add(error);
      reader.give_up_statement();
      const auto end = skip_statement(text, at, error.fault().span.begin);
      if (!end || problems.full()) {
        reader.give_up_rest();
        break;
      }
      at = *end;
    }
  }
  return reader.take();
}

}  // namespace nfql
