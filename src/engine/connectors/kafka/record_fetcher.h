// Fetches records on a thread of its own, and hands them over in batches of one partition.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/background_thread.h"
#include "base/memory_pool.h"
#include "engine/connectors/kafka/kafka_client.h"

namespace millrace::connectors::kafka {

using Headers = std::vector<std::pair<std::string, std::string>>;

enum class TimestampType : uint8_t { kNone, kCreateTime, kLogAppendTime };

struct KafkaRecord {
  const char* key = nullptr;  // in the batch's block; null: no key
  const char* value = nullptr;
  size_t key_size = 0;
  size_t value_size = 0;
  int64_t offset = 0;
  int64_t timestamp = 0;
  TimestampType timestamp_type = TimestampType::kNone;
};

struct RecordBatch {
  int32_t split = 0;
  BufferPtr block;  // keys and values, with padding behind
  std::vector<KafkaRecord> records;
  std::vector<Headers> headers;  // parallel to records when wanted, else empty
  int64_t next_offset = 0;       // behind the last record, or where the partition ends
};

// What to fetch of one partition.
struct FetchedSplit {
  TopicPartition partition;
  int64_t next = 0;   // the first offset that is wanted
  int64_t stop = -1;  // offsets from here on are not wanted; -1: all
};

// Thread-safe between the reader and the fetching thread.
class RecordFetcher {
 public:
  // `wake` is called when there is something to take; may be null. `client` is borrowed.
  RecordFetcher(KafkaClient* client, MemoryPool* pool, bool want_headers, std::function<void()> wake);
  ~RecordFetcher();

  // The new split has the next index, from 0.
  void Add(FetchedSplit split);
  // The next batch; null: none now. Fails once with what ended the fetching.
  Result<std::unique_ptr<RecordBatch>> Take();
  // Records below the wanted offset that the broker sent all the same.
  int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kQueuedBytesMax = 32 << 20;

  void Run(const std::atomic<bool>& stop);
  void AssignIfChanged();
  void HandleMessages(rd_kafka_message_s** messages, size_t count, const std::atomic<bool>& stop);
  void HandleError(const rd_kafka_message_s& message, const std::atomic<bool>& stop);
  int32_t SplitOf(const rd_kafka_message_s& message);
  std::unique_ptr<RecordBatch> MakeBatch(int32_t split, const std::vector<rd_kafka_message_s*>& messages);
  void Push(std::unique_ptr<RecordBatch> batch, const std::atomic<bool>& stop);
  void PauseFinished(FetchedSplit& split);
  void Fail(Error error);

  KafkaClient* client_;
  MemoryPool* pool_;
  bool want_headers_;
  std::function<void()> wake_;

  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<FetchedSplit> added_;  // not yet assigned
  std::deque<std::unique_ptr<RecordBatch>> queue_;
  size_t queued_bytes_ = 0;
  std::unique_ptr<Error> error_;
  std::atomic<int64_t> dropped_{0};

  // Of the fetching thread alone.
  std::vector<FetchedSplit> splits_;
  int32_t last_split_ = -1;  // of the last message
  const void* last_topic_ = nullptr;
  int32_t last_partition_ = -1;

  std::unique_ptr<BackgroundThread> thread_;  // last: it ends before what it uses
};

}  // namespace millrace::connectors::kafka
