#include "common/io/stranger.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "common/base/names.h"

namespace nfql {
namespace {

using namespace std::string_view_literals;

struct Mark {
  std::size_t at;  // of the bytes in the file
  std::string_view bytes;
  Stranger stranger;
};

constexpr std::string_view kAsText = "pipe it in as CSV or JSON lines, with our names of columns";
constexpr std::string_view kWithDuckDb =
    "pipe it in as CSV: duckdb -csv -c \"FROM 'FILE'\" | nfql-... -";

// The magic numbers are those of the formats' specifications, but for the cookies of Argus 3 and 5,
// which stand in the first record of its streams behind type, cause, length and status.
constexpr Mark kMarks[] = {
    {0, "\x1f\x8b"sv, {"compressed with gzip", "pipe it in: zcat FILE | nfql-... -"}},
    {0, "\x1f\x9d"sv, {"compressed with compress", "pipe it in: zcat FILE | nfql-... -"}},
    {0, "BZh"sv, {"compressed with bzip2", "pipe it in: bzcat FILE | nfql-... -"}},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     {"compressed with xz", "pipe it in: xzcat FILE | nfql-... -"}},
    {0, "\x28\xb5\x2f\xfd"sv, {"compressed with zstd", "pipe it in: zstdcat FILE | nfql-... -"}},
    {0, "\x04\x22\x4d\x18"sv, {"compressed with lz4", "pipe it in: lz4cat FILE | nfql-... -"}},
    {0, "\x02\x21\x4c\x18"sv, {"compressed with lz4", "pipe it in: lz4cat FILE | nfql-... -"}},
    {0, "\x89LZO\0"sv, {"compressed with lzop", "pipe it in: lzop -dc FILE | nfql-... -"}},
    {0, "\xff\x06\0\0sNaPpY"sv, {"compressed with snappy", "pipe it in, decompressed"}},
    {0, "PK\3\4"sv, {"a zip archive", "pipe in what it holds: unzip -p FILE | nfql-... -"}},
    {0, "PK\5\6"sv, {"an empty zip archive", "there is nothing in it to read"}},
    {0, "7z\xbc\xaf\x27\x1c"sv, {"a 7z archive", "unpack it: 7z x FILE"}},
    {0, "Rar!\x1a\7"sv, {"a rar archive", "unpack it: unrar x FILE"}},
    {257,
     "ustar"sv,
     {"a tar archive", "unpack it into a directory, which can be read: tar -C DIR -xf FILE"}},
    {0,
     "\x0a\x0d\x0d\x0a"sv,
     {"a pcapng file",
      "packets of NetFlow or IPFIX: editcap -F pcap FILE NEW makes a pcap file; of "
      "other traffic a flow meter makes flows"}},
    {0,
     "snoop\0"sv,
     {"a snoop file", "it holds packets: editcap -F pcap FILE NEW makes a pcap file"}},
    {8,
     "\xe5\x71\x2d\xcb"sv,
     {"an Argus file", "pipe it in as CSV, with our names of columns: ra -c , -r FILE"}},
    {8,
     "\xe5\x71\x50\xcb"sv,
     {"an Argus file", "pipe it in as CSV, with our names of columns: ra -c , -r FILE"}},
    {0, "PAR1"sv, {"a Parquet file", kWithDuckDb}},
    {0, "ARROW1"sv, {"an Arrow file", kAsText}},
    {0, "FEA1"sv, {"a Feather file", kAsText}},
    {0, "Obj\1"sv, {"an Avro file", kAsText}},
    {0, "ORC"sv, {"an ORC file", kAsText}},
    {0, "\x89HDF\r\n"sv, {"an HDF5 file", kAsText}},
    {0,
     "SQLite format 3"sv,
     {"an SQLite database", "pipe it in as CSV: sqlite3 -csv -header FILE 'SELECT ...'"}},
    {0, "RRD\0"sv, {"a round-robin database", "it holds sums over time, no flows"}},
    {0,
     "\x7f"
     "ELF"sv,
     {"a program", "flows are what a program writes: give its output"}},
    {0, "%PDF-"sv, {"a PDF document", "it holds no flows"}},
    {0,
     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv,
     {"zeros, at least at its beginning",
      "it was made but not written, as in a crash of the system"}},
    {0, "\xff\xfe"sv, {"text in UTF-16", "pipe it in: iconv -f UTF-16 -t UTF-8 FILE | nfql-... -"}},
    {0, "\xfe\xff"sv, {"text in UTF-16", "pipe it in: iconv -f UTF-16 -t UTF-8 FILE | nfql-... -"}},
};

// Behind blanks and whatever the case.
constexpr Mark kTextMarks[] = {
    {0,
     "<!doctype html",
     {"an HTML page", "what was fetched is a page, not the file that it leads to"}},
    {0, "<html", {"an HTML page", "what was fetched is a page, not the file that it leads to"}},
    {0, "<?xml", {"an XML document", kAsText}},
    {0, "#separator", {"a Zeek log", kAsText}},
    {0,
     "date first seen",
     {"what nfdump prints", "give the nfcapd file itself, or the output of nfdump -o csv"}},
    {0, "srcip  ", {"what flow-print prints", "give the flow-tools file itself"}},
    {0, "[", {"a JSON document", "a flow is an object, one a line or in an array"}},
    {0, "#!", {"a script", "flows are what a program writes: give its output"}},
};

bool has_at(std::string_view text, const Mark& mark) {
  return text.size() > mark.at && text.substr(mark.at).starts_with(mark.bytes);
}

template <std::size_t N>
const Stranger* find_mark(const Mark (&marks)[N], std::string_view text) {
  const auto* mark = std::find_if(std::begin(marks), std::end(marks),
                                  [&](const Mark& m) { return has_at(text, m); });
  return mark == std::end(marks) ? nullptr : &mark->stranger;
}

// `text` without the blanks it begins with, in lower case.
std::string plain(std::string_view text) {
  return lower(text.substr(std::min(text.size(), text.find_first_not_of(" \t\r\n"))));
}

}  // namespace

const Stranger* find_stranger(std::span<const std::byte> first) {
  const std::string_view text(reinterpret_cast<const char*>(first.data()), first.size());
  const Stranger* const stranger = find_mark(kMarks, text);
  return stranger != nullptr ? stranger : find_mark(kTextMarks, plain(text));
}

}  // namespace nfql
