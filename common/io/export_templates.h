// Templates as IPFIX and NetFlow v9 write them, and the one that NetFlow v5 would have.
//
//     body     := ( number:u16  fields:u16  ( scope_fields:u16 )  field[fields] )*     IPFIX
//     field    := enterprise_follows:1 element:15  length:u16  ( enterprise:u32 )
//
//     body     := ( number:u16  fields:u16  field9[fields] )*                          NetFlow v9
//     options  := ( number:u16  scope_bytes:u16  option_bytes:u16
//                   field9[scope_bytes / 4]  field9[option_bytes / 4] )*
//     field9   := type:u16  length:u16
//
// In IPFIX a template without fields withdraws that number; with the set's own number, all of the
// domain. Templates of options have the count of scope fields. Types of NetFlow v9 are elements of
// IPFIX; from 32768 on they are Cisco's, whose exporters of IPFIX write them without the highest
// bit, with the number of the enterprise. What options of NetFlow v9 are about is no element.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "common/io/export_sets.h"
#include "common/io/template_store.h"

namespace nfql {

inline constexpr std::uint32_t kCiscoEnterprise = 9;

/// One template of a set.
struct TemplateRecord {
  std::uint16_t number = 0;
  std::vector<FieldSpec> fields;  ///< none: it is withdrawn
  std::size_t scope_fields = 0;
};

/// Takes the templates of a set apart. Throws Error(Exit::failed) by way of `sets`.
[[nodiscard]] std::vector<TemplateRecord> read_templates(const ExportSets& sets,
                                                         const ExportSet& set);

/// The layout of records of NetFlow v5.
[[nodiscard]] Template netflow5_layout();

/// Does what a set of templates says: defines and withdraws those of a session.
/// Throws Error(Exit::failed) by way of `sets`.
template <class Store>
void take_templates(const ExportSets& sets, const ExportSet& set, std::uint32_t session,
                    Store& store) {
  for (TemplateRecord& record : read_templates(sets, set)) {
    if (!record.fields.empty()) {
      store.define(session, record.number, Template(std::move(record.fields), record.scope_fields));
    } else if (record.number == set.id) {
      store.withdraw_all(session, set.kind == ExportSet::Kind::options_templates);
    } else {
      store.withdraw(session, record.number);
    }
  }
}

}  // namespace nfql
