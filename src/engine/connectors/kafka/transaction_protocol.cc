// Requests and answers of Kafka's protocol.
#include "engine/connectors/kafka/transaction_protocol.h"

#include <fmt/format.h>

#include "engine/connectors/kafka/wire.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int8_t kCoordinatorOfTransactions = 1;
constexpr int8_t kResourceBroker = 4;

Error CutShort(ApiKey key) {
  return ExternalError("kafka.protocol", fmt::format("A Kafka broker's answer to {} cannot be read", ApiName(key)),
                       "is what listens there a Kafka broker?");
}

}  // namespace

std::string_view ApiName(ApiKey key) {
  switch (key) {
    case ApiKey::kFindCoordinator:
      return "FindCoordinator";
    case ApiKey::kSaslHandshake:
      return "SaslHandshake";
    case ApiKey::kApiVersions:
      return "ApiVersions";
    case ApiKey::kInitProducerId:
      return "InitProducerId";
    case ApiKey::kEndTxn:
      return "EndTxn";
    case ApiKey::kDescribeConfigs:
      return "DescribeConfigs";
    case ApiKey::kSaslAuthenticate:
      return "SaslAuthenticate";
  }
  return "?";
}

int16_t ApiVersion(ApiKey key) {
  switch (key) {
    case ApiKey::kApiVersions:
    case ApiKey::kSaslAuthenticate:
      return 0;
    case ApiKey::kFindCoordinator:
    case ApiKey::kSaslHandshake:
    case ApiKey::kInitProducerId:
    case ApiKey::kEndTxn:
    case ApiKey::kDescribeConfigs:
      return 1;
  }
  return 0;
}

std::string BrokerErrorName(int16_t error) {
  switch (static_cast<BrokerError>(error)) {
    case BrokerError::kNone:
      return "NONE";
    case BrokerError::kRequestTimedOut:
      return "REQUEST_TIMED_OUT";
    case BrokerError::kBrokerNotAvailable:
      return "BROKER_NOT_AVAILABLE";
    case BrokerError::kNetworkException:
      return "NETWORK_EXCEPTION";
    case BrokerError::kCoordinatorLoading:
      return "COORDINATOR_LOAD_IN_PROGRESS";
    case BrokerError::kCoordinatorNotAvailable:
      return "COORDINATOR_NOT_AVAILABLE";
    case BrokerError::kNotCoordinator:
      return "NOT_COORDINATOR";
    case BrokerError::kInvalidProducerEpoch:
      return "INVALID_PRODUCER_EPOCH";
    case BrokerError::kInvalidTxnState:
      return "INVALID_TXN_STATE";
    case BrokerError::kInvalidProducerIdMapping:
      return "INVALID_PRODUCER_ID_MAPPING";
    case BrokerError::kInvalidTransactionTimeout:
      return "INVALID_TRANSACTION_TIMEOUT";
    case BrokerError::kConcurrentTransactions:
      return "CONCURRENT_TRANSACTIONS";
    case BrokerError::kTransactionalIdAuthorizationFailed:
      return "TRANSACTIONAL_ID_AUTHORIZATION_FAILED";
    case BrokerError::kUnknownProducerId:
      return "UNKNOWN_PRODUCER_ID";
    case BrokerError::kProducerFenced:
      return "PRODUCER_FENCED";
  }
  return fmt::format("error {}", error);
}

bool MayPass(int16_t error) {
  auto known = static_cast<BrokerError>(error);
  return known == BrokerError::kRequestTimedOut || known == BrokerError::kBrokerNotAvailable ||
         known == BrokerError::kNetworkException || known == BrokerError::kCoordinatorLoading ||
         known == BrokerError::kCoordinatorNotAvailable || known == BrokerError::kNotCoordinator ||
         known == BrokerError::kConcurrentTransactions;
}

bool MeansLost(int16_t error) {
  auto known = static_cast<BrokerError>(error);
  return known == BrokerError::kInvalidProducerEpoch || known == BrokerError::kInvalidTxnState ||
         known == BrokerError::kInvalidProducerIdMapping || known == BrokerError::kUnknownProducerId ||
         known == BrokerError::kProducerFenced;
}

std::string EncodeRequest(ApiKey key, int32_t correlation, std::string_view client_id, std::string_view body) {
  WireWriter head;
  head.Int16(static_cast<int16_t>(key)).Int16(ApiVersion(key)).Int32(correlation).String(client_id);
  WireWriter length;
  length.Int32(static_cast<int32_t>(head.bytes().size() + body.size()));
  std::string request = length.bytes() + head.bytes();
  request += body;
  return request;
}

