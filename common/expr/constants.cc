#include "common/expr/constants.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/base/fd.h"

namespace nfql {
namespace {

// A line of an @file longer than this is no value; also bounds the memory for what is no text.
constexpr std::size_t kMaxLine = 4096;

std::string_view name_of(Type type) {
  constexpr std::array<std::string_view, 9> kTypeNames = {"",    "u8",  "u16",     "u32", "u64",
                                                          "i64", "f64", "address", "set"};
  return kTypeNames[static_cast<std::size_t>(type)];
}

// A constant or range, and how messages call it: what the user wrote, in quotes.
struct Item {
  std::string text;
  Value low;
  Value high;
};

// Why an item is not taken; thrown here, and caught where its place is known.
struct Refused {
  std::string message;
};

[[noreturn]] void refuse_kind(const Item& item, std::string_view is, const Looked& looked) {
  throw Refused{
      fmt::format("{} is {}, {} is {}", item.text, is, looked.name, describe(looked.meaning))};
}

Wide whole_of(const Item& item, const Value& value, const Looked& looked) {
  if (std::holds_alternative<double>(value)) {
    throw Refused{item.text + " is not a whole number"};
  }
  const Wide* whole = std::get_if<Wide>(&value);
  if (whole == nullptr) {
    refuse_kind(item, "an address", looked);
  }
  std::string why = looked.bounded ? misfit(*whole, looked) : "";
  if (!why.empty()) {
    throw Refused{std::move(why)};
  }
  return *whole;
}

double real_of(const Item& item, const Value& value, const Looked& looked) {
  if (const double* real = std::get_if<double>(&value)) {
    return *real;
  }
  const Wide* whole = std::get_if<Wide>(&value);
  if (whole == nullptr) {
    refuse_kind(item, "an address", looked);
  }
  const auto real = static_cast<double>(*whole);
  if (static_cast<Wide>(real) != *whole) {
    throw Refused{fmt::format("{} does not fit {} (f64, which has no such value)",
                              to_string(*whole), looked.name)};
  }
  return real;
}

Address address_of(const Item& item, const Value& value, const Looked& looked) {
  if (const Address* address = std::get_if<Address>(&value)) {
    return *address;
  }
  if (std::holds_alternative<Prefix>(value)) {
    throw Refused{"a prefix cannot bound a range"};
  }
  refuse_kind(item, "a number", looked);
}

// Takes one item after the other and gives them normalised.
class Collector {
 public:
  explicit Collector(const Looked& looked) : looked_(looked) {}

  // Throws Refused.
  void add(const Item& item) {
    const Prefix* prefix = std::get_if<Prefix>(&item.low);
    if (prefix != nullptr && item.low == item.high && looked_.type == Type::address) {
      addresses_.push_back(bounds_of(*prefix));
    } else if (looked_.type == Type::address) {
      push(addresses_, item, address_of);
    } else if (looked_.type == Type::f64) {
      push(reals_, item, real_of);
    } else {
      push(numbers_, item, whole_of);
    }
  }
  [[nodiscard]] ConstantRanges take() {
    if (looked_.type == Type::address) {
      normalise(addresses_);
      return std::move(addresses_);
    }
    if (looked_.type == Type::f64) {
      normalise(reals_);
      return std::move(reals_);
    }
    normalise(numbers_);
    return std::move(numbers_);
  }

 private:
  template <class T, class Take>
  void push(std::vector<Bounds<T>>& ranges, const Item& item, const Take& take_as) {
    const T low = take_as(item, item.low, looked_);
    const T high = take_as(item, item.high, looked_);
    if (high < low) {
      throw Refused{fmt::format("the range {} is reversed", item.text)};
    }
    ranges.push_back({low, high});
  }

