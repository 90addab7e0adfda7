#include "common/io/text_flows.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/flow/element_list.h"
#include "common/io/flow_tools_format.h"

namespace nfql {
namespace {

constexpr std::size_t kFirstRoom = 256;

bool has(const std::vector<TextName>& names, ElementId id) {
  return std::any_of(names.begin(), names.end(),
                     [id](const TextName& name) { return name.field && name.field->id == id; });
}

bool has_all(const std::vector<TextName>& names, std::initializer_list<ElementId> ids) {
  return std::all_of(ids.begin(), ids.end(), [&](ElementId id) { return has(names, id); });
}

// Two columns may have one field when one is of IPv4 and one of IPv6.
bool are_halves(const FieldInfo* info, std::string_view a, std::string_view b) {
  return info != nullptr && !info->name6.empty() &&
         same_name(a, info->name6) != same_name(b, info->name6);
}

// Who asks for the count of groups reads groups, which text is not: each row would count as one.
void refuse_printed_groups(const std::vector<std::string>& names, const ReadOptions& options,
                           const std::string& where) {
  const auto counts = [](const std::string& name) { return same_name(name, "count"); };
  if (contains(options.named, element::kCount) && std::any_of(names.begin(), names.end(), counts)) {
    throw Error(Exit::usage,
                where + ": has a column 'count', as groups have, but text is read as flows",
                "groups travel as native streams: leave -O csv to the last program");
  }
}

void check_twice(const std::vector<std::string>& texts, const std::vector<TextName>& names,
                 const std::string& where) {
  std::vector<std::size_t> seen;  // not those without a field, of which there may be very many
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!names[i].field || names[i].stands_in) {
      continue;
    }
    for (const std::size_t j : seen) {
      if (names[i].field->id == names[j].field->id &&
          !are_halves(find_field(names[i].field->id), texts[i], texts[j])) {
        fail(Exit::failed, "{}: columns '{}' and '{}' are the same field", where, texts[j],
             texts[i]);
      }
    }
    seen.push_back(i);
  }
}

bool is_zero(const CellColumn& cells, std::size_t row) {
  const Field& field = cells.field();
  const std::size_t width = field.type == Type::address ? sizeof(Address) : width_of(field.type);
  return visit_values(field.type, width, [&]<class T>(std::type_identity<T>) {
    const T value = cells.get<T>(row);
    if constexpr (std::is_same_v<T, Address>) {
      return value == Address{} || value == mapped(0);
    } else {
      return value == T{};
    }
  });
}

// Takes the field from names of other elements where a column has the field's own.
void drop_stand_ins(std::vector<TextName>& names) {
  for (TextName& name : names) {
    const bool replaced =
        name.field && name.stands_in &&
        std::any_of(names.begin(), names.end(), [&name](const TextName& other) {
          return other.field && !other.stands_in && other.field->id == name.field->id;
        });
    if (replaced) {
      name.field.reset();
    }
  }
}

}  // namespace

TextFlows::TextFlows(const std::vector<std::string>& names, const ReadOptions& options,
                     Names extent, const std::string& where)
    : origin_(text_origin(names)), times_(options.zone) {
  refuse_printed_groups(names, options, where);
  std::vector<TextName> found;
  for (const std::string& name : names) {
    found.push_back(find_text_name(name, origin_));
    if (!found.back().known) {
      unknown_.push_back(name);
    }
  }
  if (std::none_of(found.begin(), found.end(),
                   [](const TextName& name) { return name.field.has_value(); })) {
    throw Error(Exit::failed, fmt::format("{}: no name of a column is that of a field", where),
                "columns are named as --help-fields lists fields: start,end,srcip,dstip,bytes");
  }
  drop_stand_ins(found);
  if (origin_ == TextOrigin::own) {
    check_twice(names, found, where);
  }
  plan(found, options);
  if (extent == Names::some) {
    plan_named(found, options);
  }
  plan_made(found, options);
}

// What is computed or counted has its column without a name.
void TextFlows::plan_named(const std::vector<TextName>& names, const ReadOptions& options) {
  using namespace element;
  for (const ElementId id : options.named) {
    const bool made =
        id == kFlowId || id == kFlowCount || id == kDuration || id == kStream || schema_.find(id);
    const bool wanted = !options.wanted || contains(*options.wanted, id);
    if (!made && wanted && !has(names, id) && find_field(id) != nullptr) {
      cells_of(field_of(id));
      add_shown(id);
      missing_.push_back(id);
    }
  }
}

