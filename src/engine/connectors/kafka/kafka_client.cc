#include "engine/connectors/kafka/kafka_client.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>

namespace millrace::connectors::kafka {
namespace {

constexpr int kQueryMillis = 10'000;

struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;

struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

PartitionList MakeList(const std::vector<TopicPartition>& partitions, int64_t offset) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition& partition : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)->offset = offset;
  }
  return list;
}

// Offsets in the order of `partitions`; -1 for none.
std::vector<int64_t> OffsetsOf(const std::vector<TopicPartition>& partitions, rd_kafka_topic_partition_list_t* list) {
  std::vector<int64_t> offsets;
  for (const TopicPartition& partition : partitions) {
    const rd_kafka_topic_partition_t* found =
        rd_kafka_topic_partition_list_find(list, partition.topic.c_str(), partition.partition);
    offsets.push_back(found != nullptr && found->offset >= 0 ? found->offset : -1);
  }
  return offsets;
}

}  // namespace

void ClientLog::Note(std::string text) {
  std::lock_guard lock(mutex_);
  last_ = std::move(text);
}

std::string ClientLog::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

Result<std::unique_ptr<KafkaClient>> KafkaClient::Make(ClientKind kind, const ClientSettings& settings,
                                                       const ClientCallbacks& callbacks) {
  std::unique_ptr<rd_kafka_conf_t, ConfDeleter> conf(rd_kafka_conf_new());
  std::unique_ptr<KafkaClient> client(new KafkaClient());
  client->kind_ = kind;
  char reason[512];
  for (const auto& [name, value] : settings) {
    if (name == "bootstrap.servers") client->brokers_ = value;
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason, sizeof(reason)) != RD_KAFKA_CONF_OK) {
      return UserError("option.value", fmt::format("The Kafka client refuses the setting '{}'", name),
                       "check the option 'properties.*' behind it");
    }
  }
  *client->opaque_ = {client->log_.get(), callbacks};
  rd_kafka_conf_set_opaque(conf.get(), client->opaque_.get());
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t* handle, int level, const char* facility, const char* text) {
    static_cast<void>(level), static_cast<void>(facility);
    if (handle != nullptr) static_cast<Opaque*>(rd_kafka_opaque(handle))->log->Note(text);
  });
  if (callbacks.delivery != nullptr) {
    rd_kafka_conf_set_dr_msg_cb(conf.get(), [](rd_kafka_t* handle, const rd_kafka_message_t* message, void* given) {
      const ClientCallbacks& own = static_cast<Opaque*>(given)->callbacks;
      own.delivery(handle, message, own.opaque);
    });
  }
  if (callbacks.statistics != nullptr) {
    rd_kafka_conf_set_stats_cb(conf.get(), [](rd_kafka_t* handle, char* json, size_t size, void* given) {
      static_cast<void>(handle);
      const ClientCallbacks& own = static_cast<Opaque*>(given)->callbacks;
      own.statistics(json, size, own.opaque);
      return 0;  // the client frees the text
    });
  }
  rd_kafka_type_t type = kind == ClientKind::kConsumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
  client->handle_ = rd_kafka_new(type, conf.get(), reason, sizeof(reason));
  if (client->handle_ == nullptr) {
    return UserError("option.value", fmt::format("The Kafka client cannot be made: {}", reason),
                     "check the options 'properties.*'");
  }
  static_cast<void>(conf.release());  // the client owns it now
  if (kind == ClientKind::kConsumer) rd_kafka_poll_set_consumer(client->handle_);
  return client;
}

KafkaClient::~KafkaClient() {
  if (handle_ == nullptr) return;
  rd_kafka_destroy_flags(handle_, kind_ == ClientKind::kConsumer ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0);
}

Error KafkaClient::MakeError(std::string_view code, std::string message, std::string hint) const {
  std::string last = log_->last();
  if (!last.empty()) message += fmt::format(": {}", last);
  return ExternalError(code, std::move(message), std::move(hint));
}

