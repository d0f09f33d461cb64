#include "engine/connectors/kafka/kafka_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/connectors/kafka/broker_settings.h"
#include "engine/connectors/kafka/transaction_client.h"
#include "engine/functions/scalar/regex/java_regex.h"

namespace millrace::connectors::kafka {
namespace {

constexpr size_t kPrefixBytesMax = 249;  // as long as a topic's name may be; numbers come behind it
constexpr int64_t kTransactionTimeoutMillisMin = 1000;

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "topic", .doc = "Topic to read or write; a list with ';' to read several"},
    {.key = "topic-pattern", .doc = "Regular expression for the names of the topics to read"},
    {.key = "properties.*", .doc = "Settings of the Kafka client by their Java names"},
    {.key = "format", .doc = "Format of the values"},
    {.key = "value.format", .doc = "The same as 'format'"},
    {.key = "key.format", .doc = "Format of the keys"},
    {.key = "key.fields", .type = OptionType::kList, .doc = "Columns that make up the key, separated by ';'"},
    {.key = "key.fields-prefix", .doc = "Prefix of the key's columns that the key itself does not have"},
    {.key = "value.fields-include",
     .type = OptionType::kEnum,
     .default_value = "ALL",
     .doc = "Whether the value holds the key's columns too",
     .values = {"ALL", "EXCEPT_KEY"}},
    {.key = "scan.startup.mode",
     .type = OptionType::kEnum,
     .default_value = "group-offsets",
     .doc = "Where to begin",
     .values = {"earliest-offset", "latest-offset", "group-offsets", "timestamp", "specific-offsets"}},
    {.key = "scan.startup.specific-offsets", .doc = "partition:0,offset:42;partition:1,offset:300"},
    {.key = "scan.startup.timestamp-millis", .type = OptionType::kLong, .doc = "Milliseconds since 1970"},
    {.key = "scan.bounded.mode",
     .type = OptionType::kEnum,
     .default_value = "unbounded",
     .doc = "Where to end",
     .values = {"unbounded", "latest-offset", "group-offsets", "timestamp", "specific-offsets"}},
    {.key = "scan.bounded.specific-offsets", .doc = "partition:0,offset:42;partition:1,offset:300"},
    {.key = "scan.bounded.timestamp-millis", .type = OptionType::kLong, .doc = "Milliseconds since 1970"},
    {.key = "scan.topic-partition-discovery.interval",
     .type = OptionType::kDuration,
     .default_value = "5 min",
     .doc = "How often to look for new topics and partitions; 0 never"},
    {.key = "scan.parallelism", .type = OptionType::kInt},
    {.key = "scan.watermark.*"},
    {.key = "sink.partitioner", .default_value = "default", .doc = "default, fixed or round-robin"},
    {.key = "sink.delivery-guarantee",
     .type = OptionType::kEnum,
     .default_value = "at-least-once",
     .values = {"none", "at-least-once", "exactly-once"}},
    {.key = "sink.semantic",
     .type = OptionType::kEnum,
     .doc = "Old name of sink.delivery-guarantee",
     .values = {"none", "at-least-once", "exactly-once"}},
    {.key = "sink.transactional-id-prefix",
     .doc = "Begins the transactional ids of exactly-once; of this sink alone, and the same after restarts"},
    {.key = "sink.on-lost-transaction",
     .type = OptionType::kEnum,
     .default_value = "fail",
     .doc = "What to do when the brokers no longer have a transaction that is to be committed",
     .values = {"fail", "warn"}},
    {.key = "sink.parallelism", .type = OptionType::kInt},
};

std::string Text(const TableSpec& table, std::string_view key) {
  auto given = table.options.find(key);
  if (given != table.options.end()) return given->second;
  for (const OptionSpec& spec : kOptions) {
    if (spec.key == key) return std::string(spec.default_value);
  }
  return "";
}

std::vector<std::string> SplitList(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    size_t stop = std::min(text.find(separator, start), text.size());
    std::string part = text.substr(start, stop - start);
    while (part.starts_with(' ')) part.erase(0, 1);
    while (part.ends_with(' ')) part.pop_back();
    if (!part.empty()) parts.push_back(std::move(part));
    start = stop + 1;
  }
  return parts;
}

