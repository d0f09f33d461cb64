// VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP over integers and floating numbers. Flink rewrites them into
// (SUM(x * x) - SUM(x) * SUM(x) / COUNT(x)) / n in the argument's own type, and so do we: integers wrap and are cut
// off.
#include "engine/functions/aggregate/variance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "types/decimal.h"

namespace millrace::functions {
namespace {

// Java's narrowing of a double: NaN is 0, what is too large is the limit; TINYINT and SMALLINT are cut from an int.
template <typename T>
T FromDouble(double value) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    using Wide = std::conditional_t<sizeof(T) == 8, int64_t, int32_t>;
    if (std::isnan(value)) return 0;
    if (value >= static_cast<double>(std::numeric_limits<Wide>::max()))
      return static_cast<T>(std::numeric_limits<Wide>::max());
    if (value <= static_cast<double>(std::numeric_limits<Wide>::min()))
      return static_cast<T>(std::numeric_limits<Wide>::min());
    return static_cast<T>(static_cast<Wide>(value));
  }
}

// `Sum` is uint64_t for integers, else T.
template <typename T, typename Sum>
class VarianceAggregator : public Aggregator {
 public:
  struct Slot {
    Sum sum;
    Sum squares;
    int64_t count;
  };

  explicit VarianceAggregator(VarianceKind kind) : kind_(kind) {}

  int32_t slot_bytes() const override { return sizeof(Slot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<Slot*>(slot) = {}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<Slot, T>(
        slots, offset, rows, *args[0], kinds,
        [](Slot& slot, T value) {
          auto x = static_cast<Sum>(value);
          slot.sum += x;
          slot.squares += x * x;
          ++slot.count;
        },
        [](Slot& slot, T value) {
          auto x = static_cast<Sum>(value);
          slot.sum -= x;
          slot.squares -= x * x;
          --slot.count;
        });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<Slot*>(to);
    const auto* source = reinterpret_cast<const Slot*>(from);
    target->sum += source->sum;
    target->squares += source->squares;
    target->count += source->count;
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Slot& slot = SlotAt<Slot>(slots, offset, i);
      if (slot.count == 0 || (kind_.sample && slot.count == 1)) {
        out.AppendNull();
      } else {
        out.Append(Final(slot));
      }
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const auto* from = reinterpret_cast<const Slot*>(slot);
    PutFixed(out, from->sum);
    PutFixed(out, from->squares);
    PutFixed(out, from->count);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    auto* to = reinterpret_cast<Slot*>(slot);
    to->sum = in.Fixed<Sum>();
    to->squares = in.Fixed<Sum>();
    to->count = in.Fixed<int64_t>();
    return in.Finish();
  }

 private:
  T Final(const Slot& slot) const {
    using Wide = std::conditional_t<std::is_integral_v<T>, int64_t, T>;
    auto sum = static_cast<T>(slot.sum);
    auto squares = static_cast<T>(slot.squares);
    auto product = static_cast<T>(static_cast<Sum>(sum) * static_cast<Sum>(sum));
    Wide mean_part = Quotient(static_cast<Wide>(product), static_cast<Wide>(slot.count));
    Wide difference = Difference(static_cast<Wide>(squares), mean_part);
    Wide result = Quotient(difference, static_cast<Wide>(kind_.sample ? slot.count - 1 : slot.count));
    if (!kind_.deviation) return static_cast<T>(result);
    return FromDouble<T>(std::pow(static_cast<double>(result), 0.5));
  }

  template <typename Wide>
  static Wide Quotient(Wide a, Wide b) {
    if constexpr (std::is_integral_v<Wide>) {
      if (b == -1) return static_cast<Wide>(-static_cast<uint64_t>(a));
    }
    return a / b;
  }
  template <typename Wide>
  static Wide Difference(Wide a, Wide b) {
    if constexpr (std::is_integral_v<Wide>)
      return static_cast<Wide>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
    return a - b;
  }

  VarianceKind kind_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsNumeric())
    return BadArguments(call, std::string(call.name) + "(<NUMERIC>)");
  const DataType& type = call.types[0];
  // The variance of one value as a sample is NULL, whatever Flink's type says.
  return (type.Is(TypeKind::kDecimal) ? DecimalAvgType(type.scale()) : type).Nullable();
}

