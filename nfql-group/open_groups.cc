#include "nfql-group/open_groups.h"

#include <algorithm>
#include <utility>

namespace nfql {
namespace {

using relate::Condition;
using relate::Pair;
using relate::Value;

// Open groups that are not looked through for ones to close: they fit the second-level cache.
constexpr std::size_t kFewPlaces = 4096;

std::size_t place_of(const std::vector<GroupKey>& keys, const GroupKey& key) {
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&key](const GroupKey& other) { return same_key(key, other); });
  return static_cast<std::size_t>(found - keys.begin());
}

}  // namespace

OpenGroups::OpenGroups(GroupTerms terms)
    : terms_(std::move(terms)), held_(terms_.readings.held), look_at_(kFewPlaces) {
  for (const GroupModule& module : terms_.modules) {
    indexes_.emplace_back(module);
  }
  for (const GroupKey& key : terms_.keys) {
    shared_.push_back(place_of(terms_.modules.front().keys, key));
  }
  const auto& values = terms_.readings.values;
  later_.resize(values.size());
  const auto start = std::find_if(values.begin(), values.end(), [](const relate::FlowValue& value) {
    return value.is(element::kStart);
  });
  if (start != values.end()) {
    start_ = static_cast<std::size_t>(start - values.begin());
  }
}

Pair OpenGroups::pair(std::uint32_t place, std::size_t row) const {
  return {held_.at(place), values_of(row)};
}

const Value* OpenGroups::values_of(std::size_t row) const {
  return flow_.data() + row * terms_.readings.values.size();
}

