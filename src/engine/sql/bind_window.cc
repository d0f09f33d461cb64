// Window table functions: TUMBLE, HOP, CUMULATE, SESSION.
#include <fmt/format.h>

#include <array>

#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

constexpr std::array<std::string_view, 5> kTumbleNames{"DATA", "TIMECOL", "SIZE", "OFFSET", ""};
constexpr std::array<std::string_view, 5> kHopNames{"DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"};
constexpr std::array<std::string_view, 5> kCumulateNames{"DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"};
constexpr std::array<std::string_view, 5> kSessionNames{"DATA", "TIMECOL", "GAP", "", ""};

const std::array<std::string_view, 5>& NamesOf(WindowFunction function) {
  switch (function) {
    case WindowFunction::kTumble:
      return kTumbleNames;
    case WindowFunction::kHop:
      return kHopNames;
    case WindowFunction::kCumulate:
      return kCumulateNames;
    case WindowFunction::kSession:
      return kSessionNames;
  }
  return kTumbleNames;
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Arguments in the order of the parameters, whether they were given by name or by place.
Result<std::array<const Expr*, 5>> OrderArguments(const Call& call, WindowFunction function) {
  const auto& names = NamesOf(function);
  std::array<const Expr*, 5> ordered{};
  for (size_t i = 0; i < call.operands.size(); ++i) {
    const auto* named = As<Call>(call.operands[i].get());
    size_t place = i;
    const Expr* value = call.operands[i].get();
    if (named != nullptr && named->op == Op::kNamedArgument) {
      std::string name = Upper(PathOf(*As<Identifier>(named->operands[1].get())).back());
      place = 0;
      while (place < names.size() && names[place] != name) ++place;
      if (place == names.size())
        return ValidationError(fmt::format("unknown argument '{}' of {}", name, call.FunctionName()), named->range);
      value = named->operands[0].get();
    }
    if (place >= names.size() || names[place].empty()) {
      return ValidationError(fmt::format("too many arguments for {}", call.FunctionName()), call.range);
    }
    ordered[place] = value;
  }
  return ordered;
}

// DESCRIPTOR(column)
bool IsDescriptor(const Call* call) {
  if (call == nullptr || call->operands.size() != 1 || As<Identifier>(call->operands[0].get()) == nullptr) return false;
  return call->op == Op::kDescriptor || (call->op == Op::kFunction && call->FunctionName() == "DESCRIPTOR");
}

}  // namespace

Result<Block> QueryBinder::BindTableFunction(const TableFunction& function, const Scope* outer) {
  const Call& call = *function.call;
  std::string name = call.FunctionName();
  if (call.op == Op::kGroupTumble || name == "TUMBLE") return BindWindowFunction(call, WindowFunction::kTumble, outer);
  if (call.op == Op::kGroupHop || name == "HOP") return BindWindowFunction(call, WindowFunction::kHop, outer);
  if (call.op == Op::kGroupSession || name == "SESSION")
    return BindWindowFunction(call, WindowFunction::kSession, outer);
  if (name == "CUMULATE") return BindWindowFunction(call, WindowFunction::kCumulate, outer);
  Block one{MakeRelation(ValuesRelation{{ValueRow{}}}, {}, {}), {}};
  one.scope.outer = outer;
  return BindLateral(one, function, false, outer);
}

