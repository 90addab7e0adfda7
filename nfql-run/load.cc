#include "nfql-run/load.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "common/base/error.h"
#include "common/cli/arguments.h"
#include "common/io/detect.h"
#include "nfql-run/check.h"

namespace nfql {
namespace {

// A query is written by hand or by a program, for people to read: more is a mistake.
constexpr std::size_t kMaxQueryBytes = 16 * 1024 * 1024;

// What some editors put before UTF-8, and count as no column.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string read_text(const std::string& path) {
  InputFile file = InputFile::open(path);
  std::string text;
  for (std::size_t got = 1; got != 0;) {
    constexpr std::size_t kStep = 64 * 1024;
    const std::size_t have = text.size();
    text.resize(have + kStep);
    got = file.read_full(reinterpret_cast<std::byte*>(text.data()) + have, kStep);
    text.resize(have + got);
    if (text.size() > kMaxQueryBytes) {
      fail(Exit::usage, "{}: is larger than {} bytes: no query is", file.name(), kMaxQueryBytes);
    }
  }
  return text;
}

// A trace that stands where the query does would be told of as a text with mistakes.
void check_is_text(const RunArguments& arguments, const std::string& text) {
  const FileKind* const kind =
      detect(std::as_bytes(std::span(text)).first(std::min(text.size(), kDetectBytes)));
  if (text.find('\0') != std::string::npos) {
    throw Error(Exit::usage,
                fmt::format("{} is {}, not a query", arguments.query,
                            kind != nullptr ? kind->what : "no text"),
                "the query comes first: nfql-run QUERY [TRACE...]");
  }
}

void check_inputs(const RunArguments& arguments, const RunOptions& run) {
  if (is_dry(arguments)) {
    return;
  }
  if (arguments.query == "-" &&
      std::find(run.traces.begin(), run.traces.end(), "-") != run.traces.end()) {
    throw Error(Exit::usage, "query and trace cannot both be standard input", "name a trace file");
  }
  refuse_terminal_input(run.traces);
}

// Says what to do about a trace that only the query names, and that is not there.
void check_named_traces(const RunArguments& arguments, const RunOptions& run) {
  for (const std::string& trace : run.traces) {
    if (arguments.traces.empty() && !is_existing_file(trace)) {
      throw Error(Exit::failed, fmt::format("{}: cannot open: {}", trace, std::strerror(ENOENT)),
                  "the query names this trace; files behind the query, or - for standard input, "
                  "replace it");
    }
  }
}

}  // namespace

bool is_dry(const RunArguments& arguments) {
  return arguments.check || !arguments.explain.empty();
}

QuerySource read_source(const RunArguments& arguments) {
  if (arguments.query.empty()) {
    throw Error(Exit::usage, "no query", "nfql-run QUERY [TRACE...]; see nfql-run --help");
  }
  std::string text = read_text(arguments.query);
  if (text.starts_with(kByteOrderMark)) {
    text.erase(0, kByteOrderMark.size());
  }
  check_is_text(arguments, text);
  return {arguments.query == "-" ? "<stdin>" : arguments.query, std::move(text)};
}

Query load_query(const RunArguments& arguments, const QuerySource& source, Problems& problems) {
  Query query = parse_query(source, problems);
  if (arguments.flat) {
    if (!query.ungroup && !query.merge && query.branches.size() > 1) {
      problems.throw_if_any();
      throw Error(Exit::usage, "--flat: several branches are ungrouped without a merger",
                  "ungroup behind a merger, or one branch a query");
    }
    query.ungroup = UngroupQuery{true};
  }
  if (!arguments.emit.empty()) {
    if (!query.merge) {
      problems.throw_if_any();
      throw Error(Exit::usage, "--emit: the query has no merger");
    }
    query.merge->collection = arguments.emit == "collection";
  }
  return query;
}

void resolve_aggregates(const std::vector<std::string>& paths, AggregatePlugins& plugins,
                        Query& query, Problems& problems) {
  for (const std::string& path : paths) {
    plugins.load(path);
  }
  for (BranchQuery& branch : query.branches) {
    for (std::size_t i = 0; branch.group && i < branch.group->items.size(); ++i) {
      std::vector<AggregateItem> item = {branch.group->items[i]};
      try {
        plugins.resolve(item, branch.group->aggregates.text);
        branch.group->items[i] = std::move(item.front());
      } catch (const TextError& error) {
        problems.add(error, branch.group->aggregates);
      }
    }
  }
}

RunOptions run_options(const RunArguments& arguments, const CommonOptions& options,
                       const Query& query) {
  RunOptions run;
  run.common = options;
  if (!arguments.has_output && !query.output.name.empty()) {
    run.common.output = query.output.name;
  }
  run.keep = {arguments.directory, std::max(1, arguments.verbose)};
  run.plugins = arguments.plugins;
  run.traces = arguments.traces;
  for (std::size_t i = 0; arguments.traces.empty() && i < query.inputs.size(); ++i) {
    run.traces.push_back(query.inputs[i].name);
  }
  if (run.traces.empty()) {
    run.traces.emplace_back("-");
  }
  check_inputs(arguments, run);
  return run;
}

std::optional<Schema> schema_for(const RunArguments& arguments, const Query& query,
                                 const RunOptions& run, const Problems& problems) {
  if (arguments.traces.empty() && is_dry(arguments)) {
    for (const std::string& trace : run.traces) {
      if (trace != "-" && !is_existing_file(trace)) {
        return std::nullopt;
      }
    }
  }
  try {
    check_named_traces(arguments, run);
    return trace_schema(query, run);
  } catch (const Error&) {
    problems.throw_if_any();
    throw;
  }
}

}  // namespace nfql
