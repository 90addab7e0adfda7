#include "common/io/value_text.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "common/expr/words.h"
#include "common/io/address_text.h"

namespace nfql {
namespace {

// The longest text of a number is that of an f64: 24 characters.
constexpr std::size_t kNumberRoom = 32;
constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int64_t kMsPerMinute = 60'000;

char* put_digits(char* to, std::int64_t value, unsigned digits) {
  for (unsigned i = digits; i-- != 0; value /= 10) {
    to[i] = static_cast<char>('0' + value % 10);
  }
  return to + digits;
}

template <class T>
void put_number(T value, TextStyle style, TextBuffer& to) {
  if constexpr (std::is_floating_point_v<T>) {
    if (style == TextStyle::json && !std::isfinite(value)) {
      to.append("null");
      return;
    }
  }
  char* at = to.room(kNumberRoom);
  to.end_at(std::to_chars(at, at + kNumberRoom, value).ptr);
}

// The names that a filter reads back, in capitals; "" for protocols without one.
std::string_view protocol_text(std::uint64_t number) {
  static const auto kTexts = [] {
    std::array<std::string, 256> texts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (const char c : protocol_name(static_cast<std::uint8_t>(i))) {
        texts[i] += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      }
    }
    return texts;
  }();
  return number < kTexts.size() ? kTexts[number] : std::string_view();
}

}  // namespace

struct ValueText::Plain {
  template <class T>
  static void put(ValueText& self, T value, TextBuffer& to) {
    if constexpr (std::is_same_v<T, Address>) {
      put_quoted(self, value, to);
    } else if (std::is_same_v<T, std::uint32_t> && self.column_.element_type == Type::address) {
      put_quoted(self, static_cast<std::uint32_t>(value), to);
    } else {
      put_number(value, self.style_, to);
    }
  }

 private:
  template <class T>
  static void put_quoted(const ValueText& self, const T& address, TextBuffer& to) {
    self.put_quote(to);
    to.end_at(put_address(to.room(kAddressRoom), address));
    self.put_quote(to);
  }
};

struct ValueText::Iso {
  template <class T>
  static void put(ValueText& self, T value, TextBuffer& to) {
    if constexpr (std::is_same_v<T, std::int64_t>) {
      self.put_quote(to);
      self.put_iso(value, to);
      self.put_quote(to);
    } else {
      Plain::put(self, value, to);
    }
  }
};

struct ValueText::Mac {
  template <class T>
  static void put(ValueText& self, T value, TextBuffer& to) {
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      constexpr std::string_view kHex = "0123456789abcdef";
      self.put_quote(to);
      char* at = to.room(18);
      for (unsigned shift = 48; shift != 0;) {
        shift -= 8;
        *at++ = kHex[(value >> (shift + 4)) & 0xfU];
        *at++ = kHex[(value >> shift) & 0xfU];
        *at++ = ':';
      }
      to.end_at(at - 1);
      self.put_quote(to);
    } else {
      Plain::put(self, value, to);
    }
  }
};

struct ValueText::ProtocolName {
  template <class T>
  static void put(ValueText& self, T value, TextBuffer& to) {
    if constexpr (std::is_unsigned_v<T>) {
      const std::string_view name = protocol_text(value);
      if (!name.empty()) {
        to.append(name);
        return;
      }
    }
    Plain::put(self, value, to);
  }
};

struct ValueText::FlagLetters {
  template <class T>
  static void put(ValueText& self, T value, TextBuffer& to) {
    if constexpr (std::is_unsigned_v<T>) {
      constexpr std::string_view kLetters = "FSRPAUEC";  // from the lowest bit
      if (value == 0) {
        to.push('.');
        return;
      }
      if (value < 256U) {
        for (unsigned bit = 0; bit < kLetters.size(); ++bit) {
          if ((std::uint64_t{value} >> bit & 1U) != 0) {
            to.push(kLetters[bit]);
          }
        }
        return;
      }
    }
    Plain::put(self, value, to);
  }
};

