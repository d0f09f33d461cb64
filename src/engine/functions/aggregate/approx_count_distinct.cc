// APPROX_COUNT_DISTINCT: exact up to a few thousand values, beyond that HyperLogLog with 2^14 registers (about 0.8 %
// off).
#include <bit>
#include <cmath>
#include <unordered_set>
#include <vector>

#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

constexpr int kIndexBits = 14;
constexpr size_t kRegisters = size_t{1} << kIndexBits;
constexpr size_t kExactLimit = 2048;

// FNV-1a with a finisher; part of the record format.
uint64_t HashBytes(std::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325U;
  for (char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3U;
  hash ^= hash >> 33;
  hash *= 0xFF51AFD7ED558CCDU;
  hash ^= hash >> 33;
  hash *= 0xC4CEB9FE1A85EC53U;
  return hash ^ (hash >> 33);
}

struct Sketch {
  std::unordered_set<uint64_t> hashes;  // while it is exact
  std::vector<uint8_t> registers;       // afterwards
};

void AddHash(Sketch& sketch, uint64_t hash) {
  if (sketch.registers.empty()) {
    sketch.hashes.insert(hash);
    if (sketch.hashes.size() <= kExactLimit) return;
    sketch.registers.resize(kRegisters);
    for (uint64_t known : std::exchange(sketch.hashes, {})) AddHash(sketch, known);
    return;
  }
  auto rank = static_cast<uint8_t>(std::countl_zero((hash << kIndexBits) | (uint64_t{1} << (kIndexBits - 1))) + 1);
  uint8_t& at = sketch.registers[hash >> (64 - kIndexBits)];
  at = std::max(at, rank);
}

int64_t Estimate(const Sketch& sketch) {
  if (sketch.registers.empty()) return static_cast<int64_t>(sketch.hashes.size());
  double sum = 0;
  int zeros = 0;
  for (uint8_t rank : sketch.registers) {
    sum += std::ldexp(1.0, -rank);
    if (rank == 0) ++zeros;
  }
  constexpr double kCount = kRegisters;
  double estimate = 0.7213 / (1 + 1.079 / kCount) * kCount * kCount / sum;
  if (estimate <= 2.5 * kCount && zeros > 0) estimate = kCount * std::log(kCount / zeros);
  return std::llround(estimate);
}

struct SketchSlot {
  Sketch* sketch;
};

class ApproxCountDistinctAggregator : public Aggregator {
 public:
  explicit ApproxCountDistinctAggregator(MemoryPool* pool) : pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(SketchSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<SketchSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override {
    auto* owner = reinterpret_cast<SketchSlot*>(slot);
    if (owner->sketch == nullptr) return;
    pool_->Charge(-kSketchBytes);
    delete owner->sketch;
    owner->sketch = nullptr;
  }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>*) const override {
    const Column& column = *args[0];
    std::string bytes;
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (column.IsNull(rows[i])) continue;
      bytes.clear();
      PutValueOf(bytes, column, rows[i]);
      AddHash(Get(SlotAt<SketchSlot>(slots, offset, i)), HashBytes(bytes));
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const Sketch* source = reinterpret_cast<const SketchSlot*>(from)->sketch;
    if (source == nullptr) return Status::Ok();
    Sketch& target = Get(*reinterpret_cast<SketchSlot*>(to));
    for (uint64_t hash : source->hashes) AddHash(target, hash);
    if (source->registers.empty()) return Status::Ok();
    if (target.registers.empty()) {
      target.registers.resize(kRegisters);
      for (uint64_t known : std::exchange(target.hashes, {})) AddHash(target, known);
    }
    for (size_t i = 0; i < kRegisters; ++i) target.registers[i] = std::max(target.registers[i], source->registers[i]);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Sketch* sketch = SlotAt<SketchSlot>(slots, offset, i).sketch;
      out.Append(sketch == nullptr ? int64_t{0} : Estimate(*sketch));
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const Sketch* sketch = reinterpret_cast<const SketchSlot*>(slot)->sketch;
    if (sketch == nullptr) return;
    PutVarint(out, sketch->hashes.size());
    for (uint64_t hash : sketch->hashes) PutFixed(out, hash);
    PutBytes(out, {reinterpret_cast<const char*>(sketch->registers.data()), sketch->registers.size()});
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    if (record.empty()) return Status::Ok();
    RecordReader in(record);
    Sketch& sketch = Get(*reinterpret_cast<SketchSlot*>(slot));
    for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) sketch.hashes.insert(in.Fixed<uint64_t>());
    std::string_view registers = in.Bytes();
    if (registers.size() == kRegisters) sketch.registers.assign(registers.begin(), registers.end());
    return in.Finish();
  }

 private:
  static constexpr int64_t kSketchBytes = 16 * 1024;

  Sketch& Get(SketchSlot& slot) const {
    if (slot.sketch == nullptr) {
      slot.sketch = new Sketch();
      pool_->Charge(kSketchBytes);
    }
    return *slot.sketch;
  }

  MemoryPool* pool_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, "APPROX_COUNT_DISTINCT(<ANY>)");
  return DataType::Bigint().NotNull();
}

std::unique_ptr<Aggregator> Make(const AggregateCall&, AggregateMode, MemoryPool* pool) {
  return std::make_unique<ApproxCountDistinctAggregator>(pool);
}

}  // namespace

extern const AggregateFunction kApproxCountDistinctAggregate{
    .name = "APPROX_COUNT_DISTINCT",
    .signature = "APPROX_COUNT_DISTINCT(ANY) -> BIGINT",
    .doc = "About how many different values there are; NULLs do not count. Batch mode only.",
    .infer = Infer,
    .never_null = true,
    .retractable = false,
    .make = Make,
};

}  // namespace millrace::functions
