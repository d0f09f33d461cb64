// ROW_NUMBER and LAG over the frame of an OVER window. Insert-only: their frames begin at UNBOUNDED PRECEDING.
#include "engine/functions/over_function.h"

#include <deque>
#include <string>

#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"

namespace millrace::functions {
namespace {

class RowNumberAggregator : public Aggregator {
 public:
  int32_t slot_bytes() const override { return sizeof(int64_t); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<int64_t*>(slot) = 0; }
  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr>,
                    const std::vector<RowKind>*) const override {
    for (int32_t i = 0; i < rows.count(); ++i) ++SlotAt<int64_t>(slots, offset, i);
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
};

// The last offset + 1 values of a group, as canonical bytes.
struct LastValues {
  int64_t offset = 1;
  std::string otherwise;  // the default; empty: NULL
  std::deque<std::string> values;
  int64_t charged = 0;
};
struct LagSlot {
  LastValues* last;
};

class LagAggregator : public Aggregator {
 public:
  LagAggregator(DataType type, MemoryPool* pool) : type_(std::move(type)), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(LagSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<LagSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override {
    auto* lag = reinterpret_cast<LagSlot*>(slot);
    if (lag->last != nullptr) pool_->Charge(-lag->last->charged);
    delete lag->last;
    lag->last = nullptr;
  }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>*) const override {
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      LastValues& last = Get(SlotAt<LagSlot>(slots, offset, i));
      if (args.size() > 1 && !args[1]->IsNull(row)) {
        last.offset = args[1]->GetValue(row).AsInt();
        if (last.offset < 0) {
          return UserError("function.arguments",
                           "Offset(" + std::to_string(last.offset) + ") of LAG should be positive.");
        }
      }
      if (args.size() > 2) {
        last.otherwise.clear();
        if (!args[2]->IsNull(row)) PutValueOf(last.otherwise, *args[2], row);
      }
      std::string value;
      PutValueOf(value, *args[0], row);
      last.values.push_back(std::move(value));
      while (static_cast<int64_t>(last.values.size()) > last.offset + 1) last.values.pop_front();
      Charge(last);
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const LagSlot*>(from);
    if (source->last == nullptr) return Status::Ok();
    LastValues& target = Get(*reinterpret_cast<LagSlot*>(to));
    target.offset = source->last->offset;
    target.otherwise = source->last->otherwise;
    for (const std::string& value : source->last->values) target.values.push_back(value);
    while (static_cast<int64_t>(target.values.size()) > target.offset + 1) target.values.pop_front();
    Charge(target);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const LastValues* last = SlotAt<LagSlot>(slots, offset, i).last;
      bool enough = last != nullptr && static_cast<int64_t>(last->values.size()) > last->offset;
      Value value;
      if (enough || (last != nullptr && !last->otherwise.empty())) {
        RecordReader in(enough ? last->values.front() : last->otherwise);
        value = in.ReadValue(type_);
      }
      out.AppendValue(value.IsNull() && !type_.nullable() ? StandInForNull(type_) : value);
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const LastValues* last = reinterpret_cast<const LagSlot*>(slot)->last;
    if (last == nullptr) return;
    PutFixed(out, last->offset);
    PutBytes(out, last->otherwise);
    PutVarint(out, last->values.size());
    for (const std::string& value : last->values) PutBytes(out, value);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    if (record.empty()) return Status::Ok();
    RecordReader in(record);
    LastValues& last = Get(*reinterpret_cast<LagSlot*>(slot));
    last.offset = in.Fixed<int64_t>();
    last.otherwise = in.Bytes();
    for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) last.values.emplace_back(in.Bytes());
    Charge(last);
    return in.Finish();
  }

 private:
  static LastValues& Get(LagSlot& slot) {
    if (slot.last == nullptr) slot.last = new LastValues();
    return *slot.last;
  }
  void Charge(LastValues& last) const {
    size_t bytes = sizeof(LastValues) + last.otherwise.size();
    if (!last.values.empty()) bytes += last.values.size() * (sizeof(std::string) + last.values.back().size());
    pool_->Charge(static_cast<int64_t>(bytes) - last.charged);
    last.charged = static_cast<int64_t>(bytes);
  }

  DataType type_;
  MemoryPool* pool_;
};

std::unique_ptr<Aggregator> MakeRowNumber(const AggregateCall&, AggregateMode, MemoryPool*) {
  return std::make_unique<RowNumberAggregator>();
}
std::unique_ptr<Aggregator> MakeLag(const AggregateCall& call, AggregateMode, MemoryPool* pool) {
  return std::make_unique<LagAggregator>(call.type, pool);
}

Result<DataType> InferRowNumber(CallTypes&) { return DataType::Bigint().NotNull(); }
Result<DataType> InferLag(CallTypes& call) { return call.types[0].Nullable(); }

const AggregateFunction* RowNumber() {
  static const AggregateFunction function{
      .name = "ROW_NUMBER",
      .signature = "ROW_NUMBER() OVER (...) -> BIGINT",
      .doc = "The number of the row within its partition.",
      .infer = InferRowNumber,
      .never_null = true,
      .retractable = false,
      .make = MakeRowNumber,
  };
  return &function;
}

const AggregateFunction* Lag() {
  static const AggregateFunction function{
      .name = "LAG",
      .signature = "LAG(ANY [, INT [, ANY]]) OVER (...) -> ANY",
      .doc = "The value so many rows before.",
      .infer = InferLag,
      .needs_order = true,
      .retractable = false,
      .make = MakeLag,
  };
  return &function;
}

}  // namespace

Value StandInForNull(const DataType& type) {
  if (type.IsInteger()) return Value::Int(-1);
  if (type.Is(TypeKind::kDouble)) return Value::Double(-1);
  if (type.Is(TypeKind::kFloat)) return Value::Float(-1);
  if (type.Is(TypeKind::kBoolean)) return Value::Bool(false);
  return type.physical() == PhysicalKind::kString ? Value::String("") : Value::Null();
}

const AggregateFunction* FindOverFunction(std::string_view name) {
  if (name == "ROW_NUMBER") return RowNumber();
  return name == "LAG" ? Lag() : nullptr;
}

}  // namespace millrace::functions
