// Expressions as written: a tree of names and literals, not yet bound to any columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "common/flow/address.h"

struct nfql_aggregate;  // nfql/aggregate.h

namespace nfql {

/// A place in the text of an expression: bytes [begin, end).
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Holds every integer of the language: i64, u64 and their sums.
__extension__ typedef __int128 Wide;

/// An integer as written, e.g. `10`, `0x13`, `4Ki`, `30s` (value 30, unit "s"), `60us`.
struct IntegerLiteral {
  Wide value = 0;
  std::string unit;  ///< "" or one of us ms s m min h d
};

struct FloatLiteral {
  double value = 0;
  std::string unit;
};

/// A word or quoted string whose meaning depends on what it is compared with: a field, a protocol,
/// a service, TCP flag letters ("S", "SA/SAFR"), a time.
struct WordLiteral {
  std::string text;
  bool quoted = false;
};

/// A possibly qualified name: `srcip`, `A.srcip`, `last.end`, `g1.bytes`.
struct Name {
  std::string qualifier;  ///< "" when there is none
  std::string name;
};

struct Operand;

enum class Arithmetic : std::uint8_t { add, subtract, bit_and, bit_or };

struct Binary {
  Arithmetic op;
  std::unique_ptr<Operand> left, right;
};

/// `prefix(ip, 24)`, `gap(x, y)`, `protocol("tcp")`, `sum(bytes)` …; the name in lower case.
struct Call {
  std::string function;
  std::vector<Operand> arguments;
  std::string qualifier;  ///< `g1` in `g1.sum(bytes)`
};

/// `low..high`, both inclusive.
struct Range {
  std::unique_ptr<Operand> low, high;
};

/// `{a, b, c}`: values, prefixes and ranges.
struct SetLiteral {
  std::vector<Operand> items;
};

/// `@file`: a list of values, one a line.
struct FileSet {
  std::string path;
};

/// A side of a comparison. A bare word that could be a name is a Name; binding decides.
struct Operand {
  Span span;
  std::variant<Name, IntegerLiteral, FloatLiteral, Address, Prefix, WordLiteral, Binary, Call,
               Range, SetLiteral, FileSet>
      node;
};

enum class Op : std::uint8_t { eq, ne, lt, le, gt, ge };

/// `delta 5s` or `rdelta 1s`.
struct Tolerance {
  Span span;
  bool relative = false;  ///< rdelta
  std::unique_ptr<Operand> amount;
};

/// `left op right [delta d]`.
struct Comparison {
  Operand left;
  Op op = Op::eq;
  Operand right;
  std::unique_ptr<Tolerance> tolerance;  ///< null: none
};

/// `left [not] in right`.
struct Membership {
  Operand left;
  bool negated = false;
  Operand right;
};

/// `left intersects right`.
struct Intersection {
  Operand left;
  Operand right;
};

/// The thirteen relations of Allen (1983) between two intervals.
enum class Allen : std::uint8_t {
  before,
  after,
  meets,
  met_by,
  overlaps,
  overlapped_by,
  starts,
  started_by,
  during,
  contains,
  finishes,
  finished_by,
  equals
};

/// `A before B [delta d]`: two branches related in time. Only in merge expressions.
struct AllenTerm {
  std::string left;
  Allen relation = Allen::equals;
  std::string right;
  std::unique_ptr<Tolerance> tolerance;  ///< null: none
  Span left_span = {};
  Span right_span = {};
};

/// `any`: true for every row.
struct Always {};

/// A group term that is an operand alone: `srcip`, `prefix(srcip, 24) as net`. Elsewhere an error.
struct Bare {
  Operand operand;
  std::string alias;  ///< after `as`, or ""
};

struct Expr;

struct And {
  std::vector<Expr> parts;  ///< at least 2
};
struct Or {
  std::vector<Expr> parts;  ///< at least 2
};
struct Not {
  std::unique_ptr<Expr> part;
};

struct Expr {
  Span span;
  std::variant<Comparison, Membership, Intersection, AllenTerm, Always, Bare, And, Or, Not> node;
};

/// One item of an aggregate list: `sum(bytes) as total`, `srcip`, `quantile(bytes, 0.9)`, `count`.
struct AggregateItem {
  Span span;
  std::string function;   ///< as written, lower case; "" for a bare field
  std::string written;    ///< the function as written, for the default name
  std::string qualifier;  ///< module in front: `g1`, or ""
  std::string field;      ///< "" for a bare `count`
  Span field_span;
  double argument = 0;        ///< the q of quantile
  std::string argument_text;  ///< as written; "" when there is none
  std::string alias;          ///< after `as`, or ""
  /// The function if it is a plug-in's, see AggregatePlugins::resolve(); the parser leaves it null.
  const nfql_aggregate* plugin = nullptr;
};

}  // namespace nfql
