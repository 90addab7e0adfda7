// Which flow is which: the sources of a stream, and one numbering for flows of several streams.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "common/flow/batch.h"

namespace nfql {

/// What a flow is recognised by: two flows with equal identities are one flow, read twice.
struct Identity {
  std::uint64_t source = 0;  ///< a number for the content that the flow was read from
  std::uint64_t ordinal = 0;

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

/// The sources of one stream, and whose the flowIds are: a source's reach from its first_flow to
/// the next source's.
class SourceTable {
 public:
  /// Adds the sources of a block; the order in which they come does not matter.
  void add(std::span<const Source> sources);

  /// By first_flow.
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
  /// The source of a flow, or nothing for a flow before the first source.
  [[nodiscard]] std::optional<std::size_t> find(std::uint64_t flow_id) const;
  /// Whether no two sources have one content, so that a flowId alone identifies a flow.
  [[nodiscard]] bool distinct() const { return first_.size() == sources_.size(); }
  /// Sources with one fingerprint are one: a flow's identity is the first such source and the
  /// flow's ordinal. Flows of no source are identified by their flowIds.
  [[nodiscard]] Identity identify(std::uint64_t flow_id) const;

 private:
  std::vector<Source> sources_;
  std::vector<std::size_t> first_alike_;        // by source: the first with its fingerprint
  std::map<std::uint64_t, std::size_t> first_;  // by fingerprint: the first source that has it
};

/// One numbering for the flows of several streams. Two flows of different streams get one number
/// when their ordinals agree and so do their sources: the same fingerprint, and in each stream the
/// k-th source that has it. All other flows keep apart, also those of no source.
///
/// Streams with equal tables (or none) keep their numbers. Otherwise the streams' flows are shown
/// to see() first, which sizes the ranges, then seal() lays them out one after the other.
class SourceUnion {
 public:
  /// The tables must outlive this.
  explicit SourceUnion(std::vector<const SourceTable*> streams);

  /// Whether all flowIds stay as they are.
  [[nodiscard]] bool trivial() const { return trivial_; }
  void see(std::size_t stream, std::uint64_t flow_id);
  /// Throws Error(Exit::failed) when the numbers do not fit 64 bits.
  void seal();
  /// The new number of a flow that was seen.
  [[nodiscard]] std::uint64_t map(std::size_t stream, std::uint64_t flow_id) const;
  /// The sources in the new numbering; their ranges do not overlap.
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }

 private:
  struct Range {
    Source source;
    bool listed = true;      // false: the flows of no source of one stream
    std::uint64_t last = 0;  // highest ordinal seen
    bool used = false;       // whether any was
  };

  [[nodiscard]] std::size_t range_of(std::size_t stream, std::uint64_t flow_id) const;

  std::vector<const SourceTable*> streams_;
  bool trivial_ = true;
  std::vector<Range> ranges_;  // first one for each stream's flows of no source
  std::vector<std::vector<std::size_t>> range_of_;  // by stream, by source
  std::vector<Source> sources_;
};

}  // namespace nfql
