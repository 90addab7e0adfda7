#include "nfql-run/result_files.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "common/base/error.h"

namespace nfql {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBranchMark = "%b";

std::string canonical(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  const fs::path result = fs::weakly_canonical(absolute, error);
  return (error ? absolute.lexically_normal() : result).string();
}

// Whether writing one would lose what the other holds; devices and pipes hold nothing.
bool same_file(const std::string& a, const std::string& b) {
  if (a == "-" || b == "-") {
    return false;
  }
  std::error_code error;
  const fs::file_status a_status = fs::status(a, error);
  const fs::file_status b_status = fs::status(b, error);
  if (fs::exists(a_status) && fs::exists(b_status)) {
    return fs::is_regular_file(a_status) && fs::equivalent(a, b, error);
  }
  return canonical(a) == canonical(b);
}

bool is_trace(const std::string& file, const std::vector<std::string>& traces) {
  return std::any_of(traces.begin(), traces.end(),
                     [&](const std::string& trace) { return same_file(file, trace); });
}

Error overwrites(const std::string& file) {
  return {Exit::usage, fmt::format("'{}' is read by this query, and would be overwritten", file),
          "name another file for the result"};
}

/// The check of one query.
class FileCheck {
 public:
  FileCheck(const Query& query, const RunOptions& options, Problems& problems)
      : query_(query), options_(options), problems_(problems) {}

  void check() {
    if (has_several_results(query_)) {
      check_branches();
    } else {
      check_trace(result_file(options_), query_.output);
    }
    check_trace(options_.common.tee, {});
  }

 private:
  void check_branches() {
    for (const BranchQuery& branch : query_.branches) {
      const std::string file = result_file(branch, options_);
      if (branch.lost_end) {
        continue;
      }
      if (file.empty() && (options_.keep.directory.empty() || options_.common.output != "-")) {
        refuse_one_output(branch);
        return;
      }
      const auto twin = std::find_if(query_.branches.data(), &branch, [&](const auto& other) {
        return !file.empty() && same_file(result_file(other, options_), file);
      });
      if (twin != &branch) {
        refuse_twin(*twin, branch, file);
      }
      check_trace(file, branch.output);
    }
  }

  void refuse_one_output(const BranchQuery& branch) {
    const std::size_t results = query_.branches.size();
    problems_.add(branch.output.name.empty() ? branch.span : branch.output.span,
                  fmt::format("the query has {} branches and no merger: it has {} results, not one",
                              results, results),
                  "give -o 'NAME-%b.csv' for a file a branch, or --dirpath DIR");
  }

  void refuse_twin(const BranchQuery& first, const BranchQuery& second, const std::string& file) {
    problems_.add(second.output.span,
                  fmt::format("the branches '{}' (line {}) and '{}' (line {}) write one file, '{}'",
                              first.name, problems_.line_of(first.span), second.name,
                              problems_.line_of(second.span), file),
                  "give each a file of its own, or merge them");
  }

  // `named` is the file as the query names it, if it does.
  void check_trace(const std::string& file, const QueryFile& named) {
    if (file.empty() || !is_trace(file, options_.traces)) {
      return;
    }
    const Error error = overwrites(file);
    if (named.name == file) {
      problems_.add(named.span, error.what(), error.hint());
    } else {
      problems_.add(error);
    }
  }

  const Query& query_;
  const RunOptions& options_;
  Problems& problems_;
};

}  // namespace

bool has_several_results(const Query& query) {
  return !query.merge && query.branches.size() > 1;
}

std::string result_file(const RunOptions& options) {
  const std::string& output = options.common.output;
  return output == "-" ? "" : output;
}

std::string result_file(const BranchQuery& branch, const RunOptions& options) {
  std::string name = options.common.output;
  const std::size_t mark = name.find(kBranchMark);
  if (mark != std::string::npos) {
    return name.replace(mark, kBranchMark.size(), branch.name);
  }
  const bool own = name == "-" && options.keep.directory.empty();
  return own && branch.output.name != "-" ? branch.output.name : "";
}

void check_files(const Query& query, const RunOptions& options, Problems& problems) {
  FileCheck(query, options, problems).check();
}

void refuse_trace(const std::string& file, const std::vector<std::string>& traces) {
  if (is_trace(file, traces)) {
    throw overwrites(file);
  }
}

}  // namespace nfql
