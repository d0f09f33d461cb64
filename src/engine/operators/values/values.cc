// Values: the rows that the plan itself holds. They come out at the end of the (missing) input, once; a restored job has given them already
// as far as its snapshot says.
#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

class Values final : public Operator {
 public:
  Values(const plan::ValuesSpec& spec, std::vector<DataType> types) : rows_(spec.rows), types_(std::move(types)) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    return Status::Ok();
  }
  Result<Progress> Process(int32_t, const Chunk&, Output&) override { return InternalError("VALUES has no input"); }

  Result<Progress> Finish(Output& output) override {
    while (next_ < rows_.size()) {
      if (!output.HasCredit()) return Progress::kMore;
      ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
      while (next_ < rows_.size() && !builder.full()) builder.AppendRow(RowKind::kInsert, rows_[next_++]);
      output.Emit(builder.Finish());
    }
    return Progress::kDone;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState("position", 1));
    return writer.BroadcastRecord(std::to_string(next_));
  }
  Status Restore(state::SnapshotReader& reader) override {
    return reader.ForEach("position", [this](const state::SnapshotRecord& record) {
      next_ = 0;
      for (char c : record.value) next_ = next_ * 10 + static_cast<size_t>(c - '0');
      return Status::Ok();
    });
  }

 private:
  std::vector<ValueRow> rows_;
  std::vector<DataType> types_;
  OperatorContext context_;
  size_t next_ = 0;
};

}  // namespace

OperatorResult Make(const plan::ValuesSpec& spec, const plan::PhysicalNode& node) {
  return std::unique_ptr<Operator>(std::make_unique<Values>(spec, TypesOf(node.output)));
}

}  // namespace millrace::operators
