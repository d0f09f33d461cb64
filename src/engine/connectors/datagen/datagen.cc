// datagen: rows out of nothing, random or in sequence. Options and defaults are those of Flink's DataGen connector.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/connectors/connector.h"

namespace millrace::connectors {
namespace datagen {
namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "rows-per-second", .type = OptionType::kLong, .default_value = "10000", .doc = "Speed limit"},
    {.key = "number-of-rows", .type = OptionType::kLong, .doc = "Rows in all; without it the source has no end"},
    {.key = "scan.parallelism", .type = OptionType::kInt},
    {.key = "fields.*", .doc = "fields.NAME.kind|min|max|max-past|length|var-len|null-rate|start|end"},
};

// How one column is made.
struct FieldPlan {
  DataType type;
  bool sequence = false;
  int64_t start = 0;
  int64_t end = 0;
  double low = 0;
  double high = 0;
  int64_t length = 100;
  bool varying = false;
  double null_rate = 0;
  int64_t max_past_ms = 0;
};

struct Bounds {
  double low;
  double high;
};

Bounds DefaultBounds(const DataType& type) {
  switch (type.physical()) {
    case PhysicalKind::kInt8:
      return {-128, 127};
    case PhysicalKind::kInt16:
      return {-32768, 32767};
    case PhysicalKind::kInt32:
      return {-2147483648.0, 2147483647.0};
    case PhysicalKind::kInt64:
      return {-9223372036854775808.0, 9223372036854774784.0};
    case PhysicalKind::kFloat:
      return {-3.4e38, 3.4e38};
    case PhysicalKind::kDouble:
      return {-1.7e308, 1.7e308};
    case PhysicalKind::kInt128: {
      double limit = std::pow(10.0, type.precision() - type.scale());
      return {-limit, limit};
    }
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return {0, 0};
  }
  return {0, 0};
}

class FieldOptions {
 public:
  FieldOptions(const TableSpec& table, const Field& field) : table_(table), prefix_("fields." + field.name + ".") {}
  std::string Text(std::string_view name, std::string_view otherwise) const {
    auto found = table_.options.find(prefix_ + std::string(name));
    return found == table_.options.end() ? std::string(otherwise) : found->second;
  }
  bool Has(std::string_view name) const { return table_.options.contains(prefix_ + std::string(name)); }
  Result<double> Number(std::string_view name, double otherwise) const {
    if (!Has(name)) return otherwise;
    std::string text = Text(name, "");
    char* end = nullptr;
    double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') {
      return UserError("option.value", fmt::format("'{}{}' must be a number, not '{}'", prefix_, name, text));
    }
    return value;
  }

 private:
  const TableSpec& table_;
  std::string prefix_;
};

Result<FieldPlan> PlanField(const TableSpec& table, const Field& field) {
  FieldOptions options(table, field);
  FieldPlan plan;
  plan.type = field.type;
  std::string kind = options.Text("kind", "random");
  if (kind != "random" && kind != "sequence") {
    return UserError("option.value",
                     fmt::format("'fields.{}.kind' is 'random' or 'sequence', not '{}'", field.name, kind));
  }
  plan.sequence = kind == "sequence";
  if (plan.sequence) {
    if (!options.Has("start") || !options.Has("end")) {
      return UserError("option.missing",
                       fmt::format("Could not find required property 'fields.{0}.start' and 'fields.{0}.end' for "
                                   "the sequence of '{0}'",
                                   field.name));
    }
    MR_ASSIGN(plan.start, ParseLong(options.Text("start", "0")));
    MR_ASSIGN(plan.end, ParseLong(options.Text("end", "0")));
    if (plan.end < plan.start)
      return UserError("option.value", fmt::format("the sequence of '{}' ends before it starts", field.name));
  }
  Bounds bounds = DefaultBounds(field.type);
  MR_ASSIGN(plan.low, options.Number("min", bounds.low));
  MR_ASSIGN(plan.high, options.Number("max", bounds.high));
  if (plan.high < plan.low)
    return UserError("option.value", fmt::format("'fields.{0}.max' is below 'fields.{0}.min'", field.name));
  bool sized = field.type.Is(TypeKind::kChar) || field.type.Is(TypeKind::kBinary);
  plan.length = sized ? field.type.length() : std::min<int64_t>(100, field.type.IsString() ? field.type.length() : 100);
  if (options.Has("length")) {
    MR_ASSIGN(plan.length, ParseLong(options.Text("length", "100")));
  }
  MR_ASSIGN(plan.varying, ParseBooleanOption(options.Text("var-len", "false")));
  MR_ASSIGN(plan.null_rate, options.Number("null-rate", 0));
  MR_ASSIGN(auto past, ParseDuration(options.Text("max-past", "0")));
  plan.max_past_ms = past.count();
  return plan;
}

