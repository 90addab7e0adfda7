// From what a user names to what is read: directories, files that need not be read, one or many.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "common/base/error.h"
#include "common/io/detect.h"
#include "common/io/inputs.h"

namespace nfql {
namespace {

// Says so of a stream that is none of flows, which --since and the like are about.
void refuse_times(const std::string& name, const ReadOptions& options) {
  if (options.window.any() || !options.offsets.empty()) {
    throw Error(Exit::usage,
                fmt::format("{}: holds no flows, which {} is for", name,
                            options.window.any() ? "--since or --until" : "--time-offset"),
                "give it to the tool that reads the flows");
  }
}

// The one input of flows that there is.
class OneInput final : public Reader {
 public:
  OneInput(std::unique_ptr<Reader> reader, const std::string& name, InputPlan plan)
      : reader_(std::move(reader)),
        times_(std::move(plan.times)),
        warnings_(std::move(plan.warnings)) {
    times_.begin(plan.inputs.front().argument, name, header().flows());
  }

  [[nodiscard]] const StreamHeader& header() const override { return reader_->header(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return reader_->bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return reader_->bytes_total(); }
  [[nodiscard]] std::optional<std::string> fault() const override { return reader_->fault(); }
  [[nodiscard]] std::vector<ElementId> missing_fields() const override {
    return reader_->missing_fields();
  }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all = warnings_;
    for (const auto& more : {reader_->warnings(), times_.warnings()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }

  bool next(Block& block) override {
    while (reader_->next(block)) {
      if (times_.apply(block)) {
        return true;
      }
    }
    times_.finish();
    return false;
  }

 private:
  std::unique_ptr<Reader> reader_;
  FlowTimes times_;
  std::vector<std::string> warnings_;
};

// Passes over files of directories that nobody reads, and files without flows of the window.
class Sieve {
 public:
  explicit Sieve(const ReadOptions& options) : window_(options.window) {
    for (const TimeOffset& offset : options.offsets) {
      const std::uint64_t size = offset.ms < 0 ? 0 - static_cast<std::uint64_t>(offset.ms)
                                               : static_cast<std::uint64_t>(offset.ms);
      correction_ = std::min(correction_ + std::min(size, kMostCorrection), 2 * kMostCorrection);
    }
  }

  void run(InputPlan& plan) {
    std::vector<ListedInput> kept;
    std::vector<ListedInput> outside;
    for (ListedInput& input : plan.inputs) {
      (is_outside(input) ? outside : kept).push_back(std::move(input));
    }
    plan.inputs = std::move(kept);
    std::vector<std::string> strangers = take_strangers(plan.inputs);
    if (plan.inputs.empty() && !outside.empty()) {
      plan.inputs.push_back(outside.front());  // somebody must say which columns there are
    }
    tell(strangers, plan);
  }

 private:
  [[nodiscard]] bool is_outside(const ListedInput& input) const {
    std::error_code error;
    // What the user names is read, whatever its name says of its time: it may be a copy.
    if (!input.found || !window_.any() || correction_ >= kMostCorrection ||
        !std::filesystem::is_regular_file(input.path, error)) {
      return false;
    }
    const auto offset = static_cast<std::int64_t>(correction_);
    const std::string name = std::filesystem::path(input.path).filename().string();
    if (const auto captured = capture_time_of_name(name)) {
      return surely_outside(*captured, window_, offset);
    }
    InputFile file = InputFile::open(input.path);
    const auto captured = capture_time_of_header(file);
    return captured && surely_outside(*captured, window_, offset);
  }

  // Removes the files that nobody reads and nobody named.
  static std::vector<std::string> take_strangers(std::vector<ListedInput>& inputs) {
    std::vector<std::string> strangers;
    const auto is_stranger = [&strangers](const ListedInput& input) {
      if (!input.found) {
        return false;
      }
      InputFile file = InputFile::open(input.path);
      const FileKind* kind = detect(file.peek(kDetectBytes));
      if (kind != nullptr && !kind->format.empty()) {
        return false;
      }
      strangers.push_back(input.path);
      return true;
    };
    inputs.erase(std::remove_if(inputs.begin(), inputs.end(), is_stranger), inputs.end());
    return strangers;
  }

  static void tell(const std::vector<std::string>& strangers, InputPlan& plan) {
    if (strangers.empty()) {
      return;
    }
    const std::string first = fmt::format("{}: is no flow file", strangers.front());
    const std::size_t more = strangers.size() - 1;
    if (plan.inputs.empty()) {
      throw Error(Exit::failed, first,
                  more == 0 ? "there is no other file to read"
                            : fmt::format("neither is any of {} more files there", more));
    }
    plan.warnings.push_back(
        fmt::format("{}; passed over{}", first,
                    more == 0 ? std::string() : fmt::format(", with {} more like it", more)));
  }

  // Whoever corrects clocks by more than a century has all files read.
  static constexpr std::uint64_t kMostCorrection = 100ULL * 366 * 24 * 3'600'000;

  TimeWindow window_;
  std::uint64_t correction_ = 0;
};

}  // namespace

std::unique_ptr<Reader> open_inputs(const std::vector<std::string>& paths,
                                    const ReadOptions& options) {
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    fail(Exit::usage, "<stdin>: is given as input more than once");
  }
  const std::vector<std::string> named = paths.empty() ? std::vector<std::string>{"-"} : paths;
  InputPlan plan{list_inputs(named), {}, FlowTimes(options, named)};
  Sieve(options).run(plan);
  ReadOptions widened = options;
  FlowTimes::widen(widened);
  if (plan.inputs.size() > 1) {
    return make_inputs_reader(std::move(plan), widened);
  }
  InputFile file = InputFile::open(plan.inputs.front().path);
  const std::string name = file.name();
  std::unique_ptr<Reader> reader = open_reader(std::move(file), widened);
  if (reader->header().kind != StreamKind::flows) {
    refuse_times(name, options);
    return reader;
  }
  return std::make_unique<OneInput>(std::move(reader), name, std::move(plan));
}

}  // namespace nfql