void OpenGroups::add(const Batch& batch, std::span<const std::int64_t> earliest,
                     std::vector<GroupId>& groups, std::vector<std::uint64_t>* accepted) {
  read(batch);
  groups.resize(batch.rows);
  if (accepted != nullptr) {
    accepted->resize(batch.rows);
  }
  for (std::size_t row = 0; row < batch.rows; ++row) {
    prefetch(row, batch.rows);
    if (start_) {
      later_[*start_] = {earliest[row], true};
    }
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
  for (ModuleIndex& index : indexes_) {
    index.read(batch);
  }
}

// Brings near what the flows after this one will look at: first the lists, then the groups in them.
void OpenGroups::prefetch(std::size_t row, std::size_t rows) const {
  constexpr std::size_t kAhead = 16;  // enough misses in flight to hide most of their time
  for (const ModuleIndex& index : indexes_) {
    if (row + 2 * kAhead < rows) {
      index.prefetch_list(row + 2 * kAhead);
    }
    const std::uint32_t place = row + kAhead < rows ? index.first(row + kAhead) : kNone;
    if (place != kNone) {
      index.prefetch_link(place);
      __builtin_prefetch(&places_[place]);
      __builtin_prefetch(held_.at(place));
    }
  }
}

// The earliest-founded group that accepts the flow.
std::uint32_t OpenGroups::find(std::size_t row) {
  std::uint32_t best = kNone;
  for (std::size_t module = 0; module < indexes_.size(); ++module) {
    best = find_in(module, row, best);
  }
  return best;
}

// The same in one module, if it is earlier than `best`.
std::uint32_t OpenGroups::find_in(std::size_t module, std::size_t row, std::uint32_t best) {
  ModuleIndex& index = indexes_[module];
  std::uint32_t before = kNone;
  for (std::uint32_t place = index.first(row); place != kNone;) {
    const std::uint32_t after = index.after(place);
    if (!places_[place].closed) {
      if (best != kNone && places_[best].group <= places_[place].group) {
        return best;
      }
      const Condition* refusal = refusal_of(module, place, row);
      if (refusal == nullptr) {
        before_ = before;
        return place;
      }
      places_[place].closed = refusal->later != Condition::Later::perhaps && is_past(place);
    }
    if (places_[place].closed) {
      index.remove(place, before);
      release(place);
    } else {
      before = place;
    }
    place = after;
  }
  return best;
}

// The condition by which the module does not accept the flow; null: it does.
const Condition* OpenGroups::refusal_of(std::size_t module, std::uint32_t place,
                                        std::size_t row) const {
  const Pair both = pair(place, row);
  for (const Condition& condition : terms_.modules[module].conditions) {
    if (!holds(condition, both)) {
      return &condition;
    }
  }
  return nullptr;
}

// Whether no module will accept this flow or a later one into the group.
bool OpenGroups::is_past(std::uint32_t place) const {
  const Pair both{held_.at(place), later_.data()};
  return std::all_of(
      terms_.modules.begin(), terms_.modules.end(), [both](const GroupModule& module) {
        return std::any_of(
            module.conditions.begin(), module.conditions.end(),
            [both](const Condition& condition) { return relate::is_past(condition, both); });
      });
}

std::uint64_t OpenGroups::accepting(std::uint32_t place, std::size_t row) const {
  std::uint64_t modules = 0;
  for (std::size_t module = 0; module < indexes_.size(); ++module) {
    const bool accepted =
        indexes_[module].matches(place, row) && refusal_of(module, place, row) == nullptr;
    modules |= std::uint64_t{accepted ? 1U : 0U} << module;
  }
  return modules;
}

GroupId OpenGroups::join(std::uint32_t place, std::size_t row) {
  held_.join(place, values_of(row));
  const GroupId group = places_[place].group;
  if (indexes_.front().moving()) {
    move(place, row);
  }
  return group;
}

// To where flows look for a group whose last flow is this one.
void OpenGroups::move(std::uint32_t place, std::size_t row) {
  ModuleIndex& index = indexes_.front();
  index.remove(place, before_);
  const bool listed = index.add_moved(place, row, [this](std::uint32_t a, std::uint32_t b) {
    return places_[a].group < places_[b].group;
  });
  if (!listed) {
    places_[place].closed = true;
    release(place);
  }
}

GroupId OpenGroups::found(std::size_t row) {
  const std::uint32_t place = take_place();
  const auto group = static_cast<GroupId>(size_++);
  places_[place] = {group, 0, false};
  held_.found(place, values_of(row));
  for (ModuleIndex& index : indexes_) {
    places_[place].lists += index.add(place, row) ? 1U : 0U;
  }
  if (places_[place].lists == 0) {
    places_[place].closed = true;
    free_.push_back(place);
  }
  if (!shared_.empty()) {
    key_of_.push_back(indexes_.front().own_key(row));
  }
  return group;
}

std::uint32_t OpenGroups::take_place() {
  if (free_.empty() && places_.size() >= look_at_) {
    close_past();
    look_at_ = std::max(2 * (places_.size() - free_.size()), kFewPlaces);
  }
  if (!free_.empty()) {
    const std::uint32_t place = free_.back();
    free_.pop_back();
    return place;
  }
  places_.emplace_back();
  held_.resize(places_.size());
  return static_cast<std::uint32_t>(places_.size() - 1);
}

// Has one list less.
void OpenGroups::release(std::uint32_t place) {
  if (--places_[place].lists == 0) {
    free_.push_back(place);
  }
}

// Closes all groups that cannot be joined any more, as most keys do not come again.
void OpenGroups::close_past() {
  const auto places = static_cast<std::uint32_t>(places_.size());
  for (std::uint32_t place = 0; place < places; ++place) {
    places_[place].closed = places_[place].closed || is_past(place);
  }
  // A list is gone through once, then none of its groups is closed.
  for (std::uint32_t place = 0; place < places; ++place) {
    for (std::size_t module = 0; places_[place].closed && module < indexes_.size(); ++module) {
      indexes_[module].remove_all(
          place, [this](std::uint32_t at) { return places_[at].closed; },
          [this](std::uint32_t at) { release(at); });
    }
  }
}

Column OpenGroups::keys(std::size_t index, std::span<const GroupId> groups, Batch& owner) const {
  std::vector<std::uint32_t> keys;
  keys.reserve(groups.size());
  for (const GroupId group : groups) {
    keys.push_back(key_of_[group]);
  }
  return indexes_.front().keys(shared_[index], keys, owner);
}

}  // namespace nfql
