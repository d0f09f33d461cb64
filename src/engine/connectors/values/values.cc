// values: the connector of Flink's own tests. Sources give rows that a test registered; sinks keep what they get.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/connectors/sink_mode.h"
#include "engine/connectors/values/values_store.h"
#include "types/cast.h"

namespace millrace::connectors {
namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "data-id", .doc = "Id of the registered rows; without it there are none"},
    {.key = "changelog-mode", .default_value = "I", .doc = "Kinds of changes that the source declares: I,UB,UA,D"},
    {.key = "bounded", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "terminating", .type = OptionType::kBoolean, .default_value = "true"},
    {.key = "runtime-source", .default_value = "SourceFunction"},
    {.key = "failing-source", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "table-source-class", .default_value = "DEFAULT"},
    {.key = "register-internal-data", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "source.sleep-after-elements", .type = OptionType::kInt, .default_value = "-1"},
    {.key = "source.sleep-time", .type = OptionType::kDuration, .default_value = "0 ms"},
    {.key = "enable-projection-push-down", .type = OptionType::kBoolean, .default_value = "true"},
    {.key = "nested-projection-supported", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "filterable-fields"},
    {.key = "dynamic-filtering-fields"},
    {.key = "enable-watermark-push-down", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "readable-metadata", .doc = "Metadata keys and their types: key:type,key:type"},
    {.key = "partition-list"},
    {.key = "source.num-element-to-skip", .type = OptionType::kInt, .default_value = "-1"},
    {.key = "scan.parallelism", .type = OptionType::kInt},
    {.key = "disable-lookup", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "async", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "lookup-function-class"},
    {.key = "start-lookup-threshold", .type = OptionType::kInt, .default_value = "-1"},
    {.key = "lookup.*"},
    {.key = "sink-insert-only", .type = OptionType::kBoolean, .default_value = "true"},
    {.key = "sink-changelog-mode-enforced"},
    {.key = "runtime-sink", .default_value = "SinkFunction"},
    {.key = "table-sink-class", .default_value = "DEFAULT"},
    {.key = "sink-expected-messages-num", .type = OptionType::kInt, .default_value = "-1"},
    {.key = "sink.drop-late-event", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "writable-metadata", .doc = "Metadata keys that the sink takes, and their types"},
    {.key = "sink.bucket-count-required", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "sink.parallelism", .type = OptionType::kInt},
};

std::string Option(const TableSpec& table, std::string_view key, std::string_view otherwise) {
  auto found = table.options.find(key);
  return found == table.options.end() ? std::string(otherwise) : found->second;
}

bool Flag(const TableSpec& table, std::string_view key, bool otherwise) {
  auto parsed = ParseBooleanOption(Option(table, key, otherwise ? "true" : "false"));
  return parsed.ok() ? *parsed : otherwise;
}

Result<ChangelogMode> ParseMode(const std::string& text) {
  ChangelogMode mode{false, false, false, false};
  size_t start = 0;
  while (start <= text.size()) {
    size_t comma = std::min(text.find(',', start), text.size());
    std::string word = text.substr(start, comma - start);
    if (word == "I") {
      mode.insert = true;
    } else if (word == "UB") {
      mode.update_before = true;
    } else if (word == "UA") {
      mode.update_after = true;
    } else if (word == "D") {
      mode.remove = true;
    } else {
      return UserError("option.value", fmt::format("'changelog-mode' takes I, UB, UA and D, not '{}'", word));
    }
    start = comma + 1;
  }
  return mode;
}

// Metadata keys of "key:type,…" in alphabetical order, which is that of the values in rows.
std::vector<std::string> MetadataKeys(const std::string& text) {
  std::vector<std::string> keys;
  int depth = 0;
  std::string word;
  auto finish = [&] {
    size_t colon = word.find(':');
    if (colon != std::string::npos) {
      std::string key = word.substr(0, colon);
      std::erase_if(key, [](char c) { return c == '\'' || c == ' ' || c == '\n'; });
      keys.push_back(key);
    }
    word.clear();
  };
  for (char c : text) {
    depth += (c == '(' || c == '<') - (c == ')' || c == '>');
    if (c == ',' && depth == 0) {
      finish();
    } else {
      word += c;
    }
  }
  finish();
  std::sort(keys.begin(), keys.end());
  return keys;
}

