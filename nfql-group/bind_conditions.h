// From group terms as written to conditions on a group and a flow that may join it.
#pragma once

#include <cstdint>
#include <vector>

#include "common/expr/parse.h"
#include "common/expr/sense.h"
#include "common/flow/time.h"
#include "nfql-group/condition.h"
#include "nfql-group/flow_value.h"
#include "nfql-group/related_names.h"

namespace nfql::relate {

/// A value that a group keeps.
struct Held {
  Of of = Of::first;
  std::uint32_t value = 0;  ///< index of what is kept of flows
  bool real = false;
};

/// What conditions read, each once.
struct Readings {
  std::vector<FlowValue> values;  ///< of every flow
  std::vector<Held> held;         ///< of every group

  [[nodiscard]] Ref add(Of of, FlowValue&& value);
};

/// Binds terms one by one. Throws Error(Exit::usage) with a caret for whatever is wrong with them,
/// and for those that have no meaning between flows.
class ConditionBinder {
 public:
  /// All but the zone must outlive this.
  ConditionBinder(RelatedNames& names, ZoneMinutes zone, Readings& readings)
      : names_(names), zone_(zone), readings_(readings) {}

  /// Of any expression but a field alone.
  [[nodiscard]] Condition bind(Expr&& expr, Sense sense);
  /// Of a term that is resolved already.
  [[nodiscard]] Condition bind(Comparison&& term, Span span, Sources sources, Sense sense);

 private:
  [[nodiscard]] Condition bind_parts(std::vector<Expr>&& parts, Condition::Kind kind, Sense sense);
  [[nodiscard]] Condition bind(Membership&& term, Span span, Sense sense);
  [[nodiscard]] Condition make_predicate(Expr&& term, Of of, Sense sense);
  [[nodiscard]] Condition::Later later_of(const SumTest& test) const;
  template <class Test>
  [[nodiscard]] Condition make_condition(Test&& test, const Sources& sources) const;

  RelatedNames& names_;
  ZoneMinutes zone_;
  Readings& readings_;
};

}  // namespace nfql::relate
