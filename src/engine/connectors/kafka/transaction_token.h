// What a sink's subtask leaves in a checkpoint: which transactions are to be committed, and where its numbers stand.
//
// The id of a transaction is "<prefix>-<subtask>-<number>". A subtask begins with the same number as all others of its
// start, the highest that any subtask of the checkpoint would have used next, and takes the next number for each
// transaction that has rows. So the ids that may be open after a crash are, for each subtask: from where its numbers
// stood in the checkpoint, and from where every later start began.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/connectors/kafka/transaction_protocol.h"

namespace millrace::connectors::kafka {

// A transaction whose rows have all arrived, to be committed.
struct PreparedTransaction {
  std::string id;
  ProducerIdentity producer;
  std::string topic;  // for messages
  bool operator==(const PreparedTransaction&) const = default;
};

struct SinkToken {
  std::string prefix;
  int32_t subtask = 0;
  int32_t parallelism = 1;
  int64_t next_number = 1;  // of the next transaction that is begun
  std::vector<PreparedTransaction> transactions;
  bool operator==(const SinkToken&) const = default;
};

std::string EncodeToken(const SinkToken& token);
// Errors: "snapshot.corrupt", "snapshot.version".
Result<SinkToken> DecodeToken(std::string_view bytes);

std::string TransactionalId(std::string_view prefix, int32_t subtask, int64_t number);

// With which number all subtasks begin after a restore; 1 without one.
int64_t FirstNumber(const std::vector<SinkToken>& tokens);

// Takes an id over, which aborts what is open under it; gives the new epoch: 0 when nobody has had this id before.
using TakeOver = std::function<Result<int16_t>(const std::string& transactional_id)>;

// Aborts what earlier starts have left open beyond `tokens` (all of the restored checkpoint; none: a fresh start):
// this subtask's share of it. Subtasks share the work by their number modulo the parallelism; beyond those of the
// checkpoint, starts that left none may have had more, so the search goes on until a subtask's first id is new. Nothing
// that `tokens` name is touched.
Status AbortLeftovers(const std::vector<SinkToken>& tokens, const std::string& prefix, int32_t subtask,
                      int32_t parallelism, const TakeOver& take_over);

}  // namespace millrace::connectors::kafka
