#include "nfql-group/open_groups.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace nfql {
namespace {

using relate::Condition;
using relate::Held;
using relate::Of;
using relate::Pair;
using relate::Value;

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

std::size_t place_of(const std::vector<GroupKey>& keys, const GroupKey& key) {
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&key](const GroupKey& other) { return same_key(key, other); });
  return static_cast<std::size_t>(found - keys.begin());
}

bool less(const Value& a, const Value& b, bool real) {
  if (real) {
    const auto as_real = [](const Value& value) {
      return std::bit_cast<double>(static_cast<std::int64_t>(value.number));
    };
    return as_real(a) < as_real(b);
  }
  return a.number < b.number;
}

void update(const Held& what, const Value& joining, Value& held) {
  switch (what.of) {
    case Of::last:
      held = joining;
      return;
    case Of::min:
    case Of::max: {
      const bool better =
          what.of == Of::min ? less(joining, held, what.real) : less(held, joining, what.real);
      if (joining.known && (!held.known || better)) {
        held = joining;
      }
      return;
    }
    case Of::first:
    case Of::joining:
      return;
  }
}

}  // namespace

OpenGroups::OpenGroups(GroupTerms terms) : terms_(std::move(terms)) {
  for (const GroupModule& module : terms_.modules) {
    indexes_.push_back({KeyGroups(key_fields(module)), {}, {}, {}, {}});
  }
  for (const GroupKey& key : terms_.keys) {
    shared_.push_back(place_of(terms_.modules.front().keys, key));
  }
}

Pair OpenGroups::pair(std::uint32_t place, std::size_t row) const {
  return {held_.data() + place * terms_.readings.held.size(),
          flow_.data() + row * terms_.readings.values.size()};
}

std::uint32_t& OpenGroups::next(std::size_t module, std::uint32_t place) {
  return next_[place * indexes_.size() + module];
}

void OpenGroups::add(const Batch& batch, std::vector<GroupId>& groups,
                     std::vector<std::uint64_t>* accepted) {
  read(batch);
  groups.resize(batch.rows);
  if (accepted != nullptr) {
    accepted->resize(batch.rows);
  }
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const std::uint32_t place = find(row);
    const bool founding = place == kNone;
    if (accepted != nullptr) {
      (*accepted)[row] = founding ? ~std::uint64_t{0} : accepting(place, row);
    }
    groups[row] = founding ? found(row) : join(place, row);
  }
}

void OpenGroups::read(const Batch& batch) {
  auto& values = terms_.readings.values;
  flow_.resize(batch.rows * values.size());
  for (std::size_t i = 0; i < values.size() && batch.rows != 0; ++i) {
    values[i].read(batch, flow_.data() + i, values.size());
  }
  for (std::size_t i = 0; i < indexes_.size(); ++i) {
    read_keys(terms_.modules[i], batch, indexes_[i]);
  }
}

void OpenGroups::read_keys(const GroupModule& module, const Batch& batch, Index& index) {
  Batch scratch;
  std::vector<Column> founds;
  for (const GroupKey& key : module.keys) {
    founds.push_back(key.read(batch, scratch));
  }
  if (module.crossed.empty()) {
    index.keys.number(founds, batch.rows, index.founds);
    index.joins = index.founds;
  } else {
    std::vector<Column> joins = founds;
    for (const auto& [old, joining] : module.crossed) {
      founds.push_back(old.read(batch, scratch));
      joins.push_back(joining.read(batch, scratch));
    }
    index.keys.number(founds, batch.rows, index.founds);
    index.keys.number(joins, batch.rows, index.joins);
    // Here unknown equals nothing.
    index.unlisted.assign(batch.rows, 0);
    for (std::size_t i = module.keys.size(); i < founds.size(); ++i) {
      for (std::size_t row = 0; row < batch.rows; ++row) {
        index.unlisted[row] = founds[i].is_known(row) ? index.unlisted[row] : 1;
        index.joins[row] = joins[i].is_known(row) ? index.joins[row] : kNone;
      }
    }
  }
  index.buckets.resize(index.keys.size());
}

// The earliest-founded group that accepts the flow.
std::uint32_t OpenGroups::find(std::size_t row) {
  std::uint32_t best = kNone;
  for (std::size_t module = 0; module < indexes_.size(); ++module) {
    if (indexes_[module].joins[row] != kNone) {
      best = find_in(module, row, best);
    }
  }
  return best;
}

