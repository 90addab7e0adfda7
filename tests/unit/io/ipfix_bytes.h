// IPFIX files made by hand for tests: the layouts written out once more, so that a mistake in the
// reader is not made here too.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/io/export_reader.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"

namespace nfql::test {

/// Big-endian integers one after the other.
class Big {
 public:
  Big& u8(std::uint64_t v) { return put(v, 1); }
  Big& u16(std::uint64_t v) { return put(v, 2); }
  Big& u24(std::uint64_t v) { return put(v, 3); }
  Big& u32(std::uint64_t v) { return put(v, 4); }
  Big& u64(std::uint64_t v) { return put(v, 8); }
  Big& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  Big& put(std::uint64_t value, int size) {
    for (int i = size - 1; i >= 0; --i) {
      bytes_ += static_cast<char>((value >> (8 * i)) & 0xffU);
    }
    return *this;
  }
  std::string bytes_;
};

/// An element of a template; length 65535 is variable.
struct Ie {
  unsigned element;
  unsigned length;
  std::uint32_t enterprise = 0;
};

inline std::string ie_bytes(const std::vector<Ie>& fields) {
  Big b;
  for (const Ie& ie : fields) {
    b.u16(ie.element | (ie.enterprise != 0 ? 0x8000U : 0U)).u16(ie.length);
    if (ie.enterprise != 0) {
      b.u32(ie.enterprise);
    }
  }
  return b.bytes();
}

inline std::string ipfix_set(unsigned id, const std::string& body) {
  return Big().u16(id).u16(4 + body.size()).raw(body).bytes();
}

inline std::string ipfix_template(unsigned number, const std::vector<Ie>& fields) {
  return ipfix_set(2, Big().u16(number).u16(fields.size()).raw(ie_bytes(fields)).bytes());
}

inline std::string ipfix_options(unsigned number, unsigned scope, const std::vector<Ie>& fields) {
  return ipfix_set(3,
                   Big().u16(number).u16(fields.size()).u16(scope).raw(ie_bytes(fields)).bytes());
}

inline constexpr std::uint32_t kExported = 1'795'344'127;

inline std::string ipfix_message(const std::string& sets, std::uint32_t domain = 0,
                                 std::uint32_t exported = kExported) {
  return Big().u16(10).u16(16 + sets.size()).u32(exported).u32(0).u32(domain).raw(sets).bytes();
}

inline AllFlows read_ipfix(const std::string& bytes, const ReadOptions& options = {}) {
  try {
    const auto reader = make_export_reader(input_of(bytes, "x.ipfix"), options);
    AllFlows all = read_all(*reader);
    return all;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Exit::failed);
    AllFlows none;
    none.error = error.what();
    return none;
  }
}

/// What the reader says at the end.
inline std::string ipfix_warnings(const std::string& bytes, const ReadOptions& options = {}) {
  const auto reader = make_export_reader(input_of(bytes, "x.ipfix"), options);
  static_cast<void>(read_all(*reader));
  return fmt::format("{}", fmt::join(reader->warnings(), "|"));
}

inline std::string column_names(const Schema& schema) {
  std::string names;
  for (const Field& field : schema.fields()) {
    names += (names.empty() ? "" : " ") + field.name;
  }
  return names;
}

/// The values of some columns in a row, with blanks between them.
inline std::string row_of(const AllFlows& all, std::size_t row,
                          const std::vector<const char*>& names) {
  std::string values;
  for (const char* name : names) {
    values += (values.empty() ? "" : " ") + all.at(row, name);
  }
  return values;
}

}  // namespace nfql::test
