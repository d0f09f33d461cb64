// Ends transactions that others have begun: what the client library cannot do. A transaction that was complete when a
// checkpoint was taken is committed here, by the process that wrote it or by one after it; what no checkpoint names is
// aborted by taking its id over.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "engine/connectors/kafka/broker_connection.h"
#include "engine/connectors/kafka/broker_settings.h"
#include "engine/connectors/kafka/transaction_protocol.h"

namespace millrace::connectors::kafka {

// Flink's default for its sink: one hour.
constexpr int32_t kDefaultTransactionTimeoutMillis = 3'600'000;

// Thread-safe; one call at a time. Calls wait until brokers that are away are back, up to `patience_ms`; then they fail
// with "kafka.unreachable" or what the broker said last.
class TransactionClient {
 public:
  // `timeout_ms`: after how long a broker aborts a transaction by itself.
  TransactionClient(BrokerSettings settings, int32_t timeout_ms);

  // Takes the id over: an open transaction of it is aborted, and whoever wrote in it can do so no more. Epoch 0: nobody
  // has had this id before. Errors: "kafka.transaction_timeout" when brokers do not allow such a long one.
  Result<ProducerIdentity> TakeOver(const std::string& transactional_id, int64_t patience_ms);
  // Commits a transaction; when this very one is committed already, nothing happens. kNone, or why it is lost (see
  // MeansLost).
  Result<BrokerError> Commit(const std::string& transactional_id, ProducerIdentity producer, int64_t patience_ms);

 private:
  Result<FoundCoordinator> FindCoordinator(const std::string& transactional_id, int64_t deadline);
  Result<BrokerConnection*> ConnectionTo(const BrokerAddress& address, int64_t deadline);
  // Asks the coordinator of a transaction until the answer is one that stays. `error_of` reads its error.
  using ErrorOf = Result<int16_t> (*)(std::string_view body);
  Result<std::string> AskCoordinator(const std::string& transactional_id, ApiKey key, const std::string& body,
                                     int64_t patience_ms, ErrorOf error_of);
  Error TimeoutTooLong();
  std::string MaxTimeoutAt(const FoundCoordinator& coordinator);

  BrokerSettings settings_;
  int32_t timeout_ms_;
  std::mutex mutex_;
  std::map<BrokerAddress, std::unique_ptr<BrokerConnection>> connections_;
  FoundCoordinator last_coordinator_;
  size_t next_bootstrap_ = 0;
};

}  // namespace millrace::connectors::kafka
