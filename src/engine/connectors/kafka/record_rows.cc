#include "engine/connectors/kafka/record_rows.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::connectors::kafka {
namespace {

// Positions in KafkaMetadata().
enum MetadataKey : size_t { kTopic, kPartition, kHeaders, kLeaderEpoch, kOffset, kTimestamp, kTimestampType };

std::vector<DataType> MetadataTypes(const KafkaProjection& projection) {
  std::vector<Connector::Metadata> known = KafkaMetadata();
  std::vector<DataType> types;
  for (size_t key : projection.metadata) types.push_back(known[key].type);
  return types;
}

Value TimestampTypeText(TimestampType type) {
  switch (type) {
    case TimestampType::kNone:
      return Value::String("NoTimestampType");
    case TimestampType::kCreateTime:
      return Value::String("CreateTime");
    case TimestampType::kLogAppendTime:
      return Value::String("LogAppendTime");
  }
  return Value::Null();
}

Result<std::unique_ptr<formats::Decoder>> MakeDecoder(const FormatChoice& format, const Schema& schema,
                                                      const std::vector<formats::FieldPath>& wanted,
                                                      const ConnectorContext& context) {
  formats::DecoderSpec spec;
  spec.schema = schema;
  spec.wanted = wanted;
  spec.options = format.options;
  spec.zone = context.zone;
  spec.pool = context.pool;
  return format.format->make_decoder(spec);
}

}  // namespace

bool KafkaProjection::WantsHeaders() const { return std::ranges::find(metadata, size_t{kHeaders}) != metadata.end(); }

RecordRows::RecordRows(const KafkaTable& table, const KafkaProjection& projection, const ConnectorContext& context)
    : projection_(projection),
      pool_(context.pool),
      raw_value_(table.value.format->name == "raw"),
      raw_key_(table.key && table.key->format->name == "raw"),
      values_(formats::WantedTypes(table.value_schema, projection.value_paths), context.pool, context.chunk_rows),
      keys_(formats::WantedTypes(table.key_schema, projection.key_paths), context.pool, context.chunk_rows),
      metadata_(MetadataTypes(projection), context.pool, context.chunk_rows) {}

Result<std::unique_ptr<RecordRows>> RecordRows::Make(const KafkaTable& table, const KafkaProjection& projection,
                                                     const ConnectorContext& context) {
  std::unique_ptr<RecordRows> rows(new RecordRows(table, projection, context));
  MR_ASSIGN(rows->value_decoder_, MakeDecoder(table.value, table.value_schema, projection.value_paths, context));
  if (table.key) {
    MR_ASSIGN(rows->key_decoder_, MakeDecoder(*table.key, table.key_schema, projection.key_paths, context));
  }
  return rows;
}

Status RecordRows::DecodeKey(const RecordBatch& batch, const KafkaRecord& record, bool* present) {
  int32_t before = keys_.size();
  if (record.key != nullptr) {
    MR_RETURN_IF_ERROR(key_decoder_->Decode({record.key, record.key_size}, batch.block, keys_));
  } else if (raw_key_) {
    for (size_t i = 0; i < projection_.key_paths.size(); ++i) keys_.column(i).AppendNull();
    keys_.EndRow(RowKind::kInsert);
  }
  *present = keys_.size() > before;
  return Status::Ok();
}

Status RecordRows::DecodeValue(const RecordBatch& batch, const KafkaRecord& record) {
  if (record.value != nullptr) return value_decoder_->Decode({record.value, record.value_size}, batch.block, values_);
  if (!raw_value_) return Status::Ok();
  for (size_t i = 0; i < projection_.value_paths.size(); ++i) values_.column(i).AppendNull();
  values_.EndRow(RowKind::kInsert);
  return Status::Ok();
}

Status RecordRows::Add(const TopicPartition& partition, const RecordBatch& batch, size_t index) {
  const KafkaRecord& record = batch.records[index];
  int32_t before = values_.size();
  // A record whose key gives no row gives none at all.
  bool present = true;
  Status status;
  if (key_decoder_ != nullptr) status = DecodeKey(batch, record, &present);
  if (status.ok() && present) status = DecodeValue(batch, record);
  if (!status.ok()) {
    Error error = std::move(status).error();
    error.message =
        fmt::format("{}-{}, offset {}: {}", partition.topic, partition.partition, record.offset, error.message);
    return error;
  }
  for (int32_t row = before; row < values_.size(); ++row) {
    if (key_decoder_ != nullptr) key_rows_.push_back(keys_.size() - 1);
    if (!projection_.metadata.empty()) AppendMetadata(partition, batch, index);
  }
  return Status::Ok();
}

Value RecordRows::MetadataValue(size_t key, const TopicPartition& partition, const RecordBatch& batch, size_t index) {
  const KafkaRecord& record = batch.records[index];
  switch (static_cast<MetadataKey>(key)) {
    case kTopic:
      return Value::String(partition.topic);
    case kPartition:
      return Value::Int(partition.partition);
    case kHeaders: {
      Value::List items;
      for (const auto& [name, value] : batch.headers[index]) {
        items.push_back(Value::String(name));
        items.push_back(Value::String(value));
      }
      return Value::Nested(std::move(items));
    }
    case kLeaderEpoch:
      return Value::Null();  // this version of the client does not tell
    case kOffset:
      return Value::Int(record.offset);
    case kTimestamp:
      return Value::Time(Timestamp{record.timestamp, 0, 0});
    case kTimestampType:
      return TimestampTypeText(record.timestamp_type);
  }
  return Value::Null();
}

void RecordRows::AppendMetadata(const TopicPartition& partition, const RecordBatch& batch, size_t index) {
  for (size_t i = 0; i < projection_.metadata.size(); ++i) {
    metadata_.column(i).AppendValue(MetadataValue(projection_.metadata[i], partition, batch, index));
  }
  metadata_.EndRow(RowKind::kInsert);
}

Chunk RecordRows::Finish() {
  Chunk values = values_.Finish();
  Chunk keys = keys_.Finish();
  Chunk metadata = metadata_.Finish();
  Chunk chunk;
  chunk.size = values.size;
  chunk.kinds = values.kinds;
  for (const KafkaProjection::Column& column : projection_.columns) {
    switch (column.part) {
      case KafkaProjection::Part::kValue:
        chunk.columns.push_back(values.columns[column.position]);
        break;
      case KafkaProjection::Part::kKey:
        chunk.columns.push_back(Gather(keys.columns[column.position], key_rows_, pool_));
        break;
      case KafkaProjection::Part::kMetadata:
        chunk.columns.push_back(metadata.columns[column.position]);
        break;
    }
  }
  key_rows_.clear();
  return chunk;
}

}  // namespace millrace::connectors::kafka
