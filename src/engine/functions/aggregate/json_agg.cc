// JSON_OBJECTAGG and JSON_ARRAYAGG: JSON text out of the rows of a group. Argument 0 says what becomes of NULLs: 'NULL'
// or 'ABSENT', with ' RAW' behind it where the value is the call of JSON_OBJECT or JSON_ARRAY, whose text is put in as
// it is.
#include <map>
#include <string>

#include "engine/functions/aggregate/arrival_list.h"
#include "engine/functions/aggregate/record.h"
#include "engine/functions/aggregate/slot_loop.h"
#include "engine/functions/aggregate_function.h"
#include "engine/functions/scalar/json/value_to_json.h"

namespace millrace::functions {
namespace {

struct Symbol {
  bool skip_nulls = false;
  bool raw = false;
};

Symbol SymbolOf(const AggregateCall& call) {
  Symbol symbol;
  if (call.literals.empty() || call.literals[0].IsNull()) return symbol;
  std::string_view text = call.literals[0].AsString();
  symbol.skip_nulls = text.starts_with("ABSENT");
  symbol.raw = text.ends_with(" RAW");
  return symbol;
}

// The JSON text of a value that is not NULL.
std::string JsonOf(const Column& column, int32_t row, bool raw) {
  Value value = column.GetValue(row);
  if (raw) return value.AsString();
  std::string json;
  AppendValueAsJson(value, column.type(), &json);
  return json;
}

struct KeyLess {
  bool operator()(const std::string& a, const std::string& b) const { return JavaStringLess(a, b); }
};

struct Members {
  std::map<std::string, std::string, KeyLess> json;  // by key
  int64_t charged = 0;
};

struct MembersSlot {
  Members* members;
};

class JsonObjectAggregator : public Aggregator {
 public:
  JsonObjectAggregator(Symbol symbol, MemoryPool* pool) : symbol_(symbol), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(MembersSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<MembersSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override {
    auto* owner = reinterpret_cast<MembersSlot*>(slot);
    if (owner->members != nullptr) pool_->Charge(-owner->members->charged);
    delete owner->members;
    owner->members = nullptr;
  }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& keys = *args[1];
    const Column& values = *args[2];
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      auto& slot = SlotAt<MembersSlot>(slots, offset, i);
      if (keys.IsNull(row)) {
        return UserError("json.function", "A key of JSON_OBJECTAGG is NULL",
                         "Filter such rows out: FILTER (WHERE key IS NOT NULL)");
      }
      std::string key = keys.GetValue(row).AsString();
      if (!Adds(kinds, row)) {
        Remove(slot, key);
        continue;
      }
      bool null = values.IsNull(row);
      if (null && symbol_.skip_nulls) {
        MR_RETURN_IF_ERROR(CheckNew(slot, key));
        continue;
      }
      MR_RETURN_IF_ERROR(Add(slot, std::move(key), null ? "null" : JsonOf(values, row, symbol_.raw)));
    }
    return Status::Ok();
  }

  Status Merge(uint8_t* to, const uint8_t* from) const override {
    const Members* source = reinterpret_cast<const MembersSlot*>(from)->members;
    if (source == nullptr) return Status::Ok();
    for (const auto& [key, json] : source->json)
      MR_RETURN_IF_ERROR(Add(*reinterpret_cast<MembersSlot*>(to), key, json));
    return Status::Ok();
  }

  Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const override {
    for (int32_t i = 0; i < count; ++i) {
      const Members* members = SlotAt<MembersSlot>(slots, offset, i).members;
      std::vector<JsonMember> sorted;
      if (members != nullptr) {
        for (const auto& [key, json] : members->json) sorted.push_back({key, json});
      }
      std::string text;
      AppendJsonObject(std::move(sorted), &text);
      out.AppendString(text);
    }
    return Status::Ok();
  }

  void Save(const uint8_t* slot, std::string& out) const override {
    const Members* members = reinterpret_cast<const MembersSlot*>(slot)->members;
    if (members == nullptr) return;
    PutVarint(out, members->json.size());
    for (const auto& [key, json] : members->json) {
      PutBytes(out, key);
      PutBytes(out, json);
    }
  }
  Status Load(uint8_t* slot, std::string_view record) const override {
    if (record.empty()) return Status::Ok();
    RecordReader in(record);
    for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) {
      std::string key(in.Bytes());
      std::string json(in.Bytes());
      if (!in.failed()) MR_RETURN_IF_ERROR(Add(*reinterpret_cast<MembersSlot*>(slot), std::move(key), std::move(json)));
    }
    return in.Finish();
  }

 private:
  static constexpr int64_t kEntryBytes = 96;

  Status CheckNew(const MembersSlot& slot, const std::string& key) const {
    if (slot.members == nullptr || !slot.members->json.contains(key)) return Status::Ok();
    return UserError("json.function",
                     "Key '" + key +
                         "' is already present. Duplicate keys are not allowed in JSON_OBJECTAGG. Please ensure that "
                         "keys are unique.",
                     "Group by the key first, or add something to it");
  }