class DatagenReader final : public SourceReader {
 public:
  DatagenReader(std::vector<FieldPlan> fields, int64_t rows_per_second, int64_t total, const ConnectorContext& context)
      : fields_(std::move(fields)), per_second_(rows_per_second), total_(total), context_(context) {
    for (const FieldPlan& field : fields_) types_.push_back(field.type);
  }

  // A split is every k-th row from some start: "start/step".
  Status AddSplit(const Split& split) override {
    split_ = split;
    size_t slash = split.id.find('/');
    MR_ASSIGN(next_, ParseLong(split.id.substr(0, slash)));
    MR_ASSIGN(step_, ParseLong(split.id.substr(slash + 1)));
    if (!split.state.empty()) {
      MR_ASSIGN(next_, ParseLong(split.state));
    }
    first_ = next_;
    started_at_ = context_.clock->NowMillis();
    return Status::Ok();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    if (split_.id.empty() || next_ >= total_) {
      result.status = PollStatus::kEnd;
      return result;
    }
    int64_t rows = std::min<int64_t>(Allowance(), context_.chunk_rows);
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    for (; rows > 0 && next_ < total_; --rows, next_ += step_) AppendRow(builder);
    if (builder.empty()) return result;
    result.status = PollStatus::kRows;
    result.chunk = builder.Finish();
    return result;
  }

  std::vector<Split> SnapshotSplits() override {
    if (split_.id.empty()) return {};
    return {{split_.id, std::to_string(next_)}};
  }

 private:
  // Rows that the speed limit lets through now.
  int64_t Allowance() const {
    int64_t elapsed = context_.clock->NowMillis() - started_at_;
    int64_t due = (elapsed + 1) * per_second_ / 1000 / step_ + 1;
    return due - (next_ - first_) / step_;
  }

  void AppendRow(ChunkBuilder& builder) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      Random random(context_.seed ^ (static_cast<uint64_t>(next_) * 0x9E3779B97F4A7C15ULL) ^
                    (i * 0xD1B54A32D192ED03ULL));
      const FieldPlan& field = fields_[i];
      if (field.sequence) {
        AppendNumber(field, static_cast<double>(field.start + next_), field.start + next_, builder.column(i));
      } else if (field.null_rate > 0 && random.Unit() < field.null_rate) {
        builder.column(i).AppendNull();
      } else {
        AppendRandom(field, random, builder.column(i));
      }
    }
    builder.EndRow(RowKind::kInsert);
  }

  static void AppendNumber(const FieldPlan& field, double real, int64_t whole, ColumnBuilder& out) {
    switch (field.type.physical()) {
      case PhysicalKind::kInt8:
        return out.Append(static_cast<int8_t>(whole));
      case PhysicalKind::kInt16:
        return out.Append(static_cast<int16_t>(whole));
      case PhysicalKind::kInt32:
        return out.Append(static_cast<int32_t>(whole));
      case PhysicalKind::kInt64:
        return out.Append(whole);
      case PhysicalKind::kFloat:
        return out.Append(static_cast<float>(real));
      case PhysicalKind::kDouble:
        return out.Append(real);
      case PhysicalKind::kInt128:
        return out.Append(static_cast<int128_t>(real * std::pow(10.0, std::min(field.type.scale(), 15))));
      case PhysicalKind::kString:
        return out.AppendString(std::to_string(whole));
      case PhysicalKind::kNone:
      case PhysicalKind::kBool:
      case PhysicalKind::kTimestamp:
      case PhysicalKind::kList:
      case PhysicalKind::kRow:
        return out.AppendNull();
    }
  }

  void AppendRandom(const FieldPlan& field, Random& random, ColumnBuilder& out) {
    switch (field.type.physical()) {
      case PhysicalKind::kBool:
        return out.Append(static_cast<uint8_t>(random.Next() & 1));
      case PhysicalKind::kTimestamp: {
        int64_t past =
            field.max_past_ms > 0 ? static_cast<int64_t>(random.Below(static_cast<uint64_t>(field.max_past_ms))) : 0;
        return out.Append(Timestamp{context_.clock->NowMillis() - past, 0, 0});
      }
      case PhysicalKind::kString:
        return AppendText(field, random, out);
      case PhysicalKind::kInt8:
      case PhysicalKind::kInt16:
      case PhysicalKind::kInt32:
      case PhysicalKind::kInt64:
      case PhysicalKind::kFloat:
      case PhysicalKind::kDouble:
      case PhysicalKind::kInt128: {
        double real = field.low + random.Unit() * (field.high - field.low);
        auto whole = static_cast<int64_t>(field.low) + static_cast<int64_t>(random.Below(std::max<uint64_t>(
                                                           1, static_cast<uint64_t>(field.high - field.low) + 1)));
        return AppendNumber(field, real, whole, out);
      }
      case PhysicalKind::kNone:
      case PhysicalKind::kList:
      case PhysicalKind::kRow:
        return out.AppendNull();
    }
  }

  static void AppendText(const FieldPlan& field, Random& random, ColumnBuilder& out) {
    constexpr std::string_view kHex = "0123456789abcdef";
    int64_t length =
        field.varying
            ? 1 + static_cast<int64_t>(random.Below(static_cast<uint64_t>(std::max<int64_t>(1, field.length))))
            : field.length;
    std::string text;
    for (int64_t i = 0; i < length; ++i) text += kHex[random.Below(16)];
    out.AppendString(text);
  }

  std::vector<FieldPlan> fields_;
  std::vector<DataType> types_;
  int64_t per_second_;
  int64_t total_;
  ConnectorContext context_;
  Split split_;
  int64_t next_ = 0;
  int64_t step_ = 1;
  int64_t first_ = 0;
  int64_t started_at_ = 0;
};