Result<Block> QueryBinder::BindWindowFunction(const Call& call, WindowFunction function, const Scope* outer) {
  MR_ASSIGN(auto arguments, OrderArguments(call, function));
  size_t needed = function == WindowFunction::kHop || function == WindowFunction::kCumulate ? 4 : 3;
  for (size_t i = 0; i < needed; ++i) {
    if (arguments[i] == nullptr) {
      return ValidationError(fmt::format("the argument {} of {} is missing", NamesOf(function)[i], call.FunctionName()),
                             call.range);
    }
  }
  const Expr* data = arguments[0];
  const auto* with_keys = As<TableArgument>(data);
  if (with_keys != nullptr) data = with_keys->table.get();
  const auto* query = As<Subquery>(data);
  if (query == nullptr)
    return ValidationError("the first argument of a window function is TABLE name or a query", data->range);
  Block input;
  if (const auto* table = As<ExplicitTable>(query->query.get())) {
    MR_ASSIGN(input, BindCatalogTable(PathOf(*table->table), {}, table->table->range, outer));
  } else {
    MR_ASSIGN(RelationPtr relation, Bind(*query->query, outer));
    input = {relation, ScopeOf(*relation, {}, outer)};
  }
  const auto* descriptor = As<Call>(arguments[1]);
  if (!IsDescriptor(descriptor)) {
    return ValidationError("the time column is written DESCRIPTOR(column)", arguments[1]->range);
  }
  const auto* column = As<Identifier>(descriptor->operands[0].get());
  MR_ASSIGN(ResolvedName resolved, ResolveName(*column, input.scope));
  WindowTvfRelation tvf;
  tvf.window.function = function;
  tvf.window.time_column = resolved.column;
  const DataType& time = resolved.type;
  if (!time.IsTimestampLike()) {
    return ValidationError(
        fmt::format("The window function requires the timecol to be a TIMESTAMP or TIMESTAMP_LTZ, but is {}",
                    time.ToString()),
        column->range);
  }
  if (with_keys != nullptr) {
    for (const ExprPtr& key : with_keys->partition_by) {
      const auto* name = As<Identifier>(key.get());
      if (name == nullptr) return ValidationError("PARTITION BY of a window function takes columns", key->range);
      MR_ASSIGN(ResolvedName found, ResolveName(*name, input.scope));
      tvf.partition_keys.push_back(found.column);
    }
    if (function != WindowFunction::kSession && !tvf.partition_keys.empty()) {
      return ValidationError("PARTITION BY is for SESSION windows only", call.range);
    }
  }
  const BindContext& context = context_;
  auto millis = [&](size_t i) { return ConstantMillis(*arguments[i], context, NamesOf(function)[i]); };
  if (needed == 4) {
    MR_ASSIGN(tvf.window.slide_ms, millis(2));
    MR_ASSIGN(tvf.window.size_ms, millis(3));
  } else {
    MR_ASSIGN(tvf.window.size_ms, millis(2));
  }
  if (arguments[needed] != nullptr && needed < 5) {
    MR_ASSIGN(tvf.window.offset_ms, millis(needed));
  }
  if (tvf.window.size_ms <= 0 || (needed == 4 && tvf.window.slide_ms <= 0)) {
    return ValidationError(fmt::format("sizes of {} windows must be positive", call.FunctionName()), call.range);
  }
  Schema schema = input.relation->schema;
  for (std::string_view added : {"window_start", "window_end", "window_time"}) {
    if (schema.Find(added) < 0) continue;
    return ValidationError(fmt::format("Column '{}' is ambiguous: {} adds a column of that name to its input's", added,
                                       call.FunctionName()),
                           data->range, "rename the column in a query: SELECT … AS other_name");
  }
  std::vector<std::string> names;
  DataType attribute = time.WithTimeAttribute(time.time_attribute()).NotNull();
  DataType window_time = time.Is(TypeKind::kTimestampLtz) ? DataType::TimestampLtz(time.precision())
                                                          : DataType::Timestamp(time.precision());
  window_time = window_time.NotNull().WithTimeAttribute(attribute.time_attribute());
  schema.fields.push_back({"window_start", DataType::Timestamp(3).NotNull(), ""});
  schema.fields.push_back({"window_end", DataType::Timestamp(3).NotNull(), ""});
  schema.fields.push_back({"window_time", window_time, ""});
  for (const Field& field : schema.fields) names.push_back(field.name);
  names = UniqueNames(std::move(names));
  for (size_t i = 0; i < names.size(); ++i) schema.fields[i].name = names[i];
  RelationPtr relation = MakeRelation(std::move(tvf), {input.relation}, std::move(schema));
  return Block{relation, ScopeOf(*relation, {}, outer)};
}

}  // namespace millrace::sql