bool TextFlows::add_late(std::string_view name) {
  const TextName late = find_text_name(name, origin_);
  if (!late.field) {
    return false;
  }
  const auto missing = std::find(missing_.begin(), missing_.end(), late.field->id);
  const bool other_family = late.field->type == Type::address && schema_.find(late.field->id);
  if (missing == missing_.end() && !other_family) {
    return false;
  }
  if (missing != missing_.end()) {
    missing_.erase(missing);
  }
  add_input(late, true);
  mark_shared();
  return true;
}

std::size_t TextFlows::cells_of(const Field& field) {
  if (const std::optional<std::size_t> there = find_cells(field.id)) {
    return *there;
  }
  cells_.emplace_back(field);
  return cells_.size() - 1;
}

std::optional<std::size_t> TextFlows::find_cells(ElementId id) const {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (cells_[i].field().id == id) {
      return i;
    }
  }
  return std::nullopt;
}

bool TextFlows::is_needed(ElementId id) const {
  using namespace element;
  const bool for_end = id == kStart || id == kDuration;
  const bool for_times = id == kExportSeconds || id == kExportNanoseconds || id == kExportUptime ||
                         id == kStartUptime || id == kEndUptime;
  return (makes_end_ && for_end) || (makes_times_ && for_times);
}

// Decides which columns are read, which are shown, and which are made of others.
void TextFlows::plan(const std::vector<TextName>& names, const ReadOptions& options) {
  using namespace element;
  const auto wanted = [&options](ElementId id) {
    return !options.wanted || contains(*options.wanted, id);
  };
  const bool uptimes = has_all(names, {kExportSeconds, kExportUptime, kStartUptime, kEndUptime}) &&
                       !has(names, kStart) && !has(names, kEnd);
  // Whoever wants the duration has it of start and end.
  const bool computed = has(names, kDuration) && (has(names, kStart) || uptimes);
  makes_end_ = computed && !uptimes && !has(names, kEnd) && wanted(kEnd);
  makes_times_ = uptimes && (wanted(kStart) || wanted(kEnd));
  for (const TextName& name : names) {
    const bool shown = name.field && wanted(name.field->id) && name.field->id != kFlowId &&
                       !(computed && name.field->id == kDuration);
    add_input(name, shown);
  }
  mark_shared();
}

void TextFlows::add_input(const TextName& name, bool shown) {
  Input& input = inputs_.emplace_back();
  if (!name.field || (!shown && !is_needed(name.field->id))) {
    return;
  }
  input.read = cell_reader(*name.field, name.notation);
  input.notation = name.notation;
  input.cells = cells_of(*name.field);
  if (shown) {
    add_shown(name.field->id);
  }
  if (makes_end_ && name.field->id == element::kStart) {
    cells_of(field_of(element::kEnd));
    add_shown(element::kEnd);
  }
}

void TextFlows::mark_shared() {
  std::vector<std::size_t> uses(cells_.size());
  for (const Input& input : inputs_) {
    if (input.read != nullptr) {  // others have no cells
      ++uses[input.cells];
    }
  }
  for (Input& input : inputs_) {
    const bool combined =
        input.notation == Notation::icmp_type || input.notation == Notation::icmp_code;
    input.shared = input.read != nullptr && uses[input.cells] > 1 && !combined;
  }
}

void TextFlows::plan_made(const std::vector<TextName>& names, const ReadOptions& options) {
  using namespace element;
  const auto make = [&](ElementId id) {
    const bool makes = !options.wanted || contains(*options.wanted, id);
    if (makes) {
      cells_of(field_of(id));
      add_shown(id);
    }
    return makes;
  };
  if (makes_times_) {
    static_cast<void>(make(kStart));
    static_cast<void>(make(kEnd));
  }
  static_cast<void>(make(kFlowId));
  counts_ones_ = options.wanted && !has(names, kFlowCount) && make(kFlowCount);
  derived_ = {find_cells(kStart),
              find_cells(kEnd),
              find_cells(kDuration),
              find_cells(kExportSeconds),
              find_cells(kExportNanoseconds),
              find_cells(kExportUptime),
              find_cells(kStartUptime),
              find_cells(kEndUptime)};
}

void TextFlows::add_shown(ElementId id) {
  if (!schema_.find(id)) {
    const std::size_t cells = find_cells(id).value();
    shown_.push_back(cells);
    schema_.add(cells_[cells].field());
  }
}

