#include "nfql-merge/merge_stage.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/stage/identity.h"
#include "nfql-merge/bind.h"
#include "nfql-merge/components.h"
#include "nfql-merge/contradictions.h"
#include "nfql-merge/join.h"
#include "nfql-merge/tuple_list.h"
#include "nfql-merge/tuple_output.h"

namespace nfql {
namespace {

GroupStore make_store(const std::string& name, const StreamHeader& input, Members members) {
  return {input, fmt::format("branch '{}'", name), members};
}

merge::Layout make_layout(const MergeOptions& options, const std::vector<StreamHeader>& inputs) {
  assert(!inputs.empty() && options.names.size() == inputs.size());
  std::vector<merge::Branch> branches;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    branches.push_back(
        {options.names[i], make_store(options.names[i], inputs[i], Members::drop).groups_schema()});
  }
  return merge::lay_out(std::move(branches), options.expr, options.except);
}

// Of branches that are not in the output, no member flows are needed.
std::vector<GroupStore> make_stores(const merge::Layout& layout,
                                    const std::vector<StreamHeader>& inputs) {
  std::vector<const StreamHeader*> headers(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    headers[layout.places[i]] = &inputs[i];
  }
  const auto outputs = std::span(headers).first(layout.outputs);
  const bool members = std::all_of(outputs.begin(), outputs.end(), [](const StreamHeader* input) {
    return input->members || input->kind == StreamKind::flows;
  });
  std::vector<GroupStore> stores;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    stores.push_back(make_store(layout.branches[i].name, *headers[i],
                                members && i < layout.outputs ? Members::keep : Members::drop));
  }
  return stores;
}

std::vector<std::size_t> branches_read(const merge::BoundExpression& expression) {
  return merge::branches_of(expression.root, expression.leaves);
}

}  // namespace

MergeStage::MergeStage(MergeOptions options, const std::vector<StreamHeader>& inputs)
    : emit_(options.emit),
      limit_(options.limit),
      layout_(make_layout(options, inputs)),
      stores_(make_stores(layout_, inputs)),
      columns_(stores_),
      terms_(bind(std::move(options.expr)), layout_.branches, stores_, columns_, options.zone) {
  warn_of_product();
  bind_excepts(std::move(options.except), options.zone);
  make_header();
}

merge::BoundExpression MergeStage::bind(ExpressionText text) {
  const ExpressionText source{text.what, text.text, {}};
  merge::BoundExpression bound = merge::bind_terms(std::move(text), layout_.branches);
  for (std::string& warning : merge::check_contradictions(source, bound, layout_.branches)) {
    warnings_.push_back(std::move(warning));
  }
  return bound;
}

void MergeStage::bind_excepts(std::vector<ExpressionText> texts, ZoneMinutes zone) {
  for (ExpressionText& text : texts) {
    const std::string what = text.what;
    if (std::holds_alternative<Always>(text.expr.node)) {
      throw Error(Exit::usage, fmt::format("{}: is always true: nothing would be left", what),
                  "write which groups leave a tuple out, such as 'A.srcip = B.dstip'");
    }
    const merge::BoundTerms& terms =
        excepts_.emplace_back(bind(std::move(text)), layout_.branches, stores_, columns_, zone);
    const std::vector<std::size_t> read = branches_read(terms.expression);
    if (read.empty() || read.front() >= layout_.outputs) {
      warnings_.push_back(
          fmt::format("{}: names no branch of the output: it removes every tuple or none", what));
    }
  }
}

void MergeStage::warn_of_product() {
  const std::vector<std::size_t> read = branches_read(terms_.expression);
  for (std::size_t i = 0; i < layout_.outputs && !read.empty(); ++i) {
    if (std::find(read.begin(), read.end(), i) == read.end()) {
      warnings_.push_back(fmt::format("branch '{}' is in no term: it multiplies the result",
                                      layout_.branches[i].name));
    }
  }
}