class ValuesReader final : public SourceReader {
 public:
  ValuesReader(const TableSpec& table, std::vector<int32_t> physical, std::vector<int32_t> metadata,
               const ConnectorContext& context)
      : table_(table), context_(context), terminating_(Flag(table, "terminating", true)) {
    std::vector<std::string> keys = MetadataKeys(Option(table, "readable-metadata", ""));
    for (int32_t column : physical) {
      columns_.push_back({column, false});
      types_.push_back(table.physical[static_cast<size_t>(column)].type);
    }
    for (int32_t column : metadata) {
      const MetadataColumn& wanted = table.metadata[static_cast<size_t>(column)];
      auto place = std::find(keys.begin(), keys.end(), wanted.key) - keys.begin();
      columns_.push_back({static_cast<int32_t>(place), true});
      types_.push_back(wanted.type);
    }
    metadata_count_ = keys.size();
  }

  Status AddSplit(const Split& split) override {
    split_ = split;
    next_ = 0;
    rows_ = ValuesStore::Get().Rows(split.id.substr(split.id.find('|') + 1));
    auto skip = ParseLong(Option(table_, "source.num-element-to-skip", "-1"));
    if (skip.ok() && *skip > 0) next_ = static_cast<size_t>(*skip);
    if (!split.state.empty()) {
      MR_ASSIGN(int64_t position, ParseLong(split.state));
      next_ = static_cast<size_t>(position);
    }
    return Status::Ok();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    if (next_ >= rows_.size()) {
      result.status = terminating_ || split_.id.empty() ? PollStatus::kEnd : PollStatus::kNothing;
      return result;
    }
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    while (next_ < rows_.size() && !builder.full()) {
      const ValuesRow& row = rows_[next_++];
      ValueRow out;
      for (auto [position, is_metadata] : columns_) {
        size_t at = static_cast<size_t>(position) + (is_metadata ? row.values.size() - metadata_count_ : 0);
        out.push_back(at < row.values.size() ? row.values[at] : Value::Null());
      }
      builder.AppendRow(row.kind, out);
    }
    result.status = PollStatus::kRows;
    result.chunk = builder.Finish();
    return result;
  }

  std::vector<Split> SnapshotSplits() override {
    if (split_.id.empty()) return {};
    return {{split_.id, std::to_string(next_)}};
  }

 private:
  const TableSpec& table_;
  ConnectorContext context_;
  bool terminating_;
  std::vector<std::pair<int32_t, bool>> columns_;  // position, whether among the metadata
  std::vector<DataType> types_;
  size_t metadata_count_ = 0;
  Split split_;
  std::vector<ValuesRow> rows_;
  size_t next_ = 0;
};

class ValuesSource final : public TableSource {
 public:
  ValuesSource(TableSpec table, ChangelogMode mode) : table_(std::move(table)), mode_(mode) {
    for (size_t i = 0; i < table_.physical.size(); ++i) physical_.push_back(static_cast<int32_t>(i));
    for (size_t i = 0; i < table_.metadata.size(); ++i) metadata_.push_back(static_cast<int32_t>(i));
  }
  ChangelogMode changelog_mode() const override { return mode_; }
  bool bounded() const override { return Flag(table_, "bounded", false); }
  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>& metadata) override {
    if (!Flag(table_, "enable-projection-push-down", true)) return false;
    physical_ = physical;
    metadata_ = metadata;
    return true;
  }
  Result<std::vector<Split>> EnumerateSplits(int32_t) override {
    return std::vector<Split>{{table_.name + "|" + Option(table_, "data-id", ""), ""}};
  }
  bool one_split_at_a_time() const override { return true; }
  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    return std::unique_ptr<SourceReader>(std::make_unique<ValuesReader>(table_, physical_, metadata_, context));
  }

 private:
  TableSpec table_;
  ChangelogMode mode_;
  std::vector<int32_t> physical_;
  std::vector<int32_t> metadata_;
};

