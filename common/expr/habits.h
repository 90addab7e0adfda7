// What people write who know other tools, and how it is written here: hints for errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nfql {

/// What to write in place of what stands around byte `at` of `text`, where parsing failed:
/// `dstport = 80` for `dst port 80`, `in {80, 443}` for `in (80,443)`, `10k` for `10kB`, `90m` for
/// `1h30m`. "" if that is no habit known here.
[[nodiscard]] std::string habit_hint(std::string_view text, std::size_t at);

}  // namespace nfql
