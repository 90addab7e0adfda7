#include "common/query/text_names.h"

#include "common/base/names.h"
#include "common/expr/excerpt.h"

namespace nfql {

TextNames::TextNames(const std::vector<TextStage>& stages, Problems& problems)
    : stages_(stages), problems_(problems) {
  for (const TextStage& stage : stages) {
    const auto [place, added] = by_name_.emplace(lower(stage.name.text), &stage);
    if (!added) {
      const TextStage& first = *place->second;
      problems.add(stage.name.span,
                   fmt::format("'{}' is the name of the {} in line {} already", stage.name.text,
                               name_of(first.kind), problems.line_of(first.name.span)),
                   "stages of all kinds share their names: choose another");
    }
  }
}

const TextStage* TextNames::find(const TextWord& word) {
  const auto found = by_name_.find(lower(word.text));
  if (found != by_name_.end()) {
    used_.insert(found->second);
    return found->second;
  }
  problems_.add(word.span, fmt::format("no stage is named '{}'", word.text),
                hint_of(word.text, names(), "the stages are"));
  return nullptr;
}

std::vector<std::string_view> TextNames::names() const {
  std::vector<std::string_view> names;
  for (const auto& [key, stage] : by_name_) {
    names.push_back(stage->name.text);
  }
  return names;
}

const TextStage* TextNames::nearest(const TextWord& word) const {
  const auto found = by_name_.find(lower(likely_name(word.text, names())));
  return found == by_name_.end() ? nullptr : found->second;
}

const TextStage* TextNames::find(StageKind kind, const TextWord& word) {
  const auto found = by_name_.find(lower(word.text));
  if (found != by_name_.end() && found->second->kind == kind) {
    used_.insert(found->second);
    return found->second;
  }
  problems_.add(word.span, fmt::format("no {} is named '{}'", name_of(kind), word.text));
  return nullptr;
}

void TextNames::warn_of_unused() const {
  for (const TextStage& stage : stages_) {
    if (!used_.contains(&stage)) {
      problems_.warn(stage.name.span,
                     fmt::format("the {} '{}' is not used", name_of(stage.kind), stage.name.text));
    }
  }
}

}  // namespace nfql
