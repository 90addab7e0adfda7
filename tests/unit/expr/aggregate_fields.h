// Fields that tests of aggregates take values from.
#pragma once

#include "common/flow/elements.h"
#include "common/flow/schema.h"

namespace nfql::test {

inline const Field kAddress = field_of(element::kSourceAddress);
inline const Field kBytes = field_of(element::kOctets);
inline const Field kDuration = field_of(element::kDuration);
inline const Field kFlags = field_of(element::kTcpFlags);
inline const Field kPort = field_of(element::kSourcePort);
inline const Field kReal{"load", {}, Type::f64, Meaning::number, Type::f64};
inline const Field kStart = field_of(element::kStart);

}  // namespace nfql::test
