#include "engine/connectors/kafka/kafka_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/connectors/discovering_source.h"
#include "engine/connectors/kafka/kafka_client.h"
#include "engine/connectors/kafka/record_fetcher.h"
#include "engine/connectors/kafka/record_rows.h"
#include "engine/functions/scalar/regex/java_regex.h"

namespace millrace::connectors::kafka {
namespace {

// A split's id is "<topic>-<partition>", its state "<next offset>:<stop offset>" with -1 for no stop.
std::string SplitId(const TopicPartition& partition) {
  return fmt::format("{}-{}", partition.topic, partition.partition);
}
std::string SplitState(int64_t next, int64_t stop) { return fmt::format("{}:{}", next, stop); }

Result<FetchedSplit> ParseSplit(const Split& split) {
  FetchedSplit parsed;
  size_t dash = split.id.rfind('-');
  size_t colon = split.state.find(':');
  if (dash == std::string::npos || colon == std::string::npos) {
    return ExternalError("snapshot.corrupt",
                         fmt::format("'{}' at '{}' is no position in a Kafka topic", split.id, split.state));
  }
  parsed.partition.topic = split.id.substr(0, dash);
  MR_ASSIGN(int64_t number, ParseLong(split.id.substr(dash + 1)));
  parsed.partition.partition = static_cast<int32_t>(number);
  MR_ASSIGN(parsed.next, ParseLong(split.state.substr(0, colon)));
  MR_ASSIGN(parsed.stop, ParseLong(split.state.substr(colon + 1)));
  return parsed;
}

Result<std::unique_ptr<KafkaClient>> MakeConsumer(const KafkaTable& table) {
  MR_ASSIGN(ClientSettings given, TranslateProperties(table.table.options, ClientKind::kConsumer));
  ClientSettings settings = {
      {"group.id", "millrace"},                  // the client wants one; without offsets of a group it means nothing
      {"isolation.level", "read_uncommitted"},   // Java's default
      {"queued.max.messages.kbytes", "16384"}};  // fetched ahead for each partition
  settings.insert(settings.end(), given.begin(), given.end());
  settings.insert(settings.end(), {{"enable.auto.commit", "false"},
                                   {"enable.auto.offset.store", "false"},
                                   {"enable.partition.eof", "true"},
                                   {"auto.offset.reset", "error"}});
  return KafkaClient::Make(ClientKind::kConsumer, settings);
}

class KafkaReader final : public SourceReader {
 public:
  KafkaReader(std::unique_ptr<KafkaClient> client, std::unique_ptr<RecordRows> rows, bool headers, bool commit,
              const ConnectorContext& context)
      : client_(std::move(client)),
        rows_(std::move(rows)),
        commit_(commit),
        fetcher_(client_.get(), context.pool, headers, context.wake) {}

  Status AddSplit(const Split& split) override {
    MR_ASSIGN(FetchedSplit parsed, ParseSplit(split));
    splits_.push_back(parsed);
    fetcher_.Add(std::move(parsed));
    return Status::Ok();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    while (rows_->empty()) {
      if (batch_ == nullptr) {
        if (AllAtStop()) {
          result.status = PollStatus::kEnd;
          return result;
        }
        MR_ASSIGN(batch_, fetcher_.Take());
        next_record_ = 0;
        if (batch_ == nullptr) return result;
      }
      MR_RETURN_IF_ERROR(DecodeBatch());
      if (rows_->empty()) continue;
      result.status = PollStatus::kRows;
    }
    result.split = decoded_split_;
    result.chunk = rows_->Finish();
    return result;
  }

  std::vector<Split> SnapshotSplits() override {
    std::vector<Split> splits;
    snapshot_.clear();
    for (const FetchedSplit& split : splits_) {
      splits.push_back({SplitId(split.partition), SplitState(split.next, split.stop)});
      snapshot_.emplace_back(split.partition, split.next);
    }
    return splits;
  }

  // For monitoring only: the positions are in the checkpoint.
  Status OnCheckpointComplete() override {
    if (commit_ && !snapshot_.empty()) client_->CommitAsync(snapshot_);
    return Status::Ok();
  }

 private:
  bool AllAtStop() const {
    return std::ranges::all_of(splits_,
                               [](const FetchedSplit& split) { return split.stop >= 0 && split.next >= split.stop; });
  }

  Status DecodeBatch() {
    FetchedSplit& split = splits_[static_cast<size_t>(batch_->split)];
    decoded_split_ = batch_->split;
    while (next_record_ < batch_->records.size() && !rows_->full()) {
      MR_RETURN_IF_ERROR(rows_->Add(split.partition, *batch_, next_record_));
      split.next = batch_->records[next_record_].offset + 1;
      ++next_record_;
    }
    if (next_record_ == batch_->records.size()) {
      split.next = batch_->next_offset;
      batch_ = nullptr;
    }
    return Status::Ok();
  }

