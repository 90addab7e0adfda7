#include "nfql-group/group_terms.h"

#include <algorithm>
#include <cstdint>
#include <variant>

#include "common/base/error.h"
#include "nfql-group/related_names.h"

namespace nfql {
namespace {

using relate::Of;
using relate::Sources;

// Takes apart what `List` joins, and that only.
template <class List>
void flatten(Expr&& expr, std::vector<Expr>& parts) {
  if (auto* list = std::get_if<List>(&expr.node)) {
    for (Expr& part : list->parts) {
      flatten<List>(std::move(part), parts);
    }
  } else {
    parts.push_back(std::move(expr));
  }
}

enum class Modules : std::uint8_t { one, several };

class ModuleBinder {
 public:
  ModuleBinder(relate::RelatedNames& names, relate::ConditionBinder& conditions, Modules modules)
      : names_(names), conditions_(conditions), modules_(modules) {}

  GroupModule bind(Expr&& expr) {
    std::vector<Expr> terms;
    flatten<And>(std::move(expr), terms);
    for (Expr& term : terms) {
      add(std::move(term));
    }
    // One that fails for good lets the group be closed, so these are looked at first.
    std::stable_partition(module_.conditions.begin(), module_.conditions.end(),
                          [](const relate::Condition& condition) {
                            return condition.later != relate::Condition::Later::perhaps;
                          });
    return std::move(module_);
  }

 private:
  void add(Expr&& term) {
    if (const auto* bare = std::get_if<Bare>(&term.node)) {
      module_.keys.push_back(bind_key(names_.source(), names_.flows(), bare->operand, bare->alias));
      names_.check_key(bare->operand);
    } else if (auto* comparison = std::get_if<Comparison>(&term.node)) {
      const Sources sources = names_.resolve(*comparison, term.span);
      if (!add_equality(*comparison)) {
        module_.conditions.push_back(
            conditions_.bind(std::move(*comparison), term.span, sources, Sense::as_written));
      }
    } else if (!std::holds_alternative<Always>(term.node)) {
      module_.conditions.push_back(conditions_.bind(std::move(term), Sense::as_written));
    }
  }

  // Whether it is an equality that flows can be looked up by, and has been added as such.
  bool add_equality(Comparison& term) {
    const auto left = names_.key_source(term.left);
    const auto right = names_.key_source(term.right);
    if (term.op != Op::eq || !left || !right || !is_zero(term.tolerance.get()) ||
        (*left == Of::joining) == (*right == Of::joining)) {
      return false;
    }
    const bool swapped = *left == Of::joining;
    const Of of = swapped ? *right : *left;
    GroupKey old = key(swapped ? term.right : term.left);
    GroupKey joining = key(swapped ? term.left : term.right);
    if (same_key(old, joining) && of == Of::first) {
      module_.keys.push_back(std::move(old));
      return true;
    }
    const Type type = old.field().type;
    if (type != joining.field().type || type == Type::f64 || !can_cross(of, old, joining)) {
      return false;
    }
    module_.crossed.emplace_back(std::move(old), std::move(joining));
    return true;
  }

  // Groups are listed either by their first flow or by their last.
  bool can_cross(Of of, const GroupKey& old, const GroupKey& joining) {
    if (modules_ == Modules::one && same_key(old, joining)) {
      return true;  // where every flow has what the one before it has, it is what the first has
    }
    const bool last = of == Of::last && modules_ == Modules::one;
    if ((of != Of::first && !last) || (listed_ && module_.moving != last)) {
      return false;
    }
    listed_ = true;
    module_.moving = last;
    return true;
  }

  // Of an operand as written without its source.
  GroupKey key(const Operand& operand) const {
    return bind_key(names_.source(), names_.flows(), operand, "");
  }

  static bool is_zero(const Tolerance* tolerance) {
    const auto* amount =
        tolerance == nullptr ? nullptr : std::get_if<IntegerLiteral>(&tolerance->amount->node);
    return tolerance == nullptr || (amount != nullptr && amount->value == 0);
  }

  relate::RelatedNames& names_;
  relate::ConditionBinder& conditions_;
  Modules modules_;
  bool listed_ = false;  // whether moving says how
  GroupModule module_;
};

std::vector<GroupKey> shared_keys(const std::vector<GroupModule>& modules) {
  std::vector<GroupKey> shared;
  for (const GroupKey& key : modules.front().keys) {
    const bool everywhere =
        std::all_of(modules.begin(), modules.end(), [&key](const GroupModule& module) {
          return std::any_of(module.keys.begin(), module.keys.end(),
                             [&key](const GroupKey& other) { return same_key(key, other); });
        });
    if (everywhere) {
      shared.push_back(key);
    }
  }
  return shared;
}

}  // namespace

GroupTerms bind_group_terms(const ExpressionText& terms, const Schema& flows, ZoneMinutes zone) {
  // A tree has one owner, and binding changes it.
  ExpressionText own = parse(terms.text, Grammar::group_terms, terms.what);
  relate::RelatedNames names(own, flows);
  GroupTerms bound;
  relate::ConditionBinder conditions(names, zone, bound.readings);
  std::vector<Expr> modules;
  flatten<Or>(std::move(own.expr), modules);
  if (modules.size() > kMostModules) {
    fail_at(
        own.what, own.text, modules[kMostModules].span,
        fmt::format("too many modules (at most {} lists of terms joined by 'or')", kMostModules));
  }
  const Modules count = modules.size() == 1 ? Modules::one : Modules::several;
  for (Expr& module : modules) {
    bound.modules.push_back(ModuleBinder(names, conditions, count).bind(std::move(module)));
  }
  bound.keys = shared_keys(bound.modules);
  bound.columns = names.columns();
  for (const GroupModule& module : bound.modules) {
    for (const GroupKey& key : module.keys) {
      add_columns(key.reader(), flows, bound.columns);
    }
  }
  return bound;
}

}  // namespace nfql
