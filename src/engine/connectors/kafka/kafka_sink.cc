// Writes rows into a topic; here the writer that gives no guarantee or at-least-once.
#include "engine/connectors/kafka/kafka_sink.h"

#include <fmt/format.h>

#include "engine/connectors/kafka/row_records.h"
#include "engine/connectors/kafka/topic_producer.h"
#include "engine/connectors/kafka/transactional_writer.h"
#include "engine/connectors/sink_mode.h"

namespace millrace::connectors::kafka {
namespace {

class KafkaWriter final : public SinkWriter {
 public:
  KafkaWriter(const KafkaTable& table, const ConnectorContext& context)
      : table_(table), context_(context), wait_for_delivery_(table.guarantee != Guarantee::kNone) {}

  Status Open() {
    MR_ASSIGN(ClientSettings settings, TranslateProperties(table_.table.options, ClientKind::kProducer));
    MR_ASSIGN(producer_, TopicProducer::Make(settings, table_.topics[0], context_.clock));
    MR_ASSIGN(std::vector<TopicPartition> partitions, producer_->client().ListPartitions(table_.topics));
    MR_ASSIGN(records_, RowRecords::Make(table_, context_, static_cast<int32_t>(partitions.size())));
    return Status::Ok();
  }

  Status Write(const Chunk& chunk) override {
    RowSet rows = chunk.rows();
    records_->Start(chunk);
    for (int32_t i = 0; i < rows.count(); ++i) {
      MR_ASSIGN(const OutgoingRecord* record, records_->Encode(chunk, rows[i]));
      MR_RETURN_IF_ERROR(producer_->Send(*record));
    }
    producer_->Poll(0);
    return wait_for_delivery_ ? producer_->CheckDeliveries() : Status::Ok();
  }

  Result<std::string> Prepare(bool end_of_input) override {
    if (!wait_for_delivery_ && !end_of_input) return std::string();
    Status flushed = producer_->Flush();
    if (wait_for_delivery_) MR_RETURN_IF_ERROR(flushed);
    return std::string();
  }

  void Abort() override { producer_->Purge(); }

 private:
  const KafkaTable& table_;
  ConnectorContext context_;
  bool wait_for_delivery_;
  std::unique_ptr<TopicProducer> producer_;
  std::unique_ptr<RowRecords> records_;
};

class KafkaSink final : public TableSink {
 public:
  explicit KafkaSink(KafkaTable table) : table_(std::move(table)) {}

  Result<ChangelogMode> AcceptedMode(const ChangelogMode& query_mode) const override {
    ChangelogMode mode = table_.value.format->encode_mode;
    if (!mode.IsInsertOnly()) return mode;
    MR_RETURN_IF_ERROR(RequireInsertOnly(table_.table, query_mode));
    return mode;
  }
  std::optional<int32_t> parallelism() const override { return SinkParallelism(table_.table); }

  Result<std::unique_ptr<SinkWriter>> MakeWriter(const ConnectorContext& context) override {
    if (table_.guarantee == Guarantee::kExactlyOnce) return MakeTransactionalWriter(table_, context);
    auto writer = std::make_unique<KafkaWriter>(table_, context);
    MR_RETURN_IF_ERROR(writer->Open());
    return std::unique_ptr<SinkWriter>(std::move(writer));
  }

 private:
  KafkaTable table_;
};

}  // namespace

Result<std::unique_ptr<TableSink>> MakeKafkaSink(KafkaTable table) {
  MR_ASSIGN(std::unique_ptr<formats::Encoder> value, MakeEncoder(table.value, table.value_schema, TimeZone::Utc()));
  if (table.key) {
    MR_ASSIGN(std::unique_ptr<formats::Encoder> key, MakeEncoder(*table.key, table.key_schema, TimeZone::Utc()));
  }
  for (const MetadataColumn& column : table.table.metadata) {
    if (column.key != "headers" && column.key != "timestamp") {
      return UserError("table.metadata",
                       fmt::format("The metadata '{}' of table '{}' cannot be written", column.key, table.table.name),
                       "declare the column VIRTUAL; 'headers' and 'timestamp' can be written");
    }
  }
  return std::unique_ptr<TableSink>(new KafkaSink(std::move(table)));
}

}  // namespace millrace::connectors::kafka
