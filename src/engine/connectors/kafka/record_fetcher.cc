#include "engine/connectors/kafka/record_fetcher.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstring>

#include "engine/formats/format.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int kWaitMillis = 50;
constexpr size_t kMessagesMax = 4096;

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};

TimestampType TypeOf(rd_kafka_timestamp_type_t type) {
  if (type == RD_KAFKA_TIMESTAMP_CREATE_TIME) return TimestampType::kCreateTime;
  if (type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME) return TimestampType::kLogAppendTime;
  return TimestampType::kNone;
}

Headers HeadersOf(const rd_kafka_message_t* message) {
  Headers headers;
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return headers;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    headers.emplace_back(name, value == nullptr ? std::string() : std::string(static_cast<const char*>(value), size));
  }
  return headers;
}

// Whether the client goes on by itself after such an error, for instance when a broker comes back.
bool IsTransient(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
         error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__RESOLVE ||
         error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE || error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         error == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED || error == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT;
}

}  // namespace

RecordFetcher::RecordFetcher(KafkaClient* client, MemoryPool* pool, bool want_headers, std::function<void()> wake)
    : client_(client), pool_(pool), want_headers_(want_headers), wake_(std::move(wake)) {
  thread_ = std::make_unique<BackgroundThread>([this](const std::atomic<bool>& stop) { Run(stop); });
}

RecordFetcher::~RecordFetcher() { thread_ = nullptr; }

void RecordFetcher::Add(FetchedSplit split) {
  std::lock_guard lock(mutex_);
  added_.push_back(std::move(split));
}

Result<std::unique_ptr<RecordBatch>> RecordFetcher::Take() {
  std::lock_guard lock(mutex_);
  if (!queue_.empty()) {
    std::unique_ptr<RecordBatch> batch = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= batch->block == nullptr ? 0 : batch->block->size();
    room_.notify_one();
    return batch;
  }
  if (error_ != nullptr) return *error_;
  return std::unique_ptr<RecordBatch>();
}

void RecordFetcher::Fail(Error error) {
  {
    std::lock_guard lock(mutex_);
    if (error_ == nullptr) error_ = std::make_unique<Error>(std::move(error));
  }
  if (wake_) wake_();
}

void RecordFetcher::Run(const std::atomic<bool>& stop) {
  std::unique_ptr<rd_kafka_queue_t, QueueDeleter> queue(rd_kafka_queue_get_consumer(client_->handle()));
  std::vector<rd_kafka_message_t*> messages(kMessagesMax);
  while (!stop.load(std::memory_order_relaxed)) {
    AssignIfChanged();
    ssize_t count = rd_kafka_consume_batch_queue(queue.get(), kWaitMillis, messages.data(), messages.size());
    if (count > 0) HandleMessages(messages.data(), static_cast<size_t>(count), stop);
  }
}

// Assigning starts all partitions anew, each where it stands.
void RecordFetcher::AssignIfChanged() {
  {
    std::lock_guard lock(mutex_);
    if (added_.empty()) return;
    for (FetchedSplit& split : added_) splits_.push_back(std::move(split));
    added_.clear();
  }
  last_split_ = -1;
  last_topic_ = nullptr;
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(static_cast<int>(splits_.size()));
  for (const FetchedSplit& split : splits_) {
    if (split.stop >= 0 && split.next >= split.stop) continue;
    rd_kafka_topic_partition_list_add(list, split.partition.topic.c_str(), split.partition.partition)->offset =
        split.next;
  }
  rd_kafka_resp_err_t error = rd_kafka_assign(client_->handle(), list);
  rd_kafka_topic_partition_list_destroy(list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Fail(client_->MakeError("kafka.consume",
                            fmt::format("The Kafka client cannot begin to read ({})", rd_kafka_err2str(error))));
  }
}

int32_t RecordFetcher::SplitOf(const rd_kafka_message_t& message) {
  if (message.rkt == last_topic_ && message.partition == last_partition_) return last_split_;
  if (message.rkt == nullptr) return -1;
  last_topic_ = message.rkt;
  last_partition_ = message.partition;
  last_split_ = -1;
  const char* topic = rd_kafka_topic_name(message.rkt);
  for (size_t i = 0; i < splits_.size(); ++i) {
    if (splits_[i].partition.partition == message.partition && splits_[i].partition.topic == topic)
      last_split_ = static_cast<int32_t>(i);
  }
  return last_split_;
}

