#include "common/expr/bound.h"

#include <algorithm>
#include <cstring>

namespace nfql {
namespace {

bool any_set(const std::uint8_t* mask, std::size_t rows) {
  return rows != 0 && std::memchr(mask, 1, rows) != nullptr;
}

class Fixed final : public Condition {
 public:
  explicit Fixed(bool value) : value_(value) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    if (!value_) {
      std::fill_n(mask, frame.rows(), std::uint8_t{0});
    }
  }
  [[nodiscard]] unsigned cost() const override { return 0; }
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes>) const override { return value_; }
  [[nodiscard]] std::optional<bool> constant() const override { return value_; }

 private:
  bool value_;
};

class Known final : public Condition {
 public:
  explicit Known(std::size_t slot) : slot_(slot) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    narrow_to_known(frame.column(slot_), mask);
  }
  [[nodiscard]] unsigned cost() const override { return 1; }
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> slots) const override {
    return slots[slot_].any_known;
  }

 private:
  std::size_t slot_;
};

class AllOf final : public Condition {
 public:
  explicit AllOf(std::vector<ConditionPtr> parts) : parts_(std::move(parts)) {}
  void narrow(Frame& frame, std::uint8_t* mask) override {
    for (const ConditionPtr& part : parts_) {
      if (!any_set(mask, frame.rows())) {
        return;
      }
      part->narrow(frame, mask);
    }
  }
  [[nodiscard]] unsigned cost() const override;
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> slots) const override {
    return std::all_of(parts_.begin(), parts_.end(),
                       [slots](const ConditionPtr& part) { return part->may_hold(slots); });
  }

 private:
  std::vector<ConditionPtr> parts_;
};

class AnyOf final : public Condition {
 public:
  explicit AnyOf(std::vector<ConditionPtr> parts) : parts_(std::move(parts)) {}
  void narrow(Frame& frame, std::uint8_t* mask) override;
  [[nodiscard]] unsigned cost() const override;
  [[nodiscard]] bool may_hold(std::span<const ColumnExtremes> slots) const override {
    return std::any_of(parts_.begin(), parts_.end(),
                       [slots](const ConditionPtr& part) { return part->may_hold(slots); });
  }

 private:
  std::vector<ConditionPtr> parts_;
  std::vector<std::uint8_t> left_;  // rows for which no part was true yet
  std::vector<std::uint8_t> part_;  // of those, the rows for which this part is
};

void AnyOf::narrow(Frame& frame, std::uint8_t* mask) {
  const std::size_t rows = frame.rows();
  left_.assign(mask, mask + rows);
  part_.resize(rows);
  for (const ConditionPtr& part : parts_) {
    if (!any_set(left_.data(), rows)) {
      return;
    }
    std::copy(left_.begin(), left_.end(), part_.begin());
    part->narrow(frame, part_.data());
    for (std::size_t i = 0; i < rows; ++i) {
      left_[i] ^= part_[i];
    }
  }
  for (std::size_t i = 0; i < rows; ++i) {
    mask[i] ^= left_[i];
  }
}

unsigned cost_of(const std::vector<ConditionPtr>& parts) {
  unsigned sum = 1;
  for (const ConditionPtr& part : parts) {
    sum += part->cost();
  }
  return sum;
}

unsigned AllOf::cost() const {
  return cost_of(parts_);
}
unsigned AnyOf::cost() const {
  return cost_of(parts_);
}

// Drops the parts that are `neutral` for every row; true when one is the opposite for every row.
bool simplify(std::vector<ConditionPtr>& parts, bool neutral) {
  parts.erase(std::remove_if(parts.begin(), parts.end(),
                             [neutral](const ConditionPtr& part) {
                               return part->constant() == std::optional(neutral);
                             }),
              parts.end());
  std::stable_sort(parts.begin(), parts.end(), [](const ConditionPtr& a, const ConditionPtr& b) {
    return a->cost() < b->cost();
  });
  return std::any_of(parts.begin(), parts.end(),
                     [](const ConditionPtr& part) { return part->constant().has_value(); });
}

}  // namespace

void Frame::reset(const Batch& batch) {
  batch_ = &batch;
  scratch_.clear();
  std::fill(columns_.begin(), columns_.end(), std::nullopt);
}

const Column& Frame::column(std::size_t slot) {
  std::optional<Column>& column = columns_[slot];
  if (!column) {
    column = slots_[slot].reader.read(*batch_, scratch_);
    if (slots_[slot].network) {
      column = networks_of(*column, *slots_[slot].network, scratch_);
    }
  }
  return *column;
}

Column Frame::wide_addresses(std::size_t slot) {
  return widened(column(slot), scratch_);
}

std::vector<ColumnExtremes> Frame::extremes(std::span<const ColumnExtremes> columns) const {
  std::vector<ColumnExtremes> extremes(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::optional<std::size_t> column = slots_[i].reader.column();
    if (column && !slots_[i].network) {
      extremes[i] = columns[*column];
    }
  }
  return extremes;
}

std::vector<std::size_t> Frame::batch_columns() const {
  std::vector<std::size_t> columns;
  for (const Slot& slot : slots_) {
    slot.reader.collect_columns(columns);
  }
  return columns;
}

ConditionPtr constant_condition(bool value) {
  return std::make_unique<Fixed>(value);
}

ConditionPtr known_condition(std::size_t slot) {
  return std::make_unique<Known>(slot);
}

ConditionPtr all_of(std::vector<ConditionPtr> parts) {
  if (simplify(parts, true)) {
    return constant_condition(false);
  }
  if (parts.empty()) {
    return constant_condition(true);
  }
  return parts.size() == 1 ? std::move(parts.front()) : std::make_unique<AllOf>(std::move(parts));
}

ConditionPtr any_of(std::vector<ConditionPtr> parts) {
  if (simplify(parts, false)) {
    return constant_condition(true);
  }
  if (parts.empty()) {
    return constant_condition(false);
  }
  return parts.size() == 1 ? std::move(parts.front()) : std::make_unique<AnyOf>(std::move(parts));
}

void narrow_to_known(const Column& column, std::uint8_t* mask) {
  if (column.known != nullptr) {
    narrow_values(
        column.known, column.rows, [](std::uint8_t known) { return known; }, mask);
  }
}

}  // namespace nfql
