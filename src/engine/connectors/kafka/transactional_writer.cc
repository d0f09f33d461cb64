// Exactly-once writing.
//
// Each interval between two checkpoints that has rows is one transaction, with a transactional id, a producer id and an
// epoch of its own. Prepare waits until the brokers have all its rows, and names it in the token; from then on it needs
// no producer any more. Commit ends it with a request of our own, which is the same for the process that wrote it and
// for one that comes after a crash, and which has no effect the second time. What no token names is aborted by taking
// its id over: by Abort, or by the next start.
#include "engine/connectors/kafka/transactional_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <set>
#include <vector>

#include "engine/connectors/kafka/row_records.h"
#include "engine/connectors/kafka/transaction_client.h"
#include "engine/connectors/kafka/transaction_producers.h"
#include "engine/connectors/kafka/transaction_token.h"
#include "engine/connectors/restoring_writer.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int64_t kPatienceMillis = 60'000;
constexpr int64_t kAbortPatienceMillis = 3'000;
constexpr int64_t kDeliveryMillisMax = 120'000;

// Two sinks with the same prefix would abort each other's transactions.
class PrefixClaim {
 public:
  static Result<std::unique_ptr<PrefixClaim>> Take(const std::string& brokers, const std::string& prefix,
                                                   int32_t subtask) {
    std::string name = fmt::format("{}|{}-{}", brokers, prefix, subtask);
    std::lock_guard lock(Mutex());
    if (!Names().insert(name).second) {
      return UserError("kafka.transactional_id_in_use",
                       fmt::format("another sink writes with 'sink.transactional-id-prefix' = '{}' already", prefix),
                       "give each INSERT into Kafka a table with a prefix of its own");
    }
    return std::unique_ptr<PrefixClaim>(new PrefixClaim(std::move(name)));
  }
  ~PrefixClaim() {
    std::lock_guard lock(Mutex());
    Names().erase(name_);
  }
  PrefixClaim(const PrefixClaim&) = delete;
  PrefixClaim& operator=(const PrefixClaim&) = delete;

 private:
  explicit PrefixClaim(std::string name) : name_(std::move(name)) {}

  static std::mutex& Mutex() {
    static std::mutex mutex;
    return mutex;
  }
  static std::set<std::string>& Names() {
    static std::set<std::string> names;
    return names;
  }

  std::string name_;
};

class TransactionalWriter final : public SinkWriter, public RestoringWriter {
 public:
  TransactionalWriter(const KafkaTable& table, const ConnectorContext& context) : table_(table), context_(context) {}
  ~TransactionalWriter() override {
    if (present_ != nullptr) producers_->Retire(std::move(present_));
  }

  Status Open() {
    MR_ASSIGN(ClientSettings settings, TranslateProperties(table_.table.options, ClientKind::kProducer));
    MR_ASSIGN(BrokerSettings brokers, ReadBrokerSettings(settings));
    MR_ASSIGN(claim_, PrefixClaim::Take(table_.table.options.at("properties.bootstrap.servers"),
                                        table_.transactional_id_prefix, context_.subtask));
    MR_ASSIGN(std::unique_ptr<KafkaClient> client, KafkaClient::Make(ClientKind::kProducer, settings));
    MR_ASSIGN(std::vector<TopicPartition> partitions, client->ListPartitions(table_.topics));
    MR_ASSIGN(records_, RowRecords::Make(table_, context_, static_cast<int32_t>(partitions.size())));
    client_ = std::make_unique<TransactionClient>(std::move(brokers), table_.transaction_timeout_ms);
    std::string delivery = std::to_string(std::min<int64_t>(kDeliveryMillisMax, table_.transaction_timeout_ms));
    settings.insert(settings.begin(), {"delivery.timeout.ms", delivery});
    settings.emplace_back("transaction.timeout.ms", std::to_string(table_.transaction_timeout_ms));
    settings.emplace_back("enable.idempotence", "true");
    producers_ = std::make_unique<TransactionProducers>(std::move(settings), table_.topics[0], context_.clock);
    return Status::Ok();
  }

  Status Restore(const std::vector<std::string>& tokens) override {
    std::vector<SinkToken> read;
    for (const std::string& token : tokens) {
      MR_ASSIGN(SinkToken one, DecodeToken(token));
      read.push_back(std::move(one));
    }
    number_ = FirstNumber(read);
    MR_RETURN_IF_ERROR(AbortLeftovers(read, table_.transactional_id_prefix, context_.subtask, context_.parallelism,
                                      [this](const std::string& id) -> Result<int16_t> {
                                        MR_ASSIGN(ProducerIdentity taken, client_->TakeOver(id, kPatienceMillis));
                                        return taken.epoch;
                                      }));
    producers_->Order(IdOf(number_));
    return Status::Ok();
  }

  Status Write(const Chunk& chunk) override {
    RowSet rows = chunk.rows();
    if (rows.count() == 0) return Status::Ok();
    MR_RETURN_IF_ERROR(BeginTransaction());
    records_->Start(chunk);
    for (int32_t i = 0; i < rows.count(); ++i) {
      MR_ASSIGN(const OutgoingRecord* record, records_->Encode(chunk, rows[i]));
      MR_RETURN_IF_ERROR(present_->producer().Send(*record));
    }
    present_->producer().Poll(0);
    return present_->producer().CheckDeliveries();
  }

