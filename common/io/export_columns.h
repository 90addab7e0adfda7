// Which columns the flows of an exporter have.
#pragma once

#include <vector>

#include "common/io/exporter_notes.h"
#include "common/io/reader.h"

namespace nfql {

/// The columns for flows whose templates have these `fields`, in the order of the registry: the
/// usual ones besides, or those that `options` want, and always those that they name. Fields that
/// the stream explains itself stand in the end, unless they are of our registry.
[[nodiscard]] Schema export_columns(std::vector<ElementId> fields,
                                    const std::vector<AnnouncedElement>& announced,
                                    const ReadOptions& options);

}  // namespace nfql
