#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "common/base/fd.h"

namespace nfql {
namespace {

const std::string kText(100000, 'x');

InputFile file_of(const std::string& text) {
  Fd fd(::memfd_create("test", MFD_CLOEXEC));
  write_all(fd.get(), std::as_bytes(std::span(text)), "test");
  ::lseek(fd.get(), 0, SEEK_SET);
  return {std::move(fd), "test"};
}

// Must fit the pipe's buffer.
InputFile pipe_of(const std::string& text) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::pipe(ends), 0);
  Fd in(ends[0]);
  const Fd out(ends[1]);
  write_all(out.get(), std::as_bytes(std::span(text)), "test");
  return {std::move(in), "test"};
}

char next_of(InputFile& file) {
  char next = 0;
  return file.read(reinterpret_cast<std::byte*>(&next), 1) == 1 ? next : '\0';
}

TEST(InputFileSkip, PassesOverPartOfFilesAndPipes) {
  for (auto* make : {&file_of, &pipe_of}) {
    InputFile file = make("abcdef");
    EXPECT_EQ(file.skip(0), 0U);
    EXPECT_EQ(file.skip(2), 2U);
    EXPECT_EQ(file.offset(), 2U);
    EXPECT_EQ(next_of(file), 'c');
    EXPECT_EQ(file.skip(2), 2U);
    EXPECT_EQ(next_of(file), 'f');
    EXPECT_EQ(file.skip(1), 0U);
  }
}

TEST(InputFileSkip, StopsAtTheEnd) {
  InputFile file = file_of(kText);
  EXPECT_EQ(file.skip(kText.size() + 50), kText.size());
  EXPECT_EQ(file.offset(), kText.size());
  EXPECT_EQ(next_of(file), '\0');
}

TEST(InputFileSkip, CountsWhatWasPeeked) {
  for (const std::uint64_t count : {2U, 3U, 4U}) {
    InputFile file = file_of("abcdef");
    EXPECT_EQ(file.peek(3).size(), 3U);
    EXPECT_EQ(file.skip(count), count);
    EXPECT_EQ(file.offset(), count);
    EXPECT_EQ(next_of(file), static_cast<char>('a' + count));
  }
}

TEST(InputFileReadAt, ReadsAnywhereInFilesAndNowhereElse) {
  InputFile file = file_of("abcdef");
  EXPECT_EQ(file.peek(3).size(), 3U);
  EXPECT_EQ(file.position(), 0U);
  EXPECT_EQ(file.skip(2), 2U);
  ASSERT_EQ(file.position(), 2U);
  std::string read(10, '.');
  EXPECT_EQ(file.read_at(1, reinterpret_cast<std::byte*>(read.data()), 3), 3U);
  EXPECT_EQ(read.substr(0, 4), "bcd.");
  EXPECT_EQ(file.read_at(4, reinterpret_cast<std::byte*>(read.data()), 10), 2U);
  EXPECT_EQ(next_of(file), 'c');  // nothing of this moves what is read next
  EXPECT_EQ(pipe_of("abc").position(), std::nullopt);
}

}  // namespace
}  // namespace nfql