// One of the words of an enumeration option, as its position.
size_t Choice(const TableSpec& table, std::string_view key) {
  auto normal = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
      return c == '_' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    });
    return text;
  };
  std::string given = normal(Text(table, key));
  for (const OptionSpec& spec : kOptions) {
    if (spec.key != key) continue;
    for (size_t i = 0; i < spec.values.size(); ++i) {
      if (normal(std::string(spec.values[i])) == given) return i;
    }
  }
  return 0;
}

// "partition:0,offset:42;partition:1,offset:300"
Result<PartitionOffsets> ParseOffsets(const TableSpec& table, std::string_view key) {
  std::string text = Text(table, key);
  auto malformed = [&] {
    return UserError("option.value", fmt::format("Invalid value for option '{}' of {}: '{}'", key, table.name, text),
                     "write 'partition:0,offset:42;partition:1,offset:300'");
  };
  PartitionOffsets offsets;
  for (const std::string& pair : SplitList(text, ';')) {
    std::vector<std::string> parts = SplitList(pair, ',');
    if (parts.size() != 2 || !parts[0].starts_with("partition:") || !parts[1].starts_with("offset:"))
      return malformed();
    Result<int64_t> partition = ParseLong(parts[0].substr(parts[0].find(':') + 1));
    Result<int64_t> offset = ParseLong(parts[1].substr(parts[1].find(':') + 1));
    if (!partition.ok() || !offset.ok() || *partition < 0 || *partition > INT32_MAX || *offset < 0) return malformed();
    offsets[static_cast<int32_t>(*partition)] = *offset;
  }
  if (offsets.empty()) return malformed();
  return offsets;
}

Error Missing(const TableSpec& table, std::string_view key, std::string_view because) {
  return UserError("option.missing", fmt::format("Table '{}' needs the option '{}': {}", table.name, key, because));
}

Status ReadStartAndStop(KafkaTable* kafka) {
  const TableSpec& table = kafka->table;
  kafka->start = static_cast<StartMode>(Choice(table, "scan.startup.mode"));
  kafka->stop = static_cast<StopMode>(Choice(table, "scan.bounded.mode"));
  if (kafka->start == StartMode::kSpecificOffsets) {
    MR_ASSIGN(kafka->start_offsets, ParseOffsets(table, "scan.startup.specific-offsets"));
  }
  if (kafka->stop == StopMode::kSpecificOffsets) {
    MR_ASSIGN(kafka->stop_offsets, ParseOffsets(table, "scan.bounded.specific-offsets"));
  }
  if (kafka->start == StartMode::kTimestamp) {
    if (!table.options.contains("scan.startup.timestamp-millis")) {
      return Missing(table, "scan.startup.timestamp-millis", "'scan.startup.mode' is 'timestamp'");
    }
    MR_ASSIGN(kafka->start_timestamp, ParseLong(Text(table, "scan.startup.timestamp-millis")));
  }
  if (kafka->stop == StopMode::kTimestamp) {
    if (!table.options.contains("scan.bounded.timestamp-millis")) {
      return Missing(table, "scan.bounded.timestamp-millis", "'scan.bounded.mode' is 'timestamp'");
    }
    MR_ASSIGN(kafka->stop_timestamp, ParseLong(Text(table, "scan.bounded.timestamp-millis")));
  }
  kafka->group_id = Text(table, "properties.group.id");
  bool needs_group = kafka->start == StartMode::kGroupOffsets || kafka->stop == StopMode::kGroupOffsets;
  if (needs_group && kafka->group_id.empty()) {
    return Missing(table, "properties.group.id", "'scan.startup.mode' or 'scan.bounded.mode' is 'group-offsets'");
  }
  std::string reset = Text(table, "properties.auto.offset.reset");
  if (reset == "earliest") kafka->reset = ResetStrategy::kEarliest;
  if (reset == "latest") kafka->reset = ResetStrategy::kLatest;
  bool bounded = kafka->stop != StopMode::kUnbounded;
  MR_ASSIGN(std::chrono::milliseconds interval, ParseDuration(Text(table, "scan.topic-partition-discovery.interval")));
  kafka->discovery_ms = bounded ? 0 : interval.count();
  return Status::Ok();
}

