// MIN and MAX without retraction: the best value so far. Retractions that reach them are left out, as in Flink, whose
// planner gives them only to columns that never fall (or rise).
#include "engine/functions/aggregate/min_max.h"

#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate/value_cell.h"

namespace millrace::functions {
namespace {

// With Java's < and >: a NaN that comes first stays, a later one never wins.
template <typename T, bool kMax>
class BestAggregator : public Aggregator {
 public:
  struct Slot {
    T best;
    uint8_t has_value;
  };

  int32_t slot_bytes() const override { return sizeof(Slot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<Slot*>(slot) = {}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<Slot, T>(slots, offset, rows, *args[0], kinds, Offer, [](Slot&, const T&) {});
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const Slot*>(from);
    if (source->has_value) Offer(*reinterpret_cast<Slot*>(to), source->best);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Slot& slot = SlotAt<Slot>(slots, offset, i);
      if (slot.has_value) {
        out.Append(slot.best);
      } else {
        out.AppendNull();
      }
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const auto* from = reinterpret_cast<const Slot*>(slot);
    PutFixed(out, from->has_value);
    if (from->has_value) PutFixed(out, from->best);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    auto* to = reinterpret_cast<Slot*>(slot);
    to->has_value = in.Fixed<uint8_t>();
    if (to->has_value) to->best = in.Fixed<T>();
    return in.Finish();
  }

 private:
  static void Offer(Slot& slot, const T& value) {
    if (!slot.has_value || (kMax ? value > slot.best : value < slot.best)) {
      slot.best = value;
      slot.has_value = 1;
    }
  }
};

class BestTextAggregator : public Aggregator {
 public:
  BestTextAggregator(bool max, MemoryPool* pool) : max_(max), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ValueCell); }
  void Init(uint8_t* slot) const override { std::memset(slot, 0, sizeof(ValueCell)); }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ValueCell*>(slot)->Free(PhysicalKind::kString, pool_); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<ValueCell, StringRef>(
        slots, offset, rows, *args[0], kinds,
        [this](ValueCell& cell, const StringRef& value) { Offer(cell, value.view()); },
        [](ValueCell&, const StringRef&) {});
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const ValueCell*>(from);
    if (source->has_value) Offer(*reinterpret_cast<ValueCell*>(to), source->text.view());
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) SlotAt<ValueCell>(slots, offset, i).AppendTo(PhysicalKind::kString, out);
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    reinterpret_cast<const ValueCell*>(slot)->Save(PhysicalKind::kString, out);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    reinterpret_cast<ValueCell*>(slot)->Load(PhysicalKind::kString, in, pool_);
    return in.Finish();
  }

 private:
  void Offer(ValueCell& cell, std::string_view value) const {
    if (!cell.has_value || (max_ ? value > cell.text.view() : value < cell.text.view())) {
      cell.text.Assign(pool_, value);
      cell.has_value = 1;
    }
  }

  bool max_;
  MemoryPool* pool_;
};

template <bool kMax>
std::unique_ptr<Aggregator> MakeBest(const DataType& type, MemoryPool* pool) {
  switch (type.physical()) {
    case PhysicalKind::kBool:
      return std::make_unique<BestAggregator<uint8_t, kMax>>();
    case PhysicalKind::kInt8:
      return std::make_unique<BestAggregator<int8_t, kMax>>();
    case PhysicalKind::kInt16:
      return std::make_unique<BestAggregator<int16_t, kMax>>();
    case PhysicalKind::kInt32:
      return std::make_unique<BestAggregator<int32_t, kMax>>();
    case PhysicalKind::kInt64:
      return std::make_unique<BestAggregator<int64_t, kMax>>();
    case PhysicalKind::kFloat:
      return std::make_unique<BestAggregator<float, kMax>>();
    case PhysicalKind::kDouble:
      return std::make_unique<BestAggregator<double, kMax>>();
    case PhysicalKind::kInt128:
      return std::make_unique<BestAggregator<int128_t, kMax>>();
    case PhysicalKind::kTimestamp:
      return std::make_unique<BestAggregator<Timestamp, kMax>>();
    case PhysicalKind::kString:
      return std::make_unique<BestTextAggregator>(kMax, pool);
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return nullptr;  // refused by infer
  }
  return nullptr;
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, std::string(call.name) + "(<COMPARABLE_TYPE>)");
  const DataType& type = call.types[0];
  bool takes = type.IsNumeric() || type.IsString() || type.IsDateTime() || type.Is(TypeKind::kBoolean);
  if (!takes) {
    return UserError("function.arguments", std::string(call.name) + " does not take values of type " + type.ToString(),
                     "Use numbers, texts, BOOLEAN, DATE, TIME or timestamps");
  }
  return type.WithTimeAttribute(TimeAttribute::kNone);
}

std::unique_ptr<Aggregator> MakeMin(const AggregateCall& call, AggregateMode mode, MemoryPool* pool) {
  return mode.retract ? MakeRetractableBest(call.arg_types[0], false, pool) : MakeBest<false>(call.arg_types[0], pool);
}

std::unique_ptr<Aggregator> MakeMax(const AggregateCall& call, AggregateMode mode, MemoryPool* pool) {
  return mode.retract ? MakeRetractableBest(call.arg_types[0], true, pool) : MakeBest<true>(call.arg_types[0], pool);
}

}  // namespace

extern const AggregateFunction kMinAggregate{
    .name = "MIN",
    .signature = "MIN([DISTINCT] COMPARABLE) -> the argument's type",
    .doc = "The least value that is not NULL; NULL if there is none. Texts compare by their UTF-8 bytes.",
    .example = "SELECT MIN(x) FROM (VALUES (3), (1), (2)) AS t(x)",
    .example_result = "1",
    .infer = Infer,
    .make = MakeMin,
};

extern const AggregateFunction kMaxAggregate{
    .name = "MAX",
    .signature = "MAX([DISTINCT] COMPARABLE) -> the argument's type",
    .doc = "The greatest value that is not NULL; NULL if there is none. Texts compare by their UTF-8 bytes.",
    .example = "SELECT MAX(x) FROM (VALUES (3), (1), (2)) AS t(x)",
    .example_result = "3",
    .infer = Infer,
    .make = MakeMax,
};

}  // namespace millrace::functions
