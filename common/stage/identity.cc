#include "common/stage/identity.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "common/base/error.h"

namespace nfql {
namespace {

// The flowId that is ordinal 0 among the flows of `source`, or among those of no source.
std::uint64_t first_of(const SourceTable& table, std::optional<std::size_t> source) {
  return source ? table.sources()[*source].first_flow : 0;
}

bool same_ranges(const SourceTable& a, const SourceTable& b) {
  return std::equal(a.sources().begin(), a.sources().end(), b.sources().begin(), b.sources().end(),
                    [](const Source& x, const Source& y) {
                      return x.fingerprint == y.fingerprint && x.first_flow == y.first_flow;
                    });
}

}  // namespace

void SourceTable::add(std::span<const Source> sources) {
  const auto earlier = [](const Source& a, const Source& b) { return a.first_flow < b.first_flow; };
  const std::size_t old = sources_.size();
  sources_.insert(sources_.end(), sources.begin(), sources.end());
  std::size_t begin = old;  // of the sources to be entered into the index
  if (!std::is_sorted(sources_.begin() + static_cast<std::ptrdiff_t>(old == 0 ? 0 : old - 1),
                      sources_.end(), earlier)) {
    std::stable_sort(sources_.begin(), sources_.end(), earlier);
    first_.clear();
    first_alike_.clear();
    begin = 0;
  }
  for (std::size_t i = begin; i < sources_.size(); ++i) {
    first_alike_.push_back(first_.emplace(sources_[i].fingerprint, i).first->second);
  }
}

std::optional<std::size_t> SourceTable::find(std::uint64_t flow_id) const {
  const auto next = std::upper_bound(
      sources_.begin(), sources_.end(), flow_id,
      [](std::uint64_t id, const Source& source) { return id < source.first_flow; });
  if (next == sources_.begin()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(next - sources_.begin()) - 1;
}

Identity SourceTable::identify(std::uint64_t flow_id) const {
  const std::optional<std::size_t> source = find(flow_id);
  return {source ? first_alike_[*source] : std::numeric_limits<std::uint64_t>::max(),
          flow_id - first_of(*this, source)};
}

SourceUnion::SourceUnion(std::vector<const SourceTable*> streams) : streams_(std::move(streams)) {
  for (const SourceTable* stream : streams_) {
    trivial_ = trivial_ && same_ranges(*stream, *streams_.front());
    ranges_.push_back({{}, false, 0, false});
  }
  if (trivial_) {
    sources_ = streams_.empty() ? sources_ : streams_.front()->sources();
    return;
  }
  std::map<std::pair<std::uint64_t, std::size_t>, std::size_t> known;
  for (const SourceTable* stream : streams_) {
    std::map<std::uint64_t, std::size_t> occurrences;
    std::vector<std::size_t>& ranges = range_of_.emplace_back();
    for (const Source& source : stream->sources()) {
      const std::size_t occurrence = occurrences[source.fingerprint]++;
      const auto entry = known.try_emplace({source.fingerprint, occurrence}, ranges_.size());
      if (entry.second) {
        ranges_.push_back({source, true, 0, false});
      }
      ranges.push_back(entry.first->second);
    }
  }
}

std::size_t SourceUnion::range_of(std::size_t stream, std::uint64_t flow_id) const {
  const std::optional<std::size_t> source = streams_[stream]->find(flow_id);
  return source ? range_of_[stream][*source] : stream;
}

void SourceUnion::see(std::size_t stream, std::uint64_t flow_id) {
  if (trivial_) {
    return;
  }
  const std::optional<std::size_t> source = streams_[stream]->find(flow_id);
  Range& range = ranges_[source ? range_of_[stream][*source] : stream];
  range.last = std::max(range.last, flow_id - first_of(*streams_[stream], source));
  range.used = true;
}

void SourceUnion::seal() {
  if (trivial_) {
    return;
  }
  std::uint64_t first = 0;
  for (Range& range : ranges_) {
    range.source.first_flow = first;
    if (range.used) {
      if (range.last >= std::numeric_limits<std::uint64_t>::max() - first) {
        fail(Exit::failed, "the flowIds of the inputs are too large to be brought together");
      }
      first += range.last + 1;
    }
    if (range.listed) {
      sources_.push_back(range.source);
    }
  }
}

std::uint64_t SourceUnion::map(std::size_t stream, std::uint64_t flow_id) const {
  if (trivial_) {
    return flow_id;
  }
  const std::optional<std::size_t> source = streams_[stream]->find(flow_id);
  return ranges_[range_of(stream, flow_id)].source.first_flow +
         (flow_id - first_of(*streams_[stream], source));
}

}  // namespace nfql