void RecordFetcher::HandleMessages(rd_kafka_message_t** messages, size_t count, const std::atomic<bool>& stop) {
  // A fetch brings runs of one partition; these become a batch each.
  for (size_t start = 0; start < count;) {
    int32_t split = SplitOf(*messages[start]);
    std::vector<rd_kafka_message_t*> run;
    size_t end = start;
    while (end < count && messages[end]->err == RD_KAFKA_RESP_ERR_NO_ERROR && SplitOf(*messages[end]) == split)
      run.push_back(messages[end++]);
    if (run.empty()) {
      HandleError(*messages[start], stop);
      ++end;
    } else if (split >= 0) {
      std::unique_ptr<RecordBatch> batch = MakeBatch(split, run);
      if (batch != nullptr) Push(std::move(batch), stop);
    }
    for (size_t i = start; i < end; ++i) rd_kafka_message_destroy(messages[i]);
    start = end;
  }
}

void RecordFetcher::HandleError(const rd_kafka_message_t& message, const std::atomic<bool>& stop) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    int32_t split = SplitOf(message);
    if (split < 0) return;
    FetchedSplit& fetched = splits_[static_cast<size_t>(split)];
    // Offsets of transaction markers and compacted records are passed over without a message; the end shows it.
    if (fetched.stop < 0 || fetched.next >= fetched.stop || message.offset < fetched.stop) return;
    fetched.next = message.offset;
    auto batch = std::make_unique<RecordBatch>();
    batch->split = split;
    batch->next_offset = message.offset;
    Push(std::move(batch), stop);
    return;
  }
  if (IsTransient(message.err)) return;
  std::string where;
  if (message.rkt != nullptr) where = fmt::format(" {}-{}", rd_kafka_topic_name(message.rkt), message.partition);
  Fail(client_->MakeError("kafka.consume",
                          fmt::format("Reading{} from Kafka failed ({})", where, rd_kafka_err2str(message.err))));
}

std::unique_ptr<RecordBatch> RecordFetcher::MakeBatch(int32_t split, const std::vector<rd_kafka_message_t*>& messages) {
  FetchedSplit& fetched = splits_[static_cast<size_t>(split)];
  const int64_t next_before = fetched.next;
  auto batch = std::make_unique<RecordBatch>();
  batch->split = split;
  size_t bytes = formats::kKeeperPaddingBytes;
  for (const rd_kafka_message_t* message : messages) bytes += message->len + message->key_len;
  batch->block = Buffer::Allocate(pool_, bytes);
  char* place = reinterpret_cast<char*>(batch->block->data());
  auto copy = [&place](const void* from, size_t size) -> const char* {
    if (from == nullptr) return nullptr;
    std::memcpy(place, from, size);
    const char* copied = place;
    place += size;
    return copied;
  };
  for (const rd_kafka_message_t* message : messages) {
    if (message->offset < fetched.next) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    if (fetched.stop >= 0 && message->offset >= fetched.stop) {
      fetched.next = fetched.stop;
      break;
    }
    KafkaRecord record;
    record.key = copy(message->key, message->key_len);
    record.key_size = message->key_len;
    record.value = copy(message->payload, message->len);
    record.value_size = message->len;
    record.offset = message->offset;
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    record.timestamp = rd_kafka_message_timestamp(message, &type);
    record.timestamp_type = TypeOf(type);
    batch->records.push_back(record);
    if (want_headers_) batch->headers.push_back(HeadersOf(message));
    fetched.next = message->offset + 1;
  }
  std::memset(place, 0, formats::kKeeperPaddingBytes);
  batch->next_offset = fetched.next;
  if (fetched.next == next_before) return nullptr;
  if (fetched.stop >= 0 && fetched.next >= fetched.stop) PauseFinished(fetched);
  return batch;
}

void RecordFetcher::PauseFinished(FetchedSplit& split) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, split.partition.topic.c_str(), split.partition.partition);
  static_cast<void>(rd_kafka_pause_partitions(client_->handle(), list));
  rd_kafka_topic_partition_list_destroy(list);
}

void RecordFetcher::Push(std::unique_ptr<RecordBatch> batch, const std::atomic<bool>& stop) {
  {
    std::unique_lock lock(mutex_);
    while (queued_bytes_ > kQueuedBytesMax && !stop.load(std::memory_order_relaxed)) {
      room_.wait_for(lock, std::chrono::milliseconds(kWaitMillis));
    }
    queued_bytes_ += batch->block == nullptr ? 0 : batch->block->size();
    queue_.push_back(std::move(batch));
  }
  if (wake_) wake_();
}

}  // namespace millrace::connectors::kafka