  std::unique_ptr<KafkaClient> client_;
  std::unique_ptr<RecordRows> rows_;
  bool commit_;
  std::vector<FetchedSplit> splits_;  // as far as their rows were given out
  std::unique_ptr<RecordBatch> batch_;
  size_t next_record_ = 0;
  int32_t decoded_split_ = 0;
  std::vector<std::pair<TopicPartition, int64_t>> snapshot_;
  RecordFetcher fetcher_;  // last: its thread ends before the client
};

class KafkaSource final : public TableSource, public DiscoveringSource {
 public:
  explicit KafkaSource(KafkaTable table) : table_(std::move(table)) {
    std::vector<int32_t> physical;
    std::vector<int32_t> metadata;
    for (size_t i = 0; i < table_.table.physical.size(); ++i) physical.push_back(static_cast<int32_t>(i));
    for (size_t i = 0; i < table_.table.metadata.size(); ++i) metadata.push_back(static_cast<int32_t>(i));
    KafkaSource::ApplyProjection(physical, metadata);
  }

  ChangelogMode changelog_mode() const override { return table_.value.format->decode_mode; }
  bool bounded() const override { return table_.stop != StopMode::kUnbounded; }
  bool watermark_per_split() const override { return true; }
  int64_t discovery_interval_ms() const override { return table_.discovery_ms; }
  void GoOn() override { enumerated_ = true; }

  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>& metadata) override {
    metadata_ = metadata;
    std::vector<formats::FieldPath> paths;
    for (int32_t column : physical) paths.push_back({column});
    return Project(paths);
  }
  bool ApplyNestedProjection(const std::vector<std::vector<int32_t>>& paths) override {
    bool key_nested = !table_.key || table_.key->format->nested_projection;
    return table_.value.format->nested_projection && key_nested && Project(paths);
  }

  Result<std::vector<Split>> EnumerateSplits(int32_t parallelism) override {
    static_cast<void>(parallelism);
    MR_ASSIGN(std::unique_ptr<KafkaClient> client, MakeConsumer(table_));
    MR_ASSIGN(std::vector<std::string> topics, FindTopics(*client));
    MR_ASSIGN(std::vector<TopicPartition> partitions, client->ListPartitions(topics));
    std::erase_if(partitions, [this](const TopicPartition& partition) { return known_.contains(partition); });
    MR_ASSIGN(std::vector<int64_t> starts, FindStarts(*client, partitions));
    MR_ASSIGN(std::vector<int64_t> stops, FindStops(*client, partitions));
    std::vector<Split> splits;
    for (size_t i = 0; i < partitions.size(); ++i) {
      splits.push_back({SplitId(partitions[i]), SplitState(starts[i], stops[i])});
      known_.insert(partitions[i]);
    }
    enumerated_ = true;
    return splits;
  }

  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    MR_ASSIGN(std::unique_ptr<KafkaClient> client, MakeConsumer(table_));
    MR_ASSIGN(std::unique_ptr<RecordRows> rows, RecordRows::Make(table_, projection_, context));
    auto asked = table_.table.options.find("properties.commit.offsets.on.checkpoint");
    bool commit = !table_.group_id.empty() && (asked == table_.table.options.end() || asked->second != "false");
    return std::unique_ptr<SourceReader>(
        new KafkaReader(std::move(client), std::move(rows), projection_.WantsHeaders(), commit, context));
  }

 private:
  bool Project(const std::vector<formats::FieldPath>& paths) {
    KafkaProjection projection;
    for (const formats::FieldPath& path : paths) {
      // Where both hold a column, the value's counts.
      auto value = std::ranges::find(table_.value_columns, path[0]);
      bool in_value = value != table_.value_columns.end();
      auto key = std::ranges::find(table_.key_columns, path[0]);
      std::vector<formats::FieldPath>& part = in_value ? projection.value_paths : projection.key_paths;
      projection.columns.push_back(
          {in_value ? KafkaProjection::Part::kValue : KafkaProjection::Part::kKey, part.size()});
      part.push_back(path);
      part.back()[0] =
          static_cast<int32_t>(in_value ? value - table_.value_columns.begin() : key - table_.key_columns.begin());
    }
    std::vector<Connector::Metadata> known = KafkaMetadata();
    for (int32_t position : metadata_) {
      const std::string& key = table_.table.metadata[static_cast<size_t>(position)].key;
      auto entry = std::ranges::find(known, key, &Connector::Metadata::key);
      projection.columns.push_back({KafkaProjection::Part::kMetadata, projection.metadata.size()});
      projection.metadata.push_back(static_cast<size_t>(entry - known.begin()));
    }
    projection_ = std::move(projection);
    return true;
  }

  Result<std::vector<std::string>> FindTopics(KafkaClient& client) const {
    if (table_.topic_pattern.empty()) return table_.topics;
    MR_ASSIGN(auto regex, functions::JavaRegex::Compile(table_.topic_pattern, functions::JavaRegex::Mode::kWhole));
    MR_ASSIGN(std::vector<std::string> all, client.ListTopics());
    std::vector<std::string> topics;
    for (std::string& topic : all) {
      MR_ASSIGN(bool fits, regex->Find(topic, 0));
      if (fits) topics.push_back(std::move(topic));
    }
    if (topics.empty()) {
      return ExternalError("kafka.topic", fmt::format("No topic fits 'topic-pattern' = '{}'", table_.topic_pattern),
                           "check the pattern");
    }
    return topics;
  }

