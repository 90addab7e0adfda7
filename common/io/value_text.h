// Values of columns as text, in the notations of csv, json and table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "common/flow/batch.h"
#include "common/io/text_buffer.h"
#include "common/io/text_name.h"
#include "common/io/writer.h"

namespace nfql {

/// What a text writer prints in one of its columns, for some rows.
struct TextValues {
  Column column;
  Meaning meaning = Meaning::number;
  const std::string* text = nullptr;  ///< printed in every row, instead of the column
};

/// Prints the values of one output column; bound to the column of a batch, then called row by row.
/// One object serves one output column, as it remembers the last date that it printed.
class ValueText {
 public:
  ValueText(TextStyle style, const WriteOptions& options);

  /// From now on prints `values`, whose memory must stay until the next bind().
  void bind(const TextValues& values);

  /// Appends the value in row `row`.
  void append(std::size_t row, TextBuffer& to) {
    if (column_.is_known(row)) {
      append_(*this, row, to);
    } else {
      to.append(unknown_);
    }
  }

 private:
  using Append = void (*)(ValueText& self, std::size_t row, TextBuffer& to);

  template <class Put>
  [[nodiscard]] Append bind_type() const;
  template <class Put, class T>
  static void append_scalar(ValueText& self, std::size_t row, TextBuffer& to);
  template <class Put, class T>
  static void append_set(ValueText& self, std::size_t row, TextBuffer& to);
  static void append_name(ValueText& self, std::size_t row, TextBuffer& to);

  [[nodiscard]] Append bind_meaning(Meaning meaning) const;
  void put_iso(std::int64_t ms, TextBuffer& to);
  void put_quote(TextBuffer& to) const {
    if (style_ == TextStyle::json) {
      to.push('"');
    }
  }

  // How the values of one meaning are put.
  struct Plain;
  struct Iso;
  struct Mac;
  struct ProtocolName;
  struct FlagLetters;

  TextStyle style_;
  TimeFormat time_;
  ZoneMinutes zone_;
  std::string_view unknown_;
  Column column_;
  Append append_ = nullptr;
  std::string name_;  // what append_name() appends
  // Of the day printed last: `2012-04-30T`, and `Z` or the like.
  std::int64_t day_ = std::numeric_limits<std::int64_t>::min();
  std::string date_;
  std::string zone_text_;
  std::string scratch_;
};

/// Binds each of `texts` to the column of its place.
void bind_all(std::span<ValueText> texts, std::span<const TextValues> columns);

}  // namespace nfql
