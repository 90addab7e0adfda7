// The rows of a collection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/io/text_rows.h"

namespace nfql {

/// What make_text_rows() makes of a collection.
[[nodiscard]] std::unique_ptr<TextRows> make_collection_rows(
    const StreamHeader& header, const std::optional<std::vector<std::string>>& listed);

}  // namespace nfql
