#include "engine/connectors/kafka/kafka_sink.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>

#include "engine/connectors/kafka/kafka_client.h"
#include "engine/connectors/sink_mode.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int kPollMillis = 100;
constexpr int64_t kDeliveryNanos = 120'000'000'000;  // how long a full queue or a flush may take

// The outcome of messages; the callbacks come on the thread that calls the client, which is the writer's.
struct Deliveries {
  int64_t failed = 0;
  std::string first_error;
};

void NoteDelivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque) {
  static_cast<void>(client);
  auto* deliveries = static_cast<Deliveries*>(opaque);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (deliveries->failed++ == 0) deliveries->first_error = rd_kafka_err2str(message->err);
}

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

// The columns of a chunk in another order.
Chunk Select(const Chunk& chunk, const std::vector<int32_t>& columns) {
  Chunk selected;
  selected.size = chunk.size;
  for (int32_t column : columns) selected.columns.push_back(chunk.columns[static_cast<size_t>(column)]);
  return selected;
}

class KafkaWriter final : public SinkWriter {
 public:
  KafkaWriter(const KafkaTable& table, const ConnectorContext& context) : table_(table), context_(context) {
    for (size_t i = 0; i < table.table.metadata.size(); ++i) {
      size_t column = table.table.physical.size() + i;
      if (table.table.metadata[i].key == "timestamp") timestamp_column_ = static_cast<int32_t>(column);
      if (table.table.metadata[i].key == "headers") headers_column_ = static_cast<int32_t>(column);
    }
  }

  ~KafkaWriter() override {
    if (topic_ != nullptr) rd_kafka_topic_destroy(topic_);
  }

  Status Open() {
    MR_ASSIGN(ClientSettings settings, TranslateProperties(table_.table.options, ClientKind::kProducer));
    settings.insert(settings.begin(), {{"partitioner", "murmur2_random"},  // Java's
                                       {"linger.ms", "5"},
                                       {"queue.buffering.max.kbytes", "65536"}});
    MR_ASSIGN(client_, KafkaClient::Make(ClientKind::kProducer, settings, &NoteDelivery, &deliveries_));
    MR_ASSIGN(std::vector<TopicPartition> partitions, client_->ListPartitions(table_.topics));
    partitions_ = static_cast<int32_t>(partitions.size());
    topic_ = rd_kafka_topic_new(client_->handle(), table_.topics[0].c_str(), nullptr);
    if (topic_ == nullptr) return UserError("kafka.topic", fmt::format("'{}' is no name of a topic", table_.topics[0]));
    MR_ASSIGN(value_encoder_, MakeEncoder(table_.value, table_.value_schema, context_.zone));
    if (table_.key) {
      MR_ASSIGN(key_encoder_, MakeEncoder(*table_.key, table_.key_schema, context_.zone));
    }
    return Status::Ok();
  }

