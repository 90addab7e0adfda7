#include "common/query/term_form.h"

#include <functional>
#include <string_view>

#include "common/query/term_text.h"

namespace nfql {
namespace {

/// Reads terms, and goes on behind one that is wrong.
class Reader {
 public:
  using ReadTerm = std::function<MappedText(const JsonValue&)>;

  explicit Reader(ReadTerm read) : read_(std::move(read)) {}

  void add_clause(const JsonValue& clause, std::string_view between) {
    const JsonObject object(clause, {"clause"});
    bool first = true;
    for (const JsonValue& item : object.at("clause").array()) {
      text_.add(first ? "" : between);
      first = false;
      whole_ &= clause.problems().attempt(
          [&] { text_.add(read_(JsonObject(item, {"term"}).at("term"))); });
    }
    if (first) {
      text_.add("any");
    }
  }

  void add_dnf(const JsonValue& dnf) {
    bool first = true;
    for (const JsonValue& clause : dnf.array()) {
      text_.add(first ? "" : " or ");  // `and` binds more strongly
      first = false;
      whole_ &= dnf.problems().attempt([&] { add_clause(clause, " and "); });
    }
  }

  [[nodiscard]] std::optional<MappedText> take() && {
    return whole_ ? std::optional(std::move(text_)) : std::nullopt;
  }

 private:
  ReadTerm read_;
  MappedText text_;
  bool whole_ = true;
};

std::optional<MappedText> dnf_text(const JsonValue& dnf, Reader::ReadTerm read) {
  Reader reader(std::move(read));
  reader.add_dnf(dnf);
  return std::move(reader).take();
}

}  // namespace

std::optional<MappedText> filter_text(const JsonValue& stage) {
  const JsonObject object(stage, {"dnf-expr"});
  const JsonValue& dnf = object.at("dnf-expr");
  if (dnf.array().empty()) {
    dnf.problems().warn(
        dnf.span(),
        dnf.path() + ": is empty and keeps everything (the tool of 2013 dropped everything)");
  }
  return dnf_text(dnf, filter_term);
}

std::optional<MappedText> group_text(const JsonValue& dnf) {
  const Clauses clauses = dnf.array().size() == 1 ? Clauses::one : Clauses::several;
  return dnf_text(dnf, [clauses](const JsonValue& term) { return group_term(term, clauses); });
}

std::optional<MappedText> aggregate_text(const JsonValue& aggregation) {
  Reader reader(aggregate_term);
  const JsonObject object(aggregation, {"clause"});
  if (!object.at("clause").array().empty()) {
    reader.add_clause(aggregation, ", ");
  }
  return std::move(reader).take();
}

std::optional<MappedText> merge_text(const JsonValue& stage, std::size_t branches) {
  const JsonObject object(stage, {"dnf-expr"});
  return dnf_text(object.at("dnf-expr"),
                  [branches](const JsonValue& term) { return merge_term(term, branches); });
}

}  // namespace nfql
