#include "common/base/output_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace nfql {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() {
    std::string pattern = (fs::temp_directory_path() / "nfql-output-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~OutputFileTest() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  [[nodiscard]] std::string path(const char* name) const { return (directory_ / name).string(); }
  [[nodiscard]] std::string content(const char* name) const {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(directory_), {});
  }

 private:
  fs::path directory_;
};

TEST_F(OutputFileTest, AppearsWhenCommittedOnly) {
  std::ofstream(path("a")) << "old";
  {
    OutputFile file(path("a"));
    file.write("new");
    file.flush();
    EXPECT_TRUE(file.seekable());
    EXPECT_EQ(content("a"), "old");
  }
  EXPECT_EQ(content("a"), "old");
  OutputFile file(path("a"));
  file.write("new");
  file.write_at(0, std::as_bytes(std::span("N", 1)));
  file.commit();
  EXPECT_EQ(content("a"), "New");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputFileTest, KeepsTheModeOfTheFileThatItReplaces) {
  for (const fs::perms mode : {fs::perms(0600), fs::perms(0664), fs::perms(0444)}) {
    std::ofstream(path("a")) << "old";
    fs::permissions(path("a"), mode);
    OutputFile file(path("a"));
    file.write("new");
    file.commit();
    EXPECT_EQ(content("a"), "new");
    EXPECT_EQ(fs::status(path("a")).permissions(), mode);
    fs::remove(path("a"));
  }
}

TEST_F(OutputFileTest, KeepsOwnerAndGroupWhereThatIsPermitted) {
  constexpr uid_t kSomebody = 4242;
  std::ofstream(path("a")) << "old";
  if (::chown(path("a").c_str(), kSomebody, kSomebody) != 0) {
    GTEST_SKIP() << "only root can give files away";
  }
  OutputFile(path("a")).commit();
  struct stat status {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, kSomebody);
  EXPECT_EQ(status.st_gid, kSomebody);
}

TEST_F(OutputFileTest, FollowsLinks) {
  std::ofstream(path("real")) << "old";
  fs::create_symlink("real", path("near"));
  fs::create_symlink(path("near"), path("far"));
  OutputFile file(path("far"));
  file.write("new");
  file.commit();
  EXPECT_EQ(content("real"), "new");
  EXPECT_TRUE(fs::is_symlink(path("near")));
  EXPECT_TRUE(fs::is_symlink(path("far")));
}

TEST_F(OutputFileTest, FollowsLinksToWhatIsNotThere) {
  fs::create_symlink("real", path("link"));
  OutputFile file(path("link"));
  file.write("new");
  file.commit();
  EXPECT_EQ(content("real"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

TEST_F(OutputFileTest, WritesOnWhereADescriptorIs) {
  const int fd = ::open(path("a").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::write(fd, "before ", 7), 7);
  OutputFile file("/dev/fd/" + std::to_string(fd));
  EXPECT_FALSE(file.seekable());
  file.write("after");
  file.commit();
  EXPECT_EQ(content("a"), "before after");
  ::close(fd);
}

}  // namespace
}  // namespace nfql