Error KafkaClient::Unreachable(std::string_view what, const char* reason) const {
  return MakeError("kafka.unreachable", fmt::format("Cannot {} at the Kafka brokers '{}' ({})", what, brokers_, reason),
                   "check 'properties.bootstrap.servers', the security settings, and whether the broker runs");
}

Result<std::vector<std::string>> KafkaClient::ListTopics() {
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_metadata(handle_, 1, nullptr, &metadata, kQueryMillis);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Unreachable("list topics", rd_kafka_err2str(error));
  std::vector<std::string> topics;
  for (int i = 0; i < metadata->topic_cnt; ++i) topics.emplace_back(metadata->topics[i].topic);
  rd_kafka_metadata_destroy(metadata);
  return topics;
}

Result<std::vector<TopicPartition>> KafkaClient::ListPartitions(const std::vector<std::string>& topics) {
  std::vector<TopicPartition> partitions;
  for (const std::string& topic : topics) {
    rd_kafka_topic_t* handle = rd_kafka_topic_new(handle_, topic.c_str(), nullptr);
    if (handle == nullptr) return UserError("kafka.topic", fmt::format("'{}' is no name of a topic", topic));
    const rd_kafka_metadata_t* metadata = nullptr;
    rd_kafka_resp_err_t error = rd_kafka_metadata(handle_, 0, handle, &metadata, kQueryMillis);
    rd_kafka_topic_destroy(handle);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return Unreachable(fmt::format("find the topic '{}'", topic), rd_kafka_err2str(error));
    rd_kafka_resp_err_t topic_error =
        metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    int count = topic_error == RD_KAFKA_RESP_ERR_NO_ERROR ? metadata->topics[0].partition_cnt : 0;
    for (int i = 0; i < count; ++i) partitions.push_back({topic, metadata->topics[0].partitions[i].id});
    rd_kafka_metadata_destroy(metadata);
    if (count == 0) {
      return ExternalError("kafka.topic",
                           fmt::format("The topic '{}' cannot be read at the Kafka brokers '{}': {}", topic, brokers_,
                                       topic_error == RD_KAFKA_RESP_ERR_NO_ERROR ? "it has no partitions"
                                                                                 : rd_kafka_err2str(topic_error)),
                           "create the topic, or check its name");
    }
  }
  std::ranges::sort(partitions, [](const TopicPartition& a, const TopicPartition& b) { return a < b; });
  return partitions;
}

Result<std::pair<int64_t, int64_t>> KafkaClient::QueryRange(const TopicPartition& partition) {
  int64_t low = 0;
  int64_t high = 0;
  rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(handle_, partition.topic.c_str(), partition.partition,
                                                               &low, &high, kQueryMillis);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Unreachable(fmt::format("find the offsets of {}-{}", partition.topic, partition.partition),
                       rd_kafka_err2str(error));
  }
  return std::make_pair(low, high);
}

Result<std::vector<int64_t>> KafkaClient::QueryOffsetsAt(const std::vector<TopicPartition>& partitions,
                                                         int64_t timestamp_millis) {
  PartitionList list = MakeList(partitions, timestamp_millis);
  rd_kafka_resp_err_t error = rd_kafka_offsets_for_times(handle_, list.get(), kQueryMillis);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Unreachable("find offsets by time", rd_kafka_err2str(error));
  return OffsetsOf(partitions, list.get());
}

Result<std::vector<int64_t>> KafkaClient::QueryCommitted(const std::vector<TopicPartition>& partitions) {
  PartitionList list = MakeList(partitions, RD_KAFKA_OFFSET_INVALID);
  rd_kafka_resp_err_t error = rd_kafka_committed(handle_, list.get(), kQueryMillis);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return Unreachable("find the group's committed offsets", rd_kafka_err2str(error));
  return OffsetsOf(partitions, list.get());
}

void KafkaClient::CommitAsync(const std::vector<std::pair<TopicPartition, int64_t>>& offsets) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const auto& [partition, offset] : offsets) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)->offset = offset;
  }
  static_cast<void>(rd_kafka_commit(handle_, list.get(), 1));
}

}  // namespace millrace::connectors::kafka
