#include "common/cli/run_tool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/cli/heap.h"

namespace nfql {
namespace {

// One write, so that messages of the stages of a pipeline do not mix.
void put(const std::string& text) {
  static_cast<void>(::write(STDERR_FILENO, text.data(), text.size()) == 0);
}

// Names and values that a message quotes must not move the cursor of who reads it.
std::string visible(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

int report(const CLI::App& app, std::string_view message, std::string_view hint, Exit code) {
  std::string text = fmt::format("{}: {}\n", app.get_name(), message);
  if (!hint.empty()) {
    fmt::format_to(std::back_inserter(text), "  hint: {}\n", hint);
  }
  put(visible(text));
  return static_cast<int>(code);
}

// A descriptor that is open, but the wrong way round: every use fails with EBADF.
void guard_standard_descriptors() {
  constexpr std::array<int, 3> kWrongWay = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = 0; fd < 3; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) {
      static_cast<void>(::open("/dev/null", kWrongWay[static_cast<std::size_t>(fd)]));
    }
  }
}

int report_unknown_option(const CLI::App& app) {
  std::string word = app.remaining().empty() ? "" : app.remaining().front();
  word = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest = nearest_name(word, views);
  const std::string advice =
      nearest.empty() ? fmt::format("see {} --help", app.get_name())
                      : fmt::format("did you mean {}? see {} --help", nearest, app.get_name());
  return report(app, fmt::format("unknown option {} ({})", word, advice), "", Exit::usage);
}

// Options that stand once, and of these those that take a list.
int report_repetition(const CLI::App& app, const CLI::ArgumentMismatch& error) {
  constexpr std::array<std::string_view, 3> kLists = {"--aggregate", "--columns", "--cores"};
  const std::string_view text = error.what();
  const std::string_view option = text.substr(0, text.find(':'));
  if (text.find("At Most 1") == std::string_view::npos) {
    return report(app, fmt::format("{} (see {} --help)", text, app.get_name()), "", Exit::usage);
  }
  const bool list = std::find(kLists.begin(), kLists.end(), option) != kLists.end();
  return report(app, fmt::format("{} is given more than once", option),
                list ? "give one list, separated by commas" : "", Exit::usage);
}

// `--stats json`, where json would be an input or an expression.
void check_detached_values(int argc, char** argv) {
  struct Flag {
    std::string_view name;
    std::string_view value;
  };
  constexpr std::array<Flag, 5> kFlags = {{{"--stats", "json"},
                                           {"--stats", "text"},
                                           {"--progress", "json"},
                                           {"--progress", "text"},
                                           {"--explain", "dot"}}};
  for (int i = 1; i + 1 < argc; ++i) {
    const auto meant = [&](const Flag& flag) {
      return flag.name == argv[i] && flag.value == argv[i + 1];
    };
    if (std::any_of(kFlags.begin(), kFlags.end(), meant) && ::access(argv[i + 1], F_OK) != 0) {
      throw Error(Exit::usage, fmt::format("'{}' is no value of {} there", argv[i + 1], argv[i]),
                  fmt::format("write {}={}", argv[i], argv[i + 1]));
    }
  }
}

}  // namespace

int run_tool(CLI::App& app, int argc, char** argv, const std::function<void()>& body) {
  // So that write() returns EPIPE, which becomes BrokenPipe.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  // So that a file at its size limit is an error with a message (EFBIG).
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  guard_standard_descriptors();
  prepare_heap();
  try {
    check_detached_values(argc, argv);
    app.parse(argc, argv);
    body();
    return static_cast<int>(Exit::ok);
  } catch (const CLI::Success& asked) {
    // --help and the like: standard output must have taken it.
    const int code = app.exit(asked);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout.flush()) {
      return report(app, "<stdout>: cannot write", "", Exit::failed);
    }
    return code;
  } catch (const CLI::ExtrasError&) {
    return report_unknown_option(app);
  } catch (const CLI::ArgumentMismatch& error) {
    return report_repetition(app, error);
  } catch (const CLI::ParseError& error) {
    return report(app, fmt::format("{} (see {} --help)", error.what(), app.get_name()), "",
                  Exit::usage);
  } catch (const BrokenPipe&) {
    return static_cast<int>(Exit::ok);
  } catch (const Errors& errors) {
    for (const Error& error : errors.all()) {
      static_cast<void>(report(app, error.what(), error.hint(), error.code()));
    }
    return static_cast<int>(errors.code());
  } catch (const Error& error) {
    return report(app, error.what(), error.hint(), error.code());
  } catch (const std::bad_alloc&) {
    return report(app, "out of memory", "", Exit::failed);
  } catch (const std::exception& error) {
    return report(app, error.what(), "", Exit::failed);
  }
}

void warn(std::string_view tool, std::string_view text) {
  put(visible(fmt::format("{}: warning: {}\n", tool, text)));
}

}  // namespace nfql
