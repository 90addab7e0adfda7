#include "nfql-group/held_values.h"

#include <bit>

namespace nfql::relate {
namespace {

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

void HeldValues::found(std::uint32_t place, const Value* flow) {
  Value* held = values_.data() + place * kinds_.size();
  for (const Held& kind : kinds_) {
    *held++ = flow[kind.value];
  }
}

void HeldValues::join(std::uint32_t place, const Value* flow) {
  Value* held = values_.data() + place * kinds_.size();
  for (const Held& kind : kinds_) {
    update(kind, flow[kind.value], *held++);
  }
}

}  // namespace nfql::relate
