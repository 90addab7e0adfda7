// The grammar of the text form as PEGTL rules, without actions; expressions are those of
// common/expr/grammar.h.
#pragma once

#include <tao/pegtl.hpp>

#include "common/expr/grammar.h"

/// Words that mean something only do so where they can: each is known by what follows it, so that
/// a branch may be called `m` and a filter `group`. What a must<> names has its message in
/// text_reader.cc.
namespace nfql::text_grammar {

namespace peg = tao::pegtl;
using grammar::Blank;
using grammar::Comment;
using grammar::Quoted;
using grammar::Word;

struct FilterWord : peg::sor<Word<'f', 'i', 'l', 't', 'e', 'r'>,
                             Word<'g', 'r', 'o', 'u', 'p', 'f', 'i', 'l', 't', 'e', 'r'>> {};
struct GrouperWord : Word<'g', 'r', 'o', 'u', 'p', 'e', 'r'> {};
struct MergerWord : Word<'m', 'e', 'r', 'g', 'e', 'r'> {};
struct SplitterWord : Word<'s', 'p', 'l', 'i', 't', 't', 'e', 'r'> {};
struct UngrouperWord : Word<'u', 'n', 'g', 'r', 'o', 'u', 'p', 'e', 'r'> {};
struct StageWord : peg::sor<FilterWord, GrouperWord, MergerWord, SplitterWord, UngrouperWord> {};

struct Arrow : peg::string<'-', '>'> {};
struct Comma : peg::one<','> {};
struct BranchWord : Word<'b', 'r', 'a', 'n', 'c', 'h'> {};
struct NamedBrace : peg::seq<peg::identifier, Blank, peg::one<'{'>> {};
struct StageAhead : peg::seq<StageWord, Blank, NamedBrace> {};

// What stands in braces.

struct BodyOpen : peg::one<'{'> {};
struct BodyClose : peg::one<'}'> {};
template <class... Items>
struct Body
    : peg::seq<peg::must<BodyOpen>, Blank,
               peg::star<peg::not_at<peg::sor<BodyClose, StageAhead>>, peg::sor<Items...>, Blank>,
               peg::must<BodyClose>> {};

/// An expression, as far as it goes; the state reads it.
struct RuleItem {
  using rule_t = RuleItem;
  using subs_t = peg::empty_list;
  template <peg::apply_mode, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class State>
  static bool match(Input& in, State& state) {
    return state.read_rule(in);
  }
};

/// A list of aggregates; the state reads it.
struct AggregateItems {
  using rule_t = AggregateItems;
  using subs_t = peg::empty_list;
  template <peg::apply_mode, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class State>
  static bool match(Input& in, State& state) {
    return state.read_aggregates(in);
  }
};
struct AggregateStart
    : peg::seq<Word<'a', 'g', 'g', 'r', 'e', 'g', 'a', 't', 'e'>, Blank, peg::at<peg::identifier>> {
};
struct AggregateClause : peg::seq<AggregateStart, AggregateItems> {};
struct MisplacedAggregate : peg::seq<AggregateStart> {};

struct BranchItem : peg::identifier {};
struct BranchesClause : peg::seq<Word<'b', 'r', 'a', 'n', 'c', 'h', 'e', 's'>, Blank, BranchItem,
                                 peg::star<Blank, Comma, Blank, peg::must<BranchItem>>> {};
struct ExportItem : peg::identifier {};
struct ExportClause : peg::seq<Word<'e', 'x', 'p', 'o', 'r', 't'>, Blank, ExportItem,
                               peg::star<Blank, Comma, Blank, peg::must<ExportItem>>> {};
struct EmitWhat : peg::identifier {};
struct EmitClause : peg::seq<Word<'e', 'm', 'i', 't'>, Blank, EmitWhat> {};
struct OrderWhat : peg::sor<Word<'t', 'i', 'm', 'e'>, Word<'i', 'n', 'p', 'u', 't'>> {};
struct OrderClause : peg::seq<Word<'o', 'r', 'd', 'e', 'r'>, Blank, OrderWhat> {};
struct NoMembers : peg::seq<Word<'n', 'o'>, Blank, Word<'m', 'e', 'm', 'b', 'e', 'r', 's'>> {};
struct Flat : Word<'f', 'l', 'a', 't'> {};

struct ModuleWord : Word<'m', 'o', 'd', 'u', 'l', 'e'> {};
struct ModuleName : peg::identifier {};
template <class ModuleBody>
struct Module : peg::seq<ModuleWord, Blank, peg::at<peg::sor<BodyOpen, NamedBrace>>,
                         peg::must<ModuleName>, Blank, ModuleBody> {};
struct GroupModule : Module<Body<MisplacedAggregate, RuleItem>> {};
struct MergeModule : Module<Body<BranchesClause, RuleItem>> {};

// Stages. A name that is a word for a kind of stage may begin a chain.

struct StageName : peg::identifier {};
struct ChainAhead : peg::sor<Arrow, peg::seq<BranchWord, Blank, peg::identifier, Blank, Arrow>> {};
template <class Kind>
struct KindWord : Kind {};
template <class Kind, class StageBody>
struct Stage : peg::seq<KindWord<Kind>, Blank, peg::not_at<ChainAhead>, peg::must<StageName>, Blank,
                        StageBody> {};
struct AnyStage
    : peg::sor<
          Stage<FilterWord, Body<RuleItem>>,
          Stage<GrouperWord, Body<GroupModule, AggregateClause, OrderClause, NoMembers, RuleItem>>,
          Stage<MergerWord, Body<MergeModule, BranchesClause, ExportClause, EmitClause, RuleItem>>,
          Stage<SplitterWord, Body<peg::failure>>, Stage<UngrouperWord, Body<Flat>>> {};

// Chains.

struct FileLink : Quoted {};
struct StageLink : peg::identifier {};
struct Link : peg::sor<FileLink, StageLink> {};
struct NextLink : peg::seq<peg::not_at<StageAhead>, Link> {};
struct BranchName : peg::identifier {};
struct BranchArrow : peg::at<Arrow> {};
struct BranchClause : peg::seq<BranchWord, Blank, BranchName, Blank, peg::must<BranchArrow>> {};
struct ArrowStep : peg::seq<Arrow, Blank, peg::must<NextLink>, peg::opt<Blank, BranchClause>> {};
struct ChainStep : peg::sor<ArrowStep, BranchClause> {};
struct Chain : peg::seq<Link, Blank, peg::must<ChainStep>, peg::star<Blank, ArrowStep>> {};

struct Statement : peg::sor<AnyStage, Chain> {};

// Tokens, for finding names and the end of what could not be read.

struct SkippedString
    : peg::seq<peg::one<'"'>,
               peg::star<peg::sor<peg::seq<peg::one<'\\'>, peg::any>, peg::not_one<'"', '\n'>>>,
               peg::opt<peg::one<'"'>>> {};
struct SkippedOpen : peg::one<'{'> {};
struct SkippedClose : peg::one<'}'> {};
struct SkippedLine : peg::eol {};
struct SkippedWord : peg::plus<peg::identifier_other> {};
struct SkippedBlanks : peg::plus<peg::blank> {};
struct SkippedToken : peg::sor<SkippedWord, SkippedBlanks, SkippedString, Comment, SkippedOpen,
                               SkippedClose, SkippedLine, peg::any> {};

// Stripping blanks and comments from expressions that were read before.
struct Gap : peg::plus<peg::sor<peg::space, Comment>> {};
struct KeptToken : peg::sor<SkippedWord, Quoted, grammar::FileToken, peg::any> {};
struct TidyToken : peg::sor<Gap, KeptToken> {};

}  // namespace nfql::text_grammar
