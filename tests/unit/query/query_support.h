// Queries read from a text in a test, and what is wrong with them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/query/query.h"

namespace nfql {

/// The query; nothing may be wrong with it.
inline Query query_of(const std::string& text) {
  const QuerySource source{"q", text};
  Problems problems(source);
  Query query = parse_query(source, problems);
  EXPECT_NO_THROW(problems.throw_if_any());
  return query;
}

inline std::string told(const Error& error) {
  EXPECT_EQ(error.code(), Exit::usage);
  const std::string message = error.what();
  return message.substr(0, message.find('\n')) + (error.hint().empty() ? "" : " | " + error.hint());
}

/// All that is wrong with it: "q:LINE:COLUMN: MESSAGE | HINT", without the lines shown.
inline std::vector<std::string> complaints(const std::string& text) {
  const QuerySource source{"q", text};
  Problems problems(source);
  static_cast<void>(parse_query(source, problems));
  std::vector<std::string> result;
  try {
    problems.throw_if_any();
  } catch (const Errors& errors) {
    for (const Error& error : errors.all()) {
      result.push_back(told(error));
    }
  } catch (const Error& error) {
    result.push_back(told(error));
  }
  return result;
}

/// The one thing that is wrong with it.
inline std::string complaint(const std::string& text) {
  const std::vector<std::string> all = complaints(text);
  EXPECT_EQ(all.size(), 1U) << text;
  return all.empty() ? "no error" : all.front();
}

/// The files that it reads.
inline std::vector<std::string> input_names(const Query& query) {
  std::vector<std::string> names;
  for (const QueryFile& file : query.inputs) {
    names.push_back(file.name);
  }
  return names;
}

/// What users should know about it all the same.
inline std::vector<std::string> warnings(const std::string& text) {
  const QuerySource source{"q", text};
  Problems problems(source);
  static_cast<void>(parse_query(source, problems));
  EXPECT_NO_THROW(problems.throw_if_any());
  return problems.warnings();
}

}  // namespace nfql
