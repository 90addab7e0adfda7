// Names that would be there but for a mistake: whoever misses one of them makes no second mistake.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "common/expr/ast.h"

namespace nfql {

class LostNames {
 public:
  /// A term that failed: all its words, and what they may be misspelt from.
  void add_words(std::string_view term);
  /// An aggregate that failed, under the names that its column might have got.
  void add(const AggregateItem& item);
  /// Everything: nothing is known of what would be there.
  void add_all() { all_ = true; }
  void add(const LostNames& other);

  /// Whether the text has one of the names.
  [[nodiscard]] bool in(std::string_view text) const;
  /// The one that the name is most likely a misspelling of, or "".
  [[nodiscard]] std::string_view nearest(std::string_view name) const;

 private:
  void add_name(std::string_view name);

  std::set<std::string> names_;  // of fields the names that IPFIX has for them
  bool all_ = false;
};

}  // namespace nfql
