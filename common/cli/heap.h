// How the program gets its memory from the system.
#pragma once

namespace nfql {

/// Makes the heap suit columns that come and go with each batch: what was freed is kept for the
/// next one, and comes in large pages where the system has them. To be called once, before there
/// are threads.
void prepare_heap();

}  // namespace nfql
