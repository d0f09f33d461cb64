// LISTAGG: texts joined in the order of their arrival, NULLs left out.
#include "engine/functions/aggregate/arrival_list.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate/value_cell.h"
#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

// Keeps the joined text itself.
class ListAggregator : public Aggregator {
 public:
  ListAggregator(std::string separator, MemoryPool* pool) : separator_(std::move(separator)), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ValueCell); }
  void Init(uint8_t* slot) const override { std::memset(slot, 0, sizeof(ValueCell)); }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ValueCell*>(slot)->Free(PhysicalKind::kString, pool_); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<ValueCell, StringRef>(
        slots, offset, rows, *args[0], kinds,
        [this](ValueCell& cell, const StringRef& value) { Join(cell, value.view()); },
        [](ValueCell&, const StringRef&) {});
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const ValueCell*>(from);
    if (source->has_value) Join(*reinterpret_cast<ValueCell*>(to), source->text.view());
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
  void Join(ValueCell& cell, std::string_view text) const {
    if (cell.has_value) cell.text.Append(pool_, separator_);
    cell.has_value = 1;
    cell.text.Append(pool_, text);
  }

  std::string separator_;
  MemoryPool* pool_;
};

class RetractableListAggregator : public Aggregator {
 public:
  RetractableListAggregator(std::string separator, MemoryPool* pool) : separator_(std::move(separator)), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ListSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<ListSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ListSlot*>(slot)->Free(); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    FoldValues<ListSlot, StringRef>(
        slots, offset, rows, *args[0], kinds,
        [this](ListSlot& slot, const StringRef& value) { slot.Get(pool_).Add(value.view()); },
        [this](ListSlot& slot, const StringRef& value) { slot.Get(pool_).Remove(value.view()); });
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const auto* source = reinterpret_cast<const ListSlot*>(from);
    if (source->list != nullptr) reinterpret_cast<ListSlot*>(to)->Get(pool_).Merge(*source->list);
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    std::string joined;
    for (int32_t i = 0; i < count; ++i) {
      const ArrivalList* list = SlotAt<ListSlot>(slots, offset, i).list;
      if (list == nullptr || list->empty()) {
        out.AppendNull();
        continue;
      }
      joined.clear();
      bool first = true;
      list->ForEach([&](const std::string& text) {
        if (!first) joined += separator_;
        first = false;
        joined += text;
      });
      out.AppendString(joined);
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
  std::string separator_;
  MemoryPool* pool_;
};

constexpr std::string_view kForms = "LISTAGG(<CHARACTER>), LISTAGG(<CHARACTER>, <CHARACTER_LITERAL>)";

Result<DataType> Infer(CallTypes& call) {
  size_t count = call.types.size();
  if (count < 1 || count > 2) return BadArguments(call, kForms);
  for (const DataType& type : call.types) {
    if (!type.IsString()) return BadArguments(call, kForms);
  }
  if (count == 2 && (call.Literal(1) == nullptr || call.Literal(1)->IsNull())) return BadArguments(call, kForms);
  return DataType::String().WithNullable(call.types[0].nullable());
}

std::unique_ptr<Aggregator> Make(const AggregateCall& call, AggregateMode mode, MemoryPool* pool) {
  std::string separator = ",";
  if (call.literals.size() > 1 && !call.literals[1].IsNull()) separator = call.literals[1].AsString();
  if (mode.retract) return std::make_unique<RetractableListAggregator>(std::move(separator), pool);
  return std::make_unique<ListAggregator>(std::move(separator), pool);
}

}  // namespace

extern const AggregateFunction kListAggregate{
    .name = "LISTAGG",
    .signature = "LISTAGG([DISTINCT] STRING[, separator literal]) -> STRING",
    .doc = "The texts that are not NULL, joined in the order of their arrival; the separator is a comma unless given.",
    .example = "SELECT LISTAGG(x, '-') FROM (VALUES ('a'), ('b')) AS t(x)",
    .example_result = "a-b",
    .infer = Infer,
    .needs_order = true,
    .make = Make,
};

}  // namespace millrace::functions
