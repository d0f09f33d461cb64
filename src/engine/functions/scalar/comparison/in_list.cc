// IN over a list of literals, by a hash set that is made once per call site.
#include <unordered_set>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/comparison/comparison.h"
#include "types/cast.h"

namespace millrace::functions {

namespace {

struct ValueHash {
  template <typename T>
  static size_t Mix(T value) {
    return static_cast<size_t>(static_cast<uint64_t>(value) * 0x9E3779B97F4A7C15ULL);
  }
  size_t operator()(int64_t value) const { return Mix(value); }
  size_t operator()(int128_t value) const {
    return Mix(static_cast<uint64_t>(value) ^ static_cast<uint64_t>(value >> 64));
  }
  size_t operator()(Timestamp value) const { return Mix(value.millis * 1000003 + value.nanos); }
  size_t operator()(std::string_view value) const { return std::hash<std::string_view>()(value); }
};

struct InSet : FunctionState {
  std::unordered_set<int64_t, ValueHash> integers;
  std::unordered_set<int128_t, ValueHash> decimals;
  std::unordered_set<Timestamp, ValueHash> times;
  std::vector<std::string> texts;  // own the bytes of `views`
  std::unordered_set<std::string_view, ValueHash> views;
  std::vector<double> doubles;
  ValueRow others;
  bool has_null = false;
};

void Insert(InSet& set, const Value& value, PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kBool:
      set.integers.insert(value.AsBool() ? 1 : 0);
      return;
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      set.integers.insert(value.AsInt());
      return;
    case PhysicalKind::kInt128:
      set.decimals.insert(value.AsDecimal());
      return;
    case PhysicalKind::kTimestamp:
      set.times.insert(value.AsTimestamp());
      return;
    case PhysicalKind::kFloat:
      set.doubles.push_back(static_cast<double>(value.AsFloat()));
      return;
    case PhysicalKind::kDouble:
      set.doubles.push_back(value.AsDouble());
      return;
    case PhysicalKind::kString:
      set.texts.push_back(value.AsString());
      return;
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      set.others.push_back(value);
      return;
  }
}

// The items are constant: their columns have one value each.
std::unique_ptr<InSet> MakeSet(const KernelCall& call) {
  auto set = std::make_unique<InSet>();
  PhysicalKind kind = call.args[0]->type().physical();
  for (size_t i = 1; i < call.args.size(); ++i) {
    Value value = call.args[i]->GetValue(0);
    if (value.IsNull()) {
      set->has_null = true;
    } else {
      Insert(*set, value, kind);
    }
  }
  for (const std::string& text : set->texts) set->views.insert(text);
  return set;
}

// Made from the first call's constants.
struct LazySet : FunctionState {
  std::unique_ptr<InSet> set;
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(call);
  static_cast<void>(context);
  return std::make_unique<LazySet>();
}

template <typename T, typename Contains>
ColumnPtr Probe(const KernelCall& call, const InSet& set, Contains&& contains) {
  ColumnReader<T> reader(*call.args[0]);
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  call.rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row)) {
      writer.SetNull(row);
      return;
    }
    bool found = contains(reader[row]);
    if (!found && set.has_null) {
      writer.SetNull(row);
    } else {
      writer.Set(row, found ? 1 : 0);
    }
  });
  return writer.Finish();
}

template <typename T>
ColumnPtr ProbeIntegers(const KernelCall& call, const InSet& set) {
  return Probe<T>(call, set, [&](T value) { return set.integers.contains(static_cast<int64_t>(value)); });
}

template <typename T>
ColumnPtr ProbeDoubles(const KernelCall& call, const InSet& set) {
  return Probe<T>(call, set, [&](T value) {
    for (double item : set.doubles) {
      if (static_cast<double>(value) == item) return true;
    }
    return false;
  });
}

ColumnPtr ProbeOthers(const KernelCall& call, const InSet& set) {
  const Column& column = *call.args[0];
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  call.rows.ForEach([&](int32_t row) {
    Value value = column.GetValue(row);
    bool found = false;
    for (const Value& item : set.others) found = found || EqualValues(value, item, column.type());
    if (value.IsNull() || (!found && set.has_null)) {
      writer.SetNull(row);
    } else {
      writer.Set(row, found ? 1 : 0);
    }
  });
  return writer.Finish();
}

Result<ColumnPtr> In(const KernelCall& call) {
  auto& lazy = static_cast<LazySet&>(*call.state);
  if (lazy.set == nullptr) lazy.set = MakeSet(call);
  const InSet& set = *lazy.set;
  switch (call.args[0]->type().physical()) {
    case PhysicalKind::kBool:
      return ProbeIntegers<uint8_t>(call, set);
    case PhysicalKind::kInt8:
      return ProbeIntegers<int8_t>(call, set);
    case PhysicalKind::kInt16:
      return ProbeIntegers<int16_t>(call, set);
    case PhysicalKind::kInt32:
      return ProbeIntegers<int32_t>(call, set);
    case PhysicalKind::kInt64:
      return ProbeIntegers<int64_t>(call, set);
    case PhysicalKind::kFloat:
      return ProbeDoubles<float>(call, set);
    case PhysicalKind::kDouble:
      return ProbeDoubles<double>(call, set);
    case PhysicalKind::kInt128:
      return Probe<int128_t>(call, set, [&](int128_t value) { return set.decimals.contains(value); });
    case PhysicalKind::kTimestamp:
      return Probe<Timestamp>(call, set, [&](Timestamp value) { return set.times.contains(value); });
    case PhysicalKind::kString:
      return Probe<StringRef>(call, set, [&](const StringRef& value) { return set.views.contains(value.view()); });
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return ProbeOthers(call, set);
}

// Every item is compared as by "="; all are brought to one type.
Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() < 2) return BadArguments(call, "'<value> IN (<value>, …)'");
  bool same = true;
  for (const DataType& type : call.types) {
    same = same && (type.SameIgnoringNullability(call.types[0]) || (type.IsString() && call.types[0].IsString()));
  }
  if (!same) {
    for (size_t i = 1; i < call.types.size(); ++i) {
      CallTypes pair{call.name, {call.types[0], call.types[i]}, {call.Literal(0), call.Literal(i)}};
      MR_RETURN_IF_ERROR(InferComparison(pair, false));
      call.types[0] = pair.types[0];
      call.types[i] = pair.types[1];
    }
    if (!call.types[0].IsString()) {
      MR_ASSIGN(DataType common, CommonType(call.types));
      for (DataType& type : call.types) type = common.WithNullable(type.nullable());
    }
  }
  return NullableIfArgs(call, DataType::Boolean());
}

}  // namespace

extern const ScalarFunction kIn = {.name = "IN",
                                   .signature = "value IN (value1, value2, …) -> BOOLEAN",
                                   .doc = "TRUE if the value equals an item; NULL if it does not and an item is NULL.",
                                   .example = "4 IN (1, 2, 3, 4, 5, 6)",
                                   .example_result = "TRUE",
                                   .infer = Infer,
                                   .kernel = In,
                                   .prepare = Prepare};

}  // namespace millrace::functions
