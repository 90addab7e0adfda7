#include "common/expr/aggregate_plugins.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <span>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/expr/aggregate.h"
#include "common/expr/parse.h"

namespace nfql {
namespace {

constexpr const char* kEntry = "nfql_aggregates";
constexpr const char* kManual = "nfql-aggregate(3) says what a plug-in defines";
// A state of this size a group is a mistake, or an attack on memory.
constexpr std::size_t kMaxState = std::size_t{1} << 20;
constexpr unsigned kAllTypes = ((NFQL_TAKES(NFQL_ADDRESS) << 1) - 1) & ~1U;

bool is_word(std::string_view name) {
  const auto is_letter = [](unsigned char c) { return c < 0x80 && std::isalpha(c) != 0; };
  return !name.empty() && is_letter(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), [&](unsigned char c) {
           return is_letter(c) || std::isdigit(c) != 0 || c == '_';
         });
}

// What is wrong with a function, or "".
std::string_view fault_of(const nfql_aggregate& function) {
  if ((function.takes & kAllTypes) == 0 || (function.takes & ~kAllTypes) != 0) {
    return "takes no types, or types that are none";
  }
  if (function.result > NFQL_ADDRESS) {
    return "has a result of no type";
  }
  if (function.arguments > 1) {
    return "takes more than one argument";
  }
  if (function.state_size == 0 || function.state_size > kMaxState) {
    return "has a state of no bytes, or of more than 1 MiB";
  }
  if (function.add == nullptr || function.finish == nullptr) {
    return "has no 'add' or no 'finish'";
  }
  return "";
}

// The loader says "PATH: WHAT".
std::string loader_message(const std::string& path) {
  const char* text = ::dlerror();
  std::string message = text == nullptr ? "unknown reason" : text;
  if (message.compare(0, path.size() + 2, path + ": ") == 0) {
    message.erase(0, path.size() + 2);
  }
  return message;
}

}  // namespace

void AggregatePlugins::Close::operator()(void* handle) const noexcept {
  ::dlclose(handle);
}

void AggregatePlugins::load(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) {
    fail_system(path, "cannot open", errno);
  }
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    throw Error(Exit::failed, fmt::format("{}: cannot be loaded: {}", path, loader_message(file)),
                "a plug-in is a shared object: cc -shared -fPIC -o NAME.so NAME.c");
  }
  handles_.emplace_back(handle);
  const void* entry = ::dlsym(handle, kEntry);
  if (entry == nullptr) {
    throw Error(Exit::usage,
                fmt::format("{}: is no plug-in: it does not define '{}'", path, kEntry), kManual);
  }
  const auto& table = *static_cast<const nfql_plugin*>(entry);
  if (table.abi != NFQL_AGGREGATE_ABI) {
    throw Error(
        Exit::usage,
        fmt::format("{}: is for version {} of the plug-in interface, and this is version {}", path,
                    table.abi, NFQL_AGGREGATE_ABI),
        "compile it with the nfql/aggregate.h of this installation");
  }
  add(table, path);
}

void AggregatePlugins::add(const nfql_plugin& table, const std::string& origin) {
  if (table.count == 0 || table.table == nullptr) {
    throw Error(Exit::usage, fmt::format("{}: has no functions", origin), kManual);
  }
  for (const nfql_aggregate& function : std::span(table.table, table.count)) {
    if (function.name == nullptr || !is_word(function.name)) {
      throw Error(Exit::usage,
                  fmt::format("{}: function {} of its table has no name that a query can call",
                              origin, &function - table.table + 1),
                  "a name is a letter, then letters, digits and underscores");
    }
    if (const std::string_view fault = fault_of(function); !fault.empty()) {
      throw Error(Exit::usage, fmt::format("{}: '{}' {}", origin, function.name, fault), kManual);
    }
    check_name(function, origin);
    functions_.push_back({&function, origin});
  }
}

void AggregatePlugins::check_name(const nfql_aggregate& function, const std::string& origin) const {
  if (find_aggregate(function.name)) {
    fail(Exit::usage, "{}: '{}' is a function of nfql itself", origin, function.name);
  }
  for (const Function& known : functions_) {
    if (same_name(known.function->name, function.name)) {
      fail(Exit::usage, "{}: '{}' is a function of {} already", origin, function.name,
           known.origin);
    }
  }
}

void AggregatePlugins::resolve(std::vector<AggregateItem>& items, std::string_view text) const {
  for (AggregateItem& item : items) {
    const auto found =
        std::find_if(functions_.begin(), functions_.end(), [&item](const Function& function) {
          return same_name(function.function->name, item.function);
        });
    if (found != functions_.end()) {
      item.plugin = found->function;
    } else if (!find_aggregate(item.function)) {
      std::vector<std::string_view> names;
      for (const Function& function : functions_) {
        names.emplace_back(function.function->name);
      }
      fail_unknown_aggregate(item, text, std::move(names));
    }
  }
}

}  // namespace nfql
