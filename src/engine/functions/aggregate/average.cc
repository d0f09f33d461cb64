// AVG: of integers cut off to their own type, of decimals DECIMAL(38, max(6, s)).
#include <algorithm>
#include <optional>

#include "engine/functions/aggregate/decimal_sum.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"
#include "types/decimal.h"

namespace millrace::functions {
namespace {

// `Sum` is int64_t for integers and double for floating types.
template <typename In, typename Sum>
class AverageAggregator : public Aggregator {
 public:
  struct Slot {
    Sum sum;
    int64_t count;
  };

  int32_t slot_bytes() const override { return sizeof(Slot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<Slot*>(slot) = {}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<Slot, In>(
        slots, offset, rows, *args[0], kinds, [](Slot& slot, In value) { Add(slot, static_cast<Sum>(value), 1); },
        [](Slot& slot, In value) { Subtract(slot, static_cast<Sum>(value)); });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const Slot*>(from);
    Add(*reinterpret_cast<Slot*>(to), source->sum, source->count);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Slot& slot = SlotAt<Slot>(slots, offset, i);
      if (slot.count == 0) {
        out.AppendNull();
      } else if (slot.count == -1) {
        out.Append(static_cast<In>(Negated(slot.sum)));  // the one quotient that could trap
      } else {
        out.Append(static_cast<In>(slot.sum / static_cast<Sum>(slot.count)));
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
  static void Add(Slot& slot, Sum value, int64_t count) {
    if constexpr (std::is_integral_v<Sum>) {
      slot.sum = static_cast<Sum>(static_cast<uint64_t>(slot.sum) + static_cast<uint64_t>(value));
    } else {
      slot.sum += value;
    }
    slot.count += count;
  }
  static void Subtract(Slot& slot, Sum value) { Add(slot, Negated(value), -1); }
  static Sum Negated(Sum value) {
    if constexpr (std::is_integral_v<Sum>) {
      return static_cast<Sum>(-static_cast<uint64_t>(value));
    } else {
      return -value;
    }
  }
};

class DecimalAverageAggregator : public Aggregator {
 public:
  explicit DecimalAverageAggregator(int32_t scale) : scale_(scale) {}

  int32_t slot_bytes() const override { return sizeof(DecimalSum); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<DecimalSum*>(slot) = {}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<DecimalSum, int128_t>(
        slots, offset, rows, *args[0], kinds, [](DecimalSum& slot, int128_t value) { slot.AddSticky(value, 1); },
        [](DecimalSum& slot, int128_t value) { slot.AddSticky(-value, -1); });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<DecimalSum*>(to);
    const auto* source = reinterpret_cast<const DecimalSum*>(from);
    target->AddSticky(source->sum, source->count);
    if (source->overflow) target->overflow = 1;
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const auto& slot = SlotAt<DecimalSum>(slots, offset, i);
      std::optional<int128_t> average;
      if (slot.count != 0 && !slot.overflow) {
        average = DecimalDivide(slot.sum, scale_, slot.count, 0, kMaxDecimalPrecision, std::max(6, scale_));
      }
      if (average) {
        out.Append(*average);
      } else {
        out.AppendNull();
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
  int32_t scale_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsNumeric()) return BadArguments(call, "AVG(<NUMERIC>)");
  const DataType& type = call.types[0];
  return type.Is(TypeKind::kDecimal) ? DecimalAvgType(type.scale()).WithNullable(type.nullable()) : type;
}

std::unique_ptr<Aggregator> Make(const AggregateCall& call, AggregateMode, MemoryPool*) {
  const DataType& type = call.arg_types[0];
  switch (type.physical()) {
    case PhysicalKind::kInt8:
      return std::make_unique<AverageAggregator<int8_t, int64_t>>();
    case PhysicalKind::kInt16:
      return std::make_unique<AverageAggregator<int16_t, int64_t>>();
    case PhysicalKind::kInt32:
      return std::make_unique<AverageAggregator<int32_t, int64_t>>();
    case PhysicalKind::kInt64:
      return std::make_unique<AverageAggregator<int64_t, int64_t>>();
    case PhysicalKind::kFloat:
      return std::make_unique<AverageAggregator<float, double>>();
    case PhysicalKind::kDouble:
      return std::make_unique<AverageAggregator<double, double>>();
    case PhysicalKind::kInt128:
      return std::make_unique<DecimalAverageAggregator>(type.scale());
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

}  // namespace

extern const AggregateFunction kAverageAggregate{
    .name = "AVG",
    .signature = "AVG([DISTINCT] NUMERIC) -> the argument's type, DECIMAL(38, max(6, s)) for DECIMAL(p, s)",
    .doc = "The mean of the values that are not NULL; NULL if there is none. Of integers it is an integer, cut off.",
    .example = "SELECT AVG(x) FROM (VALUES (1), (2), (4)) AS t(x)",
    .example_result = "2",
    .infer = Infer,
    .make = Make,
};

}  // namespace millrace::functions
