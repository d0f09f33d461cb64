// REPLICATE_ROWS: what INTERSECT ALL and EXCEPT ALL are made with; not for users.
#include "engine/functions/table_function.h"

namespace millrace::functions {
namespace {

Result<std::vector<Field>> InferReplicate(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsInteger()) return BadArguments(call, "REPLICATE_ROWS(<BIGINT>)");
  return std::vector<Field>{{"EXPR$0", DataType::Bigint().NotNull(), ""}};
}

Status ReplicateRows(const RowCall& call, std::vector<ValueRow>& out) {
  if (call.args[0].IsNull()) return Status::Ok();
  for (int64_t i = 0; i < call.args[0].AsInt(); ++i) out.push_back({Value::Int(i)});
  return Status::Ok();
}

}  // namespace

extern const TableFunction kReplicateRows;
const TableFunction kReplicateRows{
    .name = "REPLICATE_ROWS",
    .signature = "REPLICATE_ROWS(BIGINT) -> BIGINT",
    .doc = "As many rows as the number says.",
    .infer = InferReplicate,
    .rows = ReplicateRows,
};

}  // namespace millrace::functions
