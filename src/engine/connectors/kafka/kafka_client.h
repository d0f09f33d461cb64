// librdkafka behind C++: handles that close themselves, and the questions asked before reading begins.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/connectors/kafka/kafka_properties.h"

// Of librdkafka, whose header stays out of ours.
extern "C" {
struct rd_kafka_s;
struct rd_kafka_message_s;
}

namespace millrace::connectors::kafka {

// What the client said last about connections and logins; it goes into our errors. Thread-safe.
class ClientLog {
 public:
  void Note(std::string text);
  std::string last() const;

 private:
  mutable std::mutex mutex_;
  std::string last_;
};

struct TopicPartition {
  std::string topic;
  int32_t partition = 0;
  bool operator<(const TopicPartition& other) const {
    return topic != other.topic ? topic < other.topic : partition < other.partition;
  }
};

// Called by the producer's thread-of-calls for each message: its error, or null.
using DeliveryCallback = void (*)(rd_kafka_s* client, const rd_kafka_message_s* message, void* opaque);

// Called in the same way with the client's statistics, as JSON.
using StatisticsCallback = void (*)(const char* json, size_t size, void* opaque);

struct ClientCallbacks {
  DeliveryCallback delivery = nullptr;
  StatisticsCallback statistics = nullptr;
  void* opaque = nullptr;  // handed to both
};

// A consumer or producer. Its own threads belong to librdkafka; calls may block for as long as they say.
class KafkaClient {
 public:
  // `settings` in librdkafka's names; later ones win.
  static Result<std::unique_ptr<KafkaClient>> Make(ClientKind kind, const ClientSettings& settings,
                                                   const ClientCallbacks& callbacks = {});
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_s* handle() const { return handle_; }
  // "message: what the client said last".
  Error MakeError(std::string_view code, std::string message, std::string hint = {}) const;

  // All take up to about ten seconds, then fail with "kafka.unreachable"; a missing topic is "kafka.topic".
  Result<std::vector<std::string>> ListTopics();
  Result<std::vector<TopicPartition>> ListPartitions(const std::vector<std::string>& topics);
  // The first and the next offset.
  Result<std::pair<int64_t, int64_t>> QueryRange(const TopicPartition& partition);
  // Offsets parallel to `partitions`; -1 where there is none.
  Result<std::vector<int64_t>> QueryOffsetsAt(const std::vector<TopicPartition>& partitions, int64_t timestamp_millis);
  Result<std::vector<int64_t>> QueryCommitted(const std::vector<TopicPartition>& partitions);
  // Sends the committed offsets of a group, without waiting.
  void CommitAsync(const std::vector<std::pair<TopicPartition, int64_t>>& offsets);

 private:
  KafkaClient() = default;

  Error Unreachable(std::string_view what, const char* reason) const;

  rd_kafka_s* handle_ = nullptr;
  ClientKind kind_ = ClientKind::kConsumer;
  std::string brokers_;
  std::unique_ptr<ClientLog> log_ = std::make_unique<ClientLog>();
  // The client's opaque pointer: what its callbacks get.
  struct Opaque {
    ClientLog* log = nullptr;
    ClientCallbacks callbacks;
  };
  std::unique_ptr<Opaque> opaque_ = std::make_unique<Opaque>();
};

}  // namespace millrace::connectors::kafka
