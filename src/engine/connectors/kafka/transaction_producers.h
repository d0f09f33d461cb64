// Producers for one transaction each, made ahead of time: the one for the next transaction gets ready while the present
// one writes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/background_thread.h"
#include "base/clock.h"
#include "engine/connectors/kafka/topic_producer.h"
#include "engine/connectors/kafka/transaction_protocol.h"

namespace millrace::connectors::kafka {

// The producer's identity in the client's statistics; nothing while it has none. The client tells it nowhere else.
std::optional<ProducerIdentity> IdentityIn(std::string_view statistics);

// A producer that may begin its transaction. Used by one thread at a time; but its client is polled by another as well,
// so that the statistics of a producer without rows do not pile up.
class TransactionProducer {
 public:
  // Blocks for up to a minute; gives up when `stop` is set.
  static Result<std::unique_ptr<TransactionProducer>> Make(const ClientSettings& settings, const std::string& topic,
                                                           std::string id, const Clock* clock,
                                                           const std::atomic<bool>& stop);

  const std::string& id() const { return id_; }
  const ProducerIdentity& identity() const { return identity_; }
  TopicProducer& producer() const { return *producer_; }
  Status Begin();
  // All records are with the brokers, under this identity: the transaction may be committed.
  Status Complete();

 private:
  explicit TransactionProducer(std::string id) : id_(std::move(id)) {}

  ProducerIdentity seen() const;
  static void NoteStatistics(const char* json, size_t size, void* opaque);
  Status Initialize(const Clock* clock, const std::atomic<bool>& stop);

  std::string id_;
  ProducerIdentity identity_;
  mutable std::mutex mutex_;
  ProducerIdentity seen_;  // in the newest statistics
  std::unique_ptr<TopicProducer> producer_;
};

// Thread-safe. Makes and destroys producers on a thread of its own, both take a while.
class TransactionProducers {
 public:
  TransactionProducers(ClientSettings settings, std::string topic, const Clock* clock);
  ~TransactionProducers();

  // The next one to make. One order at a time.
  void Order(const std::string& id);
  // The producer that was ordered; orders it if it was not, and waits until it is there.
  Result<std::unique_ptr<TransactionProducer>> Take(const std::string& id);
  // What was taken is no longer needed, and must come back in this way. Its transaction, if it has one, stays as it is.
  void Retire(std::unique_ptr<TransactionProducer> producer);

 private:
  void Work(const std::atomic<bool>& stop);

  ClientSettings settings_;
  std::string topic_;
  const Clock* clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string ordered_;  // empty: nothing
  std::optional<Result<std::unique_ptr<TransactionProducer>>> made_;
  TransactionProducer* taken_ = nullptr;
  std::vector<std::unique_ptr<TransactionProducer>> retired_;
  std::unique_ptr<BackgroundThread> thread_;  // last: it ends before what it uses
};

}  // namespace millrace::connectors::kafka
