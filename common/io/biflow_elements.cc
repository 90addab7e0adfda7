#include "common/io/biflow_elements.h"

#include <algorithm>
#include <iterator>

#include "common/flow/elements.h"

namespace nfql {
namespace {

// CERT's elements of the other direction have this bit.
constexpr std::uint16_t kCertReverse = 0x4000;

// What is at one end of a flow and at the other.
struct Ends {
  std::uint16_t here;
  std::uint16_t there;
};
constexpr Ends kEnds[] = {
    {7, 11},    {8, 12},    {9, 13},    {10, 14},   {16, 17},   {27, 28},   {29, 30},
    {44, 45},   {56, 80},   {57, 81},   {58, 59},   {92, 93},   {128, 129}, {169, 170},
    {180, 181}, {182, 183}, {234, 235}, {243, 254}, {245, 255}, {252, 253}, {484, 485},
};

// What is the same in both directions: the protocol, times, who saw and sent it.
constexpr std::uint16_t kShared[] = {4,   21,  22,  32,  34,  35,  38,  39,  48,  49,  50,
                                     60,  95,  130, 131, 136, 137, 138, 139, 141, 142, 143,
                                     144, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157,
                                     158, 159, 160, 161, 162, 214, 256, 258, 302, 351};
constexpr std::uint16_t kCertShared[] = {31, 33};  // sensor, application

template <class Range>
bool has(const Range& range, std::uint16_t element) {
  return std::find(std::begin(range), std::end(range), element) != std::end(range);
}

std::optional<ElementId> other_end(ElementId id) {
  for (const Ends& ends : kEnds) {
    if (id.enterprise == 0 && (id.element == ends.here || id.element == ends.there)) {
      return ElementId{0, id.element == ends.here ? ends.there : ends.here};
    }
  }
  return std::nullopt;
}

bool is_shared(ElementId id) {
  return (id.enterprise == 0 && has(kShared, id.element)) ||
         (id.enterprise == kCertEnterprise && has(kCertShared, id.element));
}

}  // namespace

bool is_reverse(ElementId id) {
  return id.enterprise == kReverseEnterprise ||
         (id.enterprise == kCertEnterprise && (id.element & kCertReverse) != 0);
}

std::optional<ElementId> reverse_of(ElementId id) {
  if (id.enterprise == 0) {
    return ElementId{kReverseEnterprise, id.element};
  }
  if (id.enterprise == kCertEnterprise) {
    return ElementId{kCertEnterprise, static_cast<std::uint16_t>(id.element | kCertReverse)};
  }
  return std::nullopt;
}

std::optional<ElementId> same_of_answer(ElementId id) {
  return is_shared(id) ? id : other_end(id);
}

}  // namespace nfql
