#include "common/io/input_sieve.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/base/error.h"
#include "common/io/detect.h"
#include "common/io/stranger.h"

namespace nfql {
namespace {

// Whoever corrects clocks by more than a century has all files read.
constexpr std::uint64_t kMostCorrection = 100ULL * 366 * 24 * 3'600'000;

// What `erased` says of each is asked in order.
template <class Erased>
void erase_inputs(std::vector<ListedInput>& inputs, const Erased& erased) {
  inputs.erase(std::remove_if(inputs.begin(), inputs.end(), erased), inputs.end());
}

// Formats whose files may be anything else as well.
bool may_lack_flows(const FileKind& kind) {
  return kind.format == "csv" || kind.format == "json" || kind.format == "nfql";
}

}  // namespace

InputSieve::InputSieve(const ReadOptions& options) : options_(options) {
  for (const TimeOffset& offset : options.offsets) {
    const std::uint64_t size = offset.ms < 0 ? 0 - static_cast<std::uint64_t>(offset.ms)
                                             : static_cast<std::uint64_t>(offset.ms);
    correction_ = std::min(correction_ + std::min(size, kMostCorrection), 2 * kMostCorrection);
  }
}

void InputSieve::run(InputPlan& plan) {
  std::vector<ListedInput> kept;
  std::vector<ListedInput> outside;
  for (ListedInput& input : plan.inputs) {
    (is_outside(input) ? outside : kept).push_back(std::move(input));
  }
  plan.inputs = std::move(kept);
  erase_inputs(plan.inputs, [this](const ListedInput& input) { return is_stranger(input); });
  if (plan.inputs.empty() && !outside.empty()) {
    plan.inputs.push_back(outside.front());  // somebody must say which columns there are
  }
  if (plan.inputs.size() > 1) {  // one alone may be groups, and says itself what is wrong
    erase_inputs(plan.inputs, [this](const ListedInput& input) { return lacks_flows(input); });
  }
  tell(plan);
}

bool InputSieve::is_outside(const ListedInput& input) const {
  std::error_code error;
  // What the user names is read, whatever its name says of its time: it may be a copy.
  if (!input.found || !options_.window.any() || correction_ >= kMostCorrection ||
      !std::filesystem::is_regular_file(input.path, error)) {
    return false;
  }
  const auto offset = static_cast<std::int64_t>(correction_);
  const std::string name = std::filesystem::path(input.path).filename().string();
  if (const auto captured = capture_time_of_name(name)) {
    return surely_outside(*captured, options_.window, offset);
  }
  InputFile file = InputFile::open(input.path);
  const auto captured = capture_time_of_header(file);
  return captured && surely_outside(*captured, options_.window, offset);
}

bool InputSieve::is_stranger(const ListedInput& input) {
  if (!input.found) {
    return false;
  }
  InputFile file = InputFile::open(input.path);
  const std::span<const std::byte> first = file.peek(kDetectBytes);
  const FileKind* kind = detect(first);
  if (kind != nullptr && !kind->format.empty()) {
    return false;
  }
  if (kind != nullptr) {
    known_.push_back({fmt::format("{}: is {}", input.path, kind->what), std::string(kind->hint)});
  } else if (const Stranger* stranger = find_stranger(first)) {
    known_.push_back(
        {fmt::format("{}: is {}", input.path, stranger->what), std::string(stranger->hint)});
  } else {
    unknown_.push_back(input.path);
  }
  return true;
}

bool InputSieve::lacks_flows(const ListedInput& input) {
  if (!input.found) {
    return false;
  }
  InputFile file = InputFile::open(input.path);
  const FileKind* kind = detect(file.peek(kDetectBytes));
  if (kind == nullptr || !may_lack_flows(*kind)) {
    return false;
  }
  const bool text = kind->format != "nfql";
  try {
    const auto reader = open_reader(std::move(file), options_);
    if (reader->header().kind == StreamKind::flows) {
      return false;
    }
    known_.push_back({input.path + ": is a stream without flows", ""});
  } catch (const Error& error) {
    if (!text || error.code() != Exit::failed) {
      return false;  // who reads it says so
    }
    known_.push_back({error.what(), ""});
  }
  return true;
}

void InputSieve::tell(InputPlan& plan) const {
  constexpr std::size_t kMostTold = 10;
  const std::size_t more = unknown_.empty() ? 0 : unknown_.size() - 1;
  if (plan.inputs.empty()) {
    const std::string first = unknown_.empty()
                                  ? known_.front().what
                                  : fmt::format("{}: is no flow file", unknown_.front());
    const std::size_t others = known_.size() + unknown_.size() - 1;
    throw Error(Exit::failed, first,
                others != 0
                    ? fmt::format("neither is any of {} more files there a flow file", others)
                : known_.empty() || known_.front().hint.empty() ? "there is no other file to read"
                                                                : known_.front().hint);
  }
  for (std::size_t i = 0; i < std::min(known_.size(), kMostTold); ++i) {
    const auto& [what, hint] = known_[i];
    plan.warnings.push_back(hint.empty() ? what + "; passed over"
                                         : fmt::format("{}; passed over ({})", what, hint));
  }
  if (known_.size() > kMostTold) {
    plan.warnings.push_back(fmt::format(
        "{} more files without flows that are read were passed over", known_.size() - kMostTold));
  }
  if (!unknown_.empty()) {
    plan.warnings.push_back(
        fmt::format("{}: is no flow file; passed over{}", unknown_.front(),
                    more == 0 ? std::string() : fmt::format(", with {} more like it", more)));
  }
}

}  // namespace nfql
