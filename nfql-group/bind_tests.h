// Comparisons between flows, bound: as tests of numbers and addresses.
#pragma once

#include <variant>

#include "common/expr/kernels_compare.h"
#include "common/expr/operand.h"
#include "common/expr/parse.h"
#include "common/expr/sense.h"
#include "nfql-group/bind_conditions.h"
#include "nfql-group/condition.h"
#include "nfql-group/related_names.h"

namespace nfql::relate {

using Test = decltype(Condition::test);

/// Binds one term, whose names are resolved.
class TestBinder {
 public:
  /// All but the zone must outlive this.
  TestBinder(const RelatedNames& names, ZoneMinutes zone, Readings& readings)
      : names_(names), scope_(names.source(), names.schema(), zone), readings_(readings) {}

  /// An ordering with a tolerance bounds the gap here: `X < Y delta d` is 0 <= Y - X < d.
  [[nodiscard]] Test comparison(const Comparison& term, Span span, Sense sense);
  /// A number or an address in a list of constants.
  [[nodiscard]] Test membership(const Membership& term, Span span, Sense sense);

 private:
  [[nodiscard]] Test numbers(const Comparison& term, const BoundOperand& left,
                             const BoundOperand& right, Sense sense);
  [[nodiscard]] Test addresses(const AddressSide& left, Op op, const AddressSide& right);
  [[nodiscard]] Number difference(const BoundOperand& left, const BoundOperand& right) const;
  [[nodiscard]] Test sum_in(const Number& number, std::vector<Bounds<Wide>> ranges, Where where);
  template <class Lane>
  [[nodiscard]] Test number_in(const Number& number, std::vector<Bounds<Lane>> ranges, Where where);
  [[nodiscard]] Test address_in(std::size_t slot, std::vector<Bounds<Wide>> ranges, Where where);
  [[nodiscard]] Ref ref(std::size_t slot) const;
  void check_fits(const BoundOperand& left, const BoundOperand& right) const;
  void no_tolerance(const Comparison& term, const BoundOperand& of) const;
  void equality_only(const Comparison& term, const BoundOperand& of) const;
  [[noreturn]] void fail_mixed(Span span, const BoundOperand& left,
                               const BoundOperand& right) const;

  const RelatedNames& names_;
  Scope scope_;
  Readings& readings_;
};

}  // namespace nfql::relate