  Status Add(MembersSlot& slot, std::string key, std::string json) const {
    MR_RETURN_IF_ERROR(CheckNew(slot, key));
    if (slot.members == nullptr) slot.members = new Members();
    Charge(*slot.members, kEntryBytes + static_cast<int64_t>(key.size() + json.size()));
    slot.members->json.emplace(std::move(key), std::move(json));
    return Status::Ok();
  }

  void Remove(MembersSlot& slot, const std::string& key) const {
    if (slot.members == nullptr) return;
    auto place = slot.members->json.find(key);
    if (place == slot.members->json.end()) return;
    Charge(*slot.members, -kEntryBytes - static_cast<int64_t>(place->first.size() + place->second.size()));
    slot.members->json.erase(place);
  }

  void Charge(Members& members, int64_t bytes) const {
    members.charged += bytes;
    pool_->Charge(bytes);
  }

  Symbol symbol_;
  MemoryPool* pool_;
};

class JsonArrayAggregator : public Aggregator {
 public:
  JsonArrayAggregator(Symbol symbol, MemoryPool* pool) : symbol_(symbol), pool_(pool) {}

  int32_t slot_bytes() const override { return sizeof(ListSlot); }
  void Init(uint8_t* slot) const override { *reinterpret_cast<ListSlot*>(slot) = {}; }
  void Destroy(uint8_t* slot) const override { reinterpret_cast<ListSlot*>(slot)->Free(); }

  Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                    const std::vector<RowKind>* kinds) const override {
    const Column& values = *args[1];
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      bool null = values.IsNull(row);
      if (null && symbol_.skip_nulls) continue;
      std::string json = null ? "null" : JsonOf(values, row, symbol_.raw);
      ArrivalList& list = SlotAt<ListSlot>(slots, offset, i).Get(pool_);
      if (Adds(kinds, row)) {
        list.Add(json);
      } else {
        list.Remove(json);
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
      std::string text = "[";
      if (list != nullptr) {
        list->ForEach([&text](const std::string& json) {
          if (text.size() > 1) text.push_back(',');
          text += json;
        });
      }
      text.push_back(']');
      out.AppendString(text);
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
  Symbol symbol_;
  MemoryPool* pool_;
};

Result<DataType> InferObject(CallTypes& call) {
  if (call.types.size() != 3 || !call.types[1].IsString()) {
    return BadArguments(call, "'JSON_OBJECTAGG([KEY] <CHARACTER> VALUE <ANY>)'");
  }
  MR_RETURN_IF_ERROR(CheckJsonType(call.types[2]));
  return DataType::Varchar(2000).NotNull();
}

Result<DataType> InferArray(CallTypes& call) {
  if (call.types.size() != 2) return BadArguments(call, "'JSON_ARRAYAGG(<ANY>)'");
  MR_RETURN_IF_ERROR(CheckJsonType(call.types[1]));
  return DataType::Varchar(2000).NotNull();
}

std::unique_ptr<Aggregator> MakeObject(const AggregateCall& call, AggregateMode, MemoryPool* pool) {
  return std::make_unique<JsonObjectAggregator>(SymbolOf(call), pool);
}

std::unique_ptr<Aggregator> MakeArray(const AggregateCall& call, AggregateMode, MemoryPool* pool) {
  return std::make_unique<JsonArrayAggregator>(SymbolOf(call), pool);
}

}  // namespace

extern const AggregateFunction kJsonObjectAggregate{
    .name = "JSON_OBJECTAGG",
    .signature = "JSON_OBJECTAGG([KEY] STRING VALUE ANY [{ NULL | ABSENT } ON NULL]) -> VARCHAR(2000)",
    .doc = "A JSON object with a member for each row; the keys come out sorted, an equal key is an error.",
    .example = "SELECT JSON_OBJECTAGG(k VALUE v) FROM (VALUES ('b', 1), ('a', 2)) AS t(k, v)",
    .example_result = "{\"a\":2,\"b\":1}",
    .infer = InferObject,
    .never_null = true,
    .make = MakeObject,
};

extern const AggregateFunction kJsonArrayAggregate{
    .name = "JSON_ARRAYAGG",
    .signature = "JSON_ARRAYAGG(ANY [{ NULL | ABSENT } ON NULL]) -> VARCHAR(2000)",
    .doc = "A JSON array of the values in the order of their arrival; NULLs are left out unless NULL ON NULL.",
    .example = "SELECT JSON_ARRAYAGG(x) FROM (VALUES (1), (2)) AS t(x)",
    .example_result = "[1,2]",
    .infer = InferArray,
    .never_null = true,
    .needs_order = true,
    .make = MakeArray,
};

}  // namespace millrace::functions
