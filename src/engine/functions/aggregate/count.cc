// COUNT(*) and COUNT(x, …): rows, or rows in which no argument is NULL.
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

class CountAggregator : public Aggregator {
 public:
  int32_t slot_bytes() const override { return sizeof(int64_t); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<int64_t*>(slot) = 0; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    bool all = true;
    for (const ColumnPtr& arg : args) all = all && arg->HasNoNulls();
    if (all && kinds == nullptr) {
      for (int32_t i = 0; i < rows.count(); ++i) ++SlotAt<int64_t>(slots, offset, i);
      return Status::Ok();
    }
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      if (!all && AnyNull(args, row)) continue;
      SlotAt<int64_t>(slots, offset, i) += Adds(kinds, row) ? 1 : -1;
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    *reinterpret_cast<int64_t*>(to) += *reinterpret_cast<const int64_t*>(from);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) out.Append(SlotAt<int64_t>(slots, offset, i));
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    PutFixed(out, *reinterpret_cast<const int64_t*>(slot));
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    *reinterpret_cast<int64_t*>(slot) = in.Fixed<int64_t>();
    return in.Finish();
  }

 private:
  static bool AnyNull(std::span<const ColumnPtr> args, int32_t row) {
    for (const ColumnPtr& arg : args) {
      if (arg->IsNull(row)) return true;
    }
    return false;
  }
};

Result<DataType> Infer(CallTypes&) { return DataType::Bigint().NotNull(); }

std::unique_ptr<Aggregator> Make(const AggregateCall&, AggregateMode, MemoryPool*) {
  return std::make_unique<CountAggregator>();
}

}  // namespace

extern const AggregateFunction kCountAggregate{
    .name = "COUNT",
    .signature = "COUNT(*) -> BIGINT; COUNT([DISTINCT] ANY, ...) -> BIGINT",
    .doc = "The number of rows, or of rows in which no argument is NULL.",
    .example = "SELECT COUNT(x) FROM (VALUES (1), (CAST(NULL AS INT)), (3)) AS t(x)",
    .example_result = "2",
    .infer = Infer,
    .count_star = true,
    .never_null = true,
    .make = Make,
};

}  // namespace millrace::functions
