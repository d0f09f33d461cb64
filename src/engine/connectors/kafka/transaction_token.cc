// Tokens of transactions, and the search for those that nobody will commit.
#include "engine/connectors/kafka/transaction_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/connectors/kafka/wire.h"

namespace millrace::connectors::kafka {
namespace {

constexpr int16_t kTokenVersion = 1;
// The rules by which brokers end these transactions: EndTxn without a new epoch for each (KIP-890's version 1).
constexpr int16_t kTransactionVersion = 1;

// Takes over one id after the other until one is new. Gives the number behind it.
Result<int64_t> TakeOverFrom(int64_t number, const std::string& prefix, int32_t subtask, const TakeOver& take_over,
                             bool* used) {
  for (;; ++number) {
    MR_ASSIGN(int16_t epoch, take_over(TransactionalId(prefix, subtask, number)));
    if (epoch == 0) return number + 1;
    *used = true;
  }
}

}  // namespace

std::string EncodeToken(const SinkToken& token) {
  WireWriter writer;
  writer.Int16(kTokenVersion).Int16(kTransactionVersion).String(token.prefix);
  writer.Int32(token.subtask).Int32(token.parallelism).Int64(token.next_number);
  writer.Int32(static_cast<int32_t>(token.transactions.size()));
  for (const PreparedTransaction& transaction : token.transactions) {
    writer.String(transaction.id).Int64(transaction.producer.id).Int16(transaction.producer.epoch);
    writer.String(transaction.topic);
  }
  return writer.bytes();
}

Result<SinkToken> DecodeToken(std::string_view bytes) {
  WireReader reader(bytes);
  int16_t version = reader.Int16();
  int16_t transaction_version = reader.Int16();
  if (reader.ok() && (version != kTokenVersion || transaction_version != kTransactionVersion)) {
    return UserError("snapshot.version",
                     fmt::format("the snapshot's Kafka transactions are of version {}.{}; this program knows {}.{}",
                                 version, transaction_version, kTokenVersion, kTransactionVersion),
                     "restore with the program that wrote it, or a newer one");
  }
  SinkToken token;
  token.prefix = reader.String();
  token.subtask = reader.Int32();
  token.parallelism = reader.Int32();
  token.next_number = reader.Int64();
  int32_t count = reader.Count();
  for (int32_t i = 0; i < count && reader.ok(); ++i) {
    PreparedTransaction transaction;
    transaction.id = reader.String();
    transaction.producer.id = reader.Int64();
    transaction.producer.epoch = reader.Int16();
    transaction.topic = reader.String();
    token.transactions.push_back(std::move(transaction));
  }
  bool sound = token.subtask >= 0 && token.parallelism > token.subtask && token.next_number >= 1;
  if (!reader.ok() || !reader.at_end() || !sound) {
    return UserError("snapshot.corrupt", "the snapshot's Kafka transactions cannot be read",
                     "restore from another checkpoint");
  }
  return token;
}

std::string TransactionalId(std::string_view prefix, int32_t subtask, int64_t number) {
  return fmt::format("{}-{}-{}", prefix, subtask, number);
}

int64_t FirstNumber(const std::vector<SinkToken>& tokens) {
  int64_t first = 1;
  for (const SinkToken& token : tokens) first = std::max(first, token.next_number);
  return first;
}

Status AbortLeftovers(const std::vector<SinkToken>& tokens, const std::string& prefix, int32_t subtask,
                      int32_t parallelism, const TakeOver& take_over) {
  const int64_t first = FirstNumber(tokens);
  std::set<std::string> prefixes = {prefix};
  for (const SinkToken& token : tokens) prefixes.insert(token.prefix);
  for (const std::string& one : prefixes) {
    std::map<int32_t, int64_t> next_numbers;
    int32_t known = 0;  // so many subtasks the checkpoint had
    for (const SinkToken& token : tokens) {
      if (token.prefix != one) continue;
      known = std::max(known, token.parallelism);
      int64_t& next = next_numbers[token.subtask];
      next = std::max(next, token.next_number);
    }
    for (int32_t former = subtask;; former += parallelism) {
      bool used = false;
      int64_t behind = 0;
      if (auto next = next_numbers.find(former); next != next_numbers.end()) {
        MR_ASSIGN(behind, TakeOverFrom(next->second, one, former, take_over, &used));
      }
      if (behind <= first) {
        MR_ASSIGN(behind, TakeOverFrom(first, one, former, take_over, &used));
      }
      if (!used && former >= known) break;
    }
  }
  return Status::Ok();
}

}  // namespace millrace::connectors::kafka
