// What the Kafka client on this machine is able to do, and whether brokers answer; for `millrace doctor`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"

namespace millrace::connectors::kafka {

struct KafkaLibrary {
  std::string version;                // "2.0.2"
  std::vector<std::string> features;  // "ssl", "sasl_scram", "zstd" …
};
KafkaLibrary DescribeKafkaLibrary();

// How many topics the brokers at "host:port,…" list. Takes up to ten seconds, then fails with "kafka.unreachable".
Result<size_t> CountTopics(const std::string& bootstrap_servers);

}  // namespace millrace::connectors::kafka
