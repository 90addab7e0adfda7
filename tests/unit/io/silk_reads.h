// Reads SiLK bytes whole, or says what is wrong with them.
#pragma once

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/io/silk_reader.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/silk_bytes.h"

namespace nfql::test {

inline AllFlows read_silk(const std::string& bytes, const ReadOptions& options = {}) {
  try {
    const auto reader = make_silk_reader(input_of(bytes, "x.rw"), options);
    return read_all(*reader);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    AllFlows none;
    none.error = error.what();
    return none;
  }
}

inline SilkFlow silk_flow(std::uint16_t sport) {
  SilkFlow f;
  f.sport = sport;
  return f;
}

/// A flow of IPv6, from 2001:db8::1 to 2001:db8::2.
inline SilkFlow silk_flow6(std::uint16_t sport) {
  SilkFlow f = silk_flow(sport);
  f.source = silk_ipv6(1);
  f.destination = silk_ipv6(2);
  f.next_hop = std::string(16, '\0');
  return f;
}

}  // namespace nfql::test
