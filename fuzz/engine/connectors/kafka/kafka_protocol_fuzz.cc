// fuzz-modules: connectors
// Any bytes as a broker's answers and as what a sink leaves in a checkpoint: whatever they say, they are read or
// refused with a code, and a token that can be read is written as it was.
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/connectors/kafka/transaction_protocol.h"
#include "engine/connectors/kafka/transaction_token.h"

namespace {

template <typename Answer>
void Check(const Answer& answer) {
  if (!answer.ok() && answer.error().code != "kafka.protocol") std::abort();
}

void CheckToken(std::string_view bytes) {
  namespace kafka = millrace::connectors::kafka;
  auto token = kafka::DecodeToken(bytes);
  if (!token.ok()) {
    if (!token.error().code.starts_with("snapshot.")) std::abort();
    return;
  }
  auto again = kafka::DecodeToken(kafka::EncodeToken(*token));
  if (!again.ok() || !(*again == *token)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace kafka = millrace::connectors::kafka;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(kafka::DecodeApiVersions(bytes));
  Check(kafka::DecodeSaslHandshake(bytes));
  Check(kafka::DecodeSaslAuthenticate(bytes));
  Check(kafka::DecodeFindCoordinator(bytes));
  Check(kafka::DecodeInitProducerId(bytes));
  Check(kafka::DecodeEndTxn(bytes));
  Check(kafka::DecodeDescribeConfig(bytes, "transaction.max.timeout.ms"));
  CheckToken(bytes);
  return 0;
}
