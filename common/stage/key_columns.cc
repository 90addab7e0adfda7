#include "common/stage/key_columns.h"

#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "common/stage/tidy_column.h"

namespace nfql {
namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

bool has_unknown(const Column& column) {
  return column.known != nullptr && column.rows != 0 &&
         std::memchr(column.known, 0, column.rows) != nullptr;
}

// What is stored for a value: equal values have equal bytes.
template <class Stored, class T>
Stored stored(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value + 0.0;
  } else if constexpr (std::is_same_v<Stored, T>) {
    return value;
  } else {
    return mapped(value);
  }
}

template <class Stored, class T>
void store_values(std::span<const T> values, std::byte* to, std::size_t stride) {
  for (const T& value : values) {
    const Stored out = stored<Stored>(value);
    std::memcpy(to, &out, sizeof out);
    to += stride;
  }
}

void store_column(const Column& column, std::size_t first, std::size_t count, std::size_t width,
                  std::byte* to, std::size_t stride) {
  visit_values(column.type, column.width, [&]<class T>(std::type_identity<T>) {
    const std::span<const T> values = column.values<T>().subspan(first, count);
    if constexpr (std::is_same_v<T, std::uint32_t>) {
      if (width == sizeof(Address)) {
        store_values<Address>(values, to, stride);
        return;
      }
    }
    store_values<T>(values, to, stride);
  });
}

}  // namespace

KeyColumns::KeyColumns(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    assert(field.type != Type::set);
    Part part;
    part.type = field.type;
    part.width = static_cast<std::uint8_t>(width_of(field.type));
    parts_.push_back(part);
  }
  lay_out();
}

void KeyColumns::lay_out() {
  std::size_t bytes = 0;
  for (Part& part : parts_) {
    part.offset = bytes;
    bytes += part.width;
  }
  for (Part& part : parts_) {
    part.unknown_at = bytes;
    bytes += part.nullable ? 1 : 0;
  }
  words_ = (bytes + kWord - 1) / kWord;
}

bool KeyColumns::holds(std::span<const Column> columns) const {
  assert(columns.size() == parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (columns[i].width > parts_[i].width || (!parts_[i].nullable && has_unknown(columns[i]))) {
      return false;
    }
  }
  return true;
}

KeyColumns KeyColumns::widened_for(std::span<const Column> columns) const {
  KeyColumns wider = *this;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Part& part = wider.parts_[i];
    part.width = std::max(part.width, columns[i].width);
    part.nullable = part.nullable || has_unknown(columns[i]);
  }
  wider.lay_out();
  return wider;
}

void KeyColumns::pack(std::span<const Column> columns, std::size_t first, std::size_t count,
                      std::uint64_t* to) const {
  const std::size_t stride = words_ * kWord;
  if (stride == 0) {
    return;
  }
  auto* bytes = reinterpret_cast<std::byte*>(to);
  std::memset(bytes, 0, count * stride);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    store_column(columns[i], first, count, part.width, bytes + part.offset, stride);
    if (!part.nullable || columns[i].known == nullptr) {
      continue;
    }
    for (std::size_t row = 0; row < count; ++row) {
      if (columns[i].known[first + row] == 0) {
        std::byte* out = bytes + row * stride;
        std::memset(out + part.offset, 0, part.width);
        out[part.unknown_at] = std::byte{1};
      }
    }
  }
}

std::vector<std::uint64_t> KeyColumns::repack(std::span<const std::uint64_t> rows,
                                              const KeyColumns& wider) const {
  if (words_ == 0 || rows.empty()) {
    return {};
  }
  const std::size_t count = rows.size() / words_;
  std::vector<std::uint64_t> repacked(count * wider.words_);
  const auto* from = reinterpret_cast<const std::byte*>(rows.data());
  auto* to = reinterpret_cast<std::byte*>(repacked.data());
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& old = parts_[i];
      const Part& part = wider.parts_[i];
      const bool unknown = old.nullable && from[old.unknown_at] != std::byte{0};
      if (unknown) {
        to[part.unknown_at] = std::byte{1};
      } else if (old.width == part.width) {
        std::memcpy(to + part.offset, from + old.offset, part.width);
      } else {
        std::uint32_t ipv4 = 0;
        std::memcpy(&ipv4, from + old.offset, sizeof ipv4);
        const Address address = mapped(ipv4);
        std::memcpy(to + part.offset, &address, sizeof address);
      }
    }
    from += words_ * kWord;
    to += wider.words_ * kWord;
  }
  return repacked;
}

Column KeyColumns::unpack(std::span<const std::uint64_t> rows,
                          std::span<const std::uint32_t> selected, std::size_t index,
                          Batch& owner) const {
  const Part& part = parts_[index];
  const std::size_t stride = words_ * kWord;
  const auto* from = reinterpret_cast<const std::byte*>(rows.data());

  Column column;
  column.type = part.type;
  column.element_type = part.type;
  column.width = part.width;
  column.rows = selected.size();
  Buffer values(selected.size() * part.width);
  visit_values(part.type, part.width, [&]<class T>(std::type_identity<T>) {
    T* out = values.as<T>();
    for (const std::uint32_t row : selected) {
      std::memcpy(out++, from + row * stride + part.offset, sizeof(T));
    }
  });
  column.data = owner.keep(std::move(values));
  if (part.nullable) {
    Buffer known(selected.size());
    auto* out = known.as<std::uint8_t>();
    for (const std::uint32_t row : selected) {
      *out++ = from[row * stride + part.unknown_at] == std::byte{0} ? 1 : 0;
    }
    column.known = reinterpret_cast<const std::uint8_t*>(owner.keep(std::move(known)));
  }
  tidy(column, owner);
  return column;
}

}  // namespace nfql
