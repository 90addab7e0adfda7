// Aggregates whose work a plug-in does: values go to it in batches, and one comes back for a group.
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/expr/aggregate_states.h"

namespace nfql {
namespace {

constexpr std::size_t kAddressBytes = 16;

// Addresses as plug-ins see them.
struct WireAddress {
  std::byte bytes[kAddressBytes];
};

WireAddress to_wire(const Address& address) {
  WireAddress wire;
  store(wire.bytes, address.high, ByteOrder::big);
  store(wire.bytes + sizeof address.high, address.low, ByteOrder::big);
  return wire;
}

Address from_wire(const WireAddress& wire) {
  return {load<std::uint64_t>(wire.bytes, ByteOrder::big),
          load<std::uint64_t>(wire.bytes + sizeof(std::uint64_t), ByteOrder::big)};
}

/// Calls `visit(std::type_identity<T>{})` with the type that plug-ins see values of `type` as.
template <class Visitor>
decltype(auto) visit_wire(Type type, Visitor&& visit) {
  if (type == Type::address) {
    return visit(std::type_identity<WireAddress>{});
  }
  return visit_values(type, width_of(type), std::forward<Visitor>(visit));
}

// Whether values may have to be given as another type: see given_as().
template <class From, class To>
inline constexpr bool kConverts = std::is_same_v<From, Address>
                                      ? std::is_same_v<To, WireAddress>
                                      : std::is_same_v<From, To> ||
                                            (std::is_arithmetic_v<To> && sizeof(To) == 8);

class PluginState : public Aggregate {
 public:
  PluginState(const nfql_aggregate& function, const nfql_request& request, const Field& input,
              const Field& result)
      : function_(function), request_(request), input_(input), result_(result) {}
  PluginState(const PluginState&) = delete;
  PluginState& operator=(const PluginState&) = delete;
  ~PluginState() override { destroy(); }

  void add(const Column& values, const GroupedRows& rows) override {
    grow(rows.group_count);
    nfql_values batch{values.rows, values.data, rows.groups.data()};
    // Reals are always looked through for those that are no number.
    const bool as_they_are = given_type() == values.type && values.type != Type::address &&
                             values.type != Type::f64 && values.known == nullptr;
    if (!as_they_are) {
      batch = converted(values, rows);
    }
    if (batch.count != 0) {
      check(function_.add(states_.data(), &request_, &batch));
    }
  }

  void finish(std::size_t group_count) override {
    grow(group_count);
    visit_wire(result_type(), [&]<class Given>(std::type_identity<Given>) {
      visit_states(result_.type,
                   [&]<class Stored>(std::type_identity<Stored>) { finish_all<Given, Stored>(); });
    });
    destroy();
  }

  void emit(std::span<const GroupId> groups, Batch& to) const override {
    visit_states(result_.type, [&]<class T>(std::type_identity<T>) {
      emit_column<T>(
          result_, groups, to, [this](GroupId group) { return results_.as<T>()[group]; },
          [this](GroupId group) { return known_[group] != 0; });
    });
  }

 private:
  [[nodiscard]] Type given_type() const { return static_cast<Type>(request_.type); }
  [[nodiscard]] Type result_type() const {
    return function_.result == NFQL_SAME ? given_type() : static_cast<Type>(function_.result);
  }
  std::byte* state(std::size_t group) { return states_.data() + group * function_.state_size; }

  void grow(std::size_t group_count) {
    if (group_count <= count_) {
      return;
    }
    states_.resize(group_count * function_.state_size);
    std::memset(state(count_), 0, (group_count - count_) * function_.state_size);
    for (; count_ < group_count; ++count_) {
      if (function_.init != nullptr) {
        function_.init(state(count_), &request_);
      }
    }
  }

  void destroy() {
    for (std::size_t group = 0; group < count_ && function_.destroy != nullptr; ++group) {
      function_.destroy(state(group));
    }
    count_ = 0;
    states_ = Buffer();
  }

  // What is known of the values, in values_ and groups_.
  nfql_values converted(const Column& values, const GroupedRows& rows) {
    std::size_t count = 0;
    visit_states(input_.type, [&]<class From>(std::type_identity<From>) {
      visit_wire(given_type(), [&]<class To>(std::type_identity<To>) {
        if constexpr (kConverts<From, To>) {
          count = convert<From, To>(values, rows);
        }
      });
    });
    return {count, values_.data(), groups_.as<GroupId>()};
  }

  template <class From, class To>
  std::size_t convert(const Column& values, const GroupedRows& rows) {
    values_.resize(values.rows * sizeof(To));
    groups_.resize(values.rows * sizeof(GroupId));
    std::size_t count = 0;
    each_known<From>(values, [&](std::size_t row, const From& value) {
      if constexpr (std::is_same_v<From, Address>) {
        values_.as<To>()[count] = to_wire(value);
      } else {
        values_.as<To>()[count] = static_cast<To>(value);
      }
      groups_.as<GroupId>()[count++] = rows.groups[row];
    });
    return count;
  }

  template <class Given, class Stored>
  void finish_all() {
    results_.resize(count_ * sizeof(Stored));
    known_.assign(count_, 1);
    for (std::size_t group = 0; group < count_; ++group) {
      Given value{};
      const int status = function_.finish(state(group), &request_, &value);
      if (status == NFQL_UNKNOWN || (status == NFQL_OK && is_no_number(value))) {
        known_[group] = 0;
        results_.as<Stored>()[group] = Stored{};
        continue;
      }
      check(status);
      results_.as<Stored>()[group] = stored<Given, Stored>(value);
    }
  }

  // The result as the column has it.
  template <class Given, class Stored>
  Stored stored(const Given& value) const {
    if constexpr (std::is_same_v<Given, WireAddress> && std::is_same_v<Stored, Address>) {
      return from_wire(value);
    } else if constexpr (std::is_integral_v<Given> && std::is_integral_v<Stored>) {
      if (!std::in_range<Stored>(value)) {
        fail(Exit::failed, "aggregate '{}': the plug-in gives {}, which '{}' cannot be",
             function_.name, value, input_.name);
      }
      return static_cast<Stored>(value);
    } else if constexpr (std::is_same_v<Given, Stored>) {
      return value;
    } else {
      return Stored{};  // bind_plugin() makes no such pair
    }
  }

  template <class T>
  static bool is_no_number(const T& value) {
    if constexpr (std::is_same_v<T, double>) {
      return std::isnan(value);
    }
    static_cast<void>(value);
    return false;
  }

  void check(int status) const {
    if (status == NFQL_OK) {
      return;
    }
    fail(Exit::failed, "aggregate '{}': the plug-in {}", function_.name,
         status == NFQL_NO_MEMORY ? "is out of memory"
         : status == NFQL_FAILED  ? "has failed"
                                  : fmt::format("gives status {}", status));
  }

  const nfql_aggregate& function_;
  nfql_request request_;
  Field input_;
  Field result_;
  Buffer states_;
  std::size_t count_ = 0;  // of states
  Buffer values_;          // of a batch
  Buffer groups_;
  Buffer results_;  // by group
  std::vector<std::uint8_t> known_;
};

}  // namespace

std::unique_ptr<Aggregate> make_plugin_state(const nfql_aggregate& function,
                                             const nfql_request& request, const Field& input,
                                             const Field& result) {
  return std::make_unique<PluginState>(function, request, input, result);
}

}  // namespace nfql