Status ReadTopics(KafkaTable* kafka, bool for_sink) {
  const TableSpec& table = kafka->table;
  kafka->topics = SplitList(Text(table, "topic"), ';');
  kafka->topic_pattern = Text(table, "topic-pattern");
  if (kafka->topics.empty() && kafka->topic_pattern.empty())
    return Missing(table, "topic", "it names what to read or write");
  if (!kafka->topics.empty() && !kafka->topic_pattern.empty()) {
    return UserError("option.value", fmt::format("Table '{}' sets both 'topic' and 'topic-pattern'", table.name),
                     "keep one of them");
  }
  if (for_sink && kafka->topics.size() != 1) {
    return UserError("option.value",
                     fmt::format("Table '{}' can only be written with a single topic in 'topic'", table.name),
                     "name one topic");
  }
  if (kafka->topic_pattern.empty()) return Status::Ok();
  auto regex = functions::JavaRegex::Compile(kafka->topic_pattern, functions::JavaRegex::Mode::kWhole);
  if (regex.ok()) return Status::Ok();
  return UserError("option.value", fmt::format("'topic-pattern' = '{}' is no regular expression: {}",
                                               kafka->topic_pattern, regex.error().message));
}

Status ReadKey(KafkaTable* kafka) {
  const TableSpec& table = kafka->table;
  std::string prefix = Text(table, "key.fields-prefix");
  std::vector<std::string> fields = SplitList(Text(table, "key.fields"), ';');
  if (!table.options.contains("key.format")) {
    if (fields.empty()) return Status::Ok();
    return Missing(table, "key.format", "'key.fields' is set");
  }
  if (fields.empty()) return Missing(table, "key.fields", "'key.format' is set");
  MR_ASSIGN(kafka->key, ChooseFormat(table, "key.format", "key."));
  for (const std::string& name : fields) {
    int32_t position = table.physical.Find(name);
    if (position < 0) {
      return UserError("option.value", fmt::format("'key.fields' of table '{}' names '{}', which is no physical column",
                                                   table.name, name));
    }
    if (!name.starts_with(prefix)) {
      return UserError(
          "option.value",
          fmt::format("The key column '{}' of table '{}' does not begin with '{}'", name, table.name, prefix),
          "all columns of 'key.fields' begin with 'key.fields-prefix'");
    }
    kafka->key_columns.push_back(position);
    Field field = table.physical[static_cast<size_t>(position)];
    field.name = name.substr(prefix.size());
    kafka->key_schema.fields.push_back(std::move(field));
  }
  if (!prefix.empty() && Choice(table, "value.fields-include") == 0) {
    return UserError("option.value", "A key prefix is not allowed when option 'value.fields-include' is set to 'ALL'.",
                     "Set it to 'EXCEPT_KEY' instead to avoid field overlaps.");
  }
  return Status::Ok();
}

Status ReadFormats(KafkaTable* kafka) {
  const TableSpec& table = kafka->table;
  MR_RETURN_IF_ERROR(ReadKey(kafka));
  if (table.options.contains("value.format")) {
    MR_ASSIGN(kafka->value, ChooseFormat(table, "value.format", "value."));
  } else {
    MR_ASSIGN(kafka->value, ChooseFormat(table, "format", ""));
  }
  bool except_key = Choice(table, "value.fields-include") == 1;
  for (int32_t i = 0; i < static_cast<int32_t>(table.physical.size()); ++i) {
    if (except_key && std::ranges::find(kafka->key_columns, i) != kafka->key_columns.end()) continue;
    kafka->value_columns.push_back(i);
    kafka->value_schema.fields.push_back(table.physical[static_cast<size_t>(i)]);
  }
  return Status::Ok();
}

