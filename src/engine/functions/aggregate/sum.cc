// SUM and $SUM0. Integers wrap at the width of their own type; a DECIMAL sum beyond 38 digits is NULL, and the sum
// starts anew with the next value, as in Flink.
#include "engine/functions/aggregate/decimal_sum.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"
#include "types/decimal.h"

namespace millrace::functions {
namespace {

// `Sum` is uint64_t for all integers (cut to the result's width when it is emitted), float or double. The identity of
// floating sums is -0.0, so that the sum of -0.0 alone stays -0.0.
template <typename In, typename Sum>
class SumAggregator : public Aggregator {
 public:
  struct Slot {
    Sum sum;
    int64_t count;
  };

  explicit SumAggregator(bool zero_when_empty) : zero_when_empty_(zero_when_empty) {}

  int32_t slot_bytes() const override { return sizeof(Slot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<Slot*>(slot) = {Identity(), 0}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<Slot, In>(
        slots, offset, rows, *args[0], kinds,
        [](Slot& slot, In value) {
          slot.sum += static_cast<Sum>(value);
          ++slot.count;
        },
        [](Slot& slot, In value) {
          slot.sum -= static_cast<Sum>(value);
          --slot.count;
        });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<Slot*>(to);
    const auto* source = reinterpret_cast<const Slot*>(from);
    target->sum += source->sum;
    target->count += source->count;
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Slot& slot = SlotAt<Slot>(slots, offset, i);
      if (slot.count != 0) {
        out.Append(static_cast<In>(slot.sum));
      } else if (zero_when_empty_) {
        out.Append(In{0});
      } else {
        out.AppendNull();
      }
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const auto* from = reinterpret_cast<const Slot*>(slot);
    PutFixed(out, from->sum);
    PutFixed(out, from->count);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    auto* to = reinterpret_cast<Slot*>(slot);
    to->sum = in.Fixed<Sum>();
    to->count = in.Fixed<int64_t>();
    return in.Finish();
  }

 private:
  static constexpr Sum Identity() {
    if constexpr (std::is_floating_point_v<Sum>) return Sum{-0.0};
    return Sum{0};
  }

  bool zero_when_empty_;
};

class DecimalSumAggregator : public Aggregator {
 public:
  explicit DecimalSumAggregator(bool zero_when_empty) : zero_when_empty_(zero_when_empty) {}

  int32_t slot_bytes() const override { return sizeof(DecimalSum); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<DecimalSum*>(slot) = {}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<DecimalSum, int128_t>(
        slots, offset, rows, *args[0], kinds, [](DecimalSum& slot, int128_t value) { slot.AddRestarting(value, 1); },
        [](DecimalSum& slot, int128_t value) { slot.AddRestarting(-value, -1); });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<DecimalSum*>(to);
    const auto* source = reinterpret_cast<const DecimalSum*>(from);
    if (source->overflow) {
      target->count += source->count;
    } else {
      target->AddRestarting(source->sum, source->count);
    }
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const auto& slot = SlotAt<DecimalSum>(slots, offset, i);
      if (slot.overflow || (slot.count == 0 && !zero_when_empty_)) {
        out.AppendNull();
      } else {
        out.Append(slot.sum);
      }
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    reinterpret_cast<const DecimalSum*>(slot)->Save(out);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    reinterpret_cast<DecimalSum*>(slot)->Load(in);
    return in.Finish();
  }

 private:
  bool zero_when_empty_;
};

Result<DataType> SumType(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsNumeric())
    return BadArguments(call, std::string(call.name) + "(<NUMERIC>)");
  const DataType& type = call.types[0];
  return type.Is(TypeKind::kDecimal) ? DecimalSumType(type.scale()).WithNullable(type.nullable()) : type;
}

Result<DataType> InferSum0(CallTypes& call) {
  MR_ASSIGN(DataType type, SumType(call));
  return type.NotNull();
}

std::unique_ptr<Aggregator> MakeFor(const DataType& type, bool zero_when_empty) {
  switch (type.physical()) {
    case PhysicalKind::kInt8:
      return std::make_unique<SumAggregator<int8_t, uint64_t>>(zero_when_empty);
    case PhysicalKind::kInt16:
      return std::make_unique<SumAggregator<int16_t, uint64_t>>(zero_when_empty);
    case PhysicalKind::kInt32:
      return std::make_unique<SumAggregator<int32_t, uint64_t>>(zero_when_empty);
    case PhysicalKind::kInt64:
      return std::make_unique<SumAggregator<int64_t, uint64_t>>(zero_when_empty);
    case PhysicalKind::kFloat:
      return std::make_unique<SumAggregator<float, float>>(zero_when_empty);
    case PhysicalKind::kDouble:
      return std::make_unique<SumAggregator<double, double>>(zero_when_empty);
    case PhysicalKind::kInt128:
      return std::make_unique<DecimalSumAggregator>(zero_when_empty);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return nullptr;  // refused by infer
  }
  return nullptr;
}

std::unique_ptr<Aggregator> MakeSum(const AggregateCall& call, AggregateMode, MemoryPool*) {
  return MakeFor(call.arg_types[0], false);
}

std::unique_ptr<Aggregator> MakeSum0(const AggregateCall& call, AggregateMode, MemoryPool*) {
  return MakeFor(call.arg_types[0], true);
}

}  // namespace

extern const AggregateFunction kSumAggregate{
    .name = "SUM",
    .signature = "SUM([DISTINCT] NUMERIC) -> the argument's type, DECIMAL(38, s) for DECIMAL(p, s)",
    .doc = "The sum of the values that are not NULL; NULL if there is none. Integers wrap around.",
    .example = "SELECT SUM(x) FROM (VALUES (1), (2), (CAST(NULL AS INT))) AS t(x)",
    .example_result = "3",
    .infer = SumType,
    .make = MakeSum,
};

extern const AggregateFunction kSum0Aggregate{
    .name = "$SUM0",
    .aliases = {"SUM0"},
    .signature = "$SUM0(NUMERIC) -> as SUM, NOT NULL",
    .doc = "Like SUM, but 0 if there is no value.",
    .infer = InferSum0,
    .never_null = true,
    .make = MakeSum0,
};

}  // namespace millrace::functions
