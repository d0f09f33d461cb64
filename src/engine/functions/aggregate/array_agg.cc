// ARRAY_AGG: the values in the order of their arrival, NULLs kept unless IGNORE NULLS.
#include "engine/functions/aggregate/arrival_list.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

class ArrayAggregator : public Aggregator {
 public:
  ArrayAggregator(DataType element, bool ignore_nulls, MemoryPool* pool)
      : element_(std::move(element)), ignore_nulls_(ignore_nulls), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ListSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<ListSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ListSlot*>(slot)->Free(); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& column = *args[0];
    std::string item;
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      if (ignore_nulls_ && column.IsNull(row)) continue;
      item.clear();
      PutValueOf(item, column, row);
      ArrivalList& list = SlotAt<ListSlot>(slots, offset, i).Get(pool_);
      if (Adds(kinds, row)) {
        list.Add(item);
      } else {
        list.Remove(item);
      }
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const ListSlot*>(from);
    if (source->list != nullptr) reinterpret_cast<ListSlot*>(to)->Get(pool_).Merge(*source->list);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const ArrivalList* list = SlotAt<ListSlot>(slots, offset, i).list;
      if (list == nullptr || list->empty()) {
        out.AppendNull();
        continue;
      }
      list->ForEach([&](const std::string& item) { out.child(0).AppendValue(RecordReader(item).ReadValue(element_)); });
      out.CloseList(static_cast<int32_t>(list->size()));
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    reinterpret_cast<const ListSlot*>(slot)->Save(out);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    return reinterpret_cast<ListSlot*>(slot)->Load(record, pool_);
  }

 private:
  DataType element_;
  bool ignore_nulls_;
  MemoryPool* pool_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, "ARRAY_AGG(<ANY>)");
  const DataType& type = call.types[0];
  return DataType::Array(type.WithTimeAttribute(TimeAttribute::kNone)).WithNullable(type.nullable());
}

std::unique_ptr<Aggregator> Make(const AggregateCall& call, AggregateMode, MemoryPool* pool) {
  return std::make_unique<ArrayAggregator>(call.arg_types[0], call.ignore_nulls, pool);
}

}  // namespace

extern const AggregateFunction kArrayAggregate{
    .name = "ARRAY_AGG",
    .signature = "ARRAY_AGG([DISTINCT] T [RESPECT NULLS | IGNORE NULLS]) -> ARRAY<T>",
    .doc = "An array of the values in the order of their arrival, NULLs too unless IGNORE NULLS; NULL without any row.",
    .example = "SELECT ARRAY_AGG(x) FROM (VALUES (1), (2)) AS t(x)",
    .example_result = "[1, 2]",
    .infer = Infer,
    .needs_order = true,
    .make = Make,
};

}  // namespace millrace::functions
