// What aggregates keep of each group, those of one group beside each other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/pages.h"

namespace nfql {

/// Number of a group, from 0 in the order in which groups were first seen.
using GroupId = std::uint32_t;

/// A value of each group: a view of GroupStates, valid until they grow.
template <class T>
class StateColumn {
 public:
  StateColumn(std::byte* first, std::size_t stride) : first_(first), stride_(stride) {}

  [[nodiscard]] T& operator[](GroupId group) const {
    return *reinterpret_cast<T*>(first_ + group * stride_);
  }

 private:
  std::byte* first_;
  std::size_t stride_;
};

/// A record of values for each group, all bytes 0 at first. Who changes several values of a group
/// finds them in one or two lines of the cache.
class GroupStates {
 public:
  /// A value in the record.
  template <class T>
  struct Part {
    std::size_t index = 0;
  };

  /// Adds a value to the record, for which 0 bytes are a value. Before the first resize().
  template <class T>
  [[nodiscard]] Part<T> reserve() {
    parts_.push_back({sizeof(T), alignof(T), 0});
    return {parts_.size() - 1};
  }
  /// There are `groups` groups; never less than before. Throws std::bad_alloc.
  void resize(std::size_t groups) {
    if (groups > groups_) {
      grow(groups);
    }
  }
  [[nodiscard]] std::size_t size() const { return groups_; }

  template <class T>
  [[nodiscard]] StateColumn<T> column(Part<T> part) const {
    return {memory_.as<std::byte>() + parts_[part.index].offset, stride_};
  }
  /// Brings the record of a group near.
  void prefetch(GroupId group) const {
    const std::byte* const record = memory_.as<std::byte>() + group * stride_;
    __builtin_prefetch(record, 1);
    __builtin_prefetch(record + stride_ - 1, 1);
  }

 private:
  struct Place {
    std::size_t size;
    std::size_t alignment;
    std::size_t offset;
  };

  void grow(std::size_t groups) {
    if (stride_ == 0) {
      lay_out();
    }
    memory_.reserve(groups * stride_);
    groups_ = groups;
  }

  // Those with the largest alignment first, so that there are no gaps.
  void lay_out() {
    std::vector<Place*> order;
    for (Place& place : parts_) {
      order.push_back(&place);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const Place* a, const Place* b) { return a->alignment > b->alignment; });
    std::size_t end = 0;
    for (Place* place : order) {
      place->offset = end;
      end += place->size;
    }
    const std::size_t unit = order.empty() ? 1 : order.front()->alignment;
    stride_ = std::max<std::size_t>((end + unit - 1) / unit, 1) * unit;
  }

  std::vector<Place> parts_;
  Pages memory_;
  std::size_t stride_ = 0;
  std::size_t groups_ = 0;
};

}  // namespace nfql
