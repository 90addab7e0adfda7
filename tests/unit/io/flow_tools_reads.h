// Reads flow-tools bytes whole, or says what is wrong with them.
#pragma once

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/io/flow_tools_reader.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"

namespace nfql::test {

inline AllFlows read(const std::string& bytes, const ReadOptions& options = {}) {
  try {
    const auto reader = make_flow_tools_reader(input_of(bytes), options);
    return read_all(*reader);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    AllFlows none;
    none.error = error.what();
    return none;
  }
}

inline RawFlow flow(std::uint16_t sport) {
  RawFlow f;
  f.sport = sport;
  return f;
}

}  // namespace nfql::test
