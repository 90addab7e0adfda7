#include "common/io/ipfix_writer.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "common/base/byte_order.h"
#include "common/base/error.h"
#include "common/io/export_message.h"
#include "common/io/exporter_notes.h"
#include "common/io/ipfix_cells.h"
#include "common/io/ipfix_encode.h"
#include "common/io/ipfix_message.h"
#include "common/io/ipfix_misfits.h"
#include "common/io/ipfix_shapes.h"
#include "common/io/lost_columns.h"
#include "common/io/projection.h"
#include "common/io/record_columns.h"

namespace nfql {
namespace {

const Schema& schema_of_rows(const StreamHeader& header) {
  return header.kind == StreamKind::flows ? header.flows() : header.groups();
}

std::optional<Projection> projection_of(const StreamHeader& header, const WriteOptions& options) {
  return options.columns ? std::optional<Projection>(std::in_place, header, *options.columns,
                                                     KeptColumns::listed)
                         : std::nullopt;
}

std::vector<std::size_t> columns_of_cells(const std::vector<IpfixCell>& cells) {
  std::vector<std::size_t> columns;
  for (const IpfixCell& cell : cells) {
    columns.push_back(cell.column);
  }
  return columns;
}

class IpfixWriter final : public Writer {
 public:
  IpfixWriter(OutputFile file, const StreamHeader& header, const WriteOptions& options)
      : file_(std::move(file)),
        kind_(header.kind == StreamKind::flows ? BlockKind::flows : BlockKind::groups),
        projection_(projection_of(header, options)),
        schema_(schema_of_rows(projection_ ? projection_->header() : header)),
        cells_(make_ipfix_cells(schema_)),
        end_(find_typed_column(schema_, element::kEnd)),
        shapes_(cells_, family_column(schema_), kFirstTemplate),
        message_(file_),
        skip_(options.skip_unrepresentable),
        limit_(options.limit.value_or(std::numeric_limits<std::uint64_t>::max())) {
    announce();
    if (kind_ == BlockKind::groups) {
      lost_ = lost_columns(schema_, columns_of_cells(cells_), "IPFIX");
    }
    add_template(shapes_.complete());
  }

  void put(Block&& block) override {
    if (block.kind != kind_) {
      return;  // sources and members
    }
    if (projection_) {
      projection_->apply(block);
    }
    if (skip_) {
      leave_out_misfits(block.batch);
    }
    const std::size_t rows = std::min<std::uint64_t>(block.batch.rows, limit_ - rows_);
    for (std::size_t first = 0; first < rows;) {
      first += put_run(block.batch, first, rows);
    }
    rows_ += rows;
  }

  void finish() override {
    message_.send();
    file_.commit();
  }

  [[nodiscard]] std::uint64_t bytes_written() const override { return file_.offset(); }
  [[nodiscard]] bool full() const override { return rows_ >= limit_; }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> warnings;
    if (lost_) {
      warnings.push_back(fmt::format("{}: {}", file_.name(), *lost_));
    }
    if (left_out_ != 0) {
      warnings.push_back(fmt::format("{}: {} of {} {}s cannot be written to IPFIX, {}{}; left out",
                                     file_.name(), left_out_, rows_ + left_out_, what(),
                                     left_out_ == 1 ? "" : "first ", first_problem_));
    }
    return warnings;
  }

 private:
  static constexpr std::uint16_t kOptionsTemplate = ipfix::kFirstDataSet;
  static constexpr std::uint16_t kFirstTemplate = kOptionsTemplate + 1;

  void announce();
  void announce(ElementId element, DataType type, const IpfixCell& cell);
  void add_template(const Shape& shape);
  std::size_t put_run(const Batch& batch, std::size_t first, std::size_t end);
  void put_records(const Batch& batch, std::size_t first, const Shape& shape,
                   const IpfixMessage::Room& room);
  void tell_time(const Batch& batch, std::size_t first, std::size_t count);
  void leave_out_misfits(Batch& batch);
  [[nodiscard]] std::string_view what() const {
    return kind_ == BlockKind::flows ? "flow" : "group";
  }
  [[nodiscard]] std::string problem(const IpfixCell& cell, const Column& column, std::size_t row,
                                    std::uint64_t ordinal) const;

