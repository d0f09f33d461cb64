// Variances and deviations of decimals, step by step in the types that Flink's rewriting gives: every step rounds half
// up, and one that does not fit makes the result NULL.
#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/functions/aggregate/decimal_sum.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate/variance.h"
#include "types/decimal.h"

namespace millrace::functions {
namespace {

using MaybeDecimal = std::optional<int128_t>;

struct DecimalVarianceSlot {
  DecimalSum sum;
  DecimalSum squares;
};

class DecimalVarianceAggregator : public Aggregator {
 public:
  DecimalVarianceAggregator(int32_t input_scale, VarianceKind kind)
      : kind_(kind),
        input_scale_(input_scale),
        scale_(std::max(6, input_scale)),
        square_scale_(DecimalMultiplyType(38, scale_, 38, scale_).scale()),
        mean_scale_(DecimalDivideType(38, square_scale_, 19, 0).scale()),
        difference_scale_(DecimalAddType(38, square_scale_, 38, mean_scale_).scale()),
        quotient_scale_(DecimalDivideType(38, difference_scale_, 19, 0).scale()) {}

  int32_t slot_bytes() const override { return sizeof(DecimalVarianceSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<DecimalVarianceSlot*>(slot) = {}; }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<DecimalVarianceSlot, int128_t>(
        slots, offset, rows, *args[0], kinds,
        [this](DecimalVarianceSlot& slot, int128_t value) { Add(slot, value, 1); },
        [this](DecimalVarianceSlot& slot, int128_t value) { Add(slot, value, -1); });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    auto* target = reinterpret_cast<DecimalVarianceSlot*>(to);
    const auto* source = reinterpret_cast<const DecimalVarianceSlot*>(from);
    MergeSum(target->sum, source->sum);
    MergeSum(target->squares, source->squares);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      MaybeDecimal result = Final(SlotAt<DecimalVarianceSlot>(slots, offset, i));
      if (result) {
        out.Append(*result);
      } else {
        out.AppendNull();
      }
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const auto* from = reinterpret_cast<const DecimalVarianceSlot*>(slot);
    from->sum.Save(out);
    from->squares.Save(out);
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    auto* to = reinterpret_cast<DecimalVarianceSlot*>(slot);
    to->sum.Load(in);
    to->squares.Load(in);
    return in.Finish();
  }

 private:
  void Add(DecimalVarianceSlot& slot, int128_t value, int64_t count) const {
    MaybeDecimal x = DecimalRescale(value, input_scale_, 38, scale_);
    MaybeDecimal square = x ? DecimalMultiply(*x, scale_, *x, scale_, 38, square_scale_) : MaybeDecimal();
    slot.sum.count += count;
    slot.squares.count += count;
    if (x) slot.sum.AddRestarting(count > 0 ? *x : -*x, 0);
    if (square) slot.squares.AddRestarting(count > 0 ? *square : -*square, 0);
  }

  static void MergeSum(DecimalSum& to, const DecimalSum& from) {
    to.count += from.count;
    if (!from.overflow) to.AddRestarting(from.sum, 0);
  }

  MaybeDecimal Final(const DecimalVarianceSlot& slot) const {
    int64_t count = slot.sum.count;
    if (count == 0 || (kind_.sample && count == 1) || slot.sum.overflow || slot.squares.overflow) return std::nullopt;
    MaybeDecimal step = DecimalMultiply(slot.sum.sum, scale_, slot.sum.sum, scale_, 38, square_scale_);
    if (step) step = DecimalDivide(*step, square_scale_, count, 0, 38, mean_scale_);
    if (step) step = DecimalSubtract(slot.squares.sum, square_scale_, *step, mean_scale_, 38, difference_scale_);
    if (step) step = DecimalDivide(*step, difference_scale_, kind_.sample ? count - 1 : count, 0, 38, quotient_scale_);
    if (!step) return std::nullopt;
    if (!kind_.deviation) return DecimalRescale(*step, quotient_scale_, 38, scale_);
    return DecimalFromDouble(std::pow(DecimalToDouble(*step, 38, quotient_scale_), 0.5), 38, scale_);
  }

  VarianceKind kind_;
  int32_t input_scale_;
  int32_t scale_;  // of x, and of the result
  int32_t square_scale_;
  int32_t mean_scale_;
  int32_t difference_scale_;
  int32_t quotient_scale_;
};

}  // namespace

std::unique_ptr<Aggregator> MakeDecimalVariance(const DataType& type, VarianceKind kind) {
  return std::make_unique<DecimalVarianceAggregator>(type.scale(), kind);
}

}  // namespace millrace::functions
