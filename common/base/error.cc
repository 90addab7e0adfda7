#include "common/base/error.h"

#include <system_error>

namespace nfql {

void fail_system(const std::string& where, const char* what, int errno_value) {
  fail(Exit::failed, "{}: {}: {}", where, what, std::generic_category().message(errno_value));
}

}  // namespace nfql
