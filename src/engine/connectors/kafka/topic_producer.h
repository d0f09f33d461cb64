// A producer for one topic, and what became of the records it was given.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "engine/connectors/kafka/kafka_client.h"

extern "C" {
struct rd_kafka_headers_s;
struct rd_kafka_topic_s;
}

namespace millrace::connectors::kafka {

struct OutgoingRecord {
  std::string value;
  std::string key;
  bool has_key = false;
  int32_t partition = -1;                 // -1: as the key says
  int64_t timestamp = 0;                  // milliseconds; 0: now
  rd_kafka_headers_s* headers = nullptr;  // given away by Send
};

// Used by one thread at a time, but Poll and Purge by any; calls block for as long as the brokers take, up to two
// minutes.
class TopicProducer {
 public:
  // `settings` come after the producer's own. `statistics`, if not null, is called with them from Poll and the like.
  // The clock outlives it.
  static Result<std::unique_ptr<TopicProducer>> Make(const ClientSettings& settings, std::string topic,
                                                     const Clock* clock, StatisticsCallback statistics = nullptr,
                                                     void* opaque = nullptr);
  ~TopicProducer();
  TopicProducer(const TopicProducer&) = delete;
  TopicProducer& operator=(const TopicProducer&) = delete;

  KafkaClient& client() const { return *client_; }
  // Waits while its queue is full. The record is copied.
  Status Send(const OutgoingRecord& record);
  // Waits until the brokers have all records, or one of them is refused.
  Status Flush();
  void Poll(int wait_ms);
  // Fails when a record was refused.
  Status CheckDeliveries() const;
  // What still waits is forgotten.
  void Purge();

 private:
  // Written by whoever polls.
  struct Deliveries {
    mutable std::mutex mutex;
    int64_t failed = 0;
    std::string first_error;
    StatisticsCallback statistics = nullptr;
    void* opaque = nullptr;
  };

  TopicProducer(std::string topic, const Clock* clock) : topic_name_(std::move(topic)), clock_(clock) {}

  static void NoteDelivery(rd_kafka_s* client, const rd_kafka_message_s* message, void* opaque);
  static void NoteStatistics(const char* json, size_t size, void* opaque);
  int32_t TrySend(const OutgoingRecord& record);
  Error TooSlow() const;

  std::string topic_name_;
  const Clock* clock_;
  Deliveries deliveries_;
  std::unique_ptr<KafkaClient> client_;
  rd_kafka_topic_s* topic_ = nullptr;
};

}  // namespace millrace::connectors::kafka
