#include "common/io/stranger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "common/base/error.h"
#include "common/io/reader.h"
#include "tests/unit/io/flow_tools_bytes.h"

namespace nfql::test {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

// What is said of a file of this content that nobody reads.
std::optional<Error> refused(const std::string& content) {
  try {
    static_cast<void>(open_reader(input_of(content, "x"), {}));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "was read";
  return std::nullopt;
}

struct Case {
  std::string content;
  const char* what;
  const char* hint;  // part of it
};

class StrangerTest : public testing::TestWithParam<Case> {};

TEST_P(StrangerTest, IsNamedWithWhatToDo) {
  // What follows is of no matter, but for text it is text.
  const bool text = GetParam().content.back() == '\n';
  for (const std::string& more : {""s, text ? "a b c\n"s : "\x01\x02\x03"s}) {
    const std::optional<Error> error = refused(GetParam().content + more);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), Exit::failed);
    EXPECT_EQ(error->what(), "x: is "s + GetParam().what);
    EXPECT_THAT(error->hint(), HasSubstr(GetParam().hint));
  }
}

TEST_P(StrangerTest, IsNotNamedByLess) {
  const std::string& content = GetParam().content;
  const std::string name = GetParam().what;
  for (std::size_t size = 1; size + 1 < content.size(); ++size) {
    if (const Stranger* found = find_stranger(std::as_bytes(std::span(content)).first(size))) {
      EXPECT_EQ(found->what, name) << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Binary, StrangerTest,
    testing::Values(
        Case{"\x1f\x8b\x08"s, "compressed with gzip", "zcat FILE |"},
        Case{"\x1f\x9d\x90"s, "compressed with compress", "zcat FILE |"},
        Case{"BZh9"s, "compressed with bzip2", "bzcat FILE |"},
        Case{"\xfd"
             "7zXZ\0"s,
             "compressed with xz", "xzcat FILE |"},
        Case{"\x28\xb5\x2f\xfd"s, "compressed with zstd", "zstdcat FILE |"},
        Case{"\x04\x22\x4d\x18"s, "compressed with lz4", "lz4cat FILE |"},
        Case{"\x02\x21\x4c\x18"s, "compressed with lz4", "lz4cat FILE |"},
        Case{"\x89LZO\0\r\n\x1a\n\x10"s, "compressed with lzop", "lzop -dc FILE |"},
        Case{"\xff\x06\0\0sNaPpY"s, "compressed with snappy", "decompressed"},
        Case{"PK\3\4"s, "a zip archive", "unzip -p FILE |"},
        Case{"PK\5\6"s, "an empty zip archive", "nothing in it"},
        Case{"7z\xbc\xaf\x27\x1c"s, "a 7z archive", "7z x FILE"},
        Case{"Rar!\x1a\7"s, "a rar archive", "unrar x FILE"},
        Case{std::string(257, 'x') + "ustar", "a tar archive", "tar -C DIR -xf FILE"},
        Case{"\x0a\x0d\x0d\x0a\x1c\0"s, "a pcapng file", "editcap -F pcap FILE NEW"},
        Case{"snoop\0\0\0"s, "a snoop file", "editcap -F pcap FILE NEW"},
        Case{"\x83\x10\x20\0\0\0\0\0\xe5\x71\x2d\xcb"s, "an Argus file", "ra -c , -r FILE"},
        Case{"\x85\x10\x20\0\0\0\0\0\xe5\x71\x50\xcb"s, "an Argus file", "ra -c , -r FILE"},
        Case{"PAR1"s, "a Parquet file", "duckdb -csv"}, Case{"ARROW1"s, "an Arrow file", "CSV"},
        Case{"FEA1"s, "a Feather file", "CSV"}, Case{"Obj\1"s, "an Avro file", "CSV"},
        Case{"ORC"s, "an ORC file", "CSV"}, Case{"\x89HDF\r\n\x1a\n\1"s, "an HDF5 file", "CSV"},
        Case{"SQLite format 3\0"s, "an SQLite database", "sqlite3 -csv -header FILE"},
        Case{"RRD\0"s, "a round-robin database", "no flows"},
        Case{"\x7f"
             "ELF\2"s,
             "a program", "give its output"},
        Case{"%PDF-1.7"s, "a PDF document", "no flows"},
        Case{std::string(16, '\0'), "zeros, at least at its beginning", "not written"},
        Case{"\xff\xfes\0"s, "text in UTF-16", "iconv -f UTF-16 -t UTF-8 FILE |"},
        Case{"\xfe\xff\0s"s, "text in UTF-16", "iconv -f UTF-16 -t UTF-8 FILE |"}));

INSTANTIATE_TEST_SUITE_P(
    Text, StrangerTest,
    testing::Values(Case{"\n<!DOCTYPE HTML><html>\n", "an HTML page", "not the file"},
                    Case{"<html lang=en>\n", "an HTML page", "not the file"},
                    Case{"<?xml version='1.0'?>\n", "an XML document", "CSV or JSON lines"},
                    Case{"[1, 2]\n", "a JSON document", "an object, one a line or in an array"},
                    Case{"#separator \\x09\n", "a Zeek log", "CSV or JSON lines"},
                    Case{"Date first seen          Duration Proto\n", "what nfdump prints",
                         "nfdump -o csv"},
                    Case{"\nsrcIP            dstIP            prot\n", "what flow-print prints",
                         "flow-tools file"},
                    Case{"#!/bin/sh\n", "a script", "give its output"},
                    Case{"a,b\n", "text, not a flow file", "start,end,srcip,dstip,bytes"},
                    Case{"start,a,b,c\n", "text, not a flow file", "-I csv"},
                    Case{"(\xc3\xa4)\n", "text, not a flow file", "start,end,srcip,dstip,bytes"},
                    Case{"\n", "text, not a flow file", "start,end,srcip,dstip,bytes"}));

TEST(Stranger, AnEmptyFileAsksForWhatWasToWriteIt) {
  const std::optional<Error> error = refused("");
  ASSERT_TRUE(error);
  EXPECT_STREQ(error->what(), "x: is empty (0 bytes): no flow file is");
  EXPECT_THAT(error->hint(), HasSubstr("wrote nothing"));
}

}  // namespace
}  // namespace nfql::test
