#include "nfql-group/module_index.h"

#include <algorithm>

namespace nfql {
namespace {

std::vector<Field> key_fields(const GroupModule& module) {
  std::vector<Field> fields;
  for (const GroupKey& key : module.keys) {
    fields.push_back(key.field());
  }
  for (const auto& [old, joining] : module.crossed) {
    fields.push_back(old.field());
  }
  return fields;
}

}  // namespace

ModuleIndex::ModuleIndex(const GroupModule& module)
    : same_(module.keys),
      crossed_(module.crossed),
      moving_(module.moving),
      keys_(key_fields(module)) {}

void ModuleIndex::read(const Batch& batch) {
  Batch scratch;
  std::vector<Column> columns;
  for (const GroupKey& key : same_) {
    columns.push_back(key.read(batch, scratch));
  }
  if (crossed_.empty()) {
    keys_.number(columns, batch.rows, founds_);
    joins_ = founds_;
  } else {
    read_crossed(batch, std::move(columns));
  }
  lists_.resize(keys_.size());
}

// Here unknown equals nothing.
void ModuleIndex::read_crossed(const Batch& batch, std::vector<Column>&& shared) {
  Batch scratch;
  std::vector<Column> joins = shared;
  std::vector<Column> founds = std::move(shared);
  for (const auto& [old, joining] : crossed_) {
    founds.push_back(old.read(batch, scratch));
    joins.push_back(joining.read(batch, scratch));
  }
  keys_.number(founds, batch.rows, founds_);
  keys_.number(joins, batch.rows, joins_);
  barren_.assign(batch.rows, 0);
  for (std::size_t i = same_.size(); i < founds.size(); ++i) {
    for (std::size_t row = 0; row < batch.rows; ++row) {
      barren_[row] = founds[i].is_known(row) ? barren_[row] : 1;
      joins_[row] = joins[i].is_known(row) ? joins_[row] : kNone;
    }
  }
}

bool ModuleIndex::add(std::uint32_t place, std::size_t row) {
  links_.resize(std::max(links_.size(), std::size_t{place} + 1));
  if (is_barren(row)) {
    return false;
  }
  insert(place, founds_[row], lists_[founds_[row]].tail);
  return true;
}

// Behind `before`, or, if that is kNone, at the head.
void ModuleIndex::insert(std::uint32_t place, std::uint32_t key, std::uint32_t before) {
  List& list = lists_[key];
  std::uint32_t& link = before == kNone ? list.head : links_[before].next;
  links_[place] = {link, key};
  link = place;
  if (list.tail == before) {
    list.tail = place;
  }
}

void ModuleIndex::remove(std::uint32_t place, std::uint32_t before) {
  Link& link = links_[place];
  List& list = lists_[link.key];
  (before == kNone ? list.head : links_[before].next) = link.next;
  if (list.tail == place) {
    list.tail = before;
  }
  link = {};
}

}  // namespace nfql
