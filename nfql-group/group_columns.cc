#include "nfql-group/group_columns.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"

namespace nfql {
namespace {

constexpr std::string_view kWhat = "aggregate";

struct BuiltIn {
  std::string_view name;
  AggregateFunction function;
  ElementId id;
};

constexpr std::array<BuiltIn, 3> kBuiltIns = {{
    {"start", AggregateFunction::min, element::kStart},
    {"end", AggregateFunction::max, element::kEnd},
    {"count", AggregateFunction::count, element::kCount},
}};

bool is_count(const AggregateItem& item) {
  return item.field.empty() && find_aggregate(item.function) == AggregateFunction::count_known;
}

// A key in the list under whatever name of its field, or first (static) of it under the key's name.
bool is_key(const AggregateItem& item, const Field& input, const std::vector<GroupKey>& keys) {
  if (find_aggregate(item.function) != AggregateFunction::first) {
    return false;
  }
  const bool bare = item.function.empty() && item.alias.empty();
  return std::any_of(keys.begin(), keys.end(), [&](const GroupKey& key) {
    return key.is(input) && (bare || same_name(aggregate_name(item), key.field().name));
  });
}

// Whether an item that has the name of a built-in column has its value too.
bool is_built_in(const AggregateItem& item, const Field* input, const BuiltIn& built_in,
                 OrderBy by) {
  if (built_in.id == element::kCount) {
    return is_count(item);
  }
  if (input == nullptr || input->id != built_in.id) {
    return false;
  }
  const auto function = find_aggregate(item.function);
  // In order, the first start is the least one.
  return function == built_in.function || (built_in.id == element::kStart && by == OrderBy::start &&
                                           function == AggregateFunction::first);
}

bool has_id(const std::vector<GroupKey>& keys, ElementId id) {
  return std::any_of(keys.begin(), keys.end(),
                     [id](const GroupKey& key) { return key.field().id == id; });
}

Field field_of_built_in(const BuiltIn& built_in) {
  if (built_in.id == element::kCount) {  // no field of flows
    return {std::string(built_in.name), built_in.id, Type::u64, Meaning::number, Type::u64};
  }
  Field field = field_of(built_in.id);
  field.name = built_in.name;
  return field;
}

// By column, whether it is printed, perhaps as what another is computed from, or says how many
// members a group has.
std::vector<bool> needed_columns(const GroupOptions& options, const Schema& groups) {
  if (!options.printed) {
    return std::vector<bool>(groups.size(), true);
  }
  std::vector<std::size_t> read;
  for (const std::string& name : *options.printed) {
    if (const auto reader = FieldReader::find(groups, name)) {
      reader->collect_columns(read);
    }
  }
  std::vector<bool> needed(groups.size());
  for (const std::size_t column : read) {
    needed[column] = true;
  }
  const auto count = groups.find(element::kCount);
  if (options.members && count) {
    needed[*count] = true;
  }
  return needed;
}

// Fails when the column `name`, asked for at `span` of `source`, is there already.
void check_new(const ExpressionText& source, Span span, std::string_view name,
               const Schema& schema) {
  const auto has_name = [name](const Field& column) { return same_name(column.name, name); };
  if (std::any_of(schema.fields().begin(), schema.fields().end(), has_name)) {
    fail_at(source.what, source.text, span, fmt::format("two columns are named '{}'", name),
            "name one of them with 'as NAME'");
  }
}

// Fails when it has the name of a built-in column and is not that itself.
void check_no_built_in(const ExpressionText& source, Span span, std::string_view name,
                       ElementId id) {
  for (const BuiltIn& built_in : kBuiltIns) {
    if (same_name(built_in.name, name) && built_in.id != id) {
      fail_at(source.what, source.text, span,
              fmt::format("every group has a column '{}' of its own", built_in.name),
              "give this one another name with 'as NAME'");
    }
  }
}

// Fails when there is a column of that name, or will be.
void check_name(const AggregateItem& item, std::string_view text, const Schema& schema) {
  const std::string name = aggregate_name(item);
  const bool bare = item.function.empty() && item.alias.empty();
  if (bare && (same_name(name, "start") || same_name(name, "end"))) {
    fail_at(kWhat, text, item.span,
            fmt::format("'{}' of a group is that of all its flows together", name),
            fmt::format("write 'first({}) as NAME' for that of its first flow", name));
  }
  const ExpressionText source{std::string(kWhat), std::string(text), {}};
  check_new(source, item.span, name, schema);
  check_no_built_in(source, item.span, name, {});
}

// The module whose members an item is of; none for all.
std::size_t find_module(const AggregateItem& item, std::string_view text,
                        const std::vector<std::string>& modules) {
  if (item.qualifier.empty()) {
    return static_cast<std::size_t>(-1);
  }
  const auto found = std::find_if(modules.begin(), modules.end(), [&item](const auto& name) {
    return same_name(name, item.qualifier);
  });
  if (found == modules.end()) {
    const std::vector<std::string_view> names(modules.begin(), modules.end());
    const std::string_view near = nearest_name(item.qualifier, names);
    fail_at(kWhat, text, item.span, fmt::format("no module is named '{}'", item.qualifier),
            near.empty() ? fmt::format("the modules are {}", fmt::join(modules, ", "))
                         : fmt::format("did you mean '{}'?", near));
  }
  return static_cast<std::size_t>(found - modules.begin());
}

bool is_there(const AggregateItem& item, const Field* input, const std::vector<GroupKey>& keys,
              OrderBy by) {
  if (!item.qualifier.empty()) {
    return false;
  }
  if (input != nullptr && is_key(item, *input, keys)) {
    return true;
  }
  const std::string name = aggregate_name(item);
  return std::any_of(kBuiltIns.begin(), kBuiltIns.end(), [&](const BuiltIn& built_in) {
    return same_name(built_in.name, name) && is_built_in(item, input, built_in, by);
  });
}

}  // namespace

GroupColumns::GroupColumns(const std::vector<GroupKey>& keys, const GroupOptions& options,
                           const std::vector<std::string>& modules, const Schema& flows,
                           StartsOf starts) {
  const std::string_view text = options.aggregates_text;
  for (const GroupKey& key : keys) {
    check_new(options.terms, key.span(), key.field().name, schema_);
    check_no_built_in(options.terms, key.span(), key.field().name, key.field().id);
    schema_.add(key.field());
  }
  for (const AggregateItem& item : options.aggregates) {
    std::optional<FieldReader> reader;
    if (!item.field.empty()) {
      reader = bind_field(flows, item.field, kWhat, text, item.field_span);
    }
    const Field* input = reader ? &reader->field() : nullptr;
    BoundAggregate bound = bind_aggregate(item, text, input);
    const std::size_t module = find_module(item, text, modules);
    if (!is_there(item, input, keys, options.order())) {
      check_name(item, text, schema_);
      add_column(std::move(bound), reader, modules.size() == 1 ? kNone : module);
    }
  }
  Schema all = schema_;
  for (const BuiltIn& built_in : kBuiltIns) {
    if (!has_id(keys, built_in.id)) {
      all.add(field_of_built_in(built_in));
    }
  }
  const std::vector<bool> needed = needed_columns(options, all);
  keep_only(needed);
  for (const BuiltIn& built_in : kBuiltIns) {
    if (has_id(keys, built_in.id)) {
      continue;
    }
    const bool is_needed = needed[schema_.size()];
    const bool is_given = starts == StartsOf::founders && built_in.id == element::kStart;
    if (is_needed && !is_given) {
      add_built_in(built_in.function, built_in.id, flows);
      continue;
    }
    if (is_needed) {
      start_column_ = schema_.size();
    }
    inputs_.emplace_back();
    schema_.add(field_of_built_in(built_in));
  }
}

// Of the columns so far, those that are not needed stay without values.
void GroupColumns::keep_only(const std::vector<bool>& needed) {
  const std::size_t keys = schema_.size() - inputs_.size();
  const std::vector<FieldReader> readers = std::exchange(readers_, {});
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[i];
    if (!needed[keys + i]) {
      input = {};
    } else if (input.reader != kNone) {
      input.reader = reader_of(readers[input.reader]);
    }
  }
}

