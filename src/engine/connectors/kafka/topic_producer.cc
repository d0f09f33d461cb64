// Records on their way to a topic.
#include "engine/connectors/kafka/topic_producer.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>

namespace millrace::connectors::kafka {
namespace {

constexpr int kPollMillis = 100;
constexpr int64_t kDeliveryNanos = 120'000'000'000;  // how long a full queue or a flush may take

}  // namespace

// The callbacks come on the threads that call the client.
void TopicProducer::NoteDelivery(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque) {
  static_cast<void>(client);
  auto* deliveries = static_cast<Deliveries*>(opaque);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  std::lock_guard lock(deliveries->mutex);
  if (deliveries->failed++ == 0) deliveries->first_error = rd_kafka_err2str(message->err);
}

void TopicProducer::NoteStatistics(const char* json, size_t size, void* opaque) {
  auto* deliveries = static_cast<Deliveries*>(opaque);
  deliveries->statistics(json, size, deliveries->opaque);
}

Result<std::unique_ptr<TopicProducer>> TopicProducer::Make(const ClientSettings& given, std::string topic,
                                                           const Clock* clock, StatisticsCallback statistics,
                                                           void* opaque) {
  std::unique_ptr<TopicProducer> producer(new TopicProducer(std::move(topic), clock));
  ClientSettings settings = {{"partitioner", "murmur2_random"},  // Java's
                             {"linger.ms", "5"},
                             {"queue.buffering.max.kbytes", "65536"}};
  settings.insert(settings.end(), given.begin(), given.end());
  producer->deliveries_.statistics = statistics;
  producer->deliveries_.opaque = opaque;
  ClientCallbacks callbacks;
  callbacks.delivery = &NoteDelivery;
  if (statistics != nullptr) callbacks.statistics = &NoteStatistics;
  callbacks.opaque = &producer->deliveries_;
  MR_ASSIGN(producer->client_, KafkaClient::Make(ClientKind::kProducer, settings, callbacks));
  const std::string& name = producer->topic_name_;
  producer->topic_ = rd_kafka_topic_new(producer->client_->handle(), name.c_str(), nullptr);
  if (producer->topic_ == nullptr) return UserError("kafka.topic", fmt::format("'{}' is no name of a topic", name));
  return producer;
}

TopicProducer::~TopicProducer() {
  if (topic_ != nullptr) rd_kafka_topic_destroy(topic_);
}

Error TopicProducer::TooSlow() const {
  return client_->MakeError("kafka.produce",
                            fmt::format("The topic '{}' did not take the rows within 120 seconds", topic_name_),
                            "is the broker reachable and not full?");
}

Status TopicProducer::CheckDeliveries() const {
  std::lock_guard lock(deliveries_.mutex);
  if (deliveries_.failed == 0) return Status::Ok();
  return client_->MakeError("kafka.produce", fmt::format("{} rows were not written to the topic '{}': {}",
                                                         deliveries_.failed, topic_name_, deliveries_.first_error));
}

Status TopicProducer::Send(const OutgoingRecord& record) {
  int64_t start = clock_->MonotonicNanos();
  for (;;) {
    auto error = static_cast<rd_kafka_resp_err_t>(TrySend(record));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return Status::Ok();  // the client owns the headers now
    bool waited_enough = clock_->MonotonicNanos() - start > kDeliveryNanos;
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && !waited_enough) {
      Poll(kPollMillis);
      continue;
    }
    if (record.headers != nullptr) rd_kafka_headers_destroy(record.headers);
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return TooSlow();
    return client_->MakeError("kafka.produce", fmt::format("A row of {} bytes cannot be written to the topic '{}' ({})",
                                                           record.value.size(), topic_name_, rd_kafka_err2str(error)));
  }
}

int32_t TopicProducer::TrySend(const OutgoingRecord& record) {
  std::array<rd_kafka_vu_t, 8> fields{};
  size_t count = 0;
  auto add = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    fields[count].vtype = type;
    return fields[count++];
  };
  add(RD_KAFKA_VTYPE_RKT).u.rkt = topic_;
  add(RD_KAFKA_VTYPE_PARTITION).u.i32 = record.partition;
  add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
  auto& value = add(RD_KAFKA_VTYPE_VALUE).u.mem;
  value.ptr = const_cast<char*>(record.value.data());  // copied, never written to
  value.size = record.value.size();
  if (record.has_key) {
    auto& key = add(RD_KAFKA_VTYPE_KEY).u.mem;
    key.ptr = const_cast<char*>(record.key.data());
    key.size = record.key.size();
  }
  if (record.timestamp != 0) {
    add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = record.timestamp;
  }
  if (record.headers != nullptr) {
    add(RD_KAFKA_VTYPE_HEADERS).u.headers = record.headers;
  }
  rd_kafka_error_t* error = rd_kafka_produceva(client_->handle(), fields.data(), count);
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  return code;
}

Status TopicProducer::Flush() {
  int64_t start = clock_->MonotonicNanos();
  while (rd_kafka_outq_len(client_->handle()) > 0) {
    static_cast<void>(rd_kafka_flush(client_->handle(), kPollMillis));
    MR_RETURN_IF_ERROR(CheckDeliveries());
    if (clock_->MonotonicNanos() - start > kDeliveryNanos) return TooSlow();
  }
  return CheckDeliveries();
}

void TopicProducer::Poll(int wait_ms) { rd_kafka_poll(client_->handle(), wait_ms); }

void TopicProducer::Purge() {
  static_cast<void>(rd_kafka_purge(client_->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT));
}

}  // namespace millrace::connectors::kafka
