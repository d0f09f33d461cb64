// A Kafka table's options, read and checked.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/connectors/connector.h"
#include "engine/connectors/format_options.h"
#include "engine/connectors/kafka/kafka_properties.h"

namespace millrace::connectors::kafka {

enum class StartMode : uint8_t { kEarliest, kLatest, kGroupOffsets, kTimestamp, kSpecificOffsets };
enum class StopMode : uint8_t { kUnbounded, kLatest, kGroupOffsets, kTimestamp, kSpecificOffsets };
enum class ResetStrategy : uint8_t { kNone, kEarliest, kLatest };
enum class Partitioner : uint8_t { kDefault, kFixed, kRoundRobin };
enum class Guarantee : uint8_t { kNone, kAtLeastOnce, kExactlyOnce };

// Offsets by partition number.
using PartitionOffsets = std::map<int32_t, int64_t>;

struct KafkaTable {
  TableSpec table;
  std::vector<std::string> topics;  // empty: topic_pattern
  std::string topic_pattern;        // Java regular expression for whole names
  std::string group_id;             // empty: none given
  ResetStrategy reset = ResetStrategy::kNone;

  StartMode start = StartMode::kGroupOffsets;
  PartitionOffsets start_offsets;
  int64_t start_timestamp = 0;
  StopMode stop = StopMode::kUnbounded;
  PartitionOffsets stop_offsets;
  int64_t stop_timestamp = 0;
  int64_t discovery_ms = 0;

  FormatChoice value;
  std::optional<FormatChoice> key;
  std::vector<int32_t> value_columns;  // positions among the physical columns
  std::vector<int32_t> key_columns;
  Schema value_schema;
  Schema key_schema;  // names without 'key.fields-prefix'

  Partitioner partitioner = Partitioner::kDefault;
  Guarantee guarantee = Guarantee::kAtLeastOnce;
  std::string transactional_id_prefix;  // these three for exactly-once
  int32_t transaction_timeout_ms = 0;   // after which brokers abort what was not committed
  bool warn_of_lost = false;            // go on when a transaction to be committed is lost; else the job fails
};

std::span<const OptionSpec> KafkaOptions();
Result<KafkaTable> ReadKafkaTable(const TableSpec& table, bool for_sink);

// The metadata that the connector has.
std::vector<Connector::Metadata> KafkaMetadata();

}  // namespace millrace::connectors::kafka
