// Writes streams of every kind, each uncompressed and by every method, and beside each what a
// reader must find in it, for tests/stream/check.sh. Usage: stream_write_samples DIRECTORY.
#include <array>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/stream/stream_writer.h"
#include "tests/unit/stream/stream_samples.h"
#include "tests/unit/stream/stream_text.h"

namespace nfql {
namespace {

std::string end_line(const Sample& sample) {
  std::size_t blocks = 0;
  std::array<std::size_t, 5> rows{};
  for (const Block& block : sample.blocks) {
    ++blocks;
    rows.at(static_cast<std::size_t>(block.kind) - 1) += block.batch.rows + block.sources.size();
  }
  return fmt::format(R"({{"kind":"end","blocks":{},"rows":{{"sources":{},"flows":{},"groups":{},)"
                     R"("members":{},"tuples":{}}}}})",
                     blocks, rows[0], rows[1], rows[2], rows[3], rows[4]);
}

void write_expectation(const Sample& sample, const std::string& path) {
  std::vector<std::string> lines{header_line(sample.header)};
  for (const Block& block : sample.blocks) {
    append_lines(lines, sample.header, block);
  }
  lines.push_back(end_line(sample));
  std::ofstream file(path);
  for (const std::string& line : lines) {
    file << line << '\n';
  }
}

void write_sample(const Sample& sample, const std::string& path, Compression compression) {
  StreamWriter writer(OutputFile(path), sample.header, compression);
  for (const Block& block : sample.blocks) {
    Block copy{block.kind, block.branch, {}, block.sources};
    copy.batch.rows = block.batch.rows;
    copy.batch.columns = block.batch.columns;
    writer.put(std::move(copy));
  }
  writer.finish();
}

void write_all_samples(const std::string& directory, std::size_t rows) {
  for (const char* text : {"none", "lz4", "lz4:9", "zstd"}) {
    for (const Sample& sample : all_samples(rows)) {
      const std::string path = fmt::format("{}/{}-{}", directory, sample.name, text);
      write_sample(sample, path + ".nfql", parse_compression(text));
      write_expectation(sample, path + ".want");
    }
  }
}

}  // namespace
}  // namespace nfql

int main(int argc, char** argv) {
  try {
    if (argc != 3) {
      throw nfql::Error(nfql::Exit::usage, "usage: stream_write_samples DIRECTORY ROWS");
    }
    nfql::write_all_samples(argv[1], std::stoul(argv[2]));
    return 0;
  } catch (const std::exception& error) {
    static_cast<void>(std::fprintf(stderr, "stream_write_samples: %s\n", error.what()));
    return 1;
  }
}
