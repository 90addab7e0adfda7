#include "nfql-run/check_branch.h"

#include <utility>

#include "common/base/error.h"
#include "common/expr/aggregate.h"
#include "nfql-filter/filter_stage.h"
#include "nfql-gfilter/gfilter_stage.h"
#include "nfql-group/group_stage.h"
#include "nfql-run/terms.h"

namespace nfql {
namespace {

/// A grouper whose terms and aggregates are tried one after the other.
class GroupCheck {
 public:
  GroupCheck(const BranchQuery& branch, const StreamHeader& flows, ZoneMinutes zone,
             Problems& problems)
      : query_(*branch.group),
        whole_(!branch.incomplete),
        flows_(flows),
        zone_(zone),
        problems_(problems),
        terms_(query_.terms) {}

  // What the groups have, of what is right.
  CheckedBranch check() && {
    CheckedBranch result{flows_, {}};
    check_keys(result.lost);
    for (const AggregateItem& item : query_.items) {
      check(item, result.lost);
    }
    try {
      result.header = bind(terms_.text, items_);
    } catch (const Error&) {
      result.lost.add_all();  // told before
    }
    return result;
  }

 private:
  struct Terms {
    std::string text;
    std::string what;
    explicit Terms(const ExpressionText& of) : text(of.text), what(of.what) {}
  };

  [[nodiscard]] StreamHeader bind(const std::string& terms,
                                  const std::vector<AggregateItem>& items) const {
    GroupOptions group;
    group.terms = parse(terms, Grammar::group_terms, terms_.what);
    group.aggregates_text = query_.aggregates.text;
    group.aggregates = items;
    group.members = query_.members;
    group.input_order = query_.input_order;
    group.zone = zone_;
    if (terms == query_.terms.text) {
      group.modules = query_.modules;
    }
    return GroupStage(group, flows_).output_header();
  }

  void check_keys(LostNames& lost) {
    const TermCheck check{
        [this](const ExpressionText& terms) { static_cast<void>(bind(terms.text, {})); }, nullptr,
        nullptr};
    const CheckedTerms checked = check_terms(query_.terms, Grammar::group_terms, check, problems_);
    if (checked.whole) {
      return;
    }
    for (const ExpressionText& term : checked.failed) {
      lost.add_words(term.text);
    }
    keep_right_terms(checked.failed, lost);
  }

  // The later stages are checked with the keys that are right.
  void keep_right_terms(const std::vector<ExpressionText>& failed, LostNames& lost) {
    terms_.text.clear();
    for (const ExpressionText& term : terms_of(query_.terms, Grammar::group_terms)) {
      const bool right = std::none_of(failed.begin(), failed.end(),
                                      [&](const auto& other) { return other.text == term.text; });
      if (right && !failed.empty()) {
        terms_.text += (terms_.text.empty() ? "" : ", ") + term.text;
      }
    }
    if (failed.empty()) {
      lost.add_all();
    }
  }

  void check(const AggregateItem& item, LostNames& lost) {
    items_.push_back(item);
    if (!item.qualifier.empty() && (!whole_ || terms_.text != query_.terms.text)) {
      items_.back().alias = aggregate_name(item);  // of a module that is not known
      items_.back().qualifier.clear();
    }
    try {
      static_cast<void>(bind(terms_.text, items_));
      return;
    } catch (const TextError& error) {
      problems_.add(error, query_.aggregates);
    } catch (const Error& error) {
      problems_.add(error, query_.aggregates);
    }
    items_.pop_back();
    lost.add(item);
  }

  const GroupQuery& query_;
  bool whole_;
  const StreamHeader& flows_;
  ZoneMinutes zone_;
  Problems& problems_;
  Terms terms_;                       // those that are right
  std::vector<AggregateItem> items_;  // likewise
};

}  // namespace

CheckedBranch check_branch(const BranchQuery& branch, const StreamHeader& flows, ZoneMinutes zone,
                           Problems& problems) {
  CheckedBranch result{flows, {}};
  if (branch.filter) {
    const TermCheck check{[&](const ExpressionText& text) { FilterStage(flows, text, zone); },
                          nullptr, nullptr};
    check_terms(*branch.filter, Grammar::filter, check, problems);
    try {
      result.header =
          FilterStage(flows, copy_of(*branch.filter, Grammar::filter), zone).output_header();
    } catch (const Error&) {
      result.header = flows;  // which it keeps or drops, as they are
    }
  }
  if (branch.group) {
    result = GroupCheck(branch, result.header, zone, problems).check();
  }
  if (branch.incomplete) {
    result.lost.add_all();
  }
  if (branch.gfilter) {
    const TermCheck check{
        [&](const ExpressionText& text) { GroupFilterStage(result.header, text, zone); },
        [&](const ExpressionText& term) { return result.lost.in(term.text); },
        [&](std::string_view name) { return std::string(result.lost.nearest(name)); }};
    check_terms(*branch.gfilter, Grammar::filter, check, problems);
  }
  return result;
}

}  // namespace nfql
