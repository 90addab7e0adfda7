// Readers of foreign formats that decode only the flows that are wanted.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/io/flow_tools_reader.h"
#include "common/io/nfdump_reader.h"
#include "common/io/silk_reader.h"
#include "tests/unit/io/nfdump_bytes.h"
#include "tests/unit/io/read_all.h"
#include "tests/unit/io/silk_bytes.h"

namespace nfql::test {
namespace {

using MakeReader = std::unique_ptr<Reader> (*)(InputFile, const ReadOptions&);

// Chooses the flows whose source port is a multiple.
class PortsOf final : public RowChooser {
 public:
  PortsOf(const Schema& schema, unsigned factor)
      : columns_{schema.find(element::kSourcePort).value()}, factor_(factor) {}

  [[nodiscard]] const std::vector<std::size_t>& columns() const override { return columns_; }
  void choose(const Batch& batch, std::vector<RowId>& rows) override {
    rows.clear();
    const auto ports = batch.columns[columns_.front()].values<std::uint16_t>();
    EXPECT_EQ(ports.size(), batch.rows);
    for (std::size_t row = 0; row < batch.rows; ++row) {
      if (ports[row] % factor_ == 0) {
        rows.push_back(static_cast<RowId>(row));
      }
    }
  }

 private:
  std::vector<std::size_t> columns_;
  unsigned factor_;
};

std::string line_of(const AllFlows& all, std::size_t row) {
  std::string line;
  for (const Field& field : all.schema.fields()) {
    line += fmt::format("{}={} ", field.name, all.at(row, field.name));
  }
  return line;
}

// Reads the bytes whole, and again with the choice made by the reader: the same flows.
void check_choice(MakeReader make, const std::string& bytes, unsigned factor) {
  const auto whole = make(input_of(bytes), {});
  const AllFlows all = read_all(*whole);
  const auto choosing = make(input_of(bytes), {});
  std::unique_ptr<RowChooser> chooser =
      std::make_unique<PortsOf>(choosing->header().flows(), factor);
  ASSERT_TRUE(choosing->choose_rows(chooser));
  const AllFlows chosen = read_all(*choosing);
  EXPECT_EQ(chosen.error, all.error);
  EXPECT_EQ(chosen.sources, all.sources);
  EXPECT_EQ(choosing->bytes_read(), whole->bytes_read());
  EXPECT_EQ(choosing->rows_left_out(), all.rows() - chosen.rows());
  std::size_t next = 0;
  for (std::size_t row = 0; row < all.rows(); ++row) {
    if (std::stoul(all.at(row, "srcport")) % factor == 0) {
      ASSERT_LT(next, chosen.rows());
      ASSERT_EQ(line_of(chosen, next++), line_of(all, row));
    }
  }
  EXPECT_EQ(next, chosen.rows());
  for (const Batch& batch : chosen.batches) {
    EXPECT_NE(batch.rows, 0U);
  }
}

void check_choices(MakeReader make, const std::string& bytes) {
  for (const unsigned factor : {1U, 2U, 50U, 60'000U}) {
    check_choice(make, bytes, factor);
  }
}

RawFlow flow_of(std::uint16_t port) {
  RawFlow flow;
  flow.sport = port;
  flow.bytes = 100U + port;
  return flow;
}

TEST(RowChoice, OfFlowToolsIsThatOfTheWhole) {
  std::string v5;
  std::string v1;
  for (std::uint16_t port = 1; port <= 2500; ++port) {
    v5 += record(flow_of(port));
    v1 += record(flow_of(port), 1);
  }
  check_choices(&make_flow_tools_reader, header3(5, kDone) + v5);
  check_choices(&make_flow_tools_reader, header3(5, kDone) + v5 + header3(1, kDone) + v1);
  check_choices(&make_flow_tools_reader, header3(5, kDone | kCompressed) + deflated(v5));
  check_choices(&make_flow_tools_reader, header3(5, kDone) + v5 + "cut");
}

TEST(RowChoice, OfSilkIsThatOfTheWhole) {
  std::string records;
  for (std::uint16_t port = 1; port <= 2500; ++port) {
    SilkFlow flow;
    flow.sport = port;
    if (port % 100 == 0) {
      flow.source = silk_ipv6(1);
      flow.destination = silk_ipv6(2);
      flow.next_hop = std::string(16, '\0');
    }
    records += silk_record(flow, SilkKind::routing3);
  }
  check_choices(&make_silk_reader, silk_header(SilkKind::routing3) + records);
}

std::string nfdump_block_of(std::uint16_t first, unsigned exporter_address) {
  std::vector<std::string> records = {
      nf_record(7, Bytes().u32(9).u64(0).u64(exporter_address).u16(2).u16(3).u32(0).bytes())};
  for (std::uint16_t port = first; port < first + 1500; ++port) {
    NfGeneric generic;
    generic.sport = port;
    std::vector<std::string> elements = {nf_generic(generic),
                                         port % 100 == 0 ? nf_ipv6() : nf_ipv4(port)};
    if (port % 3 == 0) {
      elements.push_back(nf_element(7, Bytes().u32(port).u32(2).bytes()));
    }
    records.push_back(nf_flow(elements));
  }
  return nf_block(records, NfMethod::lz4);
}

TEST(RowChoice, OfNfdumpIsThatOfTheWhole) {
  const std::string file = nf_header(NfMethod::lz4) + nfdump_block_of(1, 0x0a00'0001) +
                           nfdump_block_of(1501, 0x0a00'0002);
  check_choices(&make_nfdump_reader, file);
  check_choices(&make_nfdump_reader, file + file + "cut");
}

TEST(RowChoice, LooksAtAsManyFlowsForABatchAsItMayHave) {
  std::string records;
  for (std::size_t i = 0; i < kMaxRows + 100; ++i) {
    records += record(flow_of(static_cast<std::uint16_t>(i % 100)));
  }
  const auto reader = make_flow_tools_reader(input_of(header3(5, kDone) + records), {});
  std::unique_ptr<RowChooser> chooser = std::make_unique<PortsOf>(reader->header().flows(), 50);
  ASSERT_TRUE(reader->choose_rows(chooser));
  Block block;
  ASSERT_TRUE(reader->next(block));  // the source
  ASSERT_TRUE(reader->next(block));
  EXPECT_EQ(block.batch.rows + reader->rows_left_out(), kMaxRows);
  EXPECT_EQ(block.batch.rows, 1311U);
}

// A flow with the field that is left out knows it, too.
TEST(RowChoice, MissesNoNamedFieldThatOnlyFlowsLeftOutHave) {
  const std::string bytes = nf_header(NfMethod::lz4) + nfdump_block_of(1, 1);
  for (const ElementId named : {element::kSourceAs, element::kNextHop}) {
    ReadOptions options;
    options.named = {named};
    const auto reader = make_nfdump_reader(input_of(bytes), options);
    std::unique_ptr<RowChooser> chooser = std::make_unique<PortsOf>(reader->header().flows(), 1000);
    ASSERT_TRUE(reader->choose_rows(chooser));
    EXPECT_EQ(read_all(*reader).rows(), 1U);  // port 1000, which has no AS
    EXPECT_EQ(reader->missing_fields().size(), named == element::kSourceAs ? 0U : 1U);
  }
}

}  // namespace
}  // namespace nfql::test