void GroupColumns::add_column(BoundAggregate bound, const std::optional<FieldReader>& reader,
                              std::size_t module) {
  inputs_.push_back({reader ? reader_of(*reader) : kNone, module, std::move(bound.state)});
  schema_.add(std::move(bound.field));
}

void GroupColumns::add_built_in(AggregateFunction function, ElementId id, const Schema& flows) {
  if (id == element::kCount) {
    BoundAggregate count = make_aggregate(function, {});
    count.field.id = id;
    count.field.name = "count";
    add_column(std::move(count), std::nullopt);
    return;
  }
  const auto index = flows.find(id);
  const std::string name = field_of(id).name;
  if (!index) {
    throw Error(Exit::usage,
                fmt::format("the input has no field '{}', which every group has", name),
                "give it columns 'start' and 'end'; where --columns chose the fields, keep them");
  }
  const FieldReader reader(flows, *index);
  if (const auto reason = refusal(function, reader.field()); !reason.empty()) {
    fail(Exit::failed, "the input's column '{}' has another type than this field has", name);
  }
  BoundAggregate bound = make_aggregate(function, reader.field());
  bound.field.id = id;
  bound.field.name = name;
  add_column(std::move(bound), reader);
}

std::size_t GroupColumns::reader_of(const FieldReader& reader) {
  const auto found = std::find_if(readers_.begin(), readers_.end(), [&](const FieldReader& other) {
    return other.field().name == reader.field().name;
  });
  if (found != readers_.end()) {
    return static_cast<std::size_t>(found - readers_.begin());
  }
  readers_.push_back(reader);
  return readers_.size() - 1;
}