void TextFlows::make_room() {
  room_ = std::min(std::max({2 * room_, kFirstRoom, last_rows_}), kMaxRows);
  for (CellColumn& cells : cells_) {
    cells.reserve(room_);
  }
}

bool TextFlows::put(std::size_t name, std::string_view text) {
  const Input& input = inputs_[name];
  if (rows_ == room_) {
    make_room();
  }
  CellColumn& cells = cells_[input.cells];
  if (!input.shared || !cells.is_known(rows_)) {
    return input.read(text, cells, rows_, times_);
  }
  // What is there counts unless this is more than 0.
  CellColumn other(cells.field());
  other.reserve(1);
  if (!input.read(text, other, 0, times_)) {
    return false;
  }
  return is_zero(other, 0) || input.read(text, cells, rows_, times_);
}

std::string TextFlows::expected(std::size_t name) const {
  const Input& input = inputs_[name];
  return expected_text(cells_[input.cells].field(), input.notation);
}

// Times are looked at as they were read: in the weeks of 1970 that seconds of a century make.
void TextFlows::look_for_seconds() {
  constexpr std::int64_t kYear2001 = 978'307'200;
  constexpr std::int64_t kYear2100 = 4'102'444'800;
  for (const ElementId id : {element::kStart, element::kEnd}) {
    const std::optional<std::size_t> cells = find_cells(id);
    std::optional<std::int64_t> first;
    bool all = cells.has_value();
    for (std::size_t row = 0; all && row < rows_; ++row) {
      if (cells_[*cells].is_known(row)) {
        const auto time = cells_[*cells].get<std::int64_t>(row);
        all = time >= kYear2001 && time < kYear2100;
        first = first.value_or(time);
      }
    }
    if (all && first) {
      doubtful_.emplace(cells_[*cells].field().name, *first);
      return;
    }
  }
}

void TextFlows::derive_end() {
  const CellColumn& start = cells_[*derived_.start];
  const CellColumn& duration = cells_[*derived_.duration];
  if (start.is_known(rows_) && duration.is_known(rows_)) {
    std::int64_t end = 0;
    if (!__builtin_add_overflow(start.get<std::int64_t>(rows_), duration.get<std::int64_t>(rows_),
                                &end)) {
      cells_[*derived_.end].set(rows_, end);
    }
  }
}

void TextFlows::derive_from_uptime() {
  const auto value = [this](std::optional<std::size_t> cells) -> std::optional<std::int64_t> {
    if (!cells || !cells_[*cells].is_known(rows_)) {
      return std::nullopt;
    }
    return cells_[*cells].get<std::uint32_t>(rows_);
  };
  const std::optional<std::int64_t> seconds = value(derived_.seconds);
  const std::optional<std::int64_t> uptime = value(derived_.uptime);
  if (!seconds || !uptime) {
    return;
  }
  const std::int64_t exported =
      *seconds * 1000 + value(derived_.nanoseconds).value_or(0) / 1'000'000;
  const auto derive = [&](std::optional<std::size_t> from, std::optional<std::size_t> to) {
    const std::optional<std::int64_t> at = value(from);
    if (at && to) {
      cells_[*to].set(rows_, flow_tools::time_of_uptime(exported, *uptime, *at));
    }
  };
  derive(derived_.first, derived_.start);
  derive(derived_.last, derived_.end);
}

void TextFlows::end_row() {
  if (rows_ == room_) {
    make_room();
  }
  if (makes_end_) {
    derive_end();
  }
  if (makes_times_) {
    derive_from_uptime();
  }
  ++rows_;
}

void TextFlows::move_to(Batch& batch) {
  batch.clear();
  batch.rows = rows_;
  if (room_ == 0) {
    make_room();
  }
  if (flows_ == 0) {
    look_for_seconds();
  }
  for (const std::size_t shown : shown_) {
    CellColumn& cells = cells_[shown];
    const bool flow_ids = cells.field().id == element::kFlowId;
    const bool ones = counts_ones_ && cells.field().id == element::kFlowCount;
    for (std::size_t row = 0; (flow_ids || ones) && row < rows_; ++row) {
      cells.set(row, flow_ids ? flows_ + row : std::uint64_t{1});
    }
    cells.move_to(batch, rows_);
  }
  for (CellColumn& cells : cells_) {
    cells.clear();  // those that others were made of
  }
  flows_ += rows_;
  last_rows_ = std::exchange(rows_, 0);
  room_ = 0;
}

}  // namespace nfql
