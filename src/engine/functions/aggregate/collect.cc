// COLLECT: a multiset of the values that are not NULL; empty, not NULL, without one.
#include <map>

#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"
#include "types/value.h"

namespace millrace::functions {
namespace {

struct ValueLess {
  DataType type;
  bool operator()(const Value& a, const Value& b) const { return CompareValues(a, b, type) < 0; }
};

struct Bag {
  explicit Bag(const DataType& type) : counts(ValueLess{type}) {}
  std::map<Value, int32_t, ValueLess> counts;  // never 0; below 0 when more was taken away than came
  int64_t charged = 0;
};

struct BagSlot {
  Bag* bag;
};

class CollectAggregator : public Aggregator {
 public:
  CollectAggregator(DataType element, MemoryPool* pool) : element_(std::move(element)), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(BagSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<BagSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override {
    auto* owner = reinterpret_cast<BagSlot*>(slot);
    if (owner->bag != nullptr) pool_->Charge(-owner->bag->charged);
    delete owner->bag;
    owner->bag = nullptr;
  }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& column = *args[0];
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      if (!column.IsNull(row)) Add(SlotAt<BagSlot>(slots, offset, i), column.GetValue(row), Adds(kinds, row) ? 1 : -1);
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const Bag* source = reinterpret_cast<const BagSlot*>(from)->bag;
    if (source == nullptr) return Status::Ok();
    for (const auto& [value, count] : source->counts) Add(*reinterpret_cast<BagSlot*>(to), value, count);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Bag* bag = SlotAt<BagSlot>(slots, offset, i).bag;
      int32_t length = 0;
      if (bag != nullptr) {
        for (const auto& [value, times] : bag->counts) {
          out.child(0).AppendValue(value);
          out.child(1).Append(times);
          ++length;
        }
      }
      out.CloseList(length);
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const Bag* bag = reinterpret_cast<const BagSlot*>(slot)->bag;
    PutVarint(out, bag == nullptr ? 0 : bag->counts.size());
    if (bag == nullptr) return;
    for (const auto& [value, count] : bag->counts) {
      PutValue(out, value, element_);
      PutFixed(out, count);
    }
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    RecordReader in(record);
    for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) {
      Value value = in.ReadValue(element_);
      auto count = in.Fixed<int32_t>();
      if (!in.failed() && !value.IsNull()) Add(*reinterpret_cast<BagSlot*>(slot), value, count);
    }
    return in.Finish();
  }

 private:
  static constexpr int64_t kEntryBytes = 160;  // node, boxed value and typical text

  void Add(BagSlot& slot, const Value& value, int32_t added) const {
    if (slot.bag == nullptr) slot.bag = new Bag(element_);
    auto [place, is_new] = slot.bag->counts.try_emplace(value, 0);
    place->second += added;
    if (is_new) Charge(*slot.bag, kEntryBytes);
    if (place->second == 0) {
      slot.bag->counts.erase(place);
      Charge(*slot.bag, -kEntryBytes);
    }
  }
  void Charge(Bag& bag, int64_t bytes) const {
    bag.charged += bytes;
    pool_->Charge(bytes);
  }

  DataType element_;
  MemoryPool* pool_;
};

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, "COLLECT(<ANY>)");
  return DataType::Multiset(call.types[0].WithTimeAttribute(TimeAttribute::kNone)).NotNull();
}

std::unique_ptr<Aggregator> Make(const AggregateCall& call, AggregateMode, MemoryPool* pool) {
  return std::make_unique<CollectAggregator>(call.arg_types[0], pool);
}

}  // namespace

extern const AggregateFunction kCollectAggregate{
    .name = "COLLECT",
    .signature = "COLLECT([DISTINCT] T) -> MULTISET<T>",
    .doc = "A multiset of the values that are not NULL.",
    .example = "SELECT COLLECT(x) FROM (VALUES (1), (2), (1)) AS t(x)",
    .example_result = "{1=2, 2=1}",
    .infer = Infer,
    .never_null = true,
    .make = Make,
};

}  // namespace millrace::functions
