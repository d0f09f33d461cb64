// SINGLE_VALUE: the value of a scalar sub-query, which may have one row at most.
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate/value_cell.h"
#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

struct SingleSlot {
  ValueCell cell;
  int64_t count;
};

Status TooMany() {
  return UserError("query.single_value", "SingleValueAggFunction received more than one element.",
                   "A scalar sub-query must give one row at most: add a condition, an aggregate, or LIMIT 1");
}

class SingleValueAggregator : public Aggregator {
 public:
  SingleValueAggregator(PhysicalKind kind, MemoryPool* pool) : kind_(kind), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(SingleSlot); }
  void Init(uint8_t* slot) const override { std::memset(slot, 0, sizeof(SingleSlot)); }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<SingleSlot*>(slot)->cell.Free(kind_, pool_); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& column = *args[0];
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      auto& slot = SlotAt<SingleSlot>(slots, offset, i);
      if (Adds(kinds, row)) {
        if (slot.count > 0) return TooMany();
        slot.cell.Clear();
        if (!column.IsNull(row)) slot.cell.Set(column, row, pool_);
        ++slot.count;
      } else {
        if (slot.count != 0 && slot.count != 1) return TooMany();
        slot.cell.Clear();
        --slot.count;
      }
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<SingleSlot*>(to);
    const auto* source = reinterpret_cast<const SingleSlot*>(from);
    int64_t count = target->count + source->count;
    if (count > 1) return TooMany();
    if (source->count > 0 || source->cell.has_value) {
      target->cell.Copy(source->cell, kind_, pool_);
    } else if (source->count < 0) {
      target->cell.Clear();
    }
    target->count = count;
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) SlotAt<SingleSlot>(slots, offset, i).cell.AppendTo(kind_, out);
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const auto* from = reinterpret_cast<const SingleSlot*>(slot);
    from->cell.Save(kind_, out);
    PutFixed(out, from->count);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    auto* to = reinterpret_cast<SingleSlot*>(slot);
    to->cell.Load(kind_, in, pool_);
    to->count = in.Fixed<int64_t>();
    return in.Finish();
  }

 private:
  PhysicalKind kind_;
  MemoryPool* pool_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, "SINGLE_VALUE(<ANY>)");
  const DataType& type = call.types[0];
  if (!type.IsNumeric() && !type.IsString() && !type.IsDateTime() && !type.Is(TypeKind::kBoolean)) {
    return UserError("function.arguments",
                     "SINGLE_VALUE aggregate function doesn't support type '" + type.ToString() + "'.",
                     "A scalar sub-query gives a number, a text, a BOOLEAN or a time");
  }
  return type.Nullable().WithTimeAttribute(TimeAttribute::kNone);
}

std::unique_ptr<Aggregator> Make(const AggregateCall& call, AggregateMode, MemoryPool* pool) {
  return std::make_unique<SingleValueAggregator>(call.arg_types[0].physical(), pool);
}

}  // namespace

extern const AggregateFunction kSingleValueAggregate{
    .name = "SINGLE_VALUE",
    .signature = "SINGLE_VALUE(T) -> T",
    .doc = "The one value of its input; a second row is an error. Planned for scalar sub-queries.",
    .infer = Infer,
    .make = Make,
};

}  // namespace millrace::functions
