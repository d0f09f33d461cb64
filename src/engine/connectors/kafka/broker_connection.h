// One connection to a Kafka broker: connects, encrypts, logs in, and asks one question at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/connectors/kafka/broker_settings.h"
#include "engine/connectors/kafka/transaction_protocol.h"

extern "C" {
struct ssl_st;
}

namespace millrace::connectors::kafka {

// Not thread-safe. All calls block until `deadline` at most (Clock::System()->MonotonicNanos()). After an error the
// connection is of no use any more.
class BrokerConnection {
 public:
  // Errors: "kafka.unreachable", "kafka.login", "kafka.protocol".
  static Result<std::unique_ptr<BrokerConnection>> Open(const BrokerSettings& settings, const BrokerAddress& address,
                                                        int64_t deadline);
  ~BrokerConnection();
  BrokerConnection(const BrokerConnection&) = delete;
  BrokerConnection& operator=(const BrokerConnection&) = delete;

  // The body of the answer.
  Result<std::string> Call(ApiKey key, std::string_view body, int64_t deadline);

 private:
  BrokerConnection(const BrokerSettings& settings, BrokerAddress address);

  Status Connect(int64_t deadline);
  Status Encrypt(int64_t deadline);
  Status CheckVersions(int64_t deadline);
  Status LogIn(int64_t deadline);
  Result<std::string> Authenticate(std::string_view bytes, int64_t deadline);
  Status Send(std::string_view bytes, int64_t deadline);
  Result<std::string> Receive(size_t size, int64_t deadline);
  Status WaitFor(bool to_write, int64_t deadline) const;
  // Of a call on the encrypted connection: ok when it is to be made again.
  Status AfterTls(int outcome, int64_t deadline);
  Error Unreachable(std::string_view reason) const;

  const BrokerSettings& settings_;
  BrokerAddress address_;
  int socket_ = -1;
  ssl_st* tls_ = nullptr;
  int32_t correlation_ = 0;
};

}  // namespace millrace::connectors::kafka