  // What an earlier token named and nobody has committed yet is in the token again: committing twice has no effect, and
  // a token that went astray with its checkpoint loses nothing.
  Result<std::string> Prepare(bool end_of_input) override {
    if (present_ != nullptr) {
      MR_RETURN_IF_ERROR(present_->Complete());
      std::lock_guard lock(mutex_);
      prepared_.push_back({{present_->id(), present_->identity(), table_.topics[0]}});
      ++number_;
      producers_->Retire(std::move(present_));
    }
    SinkToken token{table_.transactional_id_prefix, context_.subtask, context_.parallelism, number_, {}};
    std::lock_guard lock(mutex_);
    for (Prepared& prepared : prepared_) {
      prepared.in_checkpoint = prepared.in_checkpoint || !end_of_input;
      token.transactions.push_back(prepared.transaction);
    }
    return EncodeToken(token);
  }

  // From the checkpoints' thread while another one writes; for tokens of other subtasks and lives too.
  Status Commit(const std::string& token) override {
    MR_ASSIGN(SinkToken read, DecodeToken(token));
    for (const PreparedTransaction& transaction : read.transactions) {
      MR_ASSIGN(BrokerError error, client_->Commit(transaction.id, transaction.producer, kPatienceMillis));
      if (error != BrokerError::kNone) MR_RETURN_IF_ERROR(Lost(transaction, error));
      std::lock_guard lock(mutex_);
      std::erase_if(prepared_, [&](const Prepared& prepared) { return prepared.transaction == transaction; });
    }
    return Status::Ok();
  }

  // Transactions that a checkpoint names stay open: a restored job may still commit them.
  void Abort() override {
    std::vector<std::string> ids;
    if (present_ != nullptr) {
      present_->producer().Purge();
      ids.push_back(present_->id());
      producers_->Retire(std::move(present_));
    }
    std::lock_guard lock(mutex_);
    for (const Prepared& prepared : prepared_) {
      if (!prepared.in_checkpoint) ids.push_back(prepared.transaction.id);
    }
    prepared_.clear();
    for (const std::string& id : ids) {
      if (!client_->TakeOver(id, kAbortPatienceMillis).ok()) return;  // the next start does it
    }
  }

 private:
  struct Prepared {
    PreparedTransaction transaction;
    bool in_checkpoint = false;
  };

  std::string IdOf(int64_t number) const {
    return TransactionalId(table_.transactional_id_prefix, context_.subtask, number);
  }

  Status BeginTransaction() {
    if (present_ != nullptr) return Status::Ok();
    MR_ASSIGN(std::unique_ptr<TransactionProducer> producer, producers_->Take(IdOf(number_)));
    present_ = std::move(producer);
    MR_RETURN_IF_ERROR(present_->Begin());
    producers_->Order(IdOf(number_ + 1));
    return Status::Ok();
  }

  Status Lost(const PreparedTransaction& transaction, BrokerError error) const {
    std::string what = fmt::format(
        "The transaction '{}' (producer {}, epoch {}) with rows of a completed checkpoint for the topic '{}' is lost: "
        "the Kafka brokers answer its commit with {}. They may have aborted it after its timeout ({} ms), or forgotten "
        "it, or another job writes with the same 'sink.transactional-id-prefix'",
        transaction.id, transaction.producer.id, transaction.producer.epoch, transaction.topic,
        BrokerErrorName(static_cast<int16_t>(error)), table_.transaction_timeout_ms);
    if (table_.warn_of_lost) {
      std::fputs(fmt::format("warning: {}; going on without them\n", what).c_str(), stderr);
      return Status::Ok();
    }
    return ExternalError("kafka.transaction_lost", std::move(what),
                         "write these rows again by restoring an older savepoint, or set 'sink.on-lost-transaction' = "
                         "'warn' to go on without them; raise 'properties.transaction.timeout.ms' to more than a "
                         "checkpoint and a restart can take");
  }

  const KafkaTable& table_;
  ConnectorContext context_;
  std::unique_ptr<PrefixClaim> claim_;
  std::unique_ptr<RowRecords> records_;
  std::unique_ptr<TransactionClient> client_;
  std::unique_ptr<TransactionProducers> producers_;
  std::unique_ptr<TransactionProducer> present_;  // its transaction has begun; null: the interval has no rows yet
  int64_t number_ = 1;                            // of the transaction that has begun or comes next
  std::mutex mutex_;
  std::vector<Prepared> prepared_;  // to be committed
};

}  // namespace

Result<std::unique_ptr<SinkWriter>> MakeTransactionalWriter(const KafkaTable& table, const ConnectorContext& context) {
  auto writer = std::make_unique<TransactionalWriter>(table, context);
  MR_RETURN_IF_ERROR(writer->Open());
  return std::unique_ptr<SinkWriter>(std::move(writer));
}

}  // namespace millrace::connectors::kafka