Status ReadTransactions(KafkaTable* kafka) {
  const TableSpec& table = kafka->table;
  kafka->transactional_id_prefix = Text(table, "sink.transactional-id-prefix");
  if (kafka->transactional_id_prefix.empty()) {
    return UserError("option.missing",
                     "sink.transactional-id-prefix must be specified when using DeliveryGuarantee.EXACTLY_ONCE.",
                     "choose one that no other sink on the Kafka cluster has, and keep it over restarts");
  }
  if (kafka->transactional_id_prefix.size() > kPrefixBytesMax) {
    return UserError("option.value", fmt::format("'sink.transactional-id-prefix' of table '{}' is longer than {} bytes",
                                                 table.name, kPrefixBytesMax));
  }
  kafka->warn_of_lost = Choice(table, "sink.on-lost-transaction") == 1;
  kafka->transaction_timeout_ms = kDefaultTransactionTimeoutMillis;
  if (auto given = table.options.find("properties.transaction.timeout.ms"); given != table.options.end()) {
    Result<int64_t> timeout = ParseLong(given->second);
    if (!timeout.ok() || *timeout < kTransactionTimeoutMillisMin || *timeout > INT32_MAX) {
      return UserError("option.value",
                       fmt::format("'properties.transaction.timeout.ms' = '{}' of table '{}' is not from {} to {}",
                                   given->second, table.name, kTransactionTimeoutMillisMin, INT32_MAX),
                       "it is in milliseconds, and more than a checkpoint and a restart can take");
    }
    kafka->transaction_timeout_ms = static_cast<int32_t>(*timeout);
  }
  MR_ASSIGN(ClientSettings settings, TranslateProperties(table.options, ClientKind::kProducer));
  MR_ASSIGN(BrokerSettings brokers, ReadBrokerSettings(settings));
  return Status::Ok();
}

Status ReadSink(KafkaTable* kafka) {
  const TableSpec& table = kafka->table;
  std::string partitioner = Text(table, "sink.partitioner");
  if (partitioner == "fixed") {
    kafka->partitioner = Partitioner::kFixed;
  } else if (partitioner == "round-robin") {
    kafka->partitioner = Partitioner::kRoundRobin;
  } else if (partitioner != "default" && !partitioner.empty()) {
    return UserError("option.value", fmt::format("Could not find and instantiate partitioner class '{}'", partitioner),
                     "'sink.partitioner' is default, fixed or round-robin");
  }
  bool old_name = table.options.contains("sink.semantic") && !table.options.contains("sink.delivery-guarantee");
  kafka->guarantee = static_cast<Guarantee>(Choice(table, old_name ? "sink.semantic" : "sink.delivery-guarantee"));
  return kafka->guarantee == Guarantee::kExactlyOnce ? ReadTransactions(kafka) : Status::Ok();
}

}  // namespace

std::span<const OptionSpec> KafkaOptions() { return kOptions; }

Result<KafkaTable> ReadKafkaTable(const TableSpec& table, bool for_sink) {
  KafkaTable kafka;
  kafka.table = table;
  std::vector<std::string> prefixes;
  for (auto [key, prefix] :
       {std::pair{"format", ""}, std::pair{"value.format", "value."}, std::pair{"key.format", "key."}}) {
    auto named = table.options.find(key);
    if (named != table.options.end()) prefixes.push_back(prefix + named->second + ".");
  }
  MR_RETURN_IF_ERROR(CheckOptions(WithoutFormatOptions(table, prefixes), kOptions, table.name));
  MR_RETURN_IF_ERROR(ReadFormats(&kafka));
  MR_RETURN_IF_ERROR(ReadTopics(&kafka, for_sink));
  if (for_sink) {
    MR_RETURN_IF_ERROR(ReadSink(&kafka));
  } else {
    MR_RETURN_IF_ERROR(ReadStartAndStop(&kafka));
  }
  // Wrong properties are refused while planning.
  MR_ASSIGN(ClientSettings settings,
            TranslateProperties(table.options, for_sink ? ClientKind::kProducer : ClientKind::kConsumer));
  return kafka;
}

std::vector<Connector::Metadata> KafkaMetadata() {
  return {{"topic", DataType::String().NotNull(), false},
          {"partition", DataType::Int().NotNull(), false},
          {"headers", DataType::Map(DataType::String().NotNull(), DataType::Bytes().NotNull()).NotNull(), true},
          {"leader-epoch", DataType::Int(), false},
          {"offset", DataType::Bigint().NotNull(), false},
          {"timestamp", DataType::TimestampLtz(3).NotNull(), true},
          {"timestamp-type", DataType::String().NotNull(), false}};
}

}  // namespace millrace::connectors::kafka
