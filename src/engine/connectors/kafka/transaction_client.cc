// Transactions are taken over and ended.
#include "engine/connectors/kafka/transaction_client.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

#include "base/clock.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int64_t kCallMillis = 10'000;  // for one question, and for one connection
constexpr int kPauseMillis = 5;          // before a question is asked again; doubled each time
constexpr int kPauseMillisMax = 200;

int64_t Now() { return Clock::System()->MonotonicNanos(); }

// Waiting may help: the broker is away, or not yet what it will be.
bool IsUnreachable(const Error& error) { return error.code == "kafka.unreachable"; }

Error Refused(ApiKey key, const std::string& transactional_id, int16_t error) {
  bool denied = static_cast<BrokerError>(error) == BrokerError::kTransactionalIdAuthorizationFailed;
  return ExternalError("kafka.transaction",
                       fmt::format("The Kafka broker refuses {} of the transactional id '{}': {}", ApiName(key),
                                   transactional_id, BrokerErrorName(error)),
                       denied ? "allow the user to write with transactional ids that begin with the prefix" : "");
}

Result<int16_t> ErrorOfInit(std::string_view body) {
  MR_ASSIGN(InitializedProducer made, DecodeInitProducerId(body));
  return made.error;
}

}  // namespace

TransactionClient::TransactionClient(BrokerSettings settings, int32_t timeout_ms)
    : settings_(std::move(settings)), timeout_ms_(timeout_ms) {}

Result<BrokerConnection*> TransactionClient::ConnectionTo(const BrokerAddress& address, int64_t deadline) {
  auto found = connections_.find(address);
  if (found != connections_.end()) return found->second.get();
  MR_ASSIGN(std::unique_ptr<BrokerConnection> opened, BrokerConnection::Open(settings_, address, deadline));
  return connections_.emplace(address, std::move(opened)).first->second.get();
}

Result<FoundCoordinator> TransactionClient::FindCoordinator(const std::string& transactional_id, int64_t deadline) {
  const BrokerAddress& address = settings_.bootstrap[next_bootstrap_ % settings_.bootstrap.size()];
  auto ask = [&]() -> Result<FoundCoordinator> {
    MR_ASSIGN(BrokerConnection * connection, ConnectionTo(address, deadline));
    MR_ASSIGN(std::string body,
              connection->Call(ApiKey::kFindCoordinator, EncodeFindTransactionCoordinator(transactional_id), deadline));
    return DecodeFindCoordinator(body);
  };
  Result<FoundCoordinator> found = ask();
  if (!found.ok()) {
    connections_.erase(address);
    ++next_bootstrap_;
  }
  return found;
}

Result<std::string> TransactionClient::AskCoordinator(const std::string& transactional_id, ApiKey key,
                                                      const std::string& body, int64_t patience_ms, ErrorOf error_of) {
  const int64_t end = Now() + patience_ms * kNanosPerMilli;
  int pause = kPauseMillis;
  for (;;) {
    int64_t deadline = std::min(end, Now() + kCallMillis * kNanosPerMilli);
    Error failure;
    Result<FoundCoordinator> found = FindCoordinator(transactional_id, deadline);
    if (!found.ok()) {
      failure = found.error();
      if (!IsUnreachable(failure)) return failure;
    } else if (found->error != 0) {
      failure = Refused(ApiKey::kFindCoordinator, transactional_id, found->error);
      if (!MayPass(found->error)) return failure;
    } else {
      last_coordinator_ = *found;
      BrokerAddress address{found->host, found->port};
      Result<BrokerConnection*> connection = ConnectionTo(address, deadline);
      Result<std::string> answer =
          connection.ok() ? (*connection)->Call(key, body, deadline) : Result<std::string>(connection.error());
      if (answer.ok()) {
        MR_ASSIGN(int16_t error, error_of(*answer));
        if (!MayPass(error)) return answer;
        failure = Refused(key, transactional_id, error);
      } else {
        connections_.erase(address);
        failure = answer.error();
        if (!IsUnreachable(failure)) return failure;
      }
    }
    if (Now() + pause * kNanosPerMilli >= end) return failure;
    poll(nullptr, 0, pause);
    pause = std::min(2 * pause, kPauseMillisMax);
  }
}

Result<ProducerIdentity> TransactionClient::TakeOver(const std::string& transactional_id, int64_t patience_ms) {
  std::lock_guard lock(mutex_);
  MR_ASSIGN(std::string answer,
            AskCoordinator(transactional_id, ApiKey::kInitProducerId,
                           EncodeInitProducerId(transactional_id, timeout_ms_), patience_ms, ErrorOfInit));
  MR_ASSIGN(InitializedProducer made, DecodeInitProducerId(answer));
  if (static_cast<BrokerError>(made.error) == BrokerError::kInvalidTransactionTimeout) return TimeoutTooLong();
  if (made.error != 0) return Refused(ApiKey::kInitProducerId, transactional_id, made.error);
  return made.producer;
}

Result<BrokerError> TransactionClient::Commit(const std::string& transactional_id, ProducerIdentity producer,
                                              int64_t patience_ms) {
  std::lock_guard lock(mutex_);
  MR_ASSIGN(std::string answer,
            AskCoordinator(transactional_id, ApiKey::kEndTxn, EncodeEndTxn(transactional_id, producer, true),
                           patience_ms, DecodeEndTxn));
  MR_ASSIGN(int16_t error, DecodeEndTxn(answer));
  if (error != 0 && !MeansLost(error)) return Refused(ApiKey::kEndTxn, transactional_id, error);
  return static_cast<BrokerError>(error);
}

// What the broker's limit is, if it tells.
std::string TransactionClient::MaxTimeoutAt(const FoundCoordinator& coordinator) {
  constexpr std::string_view kName = "transaction.max.timeout.ms";
  int64_t deadline = Now() + kCallMillis * kNanosPerMilli;
  auto connection = ConnectionTo({coordinator.host, coordinator.port}, deadline);
  if (!connection.ok()) return "";
  auto body =
      (*connection)->Call(ApiKey::kDescribeConfigs, EncodeDescribeBrokerConfig(coordinator.node, kName), deadline);
  if (!body.ok()) return "";
  auto value = DecodeDescribeConfig(*body, kName);
  return value.ok() ? *value : "";
}

Error TransactionClient::TimeoutTooLong() {
  std::string limit = MaxTimeoutAt(last_coordinator_);
  std::string asked = fmt::format("'properties.transaction.timeout.ms' is {} ms{}", timeout_ms_,
                                  timeout_ms_ == kDefaultTransactionTimeoutMillis ? " (the sink's default)" : "");
  std::string allowed = limit.empty() ? "the brokers' 'transaction.max.timeout.ms' is less"
                                      : fmt::format("the brokers' 'transaction.max.timeout.ms' is {} ms", limit);
  return UserError("kafka.transaction_timeout",
                   fmt::format("The Kafka brokers do not allow such long transactions: {}, {}", asked, allowed),
                   fmt::format("set 'properties.transaction.timeout.ms'{}, which must be more than a checkpoint and a "
                               "restart can take, or raise the brokers' limit",
                               limit.empty() ? "" : fmt::format(" = '{}'", limit)));
}

}  // namespace millrace::connectors::kafka
