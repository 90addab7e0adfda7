#include "common/cli/output_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {
namespace {

namespace fs = std::filesystem;

struct Compression {
  std::string_view ending;
  std::string_view program;
};
constexpr std::array<Compression, 5> kCompressions = {
    {{".gz", "gzip"}, {".bz2", "bzip2"}, {".xz", "xz"}, {".zst", "zstd"}, {".lz4", "lz4"}}};

struct Unwritten {
  std::string_view ending;
  std::string_view what;
  std::string_view instead;
};
constexpr std::array<Unwritten, 9> kUnwritten = {
    {{".tsv", "tables with tabs", "-O csv has commas"},
     {".rw", "SiLK files", "rwipfix2silk makes one of what -O ipfix writes"},
     {".silk", "SiLK files", "rwipfix2silk makes one of what -O ipfix writes"},
     {".pcap", "packets", "flows are no packets any more"},
     {".pcapng", "packets", "flows are no packets any more"},
     {".cap", "packets", "flows are no packets any more"},
     {".parquet", "Parquet files", "other programs make it of what -O csv writes"},
     {".arrow", "Arrow files", "other programs make it of what -O csv writes"},
     {".xlsx", "spreadsheets", "they open what -O csv writes"}}};

template <class Table>
auto find_ending(const Table& table, const std::string& ending) {
  return std::find_if(table.begin(), table.end(),
                      [&](const auto& row) { return row.ending == lower(ending); });
}

}  // namespace

void check_output_name(const std::string& path) {
  const fs::path file(path);
  const std::string ending = file.extension().string();
  const auto compression = find_ending(kCompressions, ending);
  if (compression != kCompressions.end()) {
    const std::string inner = lower(file.stem().extension().string());
    const bool json = inner == ".json" || inner == ".jsonl" || inner == ".ndjson";
    throw Error(
        Exit::usage,
        fmt::format("-o {}: outputs are not compressed with {}", path, compression->program),
        fmt::format("-O {} | {} > {}, or -O FORMAT -o {} if the file is to have that name",
                    json ? "json" : "csv", compression->program, path, path));
  }
  const auto unwritten = find_ending(kUnwritten, ending);
  if (unwritten != kUnwritten.end()) {
    throw Error(Exit::usage, fmt::format("-o {}: {} are not written", path, unwritten->what),
                fmt::format("{}; or -O FORMAT -o {} if the file is to have that name",
                            unwritten->instead, path));
  }
}

}  // namespace nfql
