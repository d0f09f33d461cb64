#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "../connector_fixture.h"

namespace millrace::connectors {
namespace {

TableSpec Table(Schema physical, OptionMap options) {
  TableSpec table;
  table.name = "c.d.t";
  table.physical = std::move(physical);
  table.options = std::move(options);
  table.options["connector"] = "datagen";
  return table;
}

std::vector<std::string> Read(const TableSpec& table, ConnectorContext context = {}) {
  auto connector = FindConnector("datagen").value();
  auto source = connector->make_source(table, context);
  if (!source.ok()) return {"error: " + source.error().code};
  return ReadAll(**source, context);
}

ConnectorContext Seeded() {
  ConnectorContext context;
  context.seed = 7;
  return context;
}

TEST(DatagenTest, SequencesEndTheTable) {
  Schema schema{{{"id", DataType::Int(), ""}, {"s", DataType::String(), ""}, {"d", DataType::Decimal(5, 1), ""}}};
  TableSpec table = Table(schema, {{"fields.id.kind", "sequence"},
                                   {"fields.id.start", "5"},
                                   {"fields.id.end", "7"},
                                   {"fields.s.kind", "sequence"},
                                   {"fields.s.start", "1"},
                                   {"fields.s.end", "9"},
                                   {"fields.d.min", "2"},
                                   {"fields.d.max", "2"}});
  EXPECT_EQ(Read(table, Seeded()), std::vector<std::string>({"+I(5, 1, 2.0)", "+I(6, 2, 2.0)", "+I(7, 3, 2.0)"}));
}

TEST(DatagenTest, RandomValuesKeepTheirLimits) {
  Schema schema{{{"i", DataType::Int(), ""},
                 {"s", DataType::String(), ""},
                 {"t", DataType::Tinyint(), ""},
                 {"n", DataType::Bigint(), ""}}};
  TableSpec table = Table(schema, {{"number-of-rows", "500"},
                                   {"fields.i.min", "-3"},
                                   {"fields.i.max", "3"},
                                   {"fields.s.length", "4"},
                                   {"fields.n.null-rate", "1"}});
  auto source = FindConnector("datagen").value()->make_source(table, Seeded());
  ASSERT_TRUE(source.ok());
  EXPECT_TRUE((*source)->bounded());
  auto reader = std::move((*source)->MakeReader(Seeded()).value());
  auto splits = (*source)->EnumerateSplits(1);
  for (const Split& split : *splits) ASSERT_TRUE(reader->AddSplit(split).ok());
  std::set<int64_t> seen;
  int32_t rows = 0;
  for (auto polled = reader->Poll(); polled.ok() && polled->status == PollStatus::kRows; polled = reader->Poll()) {
    rows += polled->chunk.size;
    for (int32_t row = 0; row < polled->chunk.size; ++row) {
      ValueRow values = polled->chunk.GetRow(row);
      seen.insert(values[0].AsInt());
      EXPECT_EQ(values[1].AsString().size(), 4U);
      EXPECT_EQ(values[1].AsString().find_first_not_of("0123456789abcdef"), std::string::npos);
      EXPECT_TRUE(values[3].IsNull());
    }
  }
  EXPECT_EQ(rows, 500);
  EXPECT_EQ(seen, std::set<int64_t>({-3, -2, -1, 0, 1, 2, 3}));
}

TEST(DatagenTest, RowsDependOnTheSeedAndNotOnParallelismOrRestarts) {
  TableSpec table = Table(Schema{{{"i", DataType::Bigint(), ""}}}, {{"number-of-rows", "100"}});
  auto source = FindConnector("datagen").value()->make_source(table, Seeded());
  ASSERT_TRUE(source.ok());
  std::vector<std::string> all = ReadAll(**source, Seeded());
  ConnectorContext two = Seeded();
  two.parallelism = 2;
  std::vector<std::string> both = ReadAll(**source, two);  // one reader with two splits
  ASSERT_EQ(all.size(), 100U);
  std::ranges::sort(all);
  std::ranges::sort(both);
  EXPECT_EQ(all, both);
  ConnectorContext small = Seeded();
  small.chunk_rows = 10;
  std::vector<Split> state;
  std::vector<std::string> parts = ReadAll(**source, small, &state, 30);
  for (std::string& row : ReadAll(**source, small, &state)) parts.push_back(std::move(row));
  std::ranges::sort(parts);
  EXPECT_EQ(parts, all);
}

TEST(DatagenTest, GivesNoMoreRowsThanTheRateAllows) {
  TableSpec table = Table(Schema{{{"i", DataType::Bigint(), ""}}}, {{"rows-per-second", "5"}});
  ManualClock clock(1'000);
  ConnectorContext context = Seeded();
  context.clock = &clock;
  auto source = FindConnector("datagen").value()->make_source(table, context);
  ASSERT_TRUE(source.ok());
  auto reader = std::move((*source)->MakeReader(context).value());
  ASSERT_TRUE(reader->AddSplit({"0/1", ""}).ok());
  EXPECT_EQ(reader->Poll()->chunk.size, 5);
  EXPECT_EQ(reader->Poll()->status, PollStatus::kNothing);
  clock.Advance(999);
  EXPECT_EQ(reader->Poll()->status, PollStatus::kNothing);
  clock.Advance(1);
  EXPECT_EQ(reader->Poll()->chunk.size, 5);
}

TEST(DatagenTest, RefusesOptionsThatMakeNoSense) {
  Schema schema{{{"i", DataType::Int(), ""}, {"c", DataType::Char(3), ""}}};
  EXPECT_EQ(Read(Table(schema, {{"fields.x.min", "1"}}))[0], "error: option.unknown");
  EXPECT_EQ(Read(Table(schema, {{"fields.i.length", "1"}}))[0], "error: option.unknown");
  EXPECT_EQ(Read(Table(schema, {{"fields.i.min", "5"}, {"fields.i.max", "4"}}))[0], "error: option.value");
  EXPECT_EQ(Read(Table(schema, {{"fields.i.kind", "sequence"}}))[0], "error: option.missing");
  EXPECT_EQ(Read(Table(schema, {{"fields.c.length", "2"}}))[0], "error: option.value");
  EXPECT_EQ(Read(Table(schema, {{"fields.i.max", "3000000000"}}))[0], "error: option.value");
  EXPECT_EQ(Read(Table(schema, {{"rows-per-second", "0"}}))[0], "error: option.value");
}

TEST(DatagenTest, MakesNestedValues) {
  Schema schema{
      {{"r", DataType::Row({{"x", DataType::Int(), ""}}), ""}, {"a", DataType::Array(DataType::Boolean()), ""}}};
  std::vector<std::string> rows =
      Read(Table(schema,
                 {{"number-of-rows", "1"}, {"fields.r.x.min", "9"}, {"fields.r.x.max", "9"}, {"fields.a.length", "2"}}),
           Seeded());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].starts_with("+I((9), [")) << rows[0];
}

}  // namespace
}  // namespace millrace::connectors