// The same in one module, if it is earlier than `best`.
std::uint32_t OpenGroups::find_in(std::size_t module, std::size_t row, std::uint32_t best) {
  Bucket& bucket = indexes_[module].buckets[indexes_[module].joins[row]];
  std::uint32_t before = kNone;
  for (std::uint32_t place = bucket.head; place != kNone;) {
    const std::uint32_t after = next(module, place);
    if (!places_[place].closed) {
      if (best != kNone && places_[best].group <= places_[place].group) {
        return best;
      }
      const Condition* refused = refusal(module, place, row);
      if (refused == nullptr) {
        return place;
      }
      const Pair both = pair(place, row);
      places_[place].closed =
          relate::is_past(*refused, both) && (indexes_.size() == 1 || is_past(place, row));
    }
    if (places_[place].closed) {
      unlist(bucket, module, before, place);
    } else {
      before = place;
    }
    place = after;
  }
  return best;
}

const Condition* OpenGroups::refusal(std::size_t module, std::uint32_t place,
                                     std::size_t row) const {
  const Pair both = pair(place, row);
  for (const Condition& condition : terms_.modules[module].conditions) {
    if (!holds(condition, both)) {
      return &condition;
    }
  }
  return nullptr;
}

// Whether no module will accept a later flow into the group.
bool OpenGroups::is_past(std::uint32_t place, std::size_t row) const {
  const Pair both = pair(place, row);
  return std::all_of(
      terms_.modules.begin(), terms_.modules.end(), [both](const GroupModule& module) {
        return std::any_of(module.conditions.begin(), module.conditions.end(),
                           [both](const Condition& condition) {
                             return !holds(condition, both) && relate::is_past(condition, both);
                           });
      });
}

std::uint64_t OpenGroups::accepting(std::uint32_t place, std::size_t row) const {
  std::uint64_t modules = 0;
  for (std::size_t module = 0; module < indexes_.size(); ++module) {
    const std::uint32_t key = indexes_[module].joins[row];
    const bool accepts = key != kNone && key == own_[place * indexes_.size() + module] &&
                         refusal(module, place, row) == nullptr;
    modules |= std::uint64_t{accepts ? 1U : 0U} << module;
  }
  return modules;
}

GroupId OpenGroups::join(std::uint32_t place, std::size_t row) {
  const std::vector<Held>& kinds = terms_.readings.held;
  const Value* flow = flow_.data() + row * terms_.readings.values.size();
  Value* held = held_.data() + place * kinds.size();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    update(kinds[i], flow[kinds[i].value], held[i]);
  }
  return places_[place].group;
}

GroupId OpenGroups::found(std::size_t row) {
  const std::uint32_t place = take_place();
  const auto group = static_cast<GroupId>(size_++);
  places_[place] = {group, 0, false};
  const std::vector<Held>& kinds = terms_.readings.held;
  const Value* flow = flow_.data() + row * terms_.readings.values.size();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    held_[place * kinds.size() + i] = flow[kinds[i].value];
  }
  for (std::size_t module = 0; module < indexes_.size(); ++module) {
    const Index& index = indexes_[module];
    const bool listed = index.unlisted.empty() || index.unlisted[row] == 0;
    list(module, listed ? index.founds[row] : kNone, place);
  }
  if (places_[place].listed == 0) {  // nothing joins it
    free_.push_back(place);
  }
  if (!shared_.empty()) {
    key_of_.push_back(indexes_.front().founds[row]);
  }
  return group;
}

std::uint32_t OpenGroups::take_place() {
  if (!free_.empty()) {
    const std::uint32_t place = free_.back();
    free_.pop_back();
    return place;
  }
  places_.emplace_back();
  held_.resize(places_.size() * terms_.readings.held.size());
  next_.resize(places_.size() * indexes_.size(), kNone);
  own_.resize(places_.size() * indexes_.size(), kNone);
  return static_cast<std::uint32_t>(places_.size() - 1);
}

void OpenGroups::list(std::size_t module, std::uint32_t key, std::uint32_t place) {
  next(module, place) = kNone;
  own_[place * indexes_.size() + module] = key;
  if (key == kNone) {
    return;
  }
  ++places_[place].listed;
  Bucket& bucket = indexes_[module].buckets[key];
  if (bucket.tail == kNone) {
    bucket.head = place;
  } else {
    next(module, bucket.tail) = place;
  }
  bucket.tail = place;
}

// `before` is the place before it in the bucket, or kNone.
void OpenGroups::unlist(Bucket& bucket, std::size_t module, std::uint32_t before,
                        std::uint32_t place) {
  const std::uint32_t after = next(module, place);
  (before == kNone ? bucket.head : next(module, before)) = after;
  if (bucket.tail == place) {
    bucket.tail = before;
  }
  if (--places_[place].listed == 0) {
    free_.push_back(place);
  }
}

Column OpenGroups::keys(std::size_t index, std::span<const GroupId> groups, Batch& owner) const {
  std::vector<std::uint32_t> keys;
  keys.reserve(groups.size());
  for (const GroupId group : groups) {
    keys.push_back(key_of_[group]);
  }
  return indexes_.front().keys.keys(shared_[index], keys, owner);
}

}  // namespace nfql
