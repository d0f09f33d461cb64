// From Kafka records to rows: value, key and metadata of each record become the columns that were asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/connectors/kafka/kafka_table.h"
#include "engine/connectors/kafka/record_fetcher.h"
#include "engine/formats/format.h"
#include "types/chunk.h"

namespace millrace::connectors::kafka {

// What a reader delivers, column by column.
struct KafkaProjection {
  enum class Part : uint8_t { kValue, kKey, kMetadata };
  struct Column {
    Part part = Part::kValue;
    size_t position = 0;  // among the columns of its part
  };
  std::vector<Column> columns;
  std::vector<formats::FieldPath> value_paths;  // of KafkaTable::value_schema
  std::vector<formats::FieldPath> key_paths;    // of KafkaTable::key_schema
  std::vector<size_t> metadata;                 // positions in KafkaMetadata()

  bool WantsHeaders() const;
};

// Builds the chunks of one reader. Not thread-safe.
class RecordRows {
 public:
  static Result<std::unique_ptr<RecordRows>> Make(const KafkaTable& table, const KafkaProjection& projection,
                                                  const ConnectorContext& context);

  // Appends the rows of record `index` of a batch. The error names topic, partition and offset.
  Status Add(const TopicPartition& partition, const RecordBatch& batch, size_t index);
  bool full() const { return values_.full(); }
  bool empty() const { return values_.empty(); }
  Chunk Finish();

 private:
  RecordRows(const KafkaTable& table, const KafkaProjection& projection, const ConnectorContext& context);

  Status DecodeKey(const RecordBatch& batch, const KafkaRecord& record, bool* present);
  Status DecodeValue(const RecordBatch& batch, const KafkaRecord& record);
  void AppendMetadata(const TopicPartition& partition, const RecordBatch& batch, size_t index);
  static Value MetadataValue(size_t key, const TopicPartition& partition, const RecordBatch& batch, size_t index);

  KafkaProjection projection_;
  MemoryPool* pool_;
  std::unique_ptr<formats::Decoder> value_decoder_;
  std::unique_ptr<formats::Decoder> key_decoder_;  // null: the table has no key format
  bool raw_value_;                                 // a missing value is a row with NULL
  bool raw_key_;
  ChunkBuilder values_;
  ChunkBuilder keys_;
  ChunkBuilder metadata_;
  std::vector<int32_t> key_rows_;  // by row: its row in keys_
};

}  // namespace millrace::connectors::kafka