std::string EncodeSaslHandshake(std::string_view mechanism) { return WireWriter().String(mechanism).bytes(); }

std::string EncodeSaslAuthenticate(std::string_view bytes) { return WireWriter().Bytes(bytes).bytes(); }

std::string EncodeFindTransactionCoordinator(std::string_view transactional_id) {
  return WireWriter().String(transactional_id).Int8(kCoordinatorOfTransactions).bytes();
}

std::string EncodeInitProducerId(std::string_view transactional_id, int32_t timeout_ms) {
  return WireWriter().String(transactional_id).Int32(timeout_ms).bytes();
}

std::string EncodeEndTxn(std::string_view transactional_id, ProducerIdentity producer, bool commit) {
  return WireWriter().String(transactional_id).Int64(producer.id).Int16(producer.epoch).Bool(commit).bytes();
}

std::string EncodeDescribeBrokerConfig(int32_t node, std::string_view name) {
  WireWriter body;
  body.Int32(1).Int8(kResourceBroker).String(std::to_string(node)).Int32(1).String(name).Bool(false);
  return body.bytes();
}

Result<ApiVersions> DecodeApiVersions(std::string_view body) {
  WireReader reader(body);
  int16_t error = reader.Int16();
  ApiVersions versions;
  int32_t count = reader.Count();
  for (int32_t i = 0; i < count && reader.ok(); ++i) {
    int16_t key = reader.Int16();
    int16_t lowest = reader.Int16();
    versions[key] = {lowest, reader.Int16()};
  }
  if (!reader.ok() || error != 0) return CutShort(ApiKey::kApiVersions);
  return versions;
}

Result<SaslAnswer> DecodeSaslHandshake(std::string_view body) {
  WireReader reader(body);
  SaslAnswer answer;
  answer.error = reader.Int16();
  int32_t count = reader.Count();
  for (int32_t i = 0; i < count && reader.ok(); ++i) {
    answer.message += (i == 0 ? "" : ", ") + reader.String();
  }
  if (!reader.ok()) return CutShort(ApiKey::kSaslHandshake);
  return answer;
}

Result<SaslAnswer> DecodeSaslAuthenticate(std::string_view body) {
  WireReader reader(body);
  SaslAnswer answer;
  answer.error = reader.Int16();
  answer.message = reader.String();
  answer.bytes = reader.Bytes();
  if (!reader.ok()) return CutShort(ApiKey::kSaslAuthenticate);
  return answer;
}

Result<FoundCoordinator> DecodeFindCoordinator(std::string_view body) {
  WireReader reader(body);
  reader.Int32();  // throttled for so long
  FoundCoordinator found;
  found.error = reader.Int16();
  found.message = reader.String();
  found.node = reader.Int32();
  found.host = reader.String();
  found.port = reader.Int32();
  if (!reader.ok()) return CutShort(ApiKey::kFindCoordinator);
  return found;
}

Result<InitializedProducer> DecodeInitProducerId(std::string_view body) {
  WireReader reader(body);
  reader.Int32();
  InitializedProducer made;
  made.error = reader.Int16();
  made.producer.id = reader.Int64();
  made.producer.epoch = reader.Int16();
  if (!reader.ok()) return CutShort(ApiKey::kInitProducerId);
  return made;
}

Result<int16_t> DecodeEndTxn(std::string_view body) {
  WireReader reader(body);
  reader.Int32();
  int16_t error = reader.Int16();
  if (!reader.ok()) return CutShort(ApiKey::kEndTxn);
  return error;
}

Result<std::string> DecodeDescribeConfig(std::string_view body, std::string_view name) {
  WireReader reader(body);
  reader.Int32();
  std::string value;
  int32_t resources = reader.Count();
  for (int32_t i = 0; i < resources && reader.ok(); ++i) {
    reader.Int16();           // error: then it has no entries
    reader.NullableString();  // its message
    reader.Int8();            // what kind of resource
    reader.String();
    int32_t entries = reader.Count();
    for (int32_t entry = 0; entry < entries && reader.ok(); ++entry) {
      bool asked = reader.String() == name;
      std::string given = reader.String();
      if (asked) value = given;
      reader.Bool();  // read only
      reader.Int8();  // where it comes from
      reader.Bool();  // secret
      int32_t synonyms = reader.Count();
      for (int32_t synonym = 0; synonym < synonyms && reader.ok(); ++synonym) {
        reader.String();
        reader.NullableString();
        reader.Int8();
      }
    }
  }
  if (!reader.ok()) return CutShort(ApiKey::kDescribeConfigs);
  return value;
}

}  // namespace millrace::connectors::kafka
