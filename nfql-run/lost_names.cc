#include "nfql-run/lost_names.h"

#include <algorithm>

#include "common/base/names.h"
#include "common/expr/aggregate.h"
#include "common/flow/registry.h"
#include "nfql-run/terms.h"

namespace nfql {
namespace {

std::string known_as(std::string_view name) {
  const FieldInfo* info = find_field(name);
  return lower(info != nullptr ? info->name : name);
}

}  // namespace

void LostNames::add_name(std::string_view name) {
  names_.insert(known_as(name));
  if (find_field(name) == nullptr) {
    names_.insert(known_as(nearest_field(name)));
  }
}

void LostNames::add_words(std::string_view term) {
  for (const std::string_view word : words_of(term)) {
    add_name(word);
  }
}

void LostNames::add(const AggregateItem& item) {
  names_.insert(known_as(aggregate_name(item)));
  if (item.alias.empty()) {
    add_name(item.field);
  }
}

void LostNames::add(const LostNames& other) {
  names_.insert(other.names_.begin(), other.names_.end());
  all_ |= other.all_;
}

bool LostNames::in(std::string_view text) const {
  const std::vector<std::string_view> words = words_of(text);
  return all_ || std::any_of(words.begin(), words.end(), [this](std::string_view word) {
           return names_.contains(known_as(word));
         });
}

std::string_view LostNames::nearest(std::string_view name) const {
  const std::vector<std::string_view> names(names_.begin(), names_.end());
  return likely_name(name, names);
}

}  // namespace nfql
