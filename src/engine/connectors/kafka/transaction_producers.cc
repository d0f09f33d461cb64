// Transactional producers get ready.
#include "engine/connectors/kafka/transaction_producers.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace millrace::connectors::kafka {
namespace {

constexpr int kSliceMillis = 50;
constexpr int64_t kReadyNanos = 60'000'000'000;  // how long brokers may take to make a producer ready

// The number behind "name": in a JSON object.
std::optional<int64_t> NumberIn(std::string_view json, std::string_view name) {
  size_t at = json.find(fmt::format("\"{}\":", name));
  if (at == std::string_view::npos) return std::nullopt;
  json.remove_prefix(at + name.size() + 3);
  while (json.starts_with(' ')) json.remove_prefix(1);
  int64_t number = 0;
  auto [end, code] = std::from_chars(json.data(), json.data() + json.size(), number);
  if (code != std::errc()) return std::nullopt;
  return number;
}

// The text of an error that the client gave; frees it.
std::string TextOf(rd_kafka_error_t* error) {
  std::string text = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  return text;
}

}  // namespace

std::optional<ProducerIdentity> IdentityIn(std::string_view statistics) {
  size_t at = statistics.rfind("\"eos\":");
  if (at == std::string_view::npos) return std::nullopt;
  statistics.remove_prefix(at);
  std::optional<int64_t> id = NumberIn(statistics, "producer_id");
  std::optional<int64_t> epoch = NumberIn(statistics, "producer_epoch");
  if (!id || !epoch || *id < 0 || *epoch < 0 || *epoch > INT16_MAX) return std::nullopt;
  return ProducerIdentity{*id, static_cast<int16_t>(*epoch)};
}

void TransactionProducer::NoteStatistics(const char* json, size_t size, void* opaque) {
  auto* self = static_cast<TransactionProducer*>(opaque);
  auto identity = IdentityIn({json, size});
  if (!identity) return;
  std::lock_guard lock(self->mutex_);
  self->seen_ = *identity;
}

ProducerIdentity TransactionProducer::seen() const {
  std::lock_guard lock(mutex_);
  return seen_;
}

Result<std::unique_ptr<TransactionProducer>> TransactionProducer::Make(const ClientSettings& given,
                                                                       const std::string& topic, std::string id,
                                                                       const Clock* clock,
                                                                       const std::atomic<bool>& stop) {
  std::unique_ptr<TransactionProducer> made(new TransactionProducer(std::move(id)));
  ClientSettings settings = given;
  settings.insert(settings.end(), {{"transactional.id", made->id_}, {"statistics.interval.ms", "100"}});
  MR_ASSIGN(made->producer_, TopicProducer::Make(settings, topic, clock, &NoteStatistics, made.get()));
  MR_RETURN_IF_ERROR(made->Initialize(clock, stop));
  return made;
}

Status TransactionProducer::Initialize(const Clock* clock, const std::atomic<bool>& stop) {
  rd_kafka_t* handle = producer_->client().handle();
  const int64_t end = clock->MonotonicNanos() + kReadyNanos;
  auto failed = [&](const std::string& why) {
    return producer_->client().MakeError(
        "kafka.transaction", fmt::format("No transaction with the id '{}' can be begun ({})", id_, why),
        "check that the brokers run and let the user write with this transactional id");
  };
  for (;;) {
    rd_kafka_error_t* error = rd_kafka_init_transactions(handle, kSliceMillis);
    if (error == nullptr) break;
    bool again = rd_kafka_error_is_retriable(error) != 0 || rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__TIMED_OUT;
    std::string text = TextOf(error);
    if (!again || stop.load() || clock->MonotonicNanos() > end) return failed(text);
  }
  // Statistics from before have no identity, or none with an epoch of this transactional id.
  while (seen().id < 0) {
    if (stop.load() || clock->MonotonicNanos() > end) return failed("the client does not tell its producer id");
    producer_->Poll(kSliceMillis);
  }
  identity_ = seen();
  return Status::Ok();
}

Status TransactionProducer::Begin() {
  rd_kafka_error_t* error = rd_kafka_begin_transaction(producer_->client().handle());
  if (error == nullptr) return Status::Ok();
  return producer_->client().MakeError("kafka.transaction",
                                       fmt::format("The transaction '{}' cannot be begun ({})", id_, TextOf(error)));
}

Status TransactionProducer::Complete() {
  MR_RETURN_IF_ERROR(producer_->Flush());
  char reason[512];
  if (rd_kafka_fatal_error(producer_->client().handle(), reason, sizeof(reason)) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return producer_->client().MakeError("kafka.transaction",
                                         fmt::format("The transaction '{}' failed ({})", id_, reason));
  }
  if (seen() == identity_) return Status::Ok();
  return producer_->client().MakeError("kafka.transaction",
                                       fmt::format("The client has changed who writes in the transaction '{}'", id_));
}

TransactionProducers::TransactionProducers(ClientSettings settings, std::string topic, const Clock* clock)
    : settings_(std::move(settings)), topic_(std::move(topic)), clock_(clock) {
  thread_ = std::make_unique<BackgroundThread>([this](const std::atomic<bool>& stop) { Work(stop); });
}

TransactionProducers::~TransactionProducers() { thread_ = nullptr; }

void TransactionProducers::Order(const std::string& id) {
  std::lock_guard lock(mutex_);
  if (ordered_ == id) return;
  ordered_ = id;
  if (made_ && made_->ok()) retired_.push_back(std::move(**made_));
  made_.reset();
  changed_.notify_all();
}

Result<std::unique_ptr<TransactionProducer>> TransactionProducers::Take(const std::string& id) {
  Order(id);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return made_.has_value(); });
  Result<std::unique_ptr<TransactionProducer>> taken = std::move(*made_);
  made_.reset();
  ordered_.clear();
  if (taken.ok()) taken_ = taken->get();
  return taken;
}

void TransactionProducers::Retire(std::unique_ptr<TransactionProducer> producer) {
  std::lock_guard lock(mutex_);
  if (taken_ == producer.get()) taken_ = nullptr;
  retired_.push_back(std::move(producer));
  changed_.notify_all();
}

void TransactionProducers::Work(const std::atomic<bool>& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.load()) {
    if (!ordered_.empty() && !made_) {
      std::string id = ordered_;
      lock.unlock();
      auto made = TransactionProducer::Make(settings_, topic_, id, clock_, stop);
      lock.lock();
      if (ordered_ == id) {
        made_ = std::move(made);
        changed_.notify_all();
      } else if (made.ok()) {
        retired_.push_back(std::move(*made));
      }
    } else if (!retired_.empty()) {
      std::vector<std::unique_ptr<TransactionProducer>> retired = std::move(retired_);
      retired_.clear();
      lock.unlock();
      retired.clear();
      lock.lock();
    } else {
      changed_.wait_for(lock, std::chrono::milliseconds(kSliceMillis));
      if (taken_ != nullptr) taken_->producer().Poll(0);
      if (made_ && made_->ok()) (**made_)->producer().Poll(0);
    }
  }
}

}  // namespace millrace::connectors::kafka
