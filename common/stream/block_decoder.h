// One block of rows: from its directory, and the bytes that it stores, to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/base/buffer.h"
#include "common/base/fd.h"
#include "common/flow/schema.h"
#include "common/stream/block.h"
#include "common/stream/column_decoder.h"
#include "common/stream/layout.h"
#include "common/stream/row_chooser.h"

namespace nfql {

/// A block whose head and directory are there and verified.
struct StoredBlock {
  BlockHead head;
  std::vector<ColumnEntry> entries;
  std::uint64_t number = 0;      ///< in the stream, from 1
  std::uint64_t at = 0;          ///< offset in the stream
  std::uint64_t payload_at = 0;  ///< position in a file that can be read anywhere
  Buffer payload;                ///< of the others: the stored bytes of all columns wanted

  [[nodiscard]] std::string place(const std::string& name) const;
};

/// What is decoded of blocks.
struct Wanted {
  std::vector<bool> columns;      ///< per stored column; empty: all
  RowChooser* chooser = nullptr;  ///< of flows; null: all rows

  [[nodiscard]] bool has(std::size_t column) const { return columns.empty() || columns[column]; }
};

/// Throws Error(Exit::failed), with `where` in front, when the directory does not fit the schema.
/// Returns how many bytes its columns expand to (expanded_bytes()).
std::uint64_t check_entries(const StoredBlock& stored, const Schema& schema,
                            const std::string& where);

/// False when nobody wants any row of the block, by the extremes that its directory has.
[[nodiscard]] bool may_be_wanted(const StoredBlock& stored, const Wanted& wanted);

/// Decodes a block of which check_entries() had nothing to say. Does not know the blocks around it,
/// so that each may have its own thread.
class BlockDecoder {
 public:
  /// Reads from `file` what `stored` does not have. The others must outlive the decoder.
  BlockDecoder(StoredBlock&& stored, const Schema& schema, const Wanted& wanted,
               const InputFile& file);

  /// The block, of which the rows that nobody wants are left out; perhaps all. To be called once.
  /// Throws Error(Exit::failed).
  [[nodiscard]] Block decode();

 private:
  // Stored bytes of some columns.
  struct Part {
    Buffer bytes;                      // empty when the block came with all
    std::vector<const std::byte*> at;  // of each of the columns
  };

  void choose_rows(Batch& batch);
  void decode_columns(const std::vector<std::size_t>& columns, Batch& batch);
  [[nodiscard]] Part payload_of(const std::vector<std::size_t>& columns) const;
  [[nodiscard]] Part read_part(const std::vector<std::size_t>& columns) const;
  void check(const Field* field, const std::string& problem) const;

  StoredBlock stored_;
  const Schema& schema_;
  const Wanted& wanted_;
  const InputFile& file_;
  std::vector<std::size_t> columns_;  // wanted ones, by their number in the schema
  std::vector<std::uint64_t> at_;     // where each column begins in the payload
  ColumnDecoder decoder_;
  bool views_payload_ = false;  // some column does
  std::vector<RowId> rows_;     // chosen
};

}  // namespace nfql
