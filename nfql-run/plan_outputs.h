// Where the stages of a plan write, and in which format.
#pragma once

#include "nfql-run/plan.h"

namespace nfql {

/// Sets what the stages write into files, and the options that say what the results look like. The
/// query is one of which check_files() has found nothing wrong.
/// Throws Error(Exit::usage) when --tee is to copy several results, or --dirpath to overwrite a
/// trace.
void set_outputs(const Query& query, const RunOptions& options, Plan& plan);

}  // namespace nfql
