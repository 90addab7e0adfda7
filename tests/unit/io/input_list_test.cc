#include "common/io/input_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/io/reader.h"
#include "tests/unit/io/flow_tools_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/temporary_tree.h"

namespace nfql::test {
namespace {

std::vector<std::string> listed(const TemporaryTree& tree, const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const ListedInput& input : list_inputs(paths)) {
    EXPECT_EQ(input.found, input.path != input.argument);
    const std::string root = tree.path() + "/";
    names.push_back(input.path.starts_with(root) ? input.path.substr(root.size()) : input.path);
  }
  return names;
}

std::string trace(std::uint16_t port) {
  RawFlow flow;
  flow.sport = port;
  return header3(5, kStreaming) + record(flow);
}

TEST(ListInputs, DirectoriesAreReadInTheOrderOfNamesFolderByFolder) {
  const TemporaryTree tree;
  for (const char* name : {"b/2", "b/1", "a.c", "a/z", "c", "b.x"}) {
    tree.add(name);
  }
  EXPECT_THAT(listed(tree, {tree.path()}),
              testing::ElementsAre("a/z", "a.c", "b/1", "b/2", "b.x", "c"));
  EXPECT_THAT(listed(tree, {tree.path("c"), "-", tree.path("b"), "nowhere"}),
              testing::ElementsAre("c", "-", "b/1", "b/2", "nowhere"));
}

TEST(ListInputs, PassesOverWhatIsHiddenOrStillWritten) {
  const TemporaryTree tree;
  for (const char* name : {".nfstat", ".git/x", "nfcapd.current.12", "nfcapd.current", "tmp-v05.x",
                           "nfcapd.202611221040", "x/.hidden"}) {
    tree.add(name);
  }
  std::filesystem::create_symlink("nfcapd.202611221040", tree.path("link"));
  std::filesystem::create_symlink(".", tree.path("loop"));
  std::filesystem::create_symlink("nowhere", tree.path("broken"));
  EXPECT_THAT(listed(tree, {tree.path()}), testing::ElementsAre("link", "nfcapd.202611221040"));
  EXPECT_THAT(listed(tree, {tree.path(".nfstat")}), testing::ElementsAre(".nfstat")) << "if named";
}

TEST(ListInputs, ADirectoryWithoutFilesIsAMistake) {
  const TemporaryTree tree;
  tree.add("x/.hidden");
  EXPECT_THROW(static_cast<void>(list_inputs({tree.path()})), Error);
}

TEST(OpenInputs, ADirectoryIsItsFilesOneAfterTheOther) {
  const TemporaryTree tree;
  tree.add("2/a", trace(2));
  tree.add("1/b", trace(1));
  tree.add("README", "Flows of 2026\n");
  tree.add("empty");
  const auto reader = open_inputs({tree.path()}, {});
  const AllFlows all = read_all(*reader);
  ASSERT_EQ(all.rows(), 2U);
  EXPECT_EQ(all.at(0, "srcport"), "1");
  EXPECT_EQ(all.at(1, "srcport"), "2");
  EXPECT_THAT(reader->warnings(),
              testing::ElementsAre(tree.path("README") +
                                   ": is no flow file; passed over, with 1 more like it"));
}

TEST(OpenInputs, ADirectoryWithoutFlowFilesIsAMistake) {
  const TemporaryTree tree;
  tree.add("README", "Flows of 2026\n");
  EXPECT_THROW(static_cast<void>(open_inputs({tree.path()}, {})), Error);
}

TEST(OpenInputs, FilesOutsideOfTheWindowAreNotRead) {
  const TemporaryTree tree;
  const std::string cut = trace(1).substr(0, 30);  // reading it is an error
  tree.add("nfcapd.201211221040", cut);
  tree.add("nfcapd.203611221040", cut);
  tree.add("nfcapd.202611221040", trace(7));
  ReadOptions options;
  options.window.since = parse_time("2026-11-20").value();
  options.window.until = parse_time("2026-11-25").value();
  const AllFlows all = read_all(*open_inputs({tree.path()}, options));
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.rows(), 0U) << "read, and of 2012";
  EXPECT_EQ(all.sources.size(), 1U);
  // Of several that are outside one is read all the same, for its columns.
  options.window = {};
  options.window.since = parse_time("2040-01-01").value();
  std::filesystem::remove(tree.path("nfcapd.201211221040"));
  const AllFlows none = read_all(*open_inputs({tree.path()}, options));
  EXPECT_EQ(none.rows(), 0U);
  EXPECT_EQ(none.schema.size(), 28U);
}

}  // namespace
}  // namespace nfql::test
