// Rows become records.
#include "engine/connectors/kafka/row_records.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace millrace::connectors::kafka {
namespace {

// The columns of a chunk in another order.
Chunk Select(const Chunk& chunk, const std::vector<int32_t>& columns) {
  Chunk selected;
  selected.size = chunk.size;
  for (int32_t column : columns) selected.columns.push_back(chunk.columns[static_cast<size_t>(column)]);
  return selected;
}

}  // namespace

Result<std::unique_ptr<formats::Encoder>> MakeEncoder(const FormatChoice& format, const Schema& schema,
                                                      const TimeZone* zone) {
  if (format.format->make_encoder == nullptr) {
    return UserError("format.no_encoder", fmt::format("The format '{}' cannot write", format.format->name));
  }
  formats::EncoderSpec spec;
  spec.schema = schema;
  spec.options = format.options;
  spec.zone = zone;
  return format.format->make_encoder(spec);
}

RowRecords::RowRecords(const KafkaTable& table, const ConnectorContext& context, int32_t partitions)
    : table_(table), subtask_(context.subtask), partitions_(partitions) {
  for (size_t i = 0; i < table.table.metadata.size(); ++i) {
    size_t column = table.table.physical.size() + i;
    if (table.table.metadata[i].key == "timestamp") timestamp_column_ = static_cast<int32_t>(column);
    if (table.table.metadata[i].key == "headers") headers_column_ = static_cast<int32_t>(column);
  }
}

Result<std::unique_ptr<RowRecords>> RowRecords::Make(const KafkaTable& table, const ConnectorContext& context,
                                                     int32_t partitions) {
  std::unique_ptr<RowRecords> records(new RowRecords(table, context, partitions));
  MR_ASSIGN(records->value_encoder_, MakeEncoder(table.value, table.value_schema, context.zone));
  if (table.key) {
    MR_ASSIGN(records->key_encoder_, MakeEncoder(*table.key, table.key_schema, context.zone));
  }
  return records;
}

void RowRecords::Start(const Chunk& chunk) {
  values_ = Select(chunk, table_.value_columns);
  keys_ = Select(chunk, table_.key_columns);
}

Result<const OutgoingRecord*> RowRecords::Encode(const Chunk& chunk, int32_t row) {
  record_.value.clear();
  record_.key.clear();
  record_.has_key = key_encoder_ != nullptr;
  MR_RETURN_IF_ERROR(value_encoder_->Encode(values_, row, chunk.kind(row), record_.value));
  if (record_.has_key) MR_RETURN_IF_ERROR(key_encoder_->Encode(keys_, row, chunk.kind(row), record_.key));
  record_.partition = PartitionOf();
  record_.timestamp = TimestampOf(chunk, row);
  record_.headers = HeadersOf(chunk, row);
  return &record_;
}

int32_t RowRecords::PartitionOf() {
  switch (table_.partitioner) {
    case Partitioner::kDefault:
      return RD_KAFKA_PARTITION_UA;
    case Partitioner::kFixed:
      return subtask_ % partitions_;
    case Partitioner::kRoundRobin:
      return static_cast<int32_t>(round_robin_++ % partitions_);
  }
  return RD_KAFKA_PARTITION_UA;
}

rd_kafka_headers_t* RowRecords::HeadersOf(const Chunk& chunk, int32_t row) const {
  if (headers_column_ < 0) return nullptr;
  Value value = chunk.columns[static_cast<size_t>(headers_column_)]->GetValue(row);
  if (value.IsNull()) return nullptr;
  const Value::List& items = value.AsList();
  rd_kafka_headers_t* headers = rd_kafka_headers_new(items.size() / 2);
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].IsNull()) continue;
    const std::string& name = items[i].AsString();
    bool null = items[i + 1].IsNull();
    const void* content = null ? nullptr : items[i + 1].AsString().data();
    size_t size = null ? 0 : items[i + 1].AsString().size();
    static_cast<void>(rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), content,
                                          static_cast<ssize_t>(size)));
  }
  return headers;
}

int64_t RowRecords::TimestampOf(const Chunk& chunk, int32_t row) const {
  if (timestamp_column_ < 0) return 0;  // now
  Value value = chunk.columns[static_cast<size_t>(timestamp_column_)]->GetValue(row);
  return value.IsNull() ? 0 : value.AsTimestamp().millis;
}

}  // namespace millrace::connectors::kafka