class ValuesWriter final : public SinkWriter {
 public:
  ValuesWriter(std::string table, bool insert_only) : table_(std::move(table)), insert_only_(insert_only) {}
  Status Write(const Chunk& chunk) override {
    std::vector<ValuesRow> rows;
    bool refused = false;
    chunk.rows().ForEach([&](int32_t row) {
      refused = refused || (insert_only_ && chunk.kind(row) != RowKind::kInsert);
      rows.push_back({chunk.kind(row), chunk.GetRow(row)});
    });
    if (refused) return UserError("sink.changelog", fmt::format("table {} takes inserts only", table_));
    ValuesStore::Get().Receive(table_, std::move(rows));
    return Status::Ok();
  }
  Result<std::string> Prepare(bool) override { return std::string(); }

 private:
  std::string table_;
  bool insert_only_;
};

class ValuesSink final : public TableSink {
 public:
  explicit ValuesSink(TableSpec table)
      : table_(std::move(table)), insert_only_(Flag(table_, "sink-insert-only", true)) {}
  Result<ChangelogMode> AcceptedMode(const ChangelogMode& query) const override {
    std::string enforced = Option(table_, "sink-changelog-mode-enforced", "");
    if (!enforced.empty()) return ParseMode(enforced);
    if (insert_only_) {
      MR_RETURN_IF_ERROR(RequireInsertOnly(table_, query));
      return ChangelogMode::InsertOnly();
    }
    if (table_.primary_key.empty()) return query;
    return ChangelogMode{true, false, query.HasUpdates(), query.remove};
  }
  std::optional<int32_t> parallelism() const override { return SinkParallelism(table_); }
  Result<std::unique_ptr<SinkWriter>> MakeWriter(const ConnectorContext&) override {
    Schema schema = table_.physical;
    for (const MetadataColumn& column : table_.metadata) schema.fields.push_back({column.key, column.type, ""});
    std::vector<int32_t> keys;
    for (const std::string& name : table_.primary_key) keys.push_back(schema.Find(name));
    ValuesStore::Get().Declare(table_.name, std::move(schema), std::move(keys));
    return std::unique_ptr<SinkWriter>(std::make_unique<ValuesWriter>(table_.name, insert_only_));
  }

 private:
  TableSpec table_;
  bool insert_only_;
};

Result<std::vector<Connector::Metadata>> ListMetadata(const TableSpec& table) {
  // The values of a key have the type that the table declares.
  std::vector<Connector::Metadata> all;
  std::vector<std::string> writable = MetadataKeys(Option(table, "writable-metadata", ""));
  std::vector<std::string> readable = MetadataKeys(Option(table, "readable-metadata", ""));
  for (const MetadataColumn& column : table.metadata) {
    bool can_write = std::find(writable.begin(), writable.end(), column.key) != writable.end();
    bool can_read = std::find(readable.begin(), readable.end(), column.key) != readable.end();
    if (can_read || can_write) all.push_back({column.key, column.type, can_write});
  }
  return all;
}

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  MR_ASSIGN(ChangelogMode mode, ParseMode(Option(table, "changelog-mode", "I")));
  if (Flag(table, "bounded", false) && !Flag(table, "terminating", true)) {
    return UserError("option.value", "'bounded' = 'true' and 'terminating' = 'false' contradict each other");
  }
  return std::unique_ptr<TableSource>(std::make_unique<ValuesSource>(table, mode));
}

Result<std::unique_ptr<TableSink>> MakeSink(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  return std::unique_ptr<TableSink>(std::make_unique<ValuesSink>(table));
}

}  // namespace

extern const Connector kValues;
const Connector kValues{
    .name = "values",
    .doc = "Rows registered by a test; sinks keep what they get.",
    .options = kOptions,
    .metadata = ListMetadata,
    .make_source = MakeSource,
    .make_sink = MakeSink,
};

}  // namespace millrace::connectors
