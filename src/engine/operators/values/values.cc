// Values: the rows of VALUES, sent once when the operator is finished (it has no input), by the first subtask.
//
// State "position": how many rows are out.
#include <algorithm>
#include <memory>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

class Values : public Operator {
 public:
  Values(plan::ValuesSpec spec, std::vector<DataType> types) : spec_(std::move(spec)), types_(std::move(types)) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk&, Output&) override { return Progress::kDone; }

  Result<Progress> Finish(Output& output) override {
    auto rows = static_cast<int64_t>(spec_.rows.size());
    while (context_.subtask == 0 && position_ < rows) {
      ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
      while (position_ < rows && !builder.full()) {
        builder.AppendRow(RowKind::kInsert, spec_.rows[static_cast<size_t>(position_++)]);
      }
      output.Emit(builder.Finish());
      if (!output.HasCredit()) return Progress::kMore;
    }
    return Progress::kDone;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState("position", 1));
    std::string record;
    state::PutFixed(position_, record);
    return writer.BroadcastRecord(record);
  }

  Status Restore(state::SnapshotReader& reader) override {
    return reader.ForEach("position", [this](const state::SnapshotRecord& record) -> Status {
      std::string_view in = record.value;
      int64_t position = 0;
      if (!state::TakeFixed(in, &position)) return state::CorruptRecord("a position is cut short");
      position_ = std::max(position_, position);
      return Status::Ok();
    });
  }

 private:
  plan::ValuesSpec spec_;
  std::vector<DataType> types_;
  OperatorContext context_;
  int64_t position_ = 0;
};

}  // namespace

OperatorResult Make(const plan::ValuesSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<Values>(spec, TypesOf(node.output))};
}

}  // namespace millrace::operators