std::unique_ptr<Aggregator> MakeKind(const DataType& type, VarianceKind kind) {
  switch (type.physical()) {
    case PhysicalKind::kInt8:
      return std::make_unique<VarianceAggregator<int8_t, uint64_t>>(kind);
    case PhysicalKind::kInt16:
      return std::make_unique<VarianceAggregator<int16_t, uint64_t>>(kind);
    case PhysicalKind::kInt32:
      return std::make_unique<VarianceAggregator<int32_t, uint64_t>>(kind);
    case PhysicalKind::kInt64:
      return std::make_unique<VarianceAggregator<int64_t, uint64_t>>(kind);
    case PhysicalKind::kFloat:
      return std::make_unique<VarianceAggregator<float, float>>(kind);
    case PhysicalKind::kDouble:
      return std::make_unique<VarianceAggregator<double, double>>(kind);
    case PhysicalKind::kInt128:
      return MakeDecimalVariance(type, kind);
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

template <bool kSample, bool kDeviation>
std::unique_ptr<Aggregator> Make(const AggregateCall& call, AggregateMode, MemoryPool*) {
  return MakeKind(call.arg_types[0], {kSample, kDeviation});
}

}  // namespace

extern const AggregateFunction kVarPopAggregate{
    .name = "VAR_POP",
    .signature = "VAR_POP([DISTINCT] NUMERIC) -> the argument's type, DECIMAL(38, max(6, s)) for DECIMAL(p, s)",
    .doc = "The variance of all values; of integers it is an integer, cut off.",
    .example = "SELECT VAR_POP(x) FROM (VALUES (1E0), (2E0), (6E0)) AS t(x)",
    .example_result = "4.666666666666667",
    .infer = Infer,
    .make = Make<false, false>,
};

extern const AggregateFunction kVarSampAggregate{
    .name = "VAR_SAMP",
    .aliases = {"VARIANCE"},
    .signature = "VAR_SAMP([DISTINCT] NUMERIC) -> the argument's type, DECIMAL(38, max(6, s)) for DECIMAL(p, s)",
    .doc = "The variance of a sample; NULL for one value. Of integers it is an integer, cut off.",
    .example = "SELECT VAR_SAMP(x) FROM (VALUES (1), (2), (4)) AS t(x)",
    .example_result = "2",
    .infer = Infer,
    .make = Make<true, false>,
};

extern const AggregateFunction kStddevPopAggregate{
    .name = "STDDEV_POP",
    .signature = "STDDEV_POP([DISTINCT] NUMERIC) -> the argument's type, DECIMAL(38, max(6, s)) for DECIMAL(p, s)",
    .doc = "The standard deviation of all values; of integers it is an integer, cut off.",
    .example = "SELECT STDDEV_POP(x) FROM (VALUES (1), (2), (4)) AS t(x)",
    .example_result = "1",
    .infer = Infer,
    .make = Make<false, true>,
};

extern const AggregateFunction kStddevSampAggregate{
    .name = "STDDEV_SAMP",
    .aliases = {"STDDEV"},
    .signature = "STDDEV_SAMP([DISTINCT] NUMERIC) -> the argument's type, DECIMAL(38, max(6, s)) for DECIMAL(p, s)",
    .doc = "The standard deviation of a sample; NULL for one value. Of integers it is an integer, cut off.",
    .example = "SELECT STDDEV_SAMP(x) FROM (VALUES (1.10), (2.20), (4.00)) AS t(x)",
    .example_result = "1.464013",
    .infer = Infer,
    .make = Make<true, true>,
};

}  // namespace millrace::functions