  Status Write(const Chunk& chunk) override {
    Chunk values = Select(chunk, table_.value_columns);
    Chunk keys = Select(chunk, table_.key_columns);
    RowSet rows = chunk.rows();
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      value_.clear();
      key_.clear();
      MR_RETURN_IF_ERROR(value_encoder_->Encode(values, row, chunk.kind(row), value_));
      if (key_encoder_ != nullptr) MR_RETURN_IF_ERROR(key_encoder_->Encode(keys, row, chunk.kind(row), key_));
      MR_RETURN_IF_ERROR(Produce(chunk, row));
    }
    rd_kafka_poll(client_->handle(), 0);
    return CheckDeliveries();
  }

  Result<std::string> Prepare(bool end_of_input) override {
    if (!table_.wait_for_delivery && !end_of_input) return std::string();
    int64_t start = context_.clock->MonotonicNanos();
    while (rd_kafka_outq_len(client_->handle()) > 0) {
      static_cast<void>(rd_kafka_flush(client_->handle(), kPollMillis));
      MR_RETURN_IF_ERROR(CheckDeliveries());
      if (context_.clock->MonotonicNanos() - start > kDeliveryNanos) return TooSlow();
    }
    MR_RETURN_IF_ERROR(CheckDeliveries());
    return std::string();
  }

  void Abort() override {
    static_cast<void>(rd_kafka_purge(client_->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT));
  }

 private:
  Error TooSlow() const {
    return client_->MakeError("kafka.produce",
                              fmt::format("The topic '{}' did not take the rows within 120 seconds", table_.topics[0]),
                              "is the broker reachable and not full?");
  }

  Status CheckDeliveries() const {
    if (deliveries_.failed == 0 || !table_.wait_for_delivery) return Status::Ok();
    return client_->MakeError("kafka.produce",
                              fmt::format("{} rows were not written to the topic '{}': {}", deliveries_.failed,
                                          table_.topics[0], deliveries_.first_error));
  }

  int32_t PartitionOf() {
    switch (table_.partitioner) {
      case Partitioner::kDefault:
        return RD_KAFKA_PARTITION_UA;
      case Partitioner::kFixed:
        return context_.subtask % partitions_;
      case Partitioner::kRoundRobin:
        return static_cast<int32_t>(round_robin_++ % partitions_);
    }
    return RD_KAFKA_PARTITION_UA;
  }

  rd_kafka_headers_t* HeadersOf(const Chunk& chunk, int32_t row) const {
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

  int64_t TimestampOf(const Chunk& chunk, int32_t row) const {
    if (timestamp_column_ < 0) return 0;  // now
    Value value = chunk.columns[static_cast<size_t>(timestamp_column_)]->GetValue(row);
    return value.IsNull() ? 0 : value.AsTimestamp().millis;
  }

  // Sends value_ and key_. A full queue makes it wait.
  Status Produce(const Chunk& chunk, int32_t row) {
    int32_t partition = PartitionOf();
    int64_t timestamp = TimestampOf(chunk, row);
    rd_kafka_headers_t* headers = HeadersOf(chunk, row);
    int64_t start = context_.clock->MonotonicNanos();
    for (;;) {
      rd_kafka_resp_err_t error = Send(partition, timestamp, headers);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return Status::Ok();  // the client owns the headers now
      bool waited_enough = context_.clock->MonotonicNanos() - start > kDeliveryNanos;
      if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && !waited_enough) {
        rd_kafka_poll(client_->handle(), kPollMillis);
        continue;
      }
      if (headers != nullptr) rd_kafka_headers_destroy(headers);
      if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return TooSlow();
      return client_->MakeError("kafka.produce",
                                fmt::format("A row of {} bytes cannot be written to the topic '{}' ({})", value_.size(),
                                            table_.topics[0], rd_kafka_err2str(error)));
    }
  }

  rd_kafka_resp_err_t Send(int32_t partition, int64_t timestamp, rd_kafka_headers_t* headers) {
    std::array<rd_kafka_vu_t, 8> fields{};
    size_t count = 0;
    auto add = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
      fields[count].vtype = type;
      return fields[count++];
    };
    add(RD_KAFKA_VTYPE_RKT).u.rkt = topic_;
    add(RD_KAFKA_VTYPE_PARTITION).u.i32 = partition;
    add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
    auto& value = add(RD_KAFKA_VTYPE_VALUE).u.mem;
    value.ptr = value_.data();
    value.size = value_.size();
    if (key_encoder_ != nullptr) {
      auto& key = add(RD_KAFKA_VTYPE_KEY).u.mem;
      key.ptr = key_.data();
      key.size = key_.size();
    }
    if (timestamp != 0) {
      add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = timestamp;
    }
    if (headers != nullptr) {
      add(RD_KAFKA_VTYPE_HEADERS).u.headers = headers;
    }
    rd_kafka_error_t* error = rd_kafka_produceva(client_->handle(), fields.data(), count);
    if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    return code;
  }

  const KafkaTable& table_;
  ConnectorContext context_;
  Deliveries deliveries_;
  std::unique_ptr<KafkaClient> client_;
  rd_kafka_topic_t* topic_ = nullptr;
  int32_t partitions_ = 1;
  int64_t round_robin_ = 0;
  int32_t timestamp_column_ = -1;
  int32_t headers_column_ = -1;
  std::unique_ptr<formats::Encoder> value_encoder_;
  std::unique_ptr<formats::Encoder> key_encoder_;
  std::string value_;
  std::string key_;
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
