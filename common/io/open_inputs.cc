// From what a user names to what is read: directories, files that need not be read, one or many.
#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/io/input_sieve.h"
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

  bool choose_rows(std::unique_ptr<RowChooser>& chooser) override {
    choice_is_made_ = true;
    if (times_.may_change(chooser->columns())) {
      chooser = times_.chooser_before(std::move(chooser));
    }
    return chooser != nullptr && reader_->choose_rows(chooser);
  }
  [[nodiscard]] std::uint64_t rows_left_out() const override {
    return reader_->rows_left_out() + times_.rows_left_out();
  }
  bool next(Block& block) override {
    if (!choice_is_made_) {
      choose_window();
    }
    while (reader_->next(block)) {
      if (times_.apply(block)) {
        return true;
      }
    }
    times_.finish();
    return false;
  }

 private:
  // Nobody wants flows that are not in the window.
  void choose_window() {
    choice_is_made_ = true;
    std::unique_ptr<RowChooser> window;
    if (times_.may_change({})) {
      window = times_.chooser_before(nullptr);
    }
    if (window != nullptr) {
      static_cast<void>(reader_->choose_rows(window));
    }
  }

  std::unique_ptr<Reader> reader_;
  FlowTimes times_;
  bool choice_is_made_ = false;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Reader> open_inputs(const std::vector<std::string>& paths,
                                    const ReadOptions& options) {
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    fail(Exit::usage, "<stdin>: is given as input more than once");
  }
  const std::vector<std::string> named = paths.empty() ? std::vector<std::string>{"-"} : paths;
  InputPlan plan{list_inputs(named), {}, FlowTimes(options, named)};
  ReadOptions widened = options;
  FlowTimes::widen(widened);
  InputSieve(widened).run(plan);
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
