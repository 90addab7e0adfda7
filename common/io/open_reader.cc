// The reader for an input: the one asked for, or the one that its first bytes call for.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/error.h"
#include "common/io/biflow_splitter.h"
#include "common/io/csv_reader.h"
#include "common/io/detect.h"
#include "common/io/export_reader.h"
#include "common/io/flow_tools_header.h"
#include "common/io/flow_tools_reader.h"
#include "common/io/json_reader.h"
#include "common/io/native.h"
#include "common/io/nfdump_reader.h"
#include "common/io/read_ahead.h"
#include "common/io/reader.h"
#include "common/io/silk_reader.h"
#include "common/io/stranger.h"

namespace nfql {
namespace {

// Whether the blocks are made in another thread. Reading our own streams takes less time than what
// handing blocks to another core costs; some readers know best themselves.
enum class Ahead : std::uint8_t { no, yes };

// Who splits biflows into two flows where that is asked for.
enum class Biflows : std::uint8_t { split_by_reader, split_here, stay };

struct Format {
  std::string_view name;
  std::unique_ptr<Reader> (*make)(InputFile file, const ReadOptions& options);
  Ahead ahead = Ahead::yes;
  Biflows biflows = Biflows::split_here;
};

constexpr std::array kFormats = {
    Format{"nfql", &make_native_reader, Ahead::no, Biflows::stay},
    Format{"flow-tools", &make_flow_tools_reader, Ahead::no},
    Format{"nfdump", &make_nfdump_reader},
    Format{"ipfix", &make_export_reader, Ahead::yes, Biflows::split_by_reader},
    Format{"netflow", &make_export_reader, Ahead::yes, Biflows::split_by_reader},
    Format{"pcap", &make_pcap_reader, Ahead::yes, Biflows::split_by_reader},
    Format{"silk", &make_silk_reader},
    Format{"csv", &make_csv_reader},
    Format{"json", &make_json_reader}};

// Formats of text may have names that nobody knows: then the user says what it is.
bool is_text_format(std::string_view name) {
  return name == "csv" || name == "json";
}

const Format* find_format(std::string_view name) {
  const auto* format = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const Format& f) { return f.name == name; });
  return format == kFormats.end() ? nullptr : format;
}

std::unique_ptr<Reader> make_reader(const Format& format, InputFile file,
                                    const ReadOptions& options) {
  if (!options.split_biflow || format.biflows == Biflows::split_by_reader) {
    return format.make(std::move(file), options);
  }
  if (format.biflows == Biflows::stay) {
    throw Error(Exit::usage,
                fmt::format("--split-biflow: {} is a stream of our own tools", file.name()),
                "split biflows where files of others are read");
  }
  return split_biflow(format.make(std::move(file), with_answers(options)), options);
}

void check_format(const std::string& name) {
  if (name.empty() || find_format(name) != nullptr) {
    return;
  }
  std::string known;
  for (const Format& format : kFormats) {
    known += known.empty() ? "" : ", ";
    known += format.name;
  }
  fail(Exit::usage, "unknown input format '{}' (one of {})", name, known);
}

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : " ", std::to_integer<unsigned>(byte));
  }
  return text;
}

[[noreturn]] void refuse(const std::string& name, std::span<const std::byte> first,
                         const FileKind* kind) {
  constexpr std::size_t kShown = 4;
  if (kind != nullptr) {
    throw Error(Exit::failed, fmt::format("{}: is {}", name, kind->what), std::string(kind->hint));
  }
  if (const Stranger* stranger = find_stranger(first)) {
    throw Error(Exit::failed, fmt::format("{}: is {}", name, stranger->what),
                std::string(stranger->hint));
  }
  const std::optional<char> separator = looks_text(first) ? other_separator(first) : std::nullopt;
  if (separator) {
    const std::string shown = *separator == '\t' ? "\\t" : std::string(1, *separator);
    throw Error(Exit::failed,
                fmt::format("{}: is text with columns between '{}', not CSV", name, shown),
                fmt::format("pipe it in: tr '{}' , <FILE | nfql-... -", shown));
  }
  if (looks_text(first)) {
    throw Error(Exit::failed, fmt::format("{}: is text, not a flow file", name),
                "a first line such as start,end,srcip,dstip,bytes names the columns of CSV; -I csv "
                "leaves out those that nobody knows");
  }
  fail(Exit::failed, "{}: is no flow file: begins with bytes {}", name,
       hex(first.first(std::min(first.size(), kShown))));
}

}  // namespace

std::unique_ptr<Reader> open_reader(InputFile file, const ReadOptions& options) {
  check_format(options.format);
  const std::span<const std::byte> first = file.peek(kDetectBytes);
  if (first.empty()) {
    throw Error(Exit::failed, fmt::format("{}: is empty (0 bytes): no flow file is", file.name()),
                "what was to write it wrote nothing: look at its messages");
  }
  const FileKind* kind = detect(first);
  const Format* format = kind == nullptr ? nullptr : find_format(kind->format);
  if (is_text_format(options.format) && looks_text(first)) {
    return make_reader(*find_format(options.format), std::move(file), options);
  }
  if (format == nullptr) {
    refuse(file.name(), first, kind);
  }
  if (!options.format.empty() && options.format != format->name) {
    fail(Exit::failed, "{}: is {}, not of format {}", file.name(), kind->what, options.format);
  }
  std::unique_ptr<Reader> reader = make_reader(*format, std::move(file), options);
  const bool ahead = format->ahead == Ahead::yes &&
                     beside_for(reader->bytes_total(), options.threads) == Beside::yes;
  return ahead ? read_ahead(std::move(reader)) : std::move(reader);
}

}  // namespace nfql