bool GroupColumns::by_module() const {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [](const Input& input) { return input.module != kNone; });
}

void GroupColumns::collect_columns(const Schema& flows, std::vector<std::size_t>& columns) const {
  for (const FieldReader& reader : readers_) {
    add_columns(reader, flows, columns);
  }
}

void GroupColumns::place(GroupStates& states) {
  for (Input& input : inputs_) {
    if (input.state) {
      input.state->place(states);
    }
  }
}

void GroupColumns::add(const Batch& batch, const GroupedRows& rows,
                       std::span<const std::uint64_t> accepted) {
  Batch scratch;
  std::vector<Column> columns;
  columns.reserve(readers_.size());
  for (const FieldReader& reader : readers_) {
    columns.push_back(reader.read(batch, scratch));
  }
  const Column none;
  for (Input& input : inputs_) {
    if (!input.state) {
      continue;
    }
    const Column& column = input.reader == kNone ? none : columns[input.reader];
    if (input.module == kNone) {
      input.state->add(column, rows);
    } else {
      add_to_module(input, column, rows, accepted);
    }
  }
}

void GroupColumns::add_to_module(Input& input, const Column& column, const GroupedRows& rows,
                                 std::span<const std::uint64_t> accepted) const {
  std::vector<RowId> selected;
  std::vector<GroupId> groups;
  std::vector<FlowOrder> order;
  for (std::size_t row = 0; row < accepted.size(); ++row) {
    if ((accepted[row] >> input.module & 1) != 0) {
      selected.push_back(static_cast<RowId>(row));
      groups.push_back(rows.groups[row]);
      order.push_back(rows.order[row]);
    }
  }
  Batch scratch;
  const Column part = input.reader == kNone ? column : gather(column, selected, scratch);
  input.state->add(part, {groups, order, rows.group_count});
}

void GroupColumns::finish(std::size_t group_count) {
  for (Input& input : inputs_) {
    if (input.state) {
      input.state->finish(group_count);
    }
  }
}

void GroupColumns::emit(std::span<const GroupId> groups, Batch& to) const {
  const std::size_t keys = schema_.size() - inputs_.size();
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (inputs_[i].state) {
      inputs_[i].state->emit(groups, to);
    } else {
      to.columns.push_back(column_without_values(schema_[keys + i], groups.size()));
    }
  }
}

bool GroupColumns::saturated() const {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [](const Input& input) { return input.state && input.state->saturated(); });
}

}  // namespace nfql
