// What tests of merging share: feeding a stage, and reading its output as the model has it.
#pragma once

#include "nfql-merge/merge_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "common/base/error.h"
#include "tests/unit/tools/merge_model.h"

namespace nfql::test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Blocks : public BlockSink {
 public:
  void put(Block&& block) override { blocks.push_back(std::move(block)); }
  std::vector<Block> blocks;
};

inline std::vector<std::string> names_of(std::size_t branches) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < branches; ++i) {
    names.emplace_back(1, static_cast<char>('A' + i));
  }
  return names;
}

inline MergeOptions options_of(const std::string& text, std::size_t branches, Emit emit) {
  MergeOptions options;
  options.expr = parse(text, Grammar::merge, "merge");
  options.names = names_of(branches);
  options.emit = emit;
  return options;
}

// How branches are given to a stage.
struct Feed {
  std::size_t rows = 1000;  // groups a block
  bool members = true;
  std::optional<std::uint64_t> limit;
  std::vector<std::string> except = {};
};

inline std::vector<Block> merged(const std::vector<ModelBranch>& branches, const std::string& text,
                                 Emit emit = Emit::tuples, const Feed& feed = {}) {
  MergeOptions options = options_of(text, branches.size(), emit);
  options.limit = feed.limit;
  for (const std::string& except : feed.except) {
    options.except.push_back(parse(except, Grammar::merge, "except"));
  }
  MergeStage stage(std::move(options), std::vector(branches.size(), model_header(feed.members)));
  for (std::size_t i = branches.size(); i-- > 0;) {
    for (Block& block : blocks_of(branches[i], feed.rows, feed.members)) {
      stage.consume(i, std::move(block));
    }
  }
  Blocks out;
  stage.finish(out);
  return std::move(out.blocks);
}

// Reads an output back, and checks its order: groups before the tuples that name them, members
// behind their groups.
class OutputReader {
 public:
  OutputReader(const std::vector<Block>& blocks, const std::vector<ModelBranch>& branches,
               std::size_t extra_columns, bool members)
      : branches_(branches),
        extra_(extra_columns),
        members_(members),
        places(branches.size()),
        components(branches.size()) {
    for (const Block& block : blocks) {
      read(block);
    }
    EXPECT_TRUE(due_.empty());
  }

 private:
  void read(const Block& block) {
    EXPECT_LE(block.batch.rows, kMadeRows);
    if (block.kind == BlockKind::groups) {
      read_groups(block);
    } else if (block.kind == BlockKind::members) {
      read_members(block);
    } else if (block.kind == BlockKind::tuples) {
      read_tuples(block);
    }
  }

  void read_groups(const Block& block) {
    EXPECT_TRUE(due_.empty());
    const auto ids = block.batch.columns[extra_].values<std::uint64_t>();
    for (std::size_t row = 0; row < block.batch.rows; ++row) {
      const ModelBranch& branch = branches_[block.branch];
      const auto group = std::find_if(branch.begin(), branch.end(),
                                      [&](const ModelGroup& g) { return g.id == ids[row]; });
      ASSERT_NE(group, branch.end());
      places[block.branch].push_back(static_cast<std::size_t>(group - branch.begin()));
      EXPECT_EQ(block.batch.columns[extra_ + 1].is_known(row), group->port.has_value());
      if (extra_ == 1) {
        components[block.branch].push_back(block.batch.columns[0].values<std::uint64_t>()[row]);
      }
      if (members_) {
        due_.insert(due_.end(), group->members.begin(), group->members.end());
      }
    }
  }

  void read_members(const Block& block) {
    ASSERT_LE(block.batch.rows, due_.size());
    for (std::size_t row = 0; row < block.batch.rows; ++row) {
      EXPECT_EQ(block.batch.columns[1].values<std::uint64_t>()[row], due_[row].id);
      EXPECT_EQ(block.batch.columns[2].values<std::uint64_t>()[row], due_[row].id * 7 + 1);
    }
    due_.erase(due_.begin(), due_.begin() + static_cast<std::ptrdiff_t>(block.batch.rows));
  }

  void read_tuples(const Block& block) {
    EXPECT_TRUE(due_.empty());
    ASSERT_EQ(block.batch.columns.size(), branches_.size());
    for (std::size_t row = 0; row < block.batch.rows; ++row) {
      ModelTuple& tuple = tuples.emplace_back();
      for (std::size_t i = 0; i < branches_.size(); ++i) {
        const std::uint64_t number = block.batch.columns[i].values<std::uint64_t>()[row];
        ASSERT_LT(number, places[i].size());
        tuple.push_back(places[i][number]);
        highest_.resize(branches_.size());
        EXPECT_LE(number, highest_[i]);  // numbered in the order of appearance
        highest_[i] = std::max(highest_[i], number + 1);
      }
    }
  }

  const std::vector<ModelBranch>& branches_;
  std::size_t extra_;
  bool members_;
  std::vector<ModelFlow> due_;
  std::vector<std::uint64_t> highest_;

 public:
  std::vector<std::vector<std::size_t>> places;  // by branch, of the groups as they came
  std::vector<std::vector<std::uint64_t>> components;
  std::vector<ModelTuple> tuples;
};

inline std::vector<ModelTuple> tuples_of(const std::vector<ModelBranch>& branches,
                                         const std::string& text, const Feed& feed = {}) {
  const OutputReader output(merged(branches, text, Emit::tuples, feed), branches, 0, feed.members);
  for (std::size_t i = 0; i < branches.size(); ++i) {
    std::vector<std::size_t> once = output.places[i];
    std::sort(once.begin(), once.end());
    EXPECT_EQ(std::adjacent_find(once.begin(), once.end()), once.end()) << "a group came twice";
  }
  return output.tuples;
}

inline void expect_components(const std::vector<ModelBranch>& branches, const std::string& text,
                              const std::vector<ModelTuple>& tuples) {
  const OutputReader output(merged(branches, text, Emit::collection), branches, 1, true);
  const auto expected = naive_components(branches, tuples);
  for (std::size_t i = 0; i < branches.size(); ++i) {
    std::vector<std::pair<std::uint64_t, std::size_t>> found;
    for (std::size_t row = 0; row < output.places[i].size(); ++row) {
      found.emplace_back(output.components[i][row], output.places[i][row]);
    }
    EXPECT_EQ(found, expected[i]) << text << ", branch " << i;
  }
}

}  // namespace nfql::test