  // Offsets where the given ones are -1: the first or the next of the partition.
  static Result<std::vector<int64_t>> FillFromRange(KafkaClient& client, const std::vector<TopicPartition>& partitions,
                                                    std::vector<int64_t> offsets, bool first) {
    for (size_t i = 0; i < partitions.size(); ++i) {
      if (offsets[i] >= 0) continue;
      MR_ASSIGN(auto range, client.QueryRange(partitions[i]));
      offsets[i] = first ? range.first : range.second;
    }
    return offsets;
  }

  static std::vector<int64_t> FromOption(const std::vector<TopicPartition>& partitions, const PartitionOffsets& given) {
    std::vector<int64_t> offsets;
    for (const TopicPartition& partition : partitions) {
      auto found = given.find(partition.partition);
      offsets.push_back(found == given.end() ? -1 : found->second);
    }
    return offsets;
  }

  Result<std::vector<int64_t>> FindStarts(KafkaClient& client, const std::vector<TopicPartition>& partitions) const {
    std::vector<int64_t> none(partitions.size(), -1);
    // Partitions that appear later are read from their beginning.
    StartMode mode = enumerated_ ? StartMode::kEarliest : table_.start;
    switch (mode) {
      case StartMode::kEarliest:
        return FillFromRange(client, partitions, none, true);
      case StartMode::kLatest:
        return FillFromRange(client, partitions, none, false);
      case StartMode::kTimestamp: {
        MR_ASSIGN(std::vector<int64_t> offsets, client.QueryOffsetsAt(partitions, table_.start_timestamp));
        return FillFromRange(client, partitions, std::move(offsets), false);
      }
      case StartMode::kSpecificOffsets:
        return FillFromRange(client, partitions, FromOption(partitions, table_.start_offsets), true);
      case StartMode::kGroupOffsets: {
        MR_ASSIGN(std::vector<int64_t> offsets, client.QueryCommitted(partitions));
        auto missing = std::ranges::find(offsets, -1);
        if (missing != offsets.end() && table_.reset == ResetStrategy::kNone) {
          return UserError(
              "kafka.offsets",
              fmt::format("The group '{}' has no committed offset of {}", table_.group_id,
                          SplitId(partitions[static_cast<size_t>(missing - offsets.begin())])),
              "set 'properties.auto.offset.reset' to 'earliest' or 'latest', or choose another 'scan.startup.mode'");
        }
        return FillFromRange(client, partitions, std::move(offsets), table_.reset == ResetStrategy::kEarliest);
      }
    }
    return none;
  }

  Result<std::vector<int64_t>> FindStops(KafkaClient& client, const std::vector<TopicPartition>& partitions) const {
    std::vector<int64_t> none(partitions.size(), -1);
    switch (table_.stop) {
      case StopMode::kUnbounded:
        return none;
      case StopMode::kLatest:
        return FillFromRange(client, partitions, none, false);
      case StopMode::kTimestamp: {
        MR_ASSIGN(std::vector<int64_t> offsets, client.QueryOffsetsAt(partitions, table_.stop_timestamp));
        return FillFromRange(client, partitions, std::move(offsets), false);
      }
      case StopMode::kSpecificOffsets:
        return FillFromRange(client, partitions, FromOption(partitions, table_.stop_offsets), false);
      case StopMode::kGroupOffsets: {
        MR_ASSIGN(std::vector<int64_t> offsets, client.QueryCommitted(partitions));
        return FillFromRange(client, partitions, std::move(offsets), false);
      }
    }
    return none;
  }

  KafkaTable table_;
  std::vector<int32_t> metadata_;
  KafkaProjection projection_;
  std::set<TopicPartition> known_;
  bool enumerated_ = false;
};

}  // namespace

Result<std::unique_ptr<TableSource>> MakeKafkaSource(KafkaTable table) {
  std::vector<Connector::Metadata> known = KafkaMetadata();
  for (const MetadataColumn& column : table.table.metadata) {
    if (std::ranges::find(known, column.key, &Connector::Metadata::key) == known.end()) {
      return UserError("table.metadata", fmt::format("The connector 'kafka' has no metadata '{}'", column.key));
    }
  }
  // A schema that a format refuses is refused while planning.
  auto source = std::make_unique<KafkaSource>(table);
  KafkaProjection whole;
  whole.value_paths = formats::AllPaths(table.value_schema);
  whole.key_paths = formats::AllPaths(table.key_schema);
  MR_ASSIGN(std::unique_ptr<RecordRows> rows, RecordRows::Make(table, whole, ConnectorContext()));
  return std::unique_ptr<TableSource>(std::move(source));
}

}  // namespace millrace::connectors::kafka
