#include "engine/connectors/kafka/kafka_library.h"

#include <librdkafka/rdkafka.h>

#include <memory>

#include "engine/connectors/kafka/kafka_client.h"

namespace millrace::connectors::kafka {

KafkaLibrary DescribeKafkaLibrary() {
  KafkaLibrary library;
  library.version = rd_kafka_version_str();
  std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)> conf(rd_kafka_conf_new(), rd_kafka_conf_destroy);
  char text[512];
  size_t size = sizeof(text);
  if (rd_kafka_conf_get(conf.get(), "builtin.features", text, &size) != RD_KAFKA_CONF_OK) return library;
  std::string word;
  for (const char* at = text; *at != '\0'; ++at) {
    if (*at != ',' && *at != ' ') {
      word += *at;
    } else if (!word.empty()) {
      library.features.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) library.features.push_back(word);
  return library;
}

Result<size_t> CountTopics(const std::string& bootstrap_servers) {
  ClientSettings settings{{"bootstrap.servers", bootstrap_servers}};
  MR_ASSIGN(std::unique_ptr<KafkaClient> client, KafkaClient::Make(ClientKind::kConsumer, settings));
  MR_ASSIGN(std::vector<std::string> topics, client->ListTopics());
  return topics.size();
}

}  // namespace millrace::connectors::kafka
