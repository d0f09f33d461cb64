// From rows to Kafka records: the reverse of record_rows.h.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/connectors/kafka/kafka_table.h"
#include "engine/connectors/kafka/topic_producer.h"
#include "engine/formats/format.h"
#include "types/chunk.h"

namespace millrace::connectors::kafka {

Result<std::unique_ptr<formats::Encoder>> MakeEncoder(const FormatChoice& format, const Schema& schema,
                                                      const TimeZone* zone);

// The records of one subtask's rows. Not thread-safe; the table outlives it.
class RowRecords {
 public:
  // `partitions`: of the topic.
  static Result<std::unique_ptr<RowRecords>> Make(const KafkaTable& table, const ConnectorContext& context,
                                                  int32_t partitions);

  void Start(const Chunk& chunk);
  // The record of a row of that chunk, until the next call; its headers must be given to TopicProducer::Send.
  Result<const OutgoingRecord*> Encode(const Chunk& chunk, int32_t row);

 private:
  RowRecords(const KafkaTable& table, const ConnectorContext& context, int32_t partitions);

  int32_t PartitionOf();
  rd_kafka_headers_s* HeadersOf(const Chunk& chunk, int32_t row) const;
  int64_t TimestampOf(const Chunk& chunk, int32_t row) const;

  const KafkaTable& table_;
  int32_t subtask_;
  int32_t partitions_;
  int64_t round_robin_ = 0;
  int32_t timestamp_column_ = -1;
  int32_t headers_column_ = -1;
  std::unique_ptr<formats::Encoder> value_encoder_;
  std::unique_ptr<formats::Encoder> key_encoder_;
  Chunk values_;
  Chunk keys_;
  OutgoingRecord record_;
};

}  // namespace millrace::connectors::kafka
