// The grammar of expressions and aggregate lists as PEGTL rules, without actions.
#pragma once

#include <tao/pegtl.hpp>

/// The rules are arranged so that no text is read twice: what stands in parentheses is read as an
/// expression, and whether that is an operand alone is decided by what is built from it. Rules that
/// go back do so within one token, so the time is linear in the length of the text. What a must<>
/// names has its message in parse.cc.
namespace nfql::grammar {

namespace peg = tao::pegtl;

// Blanks and words.

struct Comment : peg::seq<peg::one<'#'>, peg::until<peg::eolf>> {};
struct Blank : peg::star<peg::sor<peg::space, Comment>> {};

template <char... Letters>
struct Word : peg::seq<peg::istring<Letters...>, peg::not_at<peg::identifier_other>> {};

struct InWord : Word<'i', 'n'> {};
struct NotInWord : Word<'n', 'o', 't', 'i', 'n'> {};
struct IntersectsWord : Word<'i', 'n', 't', 'e', 'r', 's', 'e', 'c', 't', 's'> {};
struct DeltaWord : Word<'d', 'e', 'l', 't', 'a'> {};
struct RdeltaWord : Word<'r', 'd', 'e', 'l', 't', 'a'> {};
struct AsWord : Word<'a', 's'> {};
struct AndWord : peg::sor<Word<'a', 'n', 'd'>, peg::string<'&', '&'>, peg::one<','>> {};
struct OrWord : peg::sor<Word<'o', 'r'>, peg::string<'|', '|'>> {};
struct NotWord : peg::sor<peg::seq<Word<'n', 'o', 't'>, peg::not_at<peg::one<'.'>>>,
                          peg::seq<peg::one<'!'>, peg::not_at<peg::one<'=', '~'>>>> {};

// Words that are no names where an operand is expected, so that a missing operand is found where it
// is missing. `and.x` is still a field of a branch, and `or(flags)` the aggregate.
struct Reserved
    : peg::sor<peg::seq<peg::sor<Word<'a', 'n', 'd'>, Word<'o', 'r'>>, peg::not_at<peg::one<'('>>>,
               Word<'n', 'o', 't'>, InWord, NotInWord> {};

// Literals. Each ends where no more of a literal follows, so `10.0.0.1x` is none.

struct LiteralEnd : peg::not_at<peg::sor<peg::identifier_other, peg::one<':', '/'>,
                                         peg::seq<peg::one<'.'>, peg::identifier_other>>> {};
struct Digits : peg::plus<peg::digit> {};
struct TwoDigits : peg::rep<2, peg::digit> {};

// `e6871:14`, which is no IPv6 address as it has but one colon.
struct ElementNumber : peg::seq<peg::one<'e', 'E'>, Digits, peg::one<':'>, Digits, LiteralEnd> {};
// A qualifier may begin with a digit: branches of the JSON term form are numbers.
struct Qualified : peg::seq<peg::plus<peg::identifier_other>, peg::one<'.'>,
                            peg::sor<ElementNumber, peg::identifier>> {};

struct DotDigits : peg::seq<peg::one<'.'>, Digits> {};

struct Date
    : peg::seq<peg::rep<4, peg::digit>, peg::one<'-'>, TwoDigits, peg::one<'-'>, TwoDigits> {};
struct Clock : peg::seq<peg::one<'T', 't'>, TwoDigits, peg::one<':'>, TwoDigits,
                        peg::opt<peg::one<':'>, TwoDigits, peg::opt<DotDigits>>> {};
struct Zone
    : peg::sor<peg::one<'Z', 'z'>,
               peg::seq<peg::one<'+', '-'>, TwoDigits, peg::opt<peg::one<':'>>, TwoDigits>> {};
struct TimeToken : peg::seq<Date, peg::opt<Clock>, peg::opt<Zone>, LiteralEnd> {};
// `2030-1-5` is a date to whoever writes it, not a sum.
struct ShortDate : peg::seq<peg::rep<4, peg::digit>,
                            peg::rep<2, peg::one<'-'>, peg::rep_min_max<1, 2, peg::digit>>,
                            peg::star<peg::identifier_other>> {};
struct MalformedTime
    : peg::sor<
          peg::seq<Date, peg::plus<peg::sor<peg::identifier_other, peg::one<':', '.', '+', '-'>>>>,
          ShortDate> {};

struct TwoHex : peg::rep<2, peg::xdigit> {};
struct MacToken
    : peg::seq<TwoHex,
               peg::sor<peg::rep<5, peg::one<':'>, TwoHex>, peg::rep<5, peg::one<'-'>, TwoHex>>,
               peg::not_at<peg::sor<peg::identifier_other, peg::one<':', '-'>>>> {};

struct Ipv6Shape
    : peg::seq<peg::star<peg::xdigit>, peg::one<':'>,
               peg::star<peg::sor<peg::xdigit, peg::one<':'>>>, peg::opt<peg::rep<3, DotDigits>>> {
};
struct Ipv4Shape : peg::seq<Digits, peg::rep<3, DotDigits>> {};
struct ShortIpv4Shape : peg::seq<Digits, peg::rep_opt<3, DotDigits>> {};
struct AddressToken : peg::seq<peg::sor<Ipv6Shape, Ipv4Shape>, LiteralEnd> {};
struct PrefixToken
    : peg::seq<peg::sor<Ipv6Shape, ShortIpv4Shape>, peg::one<'/'>, Digits, LiteralEnd> {};

// Any letters are taken for a suffix; whether it is one is checked later, with a better message.
struct Suffix : peg::opt<peg::plus<peg::alpha>> {};
struct Hexadecimal : peg::seq<peg::one<'0'>, peg::one<'x', 'X'>, peg::plus<peg::xdigit>> {};
struct IntegerToken
    : peg::seq<peg::opt<peg::one<'-'>>,
               peg::sor<peg::seq<Hexadecimal, LiteralEnd>, peg::seq<Digits, Suffix, LiteralEnd>>> {
};
struct Exponent : peg::seq<peg::one<'e', 'E'>, peg::opt<peg::one<'+', '-'>>, Digits> {};
struct Decimal : peg::seq<Digits, peg::sor<peg::seq<DotDigits, peg::opt<Exponent>>, Exponent>> {};
struct FloatToken : peg::seq<peg::opt<peg::one<'-'>>, Decimal, Suffix, LiteralEnd> {};

struct QuoteMark : peg::one<'"'> {};
struct QuoteRest
    : peg::seq<peg::star<peg::sor<peg::seq<peg::one<'\\'>, peg::any>, peg::not_one<'"', '\\'>>>,
               peg::one<'"'>> {};
struct Quoted : peg::seq<QuoteMark, peg::must<QuoteRest>> {};
struct StringToken : Quoted {};

struct FileMark : peg::one<'@'> {};
struct FilePath
    : peg::sor<Quoted,
               peg::plus<peg::not_one<' ', '\t', '\n', '\r', '\v', '\f', ',', ')', '}', '"'>>> {};
struct FileToken : peg::seq<FileMark, peg::must<FilePath>> {};

struct FlagsToken : peg::seq<peg::identifier, peg::one<'/'>, peg::identifier> {};

// What begins as a literal and is none.
struct MalformedToken
    : peg::seq<peg::sor<peg::seq<peg::opt<peg::one<'-'>>, peg::digit>,
                        peg::seq<peg::star<peg::xdigit>, peg::one<':'>>>,
               peg::star<peg::sor<peg::identifier_other, peg::one<'.', ':', '/'>>>> {};

// Operands.

struct Expression;
struct Sum;
struct Comma : peg::one<','> {};

struct QualifiedName : Qualified {};
struct ElementName : ElementNumber {};
struct PlainName : peg::seq<peg::not_at<Reserved>, peg::identifier> {};
struct CallOpen : peg::one<'('> {};
struct CallClose : peg::one<')'> {};
struct Argument : peg::seq<Sum> {};
struct Arguments : peg::seq<Sum, peg::star<Blank, Comma, Blank, peg::must<Argument>>> {};
struct CallTail : peg::seq<CallOpen, Blank, peg::opt<Arguments>, Blank, peg::must<CallClose>> {};
// The parenthesis of a call stands on the line of its name: one on the next line begins a rule.
template <class NameRule>
struct NameOrCall : peg::seq<NameRule, peg::opt<peg::star<peg::blank>, CallTail>> {};

struct Atom : peg::sor<StringToken, TimeToken, MalformedTime, ElementName, MacToken, PrefixToken,
                       AddressToken, NameOrCall<QualifiedName>, FloatToken, IntegerToken,
                       MalformedToken, FlagsToken, NameOrCall<PlainName>> {};
struct RangeDots : peg::two<'.'> {};
struct RangeEnd : Atom {};
struct RangeTail : peg::seq<RangeDots, Blank, peg::must<RangeEnd>> {};
struct Value : peg::seq<Atom, peg::opt<Blank, RangeTail>> {};

struct SetOpen : peg::one<'{'> {};
struct SetClose : peg::one<'}'> {};
struct SetItem : Value {};
struct Set
    : peg::seq<SetOpen, Blank, peg::must<SetItem>,
               peg::star<Blank, Comma, Blank, peg::must<SetItem>>, Blank, peg::must<SetClose>> {};

struct GroupOpen : peg::one<'('> {};
struct GroupClose : peg::one<')'> {};
struct GroupBody : peg::seq<Expression> {};
struct Group : peg::seq<GroupOpen, Blank, peg::must<GroupBody>, Blank, peg::must<GroupClose>> {};

struct Primary : peg::sor<Group, Set, FileToken, Value> {};
struct ArithmeticSign
    : peg::sor<peg::seq<peg::one<'&'>, peg::not_at<peg::one<'&'>>>,
               peg::seq<peg::one<'|'>, peg::not_at<peg::one<'|'>>>, peg::one<'+', '-'>> {};
struct SumOperand : Primary {};
struct SumStep : peg::seq<ArithmeticSign, Blank, peg::must<SumOperand>> {};
struct Sum : peg::seq<Primary, peg::star<Blank, SumStep>> {};

// Terms.

struct Amount : peg::sor<FloatToken, IntegerToken> {};
// `5 min`, but not where that is the name with which the next rule begins: `5  min.start > end`.
struct DetachedUnit
    : peg::seq<peg::plus<peg::alpha>, peg::not_at<peg::sor<peg::identifier_other, peg::one<'.'>>>,
               peg::not_at<peg::star<peg::blank>, peg::one<'=', '<', '>', '!', '~', '('>>> {};
struct Tolerance : peg::seq<peg::sor<DeltaWord, RdeltaWord>, Blank, peg::must<Amount>,
                            peg::opt<peg::star<peg::blank>, DetachedUnit>> {};

struct RightSide : Sum {};
struct Comparator : peg::plus<peg::one<'=', '<', '>', '!', '~'>> {};
struct Compared : peg::seq<Comparator, Blank, peg::must<RightSide>, peg::opt<Blank, Tolerance>> {};

struct NotBeforeIn : NotWord {};
struct InAfterNot : InWord {};
struct NegatedIn : peg::seq<NotBeforeIn, Blank, peg::must<InAfterNot>> {};
struct Membership : peg::seq<peg::sor<InWord, NotInWord, NegatedIn>, Blank, peg::must<RightSide>> {
};
struct Intersection : peg::seq<IntersectsWord, Blank, peg::must<RightSide>> {};

// `met-by` is the only kind of word with a hyphen. Which words are relations is checked later.
struct AllenWord : peg::seq<peg::identifier, peg::opt<peg::one<'-'>, Word<'b', 'y'>>> {};
struct Branch : peg::plus<peg::identifier_other> {};
struct AllenRelation : peg::seq<AllenWord, Blank, peg::must<Branch>, peg::opt<Blank, Tolerance>> {};

struct AliasName : peg::identifier {};
struct Alias : peg::seq<AsWord, Blank, peg::must<AliasName>> {};

struct Term
    : peg::seq<Sum, peg::opt<Blank,
                             peg::sor<Membership, Intersection, Compared, Alias, AllenRelation>>> {
};

// Expressions.

struct NegatedTerm : Term {};
struct Negated : peg::seq<peg::plus<NotWord, Blank>, peg::must<NegatedTerm>> {};
struct Negation : peg::sor<Negated, Term> {};
struct AndTerm : Negation {};
struct AndStep : peg::seq<AndWord, Blank, peg::must<AndTerm>> {};
struct Conjunction : peg::seq<Negation, peg::star<Blank, AndStep>> {};
struct OrTerm : Conjunction {};
struct OrStep : peg::seq<OrWord, Blank, peg::must<OrTerm>> {};
struct Expression : peg::seq<Conjunction, peg::star<Blank, OrStep>> {};

struct WholeText : peg::seq<Blank, peg::opt<Expression>, Blank, peg::must<peg::eof>> {};
// One of the expressions that stand side by side in a query: ends where no more of it follows.
struct Rule : peg::seq<Expression> {};

// Aggregate lists.

struct AggregateName : peg::sor<ElementNumber, Qualified, peg::identifier> {};
struct AggregateOpen : peg::one<'('> {};
// The prototype wrote `sum(g1.bytes)` for `g1.sum(bytes)`.
struct AggregateField : peg::sor<ElementNumber, Qualified, peg::identifier> {};
struct AggregateNumber : peg::seq<peg::sor<Decimal, Digits>, LiteralEnd> {};
struct AggregateClose : peg::one<')'> {};
struct AggregateTail
    : peg::seq<AggregateOpen, Blank,
               peg::opt<AggregateField, peg::opt<Blank, Comma, Blank, peg::must<AggregateNumber>>>,
               Blank, peg::must<AggregateClose>> {};
struct AggregateAlias : peg::seq<AsWord, Blank, peg::must<AliasName>> {};
struct Aggregate
    : peg::seq<AggregateName, peg::opt<Blank, AggregateTail>, peg::opt<Blank, AggregateAlias>> {};
struct NextAggregate : Aggregate {};
struct Aggregates : peg::seq<Aggregate, peg::star<Blank, Comma, Blank, peg::must<NextAggregate>>> {
};
struct AggregateList : peg::seq<Blank, peg::opt<Aggregates>, Blank, peg::must<peg::eof>> {};

}  // namespace nfql::grammar
