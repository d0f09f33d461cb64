// Limit: the first rows of the stream, in order of arrival. Over changing input it is a Top-N without an order: a row
// that goes away makes room for the next one.
//
// State of the insert-only form: "passed", how many rows have come.
#include <algorithm>
#include <memory>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

class AppendLimit : public Operator {
 public:
  explicit AppendLimit(const plan::LimitSpec& spec)
      : first_(spec.offset), last_(spec.limit < 0 ? INT64_MAX : spec.offset + spec.limit) {}

  Status Open(const OperatorContext&) override { return Status::Ok(); }
  bool HandlesMarks() const override { return true; }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    int64_t rows = chunk.row_count();
    int64_t from = std::clamp<int64_t>(first_ - passed_, 0, rows);
    int64_t to = std::clamp<int64_t>(last_ - passed_, 0, rows);
    passed_ = std::min(passed_ + rows, last_);
    if (from >= to && chunk.marks.empty()) return Progress::kDone;
    Chunk result = chunk;
    if (from > 0 || to < rows) {
      auto kept = std::make_shared<std::vector<int32_t>>();
      for (int64_t i = from; i < to; ++i) kept->push_back(chunk.rows()[static_cast<int32_t>(i)]);
      result.selection = std::move(kept);
    }
    output.Emit(std::move(result));
    return Progress::kDone;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState("passed", 1));
    std::string record;
    state::PutFixed(passed_, record);
    return writer.BroadcastRecord(record);
  }

  // One instance counts for all; should there have been others, they saw nothing.
  Status Restore(state::SnapshotReader& reader) override {
    return reader.ForEach("passed", [this](const state::SnapshotRecord& record) -> Status {
      std::string_view in = record.value;
      int64_t passed = 0;
      if (!state::TakeFixed(in, &passed)) return state::CorruptRecord("a count is cut short");
      passed_ = std::max(passed_, passed);
      return Status::Ok();
    });
  }

 private:
  int64_t first_;
  int64_t last_;
  int64_t passed_ = 0;
};

}  // namespace

OperatorResult Make(const plan::LimitSpec& spec, const plan::PhysicalNode& node) {
  if (!spec.input_retracts) return {std::make_unique<AppendLimit>(spec)};
  plan::RankSpec rank;
  rank.rank_start = spec.offset + 1;
  rank.rank_end = spec.limit < 0 ? INT64_MAX : spec.offset + spec.limit;
  rank.strategy = plan::RankStrategy::kRetract;
  rank.emit_update_before = spec.emit_update_before;
  return Make(rank, node);
}

}  // namespace millrace::operators
