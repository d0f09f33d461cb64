#include "bin/conformance/flink_test_functions.h"

#include <array>

#include "engine/functions/inference.h"
#include "types/cast.h"

namespace millrace::conformance {
namespace {

using functions::AggregateFunction;
using functions::CallTypes;
using functions::ScalarFunction;
using functions::TableFunction;

// One `eval` or `accumulate` method: its parameters and its result.
struct Method {
  std::vector<DataType> parameters;
  DataType result;
  bool any_arguments = false;  // takes whatever it is given
};

struct Double {
  std::string_view name;
  std::vector<Method> methods;
  bool deterministic = true;
};

const DataType kInt = DataType::Int();
const DataType kBigint = DataType::Bigint();
const DataType kString = DataType::String();
const DataType kBool = DataType::Boolean();
const DataType kTime = DataType::Timestamp(3);

DataType RowOf(std::vector<Field> fields) { return DataType::Row(std::move(fields)); }

const std::vector<Double>& Scalars() {
  static const std::vector<Double> kDoubles = {
      {"BooleanPythonScalarFunction", {{{kInt, kInt}, kBool}}},
      {"Func0", {{{kInt}, kInt.NotNull()}}},
      {"Func1",
       {{{kInt}, kInt},
        {{DataType::Tinyint()}, DataType::Tinyint()},
        {{DataType::Smallint()}, DataType::Smallint()},
        {{DataType::Float()}, DataType::Float()}}},
      {"Func2", {{{kInt}, kString}}},
      {"Func3", {{{kBigint}, kBigint}, {{kInt, kString}, kString}}},
      {"Func4", {{{DataType::Array(kInt)}, DataType::Array(kInt)}}},
      {"Func5", {{{kInt}, RowOf({{"f0", kInt, ""}, {"f1", kString, ""}})}}},
      {"Func8", {{{kInt}, kString}, {{kInt, kInt}, kString}, {{kString, kString}, kString}}},
      {"Func13", {{{kString}, kString}}},
      {"Func18", {{{kString, kString}, kBool.NotNull()}}},
      {"Func23",
       {{{kInt, kBigint, kString},
         RowOf({{"f0", kString, ""}, {"f1", kInt, ""}, {"f2", kBigint, ""}, {"f3", kString, ""}})}}},
      {"Func24",
       {{{kString, kInt, kBigint, kString},
         RowOf({{"f0", kString, ""}, {"f1", kInt, ""}, {"f2", kBigint, ""}, {"f3", kString, ""}})}}},
      {"FuncWithOpen", {{{kInt}, kBool.NotNull()}}},
      {"JavaFunc0", {{{kBigint}, kBigint.NotNull()}}},
      {"JavaFunc1", {{{kInt, kInt, kTime}, kString}}},
      {"JavaFunc2", {{{kString, kInt}, kString}, {{kString, kInt, kInt}, kString}}},
      {"JavaFunc5", {{{kTime, kInt}, kTime}}},
      {"NonDeterministicUdf", {{{}, kInt.NotNull()}, {{kInt}, kInt.NotNull()}, {{kString}, kString}}, false},
      {"PythonScalarFunction", {{{kInt, kInt}, kInt.NotNull()}, {{kString}, kString}}},
      {"PythonTimestampScalarFunction", {{{}, kTime, true}}},
      {"RichFunc1", {{{kInt}, kInt}}},
      {"RichFunc2", {{{kString}, kString}}},
      {"RichFunc3", {{{kString}, kBool.NotNull()}}},
      {"ShouldNotExecuteFunc", {{{kString}, kBool.NotNull()}}},
      {"TestNonDeterministicUdf", {{{kBigint}, kBigint}, {{kInt}, kInt.NotNull()}, {{kString}, kString}}, false},
  };
  return kDoubles;
}

const std::vector<Double>& Aggregates() {
  static const std::vector<Double> kDoubles = {
      {"CountDistinct", {{{kString}, kBigint}, {{kBigint}, kBigint}}},
      {"FirstValueAggFunction", {{{}, kBigint, true}}, false},
      {"OverAgg0", {{{kBigint.NotNull(), kInt.NotNull()}, kBigint}}},
      {"TestNonDeterministicUdaf", {{{kBigint}, kBigint}}, false},
      {"WeightedAvg",
       {{{kBigint, kBigint}, kBigint}, {{kInt, kInt}, kBigint}, {{kBigint, kInt, kInt, kString}, kBigint}}},
      {"WeightedAvgWithMerge",
       {{{kBigint, kBigint}, kBigint}, {{kInt, kInt}, kBigint}, {{kBigint, kInt, kInt, kString}, kBigint}}},
  };
  return kDoubles;
}

// A table function whose result is no row has one column, named as Flink's planner names it.
const std::vector<Double>& Tables() {
  static const std::vector<Double> kDoubles = {
      {"JavaTableFunc1", {{{}, kInt, true}}},
      {"MockPythonTableFunction", {{{kInt, kInt}, RowOf({{"f0", kInt, ""}, {"f1", kInt, ""}})}}},
      {"NonDeterministicTableFunc", {{{kString}, kString}}, false},
      {"StringSplit", {{{}, kString}, {{kString}, kString}, {{kString, kString}, kString}}},
      {"TableFunc", {{{}, kString, true}}},
      {"TableFunc0", {{{kString}, RowOf({{"name", kString, ""}, {"age", kInt, ""}})}}},
      {"TableFunc1", {{{kString}, kString}, {{kString, kString}, kString}}},
      {"TableFunc2", {{{kString}, RowOf({{"f0", kString, ""}, {"f1", kInt, ""}})}}},
      {"TestNonDeterministicUdtf", {{{kInt}, kString}, {{kString}, kString}}, false},
  };
  return kDoubles;
}

bool Accepts(const Method& method, const CallTypes& call, bool exact) {
  if (method.any_arguments) return true;
  if (method.parameters.size() != call.types.size()) return false;
  for (size_t i = 0; i < call.types.size(); ++i) {
    const DataType& from = call.types[i];
    const DataType& to = method.parameters[i];
    if (from.nullable() && !to.nullable()) return false;
    bool fits = exact ? from.SameIgnoringNullability(to) : from.Is(TypeKind::kNull) || CanCastImplicitly(from, to);
    if (!fits) return false;
  }
  return true;
}

// The method that takes the arguments, those that need no cast first.
Result<DataType> InferFrom(const std::vector<Double>& doubles, CallTypes& call) {
  for (const Double& each : doubles) {
    if (each.name != call.name) continue;
    for (bool exact : {true, false}) {
      for (const Method& method : each.methods) {
        if (!Accepts(method, call, exact)) continue;
        if (!method.any_arguments) call.types = method.parameters;
        return method.result;
      }
    }
  }
  return functions::BadArguments(call, "the methods of Flink's test function");
}

Result<DataType> InferScalar(CallTypes& call) { return InferFrom(Scalars(), call); }
Result<DataType> InferAggregate(CallTypes& call) { return InferFrom(Aggregates(), call); }
Result<std::vector<Field>> InferTable(CallTypes& call) {
  MR_ASSIGN(DataType type, InferFrom(Tables(), call));
  if (type.Is(TypeKind::kRow)) return type.fields();
  return std::vector<Field>{{"EXPR$0", type, ""}};
}

Error NoBody() { return UserError("sql.unsupported", "a test function of Flink's has no body here"); }

// Flink says of it that its result type cannot be inferred.
const ScalarFunction kNullType = {
    .name = "NullTypeFunction", .signature = "", .doc = "", .infer = [](CallTypes&) -> Result<DataType> {
      return UserError("function.arguments",
                       "Could not infer an output type for the given arguments. Untyped NULL received.");
    }};

}  // namespace

const functions::ExtraFunctions& FlinkTestFunctions() {
  static const functions::ExtraFunctions kAll = [] {
    functions::ExtraFunctions all;
    for (const Double& each : Scalars()) {
      auto* made = new ScalarFunction();  // for the whole process
      made->name = each.name;
      made->infer = InferScalar;
      made->row = [](const functions::RowCall&) -> Result<Value> { return NoBody(); };
      made->deterministic = each.deterministic;
      all.scalar.push_back(made);
    }
    all.scalar.push_back(&kNullType);
    for (const Double& each : Aggregates()) {
      auto* made = new AggregateFunction();
      made->name = each.name;
      made->infer = InferAggregate;
      all.aggregate.push_back(made);
      if (!each.deterministic) all.varying.push_back(each.name);
    }
    for (const Double& each : Tables()) {
      auto* made = new TableFunction();
      made->name = each.name;
      made->infer = InferTable;
      all.table.push_back(made);
      if (!each.deterministic) all.varying.push_back(each.name);
    }
    return all;
  }();
  return kAll;
}

}  // namespace millrace::conformance
