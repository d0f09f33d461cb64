// How to reach brokers without the client library: addresses, encryption, login.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/connectors/kafka/kafka_properties.h"

// Of OpenSSL, whose headers stay out of ours.
extern "C" {
struct ssl_ctx_st;
}

namespace millrace::connectors::kafka {

struct BrokerAddress {
  std::string host;
  int32_t port = 0;
  bool operator<(const BrokerAddress& other) const {
    return host != other.host ? host < other.host : port < other.port;
  }
  std::string ToString() const;
};

struct BrokerSettings {
  std::vector<BrokerAddress> bootstrap;
  std::string client_id;
  std::string mechanism;  // "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"; empty: no login
  std::string user;
  std::string password;
  std::shared_ptr<ssl_ctx_st> tls;  // null: not encrypted
  bool check_host_name = true;      // of the broker's certificate
};

// From the client's settings by their names in librdkafka. Reads certificates. Errors: "option.value".
Result<BrokerSettings> ReadBrokerSettings(const ClientSettings& settings);

}  // namespace millrace::connectors::kafka