  OutputFile file_;
  BlockKind kind_;
  std::optional<Projection> projection_;
  Schema schema_;
  std::vector<IpfixCell> cells_;
  std::optional<std::size_t> end_;
  IpfixShapes shapes_;
  IpfixMessage message_;
  bool skip_;
  std::uint64_t limit_;
  std::optional<std::string> lost_;
  std::uint64_t rows_ = 0;  // written, of the blocks before
  std::uint64_t left_out_ = 0;
  std::string first_problem_;
};

// Says what the elements are that no registry has.
void IpfixWriter::announce() {
  namespace option = option_element;
  const bool any = std::any_of(cells_.begin(), cells_.end(),
                               [](const IpfixCell& cell) { return cell.is_announced(); });
  if (!any) {
    return;
  }
  message_.add_template(kOptionsTemplate,
                        {{option::kEnterprise, 4},
                         {option::kNumber, 2},
                         {option::kDataType, 1},
                         {option::kSemantics, 1},
                         {option::kUnits, 2},
                         {option::kRangeBegin, 8},
                         {option::kRangeEnd, 8},
                         {option::kName, kVariableLength},
                         {option::kDescription, kVariableLength}},
                        2);
  for (const IpfixCell& cell : cells_) {
    if (cell.is_announced()) {
      announce(cell.element, cell.type, cell);
      if (cell.element6.any()) {
        announce(cell.element6, DataType::ipv6Address, cell);
      }
    }
  }
}

void IpfixWriter::announce(ElementId element, DataType type, const IpfixCell& cell) {
  constexpr std::size_t kLongestName = 1024;
  const Meaning meaning = schema_[cell.column].meaning;
  const std::size_t length = std::min(cell.name.size(), kLongestName);
  Buffer record;
  const auto append = [&record](auto value) {
    const std::size_t old = record.size();
    record.resize(old + sizeof value);
    store(record.data() + old, value, ByteOrder::big);
  };
  append(element.enterprise);
  append(element.element);
  append(static_cast<std::uint8_t>(type));
  append(meaning == Meaning::flags ? option_element::kFlagsSemantics : std::uint8_t{0});
  append(meaning == Meaning::duration ? option_element::kMillisecondUnits : std::uint16_t{0});
  append(std::uint64_t{0});  // 0 to 0: any
  append(std::uint64_t{0});
  if (length < UINT8_MAX) {
    append(static_cast<std::uint8_t>(length));
  } else {
    append(std::uint8_t{UINT8_MAX});
    append(static_cast<std::uint16_t>(length));
  }
  record.append(cell.name.data(), length);
  append(std::uint8_t{0});  // no description, but libfixbuf wants the field
  message_.add_record(kOptionsTemplate, record.bytes());
}

void IpfixWriter::add_template(const Shape& shape) {
  if (shape.record_bytes > IpfixMessage::kMostRecordBytes) {
    fail(Exit::failed, "{}: a record takes {} bytes, an IPFIX message has room for {}",
         file_.name(), shape.record_bytes, IpfixMessage::kMostRecordBytes);
  }
  std::vector<FieldSpec> fields;
  fields.reserve(shape.fields.size());
  for (const ShapeField& field : shape.fields) {
    fields.push_back({field.element, static_cast<std::uint16_t>(field.width)});
  }
  message_.add_template(shape.number, fields, 0);
}

// Writes rows from `first` on that have one shape; returns how many.
std::size_t IpfixWriter::put_run(const Batch& batch, std::size_t first, std::size_t end) {
  const std::size_t count = shapes_.run_length(batch, first, end);
  const IpfixShapes::Found found = shapes_.find(batch, first);
  if (found.is_new) {
    add_template(found.shape);
  }
  for (std::size_t done = 0; done < count;) {
    const IpfixMessage::Room room =
        message_.add_records(found.shape.number, found.shape.record_bytes, count - done);
    put_records(batch, first + done, found.shape, room);
    done += room.records;
  }
  return count;
}

void IpfixWriter::put_records(const Batch& batch, std::size_t first, const Shape& shape,
                              const IpfixMessage::Room& room) {
  for (const ShapeField& field : shape.fields) {
    std::byte* to = room.to + field.offset;
    if (field.cell == cells_.size()) {
      std::fill_n(to, room.records, std::byte{0});  // padding
      continue;
    }
    const IpfixCell& cell = cells_[field.cell];
    const Column& column = batch.columns[cell.column];
    const std::size_t stored =
        encode_values(cell, column, first, room.records, {to, shape.record_bytes, field.width});
    if (stored != room.records) {
      throw Error(Exit::failed,
                  fmt::format("{}: cannot be written to IPFIX: {}", file_.name(),
                              problem(cell, column, first + stored, rows_ + first + stored)),
                  "--skip-unrepresentable leaves such rows out");
    }
  }
  tell_time(batch, first, room.records);
}

void IpfixWriter::tell_time(const Batch& batch, std::size_t first, std::size_t count) {
  if (!end_) {
    return;
  }
  const Column& column = batch.columns[*end_];
  std::int64_t latest = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    latest = std::max(latest, column.is_known(i) ? column.values<std::int64_t>()[i] : 0);
  }
  message_.set_time(latest);
}

void IpfixWriter::leave_out_misfits(Batch& batch) {
  const auto most = std::min<std::uint64_t>(batch.rows, limit_ - rows_);
  const Misfits misfits = find_misfits(cells_, batch, static_cast<std::size_t>(most));
  if (!misfits.first) {
    return;
  }
  if (left_out_ == 0) {
    const IpfixCell& cell = cells_[misfits.first->cell];
    const RowId row = misfits.first->row;
    first_problem_ = problem(cell, batch.columns[cell.column], row, rows_ + row);
  }
  left_out_ += misfits.count;
  batch = gather(batch, misfits.rest);
}

// "flow 7: vlanId 70000 (2 bytes)".
std::string IpfixWriter::problem(const IpfixCell& cell, const Column& column, std::size_t row,
                                 std::uint64_t ordinal) const {
  std::string text;
  if (schema_[cell.column].meaning == Meaning::time && column.type == Type::i64) {
    append_time(text, column.values<std::int64_t>()[row]);
  } else {
    text = value_text(column, row);
  }
  return fmt::format("{} {}: {} {} ({} has {} bytes)", what(), ordinal, cell.name, text,
                     element_name(cell.element), cell.width);
}

}  // namespace

std::unique_ptr<Writer> make_ipfix_writer(OutputFile file, const StreamHeader& header,
                                          const WriteOptions& options) {
  if (header.kind != StreamKind::flows && header.kind != StreamKind::groups) {
    throw Error(Exit::usage, "IPFIX files hold flows and groups, not tuples",
                "put nfql-ungroup between, or write another format");
  }
  if (!options.compress.empty() && options.compress != "none") {
    throw Error(Exit::usage, fmt::format("-z {}: IPFIX files are not compressed", options.compress),
                "leave -z out");
  }
  return std::make_unique<IpfixWriter>(std::move(file), header, options);
}

}  // namespace nfql