  const Looked& looked_;
  std::vector<Bounds<Wide>> numbers_;
  std::vector<Bounds<double>> reals_;
  std::vector<Bounds<Address>> addresses_;
};

// The value of a literal or word of the expression.
Value value_of(Scope& scope, const Operand& operand, const Looked& looked) {
  const BoundOperand bound = bind_operand(scope, operand, looked.meaning);
  if (const AddressSide* side = bound.as<AddressSide>(); side != nullptr && !side->slot) {
    return side->constant;
  }
  if (const Prefix* prefix = bound.as<Prefix>()) {
    return *prefix;
  }
  if (!bound.is_constant_number()) {
    scope.fail(operand.span, scope.quoted(operand.span) + " is not a constant");
  }
  const bool of_time = looked.meaning == Meaning::time || looked.meaning == Meaning::duration;
  if (bound.meaning == Meaning::duration && !of_time) {
    scope.fail(operand.span,
               fmt::format("a unit of time at {}, but {} is {}", scope.quoted(operand.span),
                           looked.name, describe(looked.meaning)));
  }
  const Number& number = *bound.as<Number>();
  if (number.is_real()) {
    return static_cast<double>(number.real());
  }
  return number.integer();
}

void add_item(Scope& scope, const Operand& operand, const Looked& looked, Collector& to) {
  Item item{scope.quoted(operand.span), {}, {}};
  if (const Range* range = std::get_if<Range>(&operand.node)) {
    item.low = value_of(scope, *range->low, looked);
    item.high = value_of(scope, *range->high, looked);
  } else {
    item.low = item.high = value_of(scope, operand, looked);
  }
  try {
    to.add(item);
  } catch (const Refused& refused) {
    scope.fail(operand.span, refused.message);
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Reads an @file line by line.
class FileReader {
 public:
  FileReader(const Scope& scope, const Looked& looked, const std::string& path)
      : scope_(scope), looked_(looked), file_(InputFile::open(path)) {}

  void read(Collector& to) {
    std::array<std::byte, 64 * 1024> bytes{};
    while (const std::size_t count = file_.read(bytes.data(), bytes.size())) {
      const std::string_view piece(reinterpret_cast<const char*>(bytes.data()), count);
      for (const char c : piece) {
        if (c == '\n') {
          end_line(to);
        } else {
          grow_line(c);
        }
      }
    }
    end_line(to);
  }

 private:
  void grow_line(char c) {
    if (line_.size() == kMaxLine) {
      fail(Exit::usage, "{}: line {}: too long for a value", file_.name(), number_ + 1);
    }
    line_ += c;
  }
  void end_line(Collector& to) {
    ++number_;
    const std::string_view text = trimmed(std::string_view(line_).substr(0, line_.find('#')));
    if (!text.empty()) {
      try {
        to.add(item(text));
      } catch (const Refused& refused) {
        fail(Exit::usage, "{}: line {}: {}", file_.name(), number_, refused.message);
      }
    }
    line_.clear();
  }
  [[nodiscard]] Item item(std::string_view text) const {
    const std::size_t dots = text.find("..");
    const bool range = dots != std::string_view::npos;
    const Value low = value(trimmed(text.substr(0, dots)));
    return {fmt::format("'{}'", text), low, range ? value(trimmed(text.substr(dots + 2))) : low};
  }
  [[nodiscard]] Value value(std::string_view text) const {
    const auto value = parse_value(text, looked_.meaning, scope_.zone());
    if (!value) {
      throw Refused{fmt::format("'{}' is not {}", text, describe(looked_.meaning))};
    }
    return *value;
  }

  const Scope& scope_;
  const Looked& looked_;
  InputFile file_;
  std::string line_;
  std::size_t number_ = 0;
};

template <class T>
std::string misfit_of(Wide value, const Looked& looked) {
  const T low = limits_of<T>().low;
  const T high = limits_of<T>().high;
  if (value > Wide{high}) {
    return fmt::format("{} does not fit {} ({}, at most {})", to_string(value), looked.name,
                       name_of(looked.type), to_string(Wide{high}));
  }
  if (value < Wide{low}) {
    return fmt::format("{} does not fit {} ({}, at least {})", to_string(value), looked.name,
                       name_of(looked.type), to_string(Wide{low}));
  }
  return {};
}

}  // namespace

ConstantRanges read_ranges(Scope& scope, const Operand& list, const Looked& looked) {
  Collector collector(looked);
  if (const SetLiteral* set = std::get_if<SetLiteral>(&list.node)) {
    for (const Operand& item : set->items) {
      add_item(scope, item, looked, collector);
    }
  } else if (const FileSet* file = std::get_if<FileSet>(&list.node)) {
    FileReader(scope, looked, file->path).read(collector);
  } else {
    add_item(scope, list, looked, collector);
  }
  return collector.take();
}

std::string misfit(Wide value, const Looked& looked) {
  return visit_values(looked.type, width_of(looked.type), [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_integral_v<T>) {
      return misfit_of<T>(value, looked);
    } else {
      return std::string();
    }
  });
}

}  // namespace nfql