class DatagenSource final : public TableSource {
 public:
  DatagenSource(std::vector<FieldPlan> fields, int64_t per_second, int64_t total)
      : all_(std::move(fields)), wanted_(all_), per_second_(per_second), total_(total) {}
  ChangelogMode changelog_mode() const override { return ChangelogMode::InsertOnly(); }
  bool bounded() const override { return total_ != INT64_MAX; }
  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>&) override {
    wanted_.clear();
    for (int32_t column : physical) wanted_.push_back(all_[static_cast<size_t>(column)]);
    return true;
  }
  Result<std::vector<Split>> EnumerateSplits(int32_t parallelism) override {
    std::vector<Split> splits;
    for (int32_t i = 0; i < parallelism; ++i) splits.push_back({fmt::format("{}/{}", i, parallelism), ""});
    return splits;
  }
  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    return std::unique_ptr<SourceReader>(std::make_unique<DatagenReader>(wanted_, per_second_, total_, context));
  }

 private:
  std::vector<FieldPlan> all_;
  std::vector<FieldPlan> wanted_;
  int64_t per_second_;
  int64_t total_;
};

// Options of fields that the table does not have, and unknown ones of those that it has.
Status CheckFieldOptions(const TableSpec& table) {
  constexpr std::string_view kNames[] = {"kind",    "min",       "max",   "max-past", "length",
                                         "var-len", "null-rate", "start", "end",      "element.length"};
  std::vector<std::string> known;
  for (const Field& field : table.physical.fields) {
    for (std::string_view name : kNames) known.push_back(fmt::format("fields.{}.{}", field.name, name));
  }
  for (const auto& [key, value] : table.options) {
    if (!key.starts_with("fields.") || std::find(known.begin(), known.end(), key) != known.end()) continue;
    auto nearest = NearestWord(key, known);
    return UserError(
        "option.unknown", fmt::format("table {} has an unknown option '{}'", table.name, key),
        nearest ? fmt::format("did you mean '{}'?", *nearest) : "fields.NAME.kind, min, max, length, start, end …");
  }
  return Status::Ok();
}

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  MR_RETURN_IF_ERROR(CheckFieldOptions(table));
  std::vector<FieldPlan> fields;
  int64_t total = INT64_MAX;
  for (const Field& field : table.physical.fields) {
    MR_ASSIGN(FieldPlan plan, PlanField(table, field));
    if (plan.sequence) total = std::min(total, plan.end - plan.start + 1);
    fields.push_back(std::move(plan));
  }
  MR_ASSIGN(int64_t per_second, ParseLong(GetString(table.options, kOptions[1]).value_or("10000")));
  if (per_second < 1) return UserError("option.value", "'rows-per-second' must be positive");
  if (auto limit = GetString(table.options, kOptions[2]); limit.has_value()) {
    MR_ASSIGN(int64_t rows, ParseLong(*limit));
    total = std::min(total, rows);
  }
  return std::unique_ptr<TableSource>(std::make_unique<DatagenSource>(std::move(fields), per_second, total));
}

}  // namespace
}  // namespace datagen

extern const Connector kDatagen;
const Connector kDatagen{
    .name = "datagen",
    .doc = "Rows out of nothing, random or in sequence.",
    .options = datagen::kOptions,
    .make_source = datagen::MakeSource,
};

}  // namespace millrace::connectors
