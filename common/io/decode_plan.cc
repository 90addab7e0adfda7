#include "common/io/decode_plan.h"

#include <array>
#include <utility>

#include "common/base/names.h"

namespace nfql {
namespace {

constexpr ElementId kBootTime{0, 160};
constexpr ElementId kReverseDelay{kCertEnterprise, 21};
constexpr std::array kReverseCounters = {
    ElementId{kReverseEnterprise, 2}, ElementId{kReverseEnterprise, 86},
    ElementId{kReverseEnterprise, 1}, ElementId{kReverseEnterprise, 85}};

std::vector<Template::Place> find_counters(const Template& layout) {
  std::vector<Template::Place> places;
  for (const ElementId id : kReverseCounters) {
    const auto place = layout.find(id);
    if (place && find_kernel(Coding::number, place->width, Type::u64) != nullptr) {
      places.push_back(*place);
    }
  }
  return places;
}

// Source and destination are one family, so they are looked at together.
std::optional<ElementId> other_address(ElementId field) {
  constexpr std::pair<ElementId, ElementId> kPairs[] = {
      {element::kSourceAddress, element::kDestinationAddress}, {{0, 225}, {0, 226}}};
  for (const auto& pair : kPairs) {
    if (field == pair.first || field == pair.second) {
      return field == pair.first ? pair.second : pair.first;
    }
  }
  return std::nullopt;
}

class Planner {
 public:
  Planner(const Template& layout, const Schema& schema, Direction direction)
      : layout_(layout), schema_(schema), direction_(direction) {}

  DecodePlan make(const std::vector<AnnouncedElement>& announced) {
    for (std::size_t i = 0; i < schema_.size(); ++i) {
      target_ = static_cast<std::uint16_t>(i);
      const Field& field = schema_[i];
      if (!field.id.any() || field.id.enterprise == kLocalEnterprise) {
        add_announced(field, announced);
      }
      if (field.type == Type::address) {
        if (field.id.any()) {
          add_address(field.id);
        }
      } else if (field.id == element::kStart || field.id == element::kEnd) {
        add_time(field.id);
      } else if (field.id.any()) {
        add_number(field);
      }
    }
    if (direction_ == Direction::reverse) {
      plan_.answered = find_counters(layout_);
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] std::optional<Template::Place> find(ElementId element) const {
    const auto towards = element_towards(
        element, direction_, [this](ElementId id) { return layout_.find(id).has_value(); });
    return towards ? layout_.find(*towards) : std::nullopt;
  }

  bool add_step(Template::Place place, Coding coding) {
    const Kernel kernel = find_kernel(coding, place.width, schema_[target_].type);
    if (kernel != nullptr) {
      plan_.steps.push_back({target_, kernel, place});
    }
    return kernel != nullptr;
  }

  // The element that has the value, and what is only looked at where that is zero.
  void add_number(const Field& field) {
    bool found = false;
    for (const ElementSource& source : sources_of(field.id)) {
      const auto place = find(source.element);
      if (place && (!found || source.coding == Coding::number_unless_zero)) {
        const Coding coding =
            !found && source.coding == Coding::number_unless_zero ? Coding::number : source.coding;
        found = add_step(*place, coding) || found;
      }
    }
  }

  // The best element there is; where there is none, the other time and a duration.
  void add_time(ElementId field) {
    const bool start = field == element::kStart;
    if (!add_absolute_time(field)) {
      const std::size_t before = plan_.steps.size();
      if (!add_absolute_time(start ? element::kEnd : element::kStart)) {
        return;
      }
      if (!add_duration(start)) {
        plan_.steps.resize(before);
        return;
      }
    }
    const bool moved = direction_ == Direction::reverse && start &&
                       !layout_.find({kReverseEnterprise, element::kStart.element});
    if (const auto delay = layout_.find(kReverseDelay); moved && delay) {
      add_step(*delay, Coding::plus_milliseconds);
    }
  }

  bool add_absolute_time(ElementId field) {
    for (const ElementSource& source : sources_of(field)) {
      const auto place = find(source.element);
      if (!place) {
        continue;
      }
      const auto boot = layout_.find(kBootTime);
      const bool uptime = source.coding == Coding::uptime;
      if (uptime && boot && add_step(*boot, Coding::milliseconds)) {
        if (add_step(*place, Coding::plus_uptime)) {
          return true;
        }
        plan_.steps.pop_back();
        continue;
      }
      if (add_step(*place, source.coding)) {
        plan_.uptime = uptime ? place : plan_.uptime;
        return true;
      }
    }
    return false;
  }

  bool add_duration(bool before) {
    if (const auto ms = find({0, 161})) {
      return add_step(*ms, before ? Coding::minus_milliseconds : Coding::plus_milliseconds);
    }
    const auto us = find({0, 162});
    return us && add_step(*us, before ? Coding::minus_microseconds : Coding::plus_microseconds);
  }

  // Where an address of this width is.
  [[nodiscard]] std::size_t find_address(ElementId element, std::size_t width) const {
    const auto place = find(element);
    return place && place->width == width ? place->offset : AddressPlaces::kNoPlace;
  }

  [[nodiscard]] AddressPlaces places_of(ElementId field) const {
    const FieldInfo* info =
        find_field(field.enterprise == kReverseEnterprise ? ElementId{0, field.element} : field);
    const ElementId ipv6{field.enterprise,
                         info == nullptr || info->element6 == 0 ? field.element : info->element6};
    return {find_address(field, size_of(DataType::ipv4Address)),
            find_address(ipv6, size_of(DataType::ipv6Address))};
  }

  void add_address(ElementId field) {
    AddressPlaces places = places_of(field);
    if (const auto other = other_address(field); other && places.has_both()) {
      const AddressPlaces others = places_of(*other);
      places.other_ipv4 = others.ipv4;
      places.other_ipv6 = others.ipv6;
    }
    add_address(places);
  }

  void add_address(const AddressPlaces& places) {
    if (places.ipv4 != AddressPlaces::kNoPlace || places.ipv6 != AddressPlaces::kNoPlace) {
      plan_.address_steps.push_back({target_, places});
    }
  }

  // Elements that the stream gave the name of this column.
  void add_announced(const Field& field, const std::vector<AnnouncedElement>& announced) {
    AddressPlaces places;
    for (const AnnouncedElement& known : announced) {
      const auto place = layout_.find(known.element);
      if (!place || !same_name(known.field.name, field.name)) {
        continue;
      }
      if (known.type == DataType::ipv4Address && place->width == size_of(known.type)) {
        places.ipv4 = place->offset;
      } else if (known.type == DataType::ipv6Address && place->width == size_of(known.type)) {
        places.ipv6 = place->offset;
      } else {
        add_step(*place, field.type == Type::i64   ? Coding::signed_number
                         : field.type == Type::f64 ? Coding::real
                                                   : Coding::number);
      }
    }
    if (field.type == Type::address) {
      add_address(places);
    }
  }

  const Template& layout_;
  const Schema& schema_;
  Direction direction_;
  std::uint16_t target_ = 0;
  DecodePlan plan_;
};

}  // namespace

bool has_reverse_flow(const Template& layout) {
  return !find_counters(layout).empty();
}

DecodePlan make_plan(const Template& layout, const Schema& schema, Direction direction,
                     const std::vector<AnnouncedElement>& announced) {
  return Planner(layout, schema, direction).make(announced);
}

}  // namespace nfql
