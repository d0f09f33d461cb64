// FIRST_VALUE and LAST_VALUE: by arrival, NULLs left out. With retraction a slot keeps all values that are still there.
#include "engine/functions/aggregate/arrival_list.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate/value_cell.h"
#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

class EdgeAggregator : public Aggregator {
 public:
  EdgeAggregator(PhysicalKind kind, bool last, MemoryPool* pool) : kind_(kind), last_(last), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ValueCell); }
  void Init(uint8_t* slot) const override { std::memset(slot, 0, sizeof(ValueCell)); }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ValueCell*>(slot)->Free(kind_, pool_); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& column = *args[0];
    bool may_have_nulls = !column.HasNoNulls();
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      auto& cell = SlotAt<ValueCell>(slots, offset, i);
      if ((!last_ && cell.has_value) || !Adds(kinds, row) || (may_have_nulls && column.IsNull(row))) continue;
      cell.Set(column, row, pool_);
    }
    return Status::Ok();
  }

  // `from` came after `to`.
  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<ValueCell*>(to);
    const auto* source = reinterpret_cast<const ValueCell*>(from);
    if (source->has_value && (last_ || !target->has_value)) target->Copy(*source, kind_, pool_);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) SlotAt<ValueCell>(slots, offset, i).AppendTo(kind_, out);
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    reinterpret_cast<const ValueCell*>(slot)->Save(kind_, out);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    reinterpret_cast<ValueCell*>(slot)->Load(kind_, in, pool_);
    return in.Finish();
  }

 private:
  PhysicalKind kind_;
  bool last_;
  MemoryPool* pool_;
};

class RetractableEdgeAggregator : public Aggregator {
 public:
  RetractableEdgeAggregator(DataType type, bool last, MemoryPool* pool)
      : type_(std::move(type)), last_(last), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ListSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<ListSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ListSlot*>(slot)->Free(); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& column = *args[0];
    std::string item;
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      if (column.IsNull(row)) continue;
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
      RecordReader in(last_ ? list->last() : list->first());
      out.AppendValue(in.ReadValue(type_));
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
  DataType type_;
  bool last_;
  MemoryPool* pool_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, std::string(call.name) + "(<ANY>)");
  const DataType& type = call.types[0];
  if (!type.IsNumeric() && !type.Is(TypeKind::kBoolean) && !type.Is(TypeKind::kVarchar)) {
    return UserError("function.arguments",
                     std::string(call.name) + " aggregate function does not support type: " + type.ToString(),
                     "Use numbers, BOOLEAN or STRING; CAST a CHAR or a time to STRING first");
  }
  return type;
}

std::unique_ptr<Aggregator> MakeEdge(const AggregateCall& call, AggregateMode mode, MemoryPool* pool, bool last) {
  const DataType& type = call.arg_types[0];
  if (mode.retract) return std::make_unique<RetractableEdgeAggregator>(type, last, pool);
  return std::make_unique<EdgeAggregator>(type.physical(), last, pool);
}

std::unique_ptr<Aggregator> MakeFirst(const AggregateCall& call, AggregateMode mode, MemoryPool* pool) {
  return MakeEdge(call, mode, pool, false);
}

std::unique_ptr<Aggregator> MakeLast(const AggregateCall& call, AggregateMode mode, MemoryPool* pool) {
  return MakeEdge(call, mode, pool, true);
}

}  // namespace

extern const AggregateFunction kFirstValueAggregate{
    .name = "FIRST_VALUE",
    .signature = "FIRST_VALUE(NUMERIC | BOOLEAN | STRING) -> the argument's type",
    .doc = "The value that arrived first, NULLs left out; NULL if there is none.",
    .example = "SELECT FIRST_VALUE(x) FROM (VALUES (1), (2)) AS t(x)",
    .example_result = "1",
    .infer = Infer,
    .needs_order = true,
    .make = MakeFirst,
};

extern const AggregateFunction kLastValueAggregate{
    .name = "LAST_VALUE",
    .signature = "LAST_VALUE(NUMERIC | BOOLEAN | STRING) -> the argument's type",
    .doc = "The value that arrived last, NULLs left out; NULL if there is none.",
    .example = "SELECT LAST_VALUE(x) FROM (VALUES (1), (2)) AS t(x)",
    .example_result = "2",
    .infer = Infer,
    .needs_order = true,
    .make = MakeLast,
};

}  // namespace millrace::functions
