// datagen: rows made on the spot, random or in sequence, at a given rate.
#include <fmt/format.h>

#include <algorithm>

#include "engine/connectors/connector.h"
#include "engine/connectors/datagen/field_generator.h"
#include "engine/connectors/numbered_splits.h"

namespace millrace::connectors {
namespace datagen {
namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "rows-per-second",
     .type = OptionType::kLong,
     .default_value = "10000",
     .doc = "Rows of all subtasks together, each second"},
    {.key = "number-of-rows",
     .type = OptionType::kLong,
     .doc = "How many rows; without it and without a sequence, no end"},
    {.key = "scan.parallelism", .type = OptionType::kInt},
    {.key = "fields.#.kind", .type = OptionType::kEnum, .default_value = "random", .values = {"random", "sequence"}},
    {.key = "fields.#.min", .doc = "Least value of a random number"},
    {.key = "fields.#.max", .doc = "Greatest value of a random number"},
    {.key = "fields.#.max-past",
     .type = OptionType::kDuration,
     .doc = "How old a random timestamp may be; 0 by default"},
    {.key = "fields.#.length", .type = OptionType::kInt, .doc = "Length of a random text (100) or collection (3)"},
    {.key = "fields.#.var-len", .type = OptionType::kBoolean, .doc = "Random lengths up to the length"},
    {.key = "fields.#.start", .doc = "First value of a sequence"},
    {.key = "fields.#.end", .doc = "Last value of a sequence"},
    {.key = "fields.#.null-rate",
     .type = OptionType::kDouble,
     .default_value = "0",
     .doc = "Share of NULLs, from 0 to 1"},
};

struct Plan {
  TableSpec table;
  int64_t rows_per_second = 0;
  int64_t rows = INT64_MAX;
  uint64_t seed = 0;
  std::vector<int32_t> columns;  // wanted, of the physical ones
};

Result<FieldGeneratorPtr> GeneratorOf(const TableSpec& table, size_t column, const Clock* clock,
                                      std::set<std::string>* used) {
  const Field& field = table.physical[column];
  return MakeFieldGenerator(field.name, field.type, table.options, clock, used);
}

class DatagenReader final : public SourceReader {
 public:
  DatagenReader(const Plan& plan, std::vector<FieldGeneratorPtr> generators, const ConnectorContext& context)
      : plan_(plan), generators_(std::move(generators)), context_(context) {
    for (int32_t column : plan.columns) types_.push_back(plan.table.physical[static_cast<size_t>(column)].type);
    rows_per_second_ = std::max<int64_t>(plan.rows_per_second / std::max(context.parallelism, 1), 1);
  }

  Status AddSplit(const Split& split) override { return splits_.Add(split); }

  Result<PollResult> Poll() override {
    PollResult result;
    int32_t split = splits_.Turn(plan_.rows);
    if (split < 0) {
      result.status = PollStatus::kEnd;
      return result;
    }
    int64_t allowed = AllowedNow();
    if (allowed <= 0) return result;
    splits_.EndTurn();
    result.split = split;
    NumberedSplits::Position& position = splits_[split];
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    while (!builder.full() && builder.size() < allowed && position.next < plan_.rows) {
      // A row depends on nothing but the seed and its number: it is the same after a restart and for every parallelism.
      Random random(plan_.seed ^ (static_cast<uint64_t>(position.next) * 0xD1342543DE82EF95ULL));
      for (size_t i = 0; i < generators_.size(); ++i) generators_[i]->Append(random, position.next, builder.column(i));
      builder.EndRow(RowKind::kInsert);
      position.next += position.step;
    }
    given_ += builder.size();
    result.status = PollStatus::kRows;
    result.chunk = builder.Finish();
    return result;
  }

  std::vector<Split> SnapshotSplits() override { return splits_.Snapshot(); }

 private:
  // As Flink: at the beginning of each second as many rows as a second may have.
  int64_t AllowedNow() {
    constexpr int64_t kNanosPerSecond = 1'000'000'000;
    int64_t now = context_.clock->MonotonicNanos();
    if (started_ < 0) started_ = now;
    int64_t seconds = (now - started_) / kNanosPerSecond + 1;
    int64_t allowed = 0;
    if (__builtin_mul_overflow(seconds, rows_per_second_, &allowed)) return INT64_MAX;
    return allowed - given_;
  }

  Plan plan_;
  std::vector<FieldGeneratorPtr> generators_;
  ConnectorContext context_;
  std::vector<DataType> types_;
  int64_t rows_per_second_ = 1;
  NumberedSplits splits_;
  int64_t started_ = -1;
  int64_t given_ = 0;
};

class DatagenSource final : public TableSource {
 public:
  explicit DatagenSource(Plan plan) : plan_(std::move(plan)) {}
  ChangelogMode changelog_mode() const override { return ChangelogMode::InsertOnly(); }
  bool bounded() const override { return plan_.rows != INT64_MAX; }

  // Random fields draw one after the other: to leave one out would change the others, so only a whole row is made. The
  // planner projects.
  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>& metadata) override {
    static_cast<void>(physical), static_cast<void>(metadata);
    return false;
  }

  Result<std::vector<Split>> EnumerateSplits(int32_t parallelism) override {
    return NumberedSplits::Enumerate(parallelism);
  }

  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    std::vector<FieldGeneratorPtr> generators;
    std::set<std::string> used;
    for (int32_t column : plan_.columns) {
      MR_ASSIGN(FieldGeneratorPtr generator,
                GeneratorOf(plan_.table, static_cast<size_t>(column), context.clock, &used));
      generators.push_back(std::move(generator));
    }
    return std::unique_ptr<SourceReader>(std::make_unique<DatagenReader>(plan_, std::move(generators), context));
  }

 private:
  Plan plan_;
};

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext& context) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  Plan plan;
  plan.table = table;
  MR_ASSIGN(plan.rows_per_second, ParseLong(GetString(table.options, kOptions[1]).value_or("10000")));
  if (plan.rows_per_second <= 0) {
    return UserError("option.value", fmt::format("'rows-per-second' of table {} must be positive", table.name));
  }
  if (std::optional<std::string> rows = GetString(table.options, kOptions[2])) {
    MR_ASSIGN(plan.rows, ParseLong(*rows));
    if (plan.rows < 0)
      return UserError("option.value", fmt::format("'number-of-rows' of table {} must not be negative", table.name));
  }
  std::set<std::string> used;
  for (size_t i = 0; i < table.physical.size(); ++i) {
    MR_ASSIGN(FieldGeneratorPtr generator, GeneratorOf(table, i, context.clock, &used));
    plan.rows = std::min(plan.rows, generator->rows());
    plan.columns.push_back(static_cast<int32_t>(i));
  }
  for (const auto& [key, value] : table.options) {
    if (key.starts_with("fields.") && !used.contains(key)) {
      return UserError("option.unknown", fmt::format("The option '{}' of table {} has no effect", key, table.name),
                       "is the name of the field right, and does its type take this option?");
    }
  }
  plan.seed = context.seed != 0 ? context.seed : Random::EntropySeed();
  return std::unique_ptr<TableSource>(std::make_unique<DatagenSource>(std::move(plan)));
}

}  // namespace
}  // namespace datagen

extern const Connector kDatagen;
const Connector kDatagen{
    .name = "datagen",
    .doc = "Rows made on the spot: random values or sequences.",
    .options = datagen::kOptions,
    .make_source = datagen::MakeSource,
};

}  // namespace millrace::connectors