void MergeStage::make_header() {
  header_.kind = emit_ == Emit::tuples ? StreamKind::tuples : StreamKind::collection;
  header_.members = stores_.front().members();
  for (std::size_t i = 0; i < layout_.outputs; ++i) {
    const merge::Branch& branch = layout_.branches[i];
    std::vector<Field> groups;
    if (emit_ == Emit::collection) {
      groups.push_back({"component", element::kComponent, Type::u64, Meaning::number, Type::u64});
    }
    groups.insert(groups.end(), branch.groups.fields().begin(), branch.groups.fields().end());
    header_.branches.push_back({branch.name, Schema(std::move(groups)), stores_[i].flows_schema()});
  }
}

std::vector<std::vector<std::size_t>> MergeStage::columns_read() const {
  std::set<merge::ColumnRef> read;  // of the branches of layout_
  const auto add = [&read](const merge::BoundTerms& terms) {
    for (const merge::Leaf& leaf : terms.expression.leaves) {
      read.insert(leaf.columns.begin(), leaf.columns.end());
    }
  };
  add(terms_);
  std::for_each(excepts_.begin(), excepts_.end(), add);
  std::vector<std::vector<std::size_t>> columns(layout_.places.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (const merge::ColumnRef& ref : read) {
      if (ref.branch == layout_.places[i]) {
        columns[i].push_back(ref.column);
      }
    }
  }
  return columns;
}

void MergeStage::finish(BlockSink& out) {
  for (GroupStore& store : stores_) {
    store.finish();
  }
  put_sources(out);
  merge::Removal removal(excepts_, stores_, layout_.outputs, columns_);
  if (emit_ == Emit::tuples) {
    find_tuples(removal, out);
  } else {
    find_components(removal, out);
  }
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

std::vector<merge::Conjunct> MergeStage::conjuncts() const {
  return merge::expand(terms_.expression.root, terms_.expression.leaves);
}

void MergeStage::find_components(merge::Removal& removal, BlockSink& out) {
  merge::Components components(outputs());
  for (const merge::Conjunct& conjunct : conjuncts()) {
    if (const auto prepared = prepare(conjunct, removal)) {
      run(*prepared, removal, components);
    }
  }
  components.write(out);
}

void MergeStage::find_tuples(merge::Removal& removal, BlockSink& out) {
  merge::TupleOutput output(outputs(), limit_, out);
  const std::vector<merge::Conjunct> alternatives = conjuncts();
  merge::TupleList list(layout_.outputs);
  for (const merge::Conjunct& conjunct : alternatives) {
    const auto prepared = prepare(conjunct, removal);
    if (!prepared) {
      continue;
    }
    if (alternatives.size() == 1 && prepared->plan.in_order()) {
      run(*prepared, removal, output);
    } else {
      run(*prepared, removal, list);
    }
  }
  list.pass_on(output_sizes(), output);
  output.flush();
}

std::vector<std::size_t> MergeStage::output_sizes() const {
  std::vector<std::size_t> sizes;
  for (const GroupStore& store : outputs()) {
    sizes.push_back(store.size());
  }
  return sizes;
}

// Nothing when a branch has no group that may take part, so that there is no tuple.
std::optional<MergeStage::Prepared> MergeStage::prepare(const merge::Conjunct& conjunct,
                                                        const merge::Removal& removal) {
  if (removal.all()) {
    return std::nullopt;
  }
  const auto filters = merge::prefilters_of(conjunct, terms_.expression.leaves, layout_.outputs);
  Prepared prepared;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < layout_.outputs; ++i) {
    std::vector<merge::GroupId>& groups =
        prepared.groups.emplace_back(terms_.checks.select(filters[i], i));
    removal.drop(i, groups);
    if (groups.empty()) {
      return std::nullopt;
    }
    sizes.push_back(groups.size());
  }
  prepared.plan = merge::make_plan(conjunct, terms_.expression.leaves, sizes, columns_);
  return prepared;
}

void MergeStage::run(const Prepared& prepared, merge::Removal& removal, merge::TupleSink& sink) {
  merge::Join join(prepared.plan, prepared.groups, columns_, terms_.checks);
  if (removal.looks_at_tuples()) {
    merge::RemovalSink rest(removal, sink);
    join.run(rest);
  } else {
    join.run(sink);
  }
}

}  // namespace nfql