ValueText::ValueText(TextStyle style, const WriteOptions& options)
    : style_(style), time_(options.time), zone_(options.zone) {
  switch (style) {
    case TextStyle::csv:
      unknown_ = "";
      break;
    case TextStyle::json:
      unknown_ = "null";
      break;
    case TextStyle::table:
      unknown_ = "-";
      break;
  }
}

void ValueText::bind(const TextValues& values) {
  column_ = values.column;
  if (values.text != nullptr) {
    column_.known = nullptr;
    name_ = text_of_name(style_, *values.text);
    append_ = &append_name;
    return;
  }
  if (column_.type != Type::set) {
    column_.element_type = column_.type;
  }
  append_ = bind_meaning(values.meaning);
}

ValueText::Append ValueText::bind_meaning(Meaning meaning) const {
  const bool named = style_ == TextStyle::table;
  switch (meaning) {
    case Meaning::time:
      return time_ == TimeFormat::iso ? bind_type<Iso>() : bind_type<Plain>();
    case Meaning::mac:
      return bind_type<Mac>();
    case Meaning::protocol:
      return named ? bind_type<ProtocolName>() : bind_type<Plain>();
    case Meaning::flags:
      return named ? bind_type<FlagLetters>() : bind_type<Plain>();
    case Meaning::number:
    case Meaning::duration:
    case Meaning::port:
    case Meaning::address:
      break;
  }
  return bind_type<Plain>();
}

template <class Put>
ValueText::Append ValueText::bind_type() const {
  return visit_values(
      column_.element_type, column_.width, [this]<class T>(std::type_identity<T>) -> Append {
        return column_.type == Type::set ? &append_set<Put, T> : &append_scalar<Put, T>;
      });
}

template <class Put, class T>
void ValueText::append_scalar(ValueText& self, std::size_t row, TextBuffer& to) {
  Put::put(self, self.column_.values<T>()[row], to);
}

template <class Put, class T>
void ValueText::append_set(ValueText& self, std::size_t row, TextBuffer& to) {
  const bool json = self.style_ == TextStyle::json;
  const char separator = json ? ',' : ';';
  to.push(json ? '[' : '{');
  bool first = true;
  for (const T value : self.column_.set<T>(row)) {
    if (!first) {
      to.push(separator);
    }
    first = false;
    Put::put(self, value, to);
  }
  to.push(json ? ']' : '}');
}

void ValueText::append_name(ValueText& self, std::size_t row, TextBuffer& to) {
  static_cast<void>(row);
  to.append(self.name_);
}

// append_time() gives date and zone, once a day; the clock, which differs in every row, is put
// here.
void ValueText::put_iso(std::int64_t ms, TextBuffer& to) {
  // Farther away, adding the zone could overflow.
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max() - kMsPerDay;
  constexpr std::size_t kClock = std::string_view("07:43:50.057").size();
  if (ms > kFar || ms < -kFar) {
    scratch_.clear();
    append_time(scratch_, ms, zone_);
    to.append(scratch_);
    return;
  }
  const std::int64_t local = ms + zone_ * kMsPerMinute;
  std::int64_t day = local / kMsPerDay;
  std::int64_t clock = local % kMsPerDay;
  if (clock < 0) {
    clock += kMsPerDay;
    --day;
  }
  if (day != day_) {
    scratch_.clear();
    append_time(scratch_, ms, zone_);
    date_ = scratch_.substr(0, scratch_.find('T') + 1);
    zone_text_ = scratch_.substr(date_.size() + kClock);
    day_ = day;
  }
  to.append(date_);
  char* at = to.room(kClock);
  at = put_digits(at, clock / 3'600'000, 2);
  *at++ = ':';
  at = put_digits(at, clock / 60'000 % 60, 2);
  *at++ = ':';
  at = put_digits(at, clock / 1000 % 60, 2);
  *at++ = '.';
  at = put_digits(at, clock % 1000, 3);
  to.end_at(at);
  to.append(zone_text_);
}

void bind_all(std::span<ValueText> texts, std::span<const TextValues> columns) {
  assert(texts.size() == columns.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    texts[i].bind(columns[i]);
  }
}

}  // namespace nfql
