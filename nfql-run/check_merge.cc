#include "nfql-run/check_merge.h"

#include <algorithm>
#include <utility>

#include "common/base/names.h"
#include "common/query/branch_names.h"
#include "nfql-run/terms.h"

namespace nfql {
namespace {

// What stands behind a branch and its dot: a name, or a call.
std::string_view column_of(const BranchName& branch, std::string_view text) {
  const std::string_view rest = text.substr(branch.span.end);
  if (rest.substr(0, 1) != ".") {
    return "";
  }
  const std::vector<std::string_view> words = words_of(rest);
  if (words.empty()) {
    return "";
  }
  const auto end =
      static_cast<std::size_t>(words.front().data() + words.front().size() - rest.data());
  return rest.substr(0, rest.substr(end, 1) == "(" ? rest.find(')') : end);
}

}  // namespace

MergeCheck::MergeCheck(const Query& query, const std::vector<CheckedBranch>& checked,
                       ZoneMinutes zone)
    : all_(query), query_(*query.merge), checked_(checked), zone_(zone) {
  for (std::size_t i = 0; i < query.branches.size(); ++i) {
    names_.push_back(query.branches[i].name);
    headers_.push_back(checked[i].header);
  }
}

std::optional<StreamHeader> MergeCheck::check(Problems& problems) const {
  bool right = check(query_.expr, problems);
  for (const ExpressionText& except : query_.except) {
    right &= check(except, problems);
  }
  return right ? check_whole(problems) : std::nullopt;
}

std::optional<StreamHeader> MergeCheck::check_whole(Problems& problems) const {
  std::vector<ExpressionText> except;
  for (const ExpressionText& text : query_.except) {
    except.push_back(copy_of(text, Grammar::merge));
  }
  try {
    const MergeStage merge = stage(copy_of(query_.expr, Grammar::merge), std::move(except));
    for (const std::string& warning : merge.warnings()) {
      warn(warning, problems);
    }
    return merge.output_header();
  } catch (const TextError& error) {
    problems.add(error, text_of(error.fault().what));
  } catch (const Error& error) {
    const std::string message = error.what();
    const ExpressionText& text = text_of(message);
    const std::size_t prefix = message.starts_with(text.what) ? text.what.size() + 2 : 0;
    problems.add(Error(error.code(), message.substr(prefix), error.hint()), text);
  }
  return std::nullopt;
}

// The expression that a message of the merger begins with.
const ExpressionText& MergeCheck::text_of(std::string_view what) const {
  const auto text =
      std::find_if(query_.except.begin(), query_.except.end(),
                   [what](const ExpressionText& except) { return what.starts_with(except.what); });
  return text == query_.except.end() ? query_.expr : *text;
}

// A warning is of a branch, which it names in quotes, or of an expression.
void MergeCheck::warn(std::string_view warning, Problems& problems) const {
  for (const BranchQuery& branch : all_.branches) {
    if (warning.starts_with(fmt::format("branch '{}'", branch.name))) {
      problems.warn(branch.span, std::string(warning));
      return;
    }
  }
  const ExpressionText& text = text_of(warning);
  problems.warn(span_in_source(text.pieces, {0, text.text.size()}), std::string(warning));
}

MergeStage MergeCheck::stage(ExpressionText&& expr, std::vector<ExpressionText>&& except) const {
  MergeOptions merge;
  merge.except = std::move(except);
  merge.expr = std::move(expr);
  merge.names = names_;
  merge.emit = query_.collection ? Emit::collection : Emit::tuples;
  merge.zone = zone_;
  return {std::move(merge), headers_};
}

bool MergeCheck::check(const ExpressionText& text, Problems& problems) const {
  const std::vector<std::string_view> known(names_.begin(), names_.end());
  for (const BranchName& branch : branch_names(text.expr, text.text)) {
    if (!index_of(branch.name)) {
      problems.add(span_in_source(text.pieces, branch.span),
                   fmt::format("{}: no branch is named '{}'", text.what, branch.name),
                   hint_of(branch.name, known, "the branches are"));
    }
  }
  const TermCheck check{
      [this](ExpressionText&& expr) { static_cast<void>(stage(std::move(expr), {})); },
      [this](const ExpressionText& term) { return depends_on_mistakes(term); },
      [this](std::string_view name) { return lost_name(name); }};
  return check_terms(text, Grammar::merge, check, problems).whole;
}

std::string MergeCheck::lost_name(std::string_view name) const {
  const std::size_t dot = std::min(name.find('.'), name.size());
  const std::optional<std::size_t> index = index_of(name.substr(0, dot));
  if (!index || dot == name.size()) {
    return "";
  }
  const std::string_view lost = checked_[*index].lost.nearest(name.substr(dot + 1));
  return lost.empty() ? "" : fmt::format("{}.{}", names_[*index], lost);
}

bool MergeCheck::depends_on_mistakes(const ExpressionText& term) const {
  const std::vector<BranchName> branches = branch_names(term.expr, term.text);
  return std::any_of(branches.begin(), branches.end(), [&](const BranchName& branch) {
    const std::optional<std::size_t> index = index_of(branch.name);
    return !index || checked_[*index].lost.in(column_of(branch, term.text));
  });
}

std::optional<std::size_t> MergeCheck::index_of(std::string_view branch) const {
  const auto found = std::find_if(names_.begin(), names_.end(), [branch](const std::string& name) {
    return same_name(name, branch);
  });
  return found == names_.end() ? std::nullopt
                               : std::optional(static_cast<std::size_t>(found - names_.begin()));
}

}  // namespace nfql
