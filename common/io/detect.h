// Which flow format a file has, by its first bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace nfql {

/// Bytes that detection wants to see; fewer are taken for the whole file.
inline constexpr std::size_t kDetectBytes = 512;

/// A kind of flow file.
struct FileKind {
  std::string_view format;  ///< name as of -I, or "" if there is no reader for it
  std::string_view what;    ///< as in "x is WHAT"
  std::string_view hint;    ///< what to do about a file that cannot be read
  bool (*matches)(std::span<const std::byte> first);
};

/// The kind of the flow file that begins so; nullptr for all others, see stranger.h for these.
[[nodiscard]] const FileKind* detect(std::span<const std::byte> first);

/// Whether a file that begins so is text.
[[nodiscard]] bool looks_text(std::span<const std::byte> first);

}  // namespace nfql
