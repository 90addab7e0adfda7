#include "nfql-merge/merge_stage.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "common/base/error.h"
#include "common/base/names.h"
#include "common/stage/identity.h"
#include "nfql-merge/bind.h"
#include "nfql-merge/components.h"
#include "nfql-merge/join.h"
#include "nfql-merge/tuple_list.h"
#include "nfql-merge/tuple_output.h"

namespace nfql {
namespace {

void check_names(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (same_name(names[i], names[j])) {
        fail(Exit::usage, "two branches are named '{}'", names[i]);
      }
    }
  }
}

std::vector<GroupStore> make_stores(const std::vector<std::string>& names,
                                    const std::vector<StreamHeader>& inputs) {
  assert(!inputs.empty() && names.size() == inputs.size());
  check_names(names);
  const bool members = std::all_of(inputs.begin(), inputs.end(), [](const StreamHeader& input) {
    return input.members || input.kind == StreamKind::flows;
  });
  std::vector<GroupStore> stores;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    stores.emplace_back(inputs[i], fmt::format("branch '{}'", names[i]),
                        members ? Members::keep : Members::drop);
  }
  return stores;
}

std::vector<merge::Branch> make_branches(const std::vector<std::string>& names,
                                         const std::vector<GroupStore>& stores) {
  std::vector<merge::Branch> branches;
  for (std::size_t i = 0; i < stores.size(); ++i) {
    branches.push_back({names[i], stores[i].groups_schema()});
  }
  return branches;
}

}  // namespace

MergeStage::MergeStage(MergeOptions options, const std::vector<StreamHeader>& inputs)
    : emit_(options.emit),
      limit_(options.limit),
      stores_(make_stores(options.names, inputs)),
      branches_(make_branches(options.names, stores_)),
      expression_(merge::bind_terms(std::move(options.expr), branches_)),
      columns_(stores_),
      checks_(expression_, branches_, stores_, columns_, options.zone) {
  make_header();
}

void MergeStage::make_header() {
  header_.kind = emit_ == Emit::tuples ? StreamKind::tuples : StreamKind::collection;
  header_.members = stores_.front().members();
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    std::vector<Field> groups;
    if (emit_ == Emit::collection) {
      groups.push_back({"component", element::kComponent, Type::u64, Meaning::number, Type::u64});
    }
    const std::vector<Field>& fields = branches_[i].groups.fields();
    groups.insert(groups.end(), fields.begin(), fields.end());
    header_.branches.push_back(
        {branches_[i].name, Schema(std::move(groups)), stores_[i].flows_schema()});
  }
}

std::vector<std::string> MergeStage::warnings() const {
  std::vector<bool> read(branches_.size());
  for (const merge::Leaf& leaf : expression_.leaves) {
    for (const std::size_t branch : leaf.branches) {
      read[branch] = true;
    }
  }
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < read.size() && !expression_.leaves.empty(); ++i) {
    if (!read[i]) {
      warnings.push_back(
          fmt::format("branch '{}' is in no term: it multiplies the result", branches_[i].name));
    }
  }
  return warnings;
}

void MergeStage::finish(BlockSink& out) {
  for (GroupStore& store : stores_) {
    store.finish();
  }
  put_sources(out);
  if (emit_ == Emit::tuples) {
    find_tuples(out);
    return;
  }
  merge::Components components(stores_);
  for (const merge::Conjunct& conjunct : merge::expand(expression_.root, expression_.leaves)) {
    if (const auto prepared = prepare(conjunct)) {
      run(*prepared, components);
    }
  }
  components.write(out);
}

// Gives the flows of all branches one numbering. Before any column is read.
void MergeStage::put_sources(BlockSink& out) {
  std::vector<const SourceTable*> tables;
  for (const GroupStore& store : stores_) {
    tables.push_back(&store.sources());
  }
  SourceUnion sources(std::move(tables));
  for (std::size_t i = 0; i < stores_.size() && !sources.trivial(); ++i) {
    stores_[i].visit_flow_ids([&](std::uint64_t id) { sources.see(i, id); });
  }
  sources.seal();
  for (std::size_t i = 0; i < stores_.size() && !sources.trivial(); ++i) {
    stores_[i].replace_flow_ids([&](std::uint64_t id) { return sources.map(i, id); });
  }
  if (!sources.sources().empty()) {
    Block block;
    block.kind = BlockKind::sources;
    block.sources = sources.sources();
    out.put(std::move(block));
  }
}

void MergeStage::find_tuples(BlockSink& out) {
  merge::TupleOutput output(stores_, limit_, out);
  const std::vector<merge::Conjunct> conjuncts =
      merge::expand(expression_.root, expression_.leaves);
  merge::TupleList list(stores_.size());
  for (const merge::Conjunct& conjunct : conjuncts) {
    const auto prepared = prepare(conjunct);
    if (!prepared) {
      continue;
    }
    if (conjuncts.size() == 1 && prepared->plan.in_order()) {
      run(*prepared, output);
    } else {
      run(*prepared, list);
    }
  }
  std::vector<std::size_t> sizes;
  for (const GroupStore& store : stores_) {
    sizes.push_back(store.size());
  }
  list.pass_on(sizes, output);
  output.flush();
}

// Nothing when a branch has no group that may take part, so that there is no tuple.
std::optional<MergeStage::Prepared> MergeStage::prepare(const merge::Conjunct& conjunct) {
  const auto filters = merge::prefilters_of(conjunct, expression_.leaves, stores_.size());
  Prepared prepared;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    prepared.groups.push_back(checks_.select(filters[i], i));
    sizes.push_back(prepared.groups.back().size());
    if (sizes.back() == 0) {
      return std::nullopt;
    }
  }
  prepared.plan = merge::make_plan(conjunct, expression_.leaves, sizes, columns_);
  return prepared;
}

bool MergeStage::run(const Prepared& prepared, merge::TupleSink& sink) {
  return merge::Join(prepared.plan, prepared.groups, columns_, checks_).run(sink);
}

}  // namespace nfql
