// Reads nfdump bytes whole, or says what is wrong with them.
#pragma once

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/io/nfdump_reader.h"
#include "tests/unit/io/nfdump_bytes.h"
#include "tests/unit/io/read_all.h"

namespace nfql::test {

inline AllFlows read_nfdump(const std::string& bytes, const ReadOptions& options = {}) {
  try {
    const auto reader = make_nfdump_reader(input_of(bytes, "nfcapd.1"), options);
    return read_all(*reader);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    AllFlows none;
    none.error = error.what();
    return none;
  }
}

inline std::string names_of(const Schema& schema) {
  std::string names;
  for (const Field& field : schema.fields()) {
    names += (names.empty() ? "" : " ") + field.name;
  }
  return names;
}

}  // namespace nfql::test
