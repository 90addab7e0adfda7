#include "common/cli/options.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/base/number_text.h"
#include "common/base/usable_cores.h"
#include "common/cli/help.h"
#include "common/cli/output_names.h"

namespace nfql {
namespace {

// What a file is meant to be by its ending.
struct Ending {
  std::string_view ending;
  OutputFormat format;
};
constexpr std::array<Ending, 11> kEndings = {{{".nfql", OutputFormat::native},
                                              {".ft", OutputFormat::flow_tools},
                                              {".ftz", OutputFormat::flow_tools},
                                              {".nfdump", OutputFormat::nfdump},
                                              {".nfcapd", OutputFormat::nfdump},
                                              {".ipfix", OutputFormat::ipfix},
                                              {".csv", OutputFormat::csv},
                                              {".json", OutputFormat::json},
                                              {".jsonl", OutputFormat::json},
                                              {".ndjson", OutputFormat::json},
                                              {".txt", OutputFormat::table}}};

std::optional<OutputFormat> format_by_ending(const std::string& path) {
  const std::filesystem::path file = std::filesystem::path(path).filename();
  if (file.string().starts_with("nfcapd.")) {
    return OutputFormat::nfdump;  // nfcapd.202611221040, as nfcapd names its files
  }
  const std::string ending = lower(file.extension().string());
  for (const Ending& known : kEndings) {
    if (known.ending == ending) {
      return known.format;
    }
  }
  return std::nullopt;
}

bool is_binary(OutputFormat format) {
  return format == OutputFormat::native || format == OutputFormat::flow_tools ||
         format == OutputFormat::nfdump || format == OutputFormat::ipfix;
}

// An empty time, as from a variable that was never set, must not be a window without that end.
void add_time(CLI::App& app, const std::string& name, std::string& to) {
  app.add_option_function<std::string>(name, [name, &to](const std::string& text) {
    if (text.empty()) {
      throw Error(Exit::usage, fmt::format("{}: '' is no time", name),
                  "give a time, or leave the option out");
    }
    to = text;
  });
}

// The option library takes -1 for 2^64 - 1.
std::uint64_t parse_limit(const std::string& text) {
  const auto limit = to_number<std::uint64_t>(text);
  if (!limit) {
    fail(Exit::usage, "--limit: '{}' is no count of rows", text);
  }
  return *limit;
}

std::size_t parse_threads(const std::string& text) {
  constexpr std::size_t kMost = 1024;
  const auto threads = to_number<std::size_t>(text);
  if (!threads || *threads == 0 || *threads > kMost) {
    fail(Exit::usage, "--threads: '{}' is no count of threads (1 to {})", text, kMost);
  }
  return *threads;
}

}  // namespace

void add_common_options(CLI::App& app, CommonOptions& options, const HelpText& help) {
  app.set_help_flag("-h,--help");
  app.set_version_flag("-V,--version", app.get_name() + " " NFQL_VERSION);
  app.add_flag_callback("--help-fields",
                        [] { throw CLI::CallForVersion(fields_help(), CLI::ExitCodes::Success); });
  app.add_option("-o,--output", options.output);
  app.add_option("-O,--output-format", options.output_format);
  app.add_option("-I,--input-format", options.input_format);
  app.add_option("-z,--compress", options.compress);
  app.add_option_function<std::string>(
      "-n,--limit", [&options](const std::string& text) { options.limit = parse_limit(text); });
  app.add_option_function<std::string>("-j,--threads", [&options](const std::string& text) {
    options.threads = parse_threads(text);
  });
  app.add_option("--columns", options.columns);
  app.add_option("--tz", options.zone);
  app.add_option("--time", options.time)->check(CLI::IsMember({"iso", "ms"}));
  app.add_option("--tee", options.tee);
  app.add_flag("--stats{text}", options.stats)->check(CLI::IsMember({"text", "json"}));
  app.add_flag("--progress{text}", options.progress)->check(CLI::IsMember({"text", "json"}));
  app.add_flag("--salvage", options.salvage);
  app.add_flag("--skip-unrepresentable", options.skip_unrepresentable);
  add_time(app, "--since", options.since);
  add_time(app, "--until", options.until);
  app.add_flag("--active", options.active);
  app.add_flag("--starts", options.starts);
  app.add_option("--time-offset", options.time_offsets)->allow_extra_args(false);
  app.add_flag("-q,--quiet", options.quiet);
  const std::string text =
      fmt::format("{}{}\nExample:\n{}", help.head, common_help(), help.example);
  class Fixed : public CLI::Formatter {
   public:
    explicit Fixed(std::string page) : page_(std::move(page)) {}
    [[nodiscard]] std::string make_help(const CLI::App* /*app*/, std::string /*name*/,
                                        CLI::AppFormatMode /*mode*/) const override {
      return page_;
    }

   private:
    std::string page_;
  };
  app.formatter(std::make_shared<Fixed>(text));
}

ZoneMinutes zone_of(const CommonOptions& options) {
  const std::optional<ZoneMinutes> zone = parse_zone(options.zone);
  if (!zone) {
    throw Error(Exit::usage, fmt::format("--tz: '{}' is no time zone", options.zone),
                "give UTC or an offset such as +02:00");
  }
  return *zone;
}

std::size_t threads_of(const CommonOptions& options) {
  return options.threads ? *options.threads : std::max<std::size_t>(1, usable_cores().size());
}

bool has_file_ending(const std::string& word) {
  return format_by_ending(word).has_value();
}

OutputFormat format_for(const CommonOptions& options, const std::string& path, bool is_terminal) {
  if (!options.output_format.empty()) {
    return parse_output_format(options.output_format);
  }
  if (is_terminal) {
    return OutputFormat::table;
  }
  check_output_name(path);
  return format_by_ending(path).value_or(OutputFormat::native);
}

bool writes_text(const CommonOptions& options, const std::string& path) {
  const bool to_terminal = path == "-" && ::isatty(STDOUT_FILENO) == 1;
  return !is_binary(format_for(options, path, to_terminal));
}

std::optional<std::vector<std::string>> columns_of(const CommonOptions& options) {
  if (options.columns.empty()) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  std::string name;
  int depth = 0;  // prefix(srcip, 24) is one name
  for (const char c : options.columns + ",") {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || depth > 0) {
      name += c;
      continue;
    }
    const std::size_t begin = name.find_first_not_of(' ');
    if (begin == std::string::npos) {
      throw Error(Exit::usage, fmt::format("--columns: an empty name in '{}'", options.columns));
    }
    names.push_back(name.substr(begin, name.find_last_not_of(' ') - begin + 1));
    name.clear();
  }
  return names;
}

std::unique_ptr<Writer> open_output(const CommonOptions& options, const std::string& path,
                                    const StreamHeader& header) {
  // Checked before the file is touched.
  WriteOptions write;
  write.compress = options.compress;
  write.columns = columns_of(options);
  write.zone = zone_of(options);
  write.time = options.time == "ms" ? TimeFormat::milliseconds : TimeFormat::iso;
  write.limit = options.limit;
  write.skip_unrepresentable = options.skip_unrepresentable;
  write.threads = threads_of(options);
  OutputFile file(path);
  write.format = format_for(options, path, file.is_terminal());
  if (file.is_terminal() && is_binary(write.format)) {
    throw Error(Exit::usage, "a binary stream is not for a terminal",
                "pipe it into another tool, or give -o FILE or -O table");
  }
  return open_writer(std::move(file), header, write);
}

std::unique_ptr<Writer> open_output(const CommonOptions& options, const StreamHeader& header) {
  return open_output(options, options.output, header);
}

bool is_existing_file(const std::string& argument) {
  struct stat status {};
  return argument == "-" || ::stat(argument.c_str(), &status) == 0;
}

}  // namespace nfql
