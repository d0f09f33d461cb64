// The few requests of Kafka's protocol with which transactions are begun anew and ended: how they and their answers are
// written. Versions without tagged fields, which every broker from 0.11 to 4 takes; ending a transaction by them means
// the rules of "transactions version 1" on brokers that know a second version too.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace millrace::connectors::kafka {

enum class ApiKey : int16_t {
  kFindCoordinator = 10,
  kSaslHandshake = 17,
  kApiVersions = 18,
  kInitProducerId = 22,
  kEndTxn = 26,
  kDescribeConfigs = 32,
  kSaslAuthenticate = 36,
};
std::string_view ApiName(ApiKey key);
// The one version that is used of each.
int16_t ApiVersion(ApiKey key);

// Error numbers of the protocol that are told apart here.
enum class BrokerError : int16_t {
  kNone = 0,
  kRequestTimedOut = 7,
  kBrokerNotAvailable = 8,
  kNetworkException = 13,
  kCoordinatorLoading = 14,
  kCoordinatorNotAvailable = 15,
  kNotCoordinator = 16,
  kInvalidProducerEpoch = 47,
  kInvalidTxnState = 48,
  kInvalidProducerIdMapping = 49,
  kInvalidTransactionTimeout = 50,
  kConcurrentTransactions = 51,
  kTransactionalIdAuthorizationFailed = 53,
  kUnknownProducerId = 59,
  kProducerFenced = 90,
};
// "INVALID_TXN_STATE", or "error 42".
std::string BrokerErrorName(int16_t error);
// The same request may be answered otherwise a little later, or by another broker.
bool MayPass(int16_t error);
// The broker no longer has the transaction: it was aborted, or others have taken its id.
bool MeansLost(int16_t error);

// Who writes in a transaction. No epoch is ever used for two transactions.
struct ProducerIdentity {
  int64_t id = -1;
  int16_t epoch = -1;
  bool operator==(const ProducerIdentity&) const = default;
};

// A whole request: its length, its header, its body.
std::string EncodeRequest(ApiKey key, int32_t correlation, std::string_view client_id, std::string_view body);

// Bodies of requests.
std::string EncodeSaslHandshake(std::string_view mechanism);
std::string EncodeSaslAuthenticate(std::string_view bytes);
std::string EncodeFindTransactionCoordinator(std::string_view transactional_id);
std::string EncodeInitProducerId(std::string_view transactional_id, int32_t timeout_ms);
std::string EncodeEndTxn(std::string_view transactional_id, ProducerIdentity producer, bool commit);
std::string EncodeDescribeBrokerConfig(int32_t node, std::string_view name);

// Bodies of answers. What is cut short is an error "kafka.protocol".
struct FoundCoordinator {
  int16_t error = 0;
  std::string message;
  int32_t node = -1;
  std::string host;
  int32_t port = 0;
};
struct InitializedProducer {
  int16_t error = 0;
  ProducerIdentity producer;
};
struct SaslAnswer {
  int16_t error = 0;
  std::string message;  // or, of the handshake, what the broker can do
  std::string bytes;
};
// Of each api its lowest and highest version.
using ApiVersions = std::map<int16_t, std::pair<int16_t, int16_t>>;

Result<ApiVersions> DecodeApiVersions(std::string_view body);
Result<SaslAnswer> DecodeSaslHandshake(std::string_view body);
Result<SaslAnswer> DecodeSaslAuthenticate(std::string_view body);
Result<FoundCoordinator> DecodeFindCoordinator(std::string_view body);
Result<InitializedProducer> DecodeInitProducerId(std::string_view body);
Result<int16_t> DecodeEndTxn(std::string_view body);  // its error
// The value of the setting that was asked for; empty when the broker does not tell.
Result<std::string> DecodeDescribeConfig(std::string_view body, std::string_view name);

}  // namespace millrace::connectors::kafka
