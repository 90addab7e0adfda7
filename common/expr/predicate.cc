#include "common/expr/predicate.h"

#include <algorithm>
#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

#include "common/expr/bind.h"

namespace nfql {

struct Predicate::Impl {
  Frame frame;
  ConditionPtr condition;
  std::vector<std::uint8_t> mask;
};

Predicate::Predicate(const ExpressionText& expression, const Schema& schema, ZoneMinutes zone) {
  Scope scope(expression, schema, zone);
  ConditionPtr condition = bind_expression(scope, expression.expr, Sense::as_written);
  impl_ = std::make_unique<Impl>(Impl{Frame(scope.take_slots()), std::move(condition), {}});
}

Predicate::~Predicate() = default;
Predicate::Predicate(Predicate&&) noexcept = default;
Predicate& Predicate::operator=(Predicate&&) noexcept = default;

bool Predicate::always() const {
  return impl_->condition->constant() == std::optional(true);
}

std::vector<std::size_t> Predicate::columns() const {
  return impl_->frame.batch_columns();
}

bool Predicate::may_hold(std::span<const ColumnExtremes> columns) const {
  return impl_->condition->may_hold(impl_->frame.extremes(columns));
}

void Predicate::evaluate(const Batch& batch, std::span<std::uint8_t> mask) {
  assert(mask.size() == batch.rows);
  std::fill(mask.begin(), mask.end(), std::uint8_t{1});
  impl_->frame.reset(batch);
  impl_->condition->narrow(impl_->frame, mask.data());
}

void Predicate::select(const Batch& batch, std::vector<RowId>& rows) {
  std::vector<std::uint8_t>& mask = impl_->mask;
  mask.resize(batch.rows);
  evaluate(batch, mask);
  rows.resize(batch.rows);
  // Stores every row and advances only past those that are kept: no branch depends on the data.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < batch.rows; ++i) {
    rows[kept] = static_cast<RowId>(i);
    kept += mask[i];
  }
  rows.resize(kept);
}

namespace {

void add_element(ElementId id, std::vector<ElementId>& elements) {
  if (std::find(elements.begin(), elements.end(), id) == elements.end()) {
    elements.push_back(id);
  }
}

void collect(const Operand& operand, std::vector<ElementId>& elements);

void collect(const Name& name, std::vector<ElementId>& elements) {
  const std::optional<ElementId> id = find_element(name.name);
  if (!id) {
    return;
  }
  add_element(*id, elements);
  if (*id == element::kDuration) {
    add_element(element::kStart, elements);
    add_element(element::kEnd, elements);
  }
}

struct ElementCollector {
  std::vector<ElementId>& elements;

  // Operands.
  void operator()(const Name& name) const { collect(name, elements); }
  void operator()(const Binary& binary) const {
    collect(*binary.left, elements);
    collect(*binary.right, elements);
  }
  void operator()(const Call& call) const {
    for (const Operand& argument : call.arguments) {
      collect(argument, elements);
    }
  }
  void operator()(const SetLiteral& set) const {
    for (const Operand& item : set.items) {
      collect(item, elements);
    }
  }
  void operator()(const Range& range) const {
    collect(*range.low, elements);
    collect(*range.high, elements);
  }
  // Expressions.
  void operator()(const Comparison& term) const {
    collect(term.left, elements);
    collect(term.right, elements);
  }
  void operator()(const Membership& term) const {
    collect(term.left, elements);
    collect(term.right, elements);
  }
  void operator()(const Intersection& term) const {
    collect(term.left, elements);
    collect(term.right, elements);
  }
  void operator()(const AllenTerm&) const {
    add_element(element::kStart, elements);
    add_element(element::kEnd, elements);
  }
  void operator()(const Bare& bare) const { collect(bare.operand, elements); }
  void operator()(const And& all) const { each(all.parts); }
  void operator()(const Or& any) const { each(any.parts); }
  void operator()(const Not& negation) const { collect_elements(*negation.part, elements); }
  // Literals and `any` name nothing.
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void each(const std::vector<Expr>& parts) const {
    for (const Expr& part : parts) {
      collect_elements(part, elements);
    }
  }
};

void collect(const Operand& operand, std::vector<ElementId>& elements) {
  std::visit(ElementCollector{elements}, operand.node);
}

}  // namespace

void collect_elements(const Expr& expr, std::vector<ElementId>& elements) {
  std::visit(ElementCollector{elements}, expr.node);
}

}  // namespace nfql
