// JSON_* calls.
#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

constexpr int kFunctionPrecedence = 100;

std::string_view NameOf(JsonCall::Function function) {
  switch (function) {
    case JsonCall::Function::kExists:
      return "JSON_EXISTS";
    case JsonCall::Function::kValue:
      return "JSON_VALUE";
    case JsonCall::Function::kQuery:
      return "JSON_QUERY";
    case JsonCall::Function::kObject:
      return "JSON_OBJECT";
    case JsonCall::Function::kObjectAgg:
      return "JSON_OBJECTAGG";
    case JsonCall::Function::kArray:
      return "JSON_ARRAY";
    case JsonCall::Function::kArrayAgg:
      return "JSON_ARRAYAGG";
  }
  return "";
}

std::string_view NameOf(JsonBehavior::Type type) {
  switch (type) {
    case JsonBehavior::Type::kError:
      return "ERROR";
    case JsonBehavior::Type::kNull:
      return "NULL";
    case JsonBehavior::Type::kDefault:
      return "DEFAULT";
    case JsonBehavior::Type::kTrue:
      return "TRUE";
    case JsonBehavior::Type::kFalse:
      return "FALSE";
    case JsonBehavior::Type::kUnknown:
      return "UNKNOWN";
    case JsonBehavior::Type::kEmptyArray:
      return "EMPTY ARRAY";
    case JsonBehavior::Type::kEmptyObject:
      return "EMPTY OBJECT";
  }
  return "";
}

std::string_view NameOf(JsonCall::Wrapper wrapper) {
  switch (wrapper) {
    case JsonCall::Wrapper::kNone:
    case JsonCall::Wrapper::kWithout:
      return "WITHOUT ARRAY";
    case JsonCall::Wrapper::kConditional:
      return "WITH CONDITIONAL ARRAY";
    case JsonCall::Wrapper::kUnconditional:
      return "WITH UNCONDITIONAL ARRAY";
  }
  return "";
}

}  // namespace

void Unparser::Json(const JsonCall& call, int left, int right) {
  using Function = JsonCall::Function;
  const std::vector<OrderItem>& order = call.order_by.empty() ? call.within_group : call.order_by;
  bool within_group = call.function == Function::kArrayAgg && !order.empty();
  auto base = [&](int l, int r) {
    Wrap(kFunctionPrecedence, kFunctionPrecedence, l, r, [&](int inner_left, int inner_right) {
      switch (call.function) {
        case Function::kExists:
        case Function::kValue:
        case Function::kQuery:
          return JsonApi(call, inner_left, inner_right);
        case Function::kObject:
        case Function::kObjectAgg:
        case Function::kArray:
        case Function::kArrayAgg:
          return JsonConstructor(call, inner_left, inner_right);
      }
    });
  };
  if (!within_group) return base(left, right);
  Wrap(kFunctionPrecedence, kFunctionPrecedence + 1, left, right, [&](int, int) {
    base(0, 0);
    writer_.Keyword("WITHIN GROUP");
    writer_.Start(FrameType::kSimple, "(", ")");
    writer_.Keyword("ORDER BY");
    OrderList(order);
    writer_.End();
  });
}

void Unparser::JsonBehaviors(const std::optional<JsonBehavior>& behavior, std::string_view on) {
  if (!behavior) return;
  writer_.Keyword(NameOf(behavior->type));
  if (behavior->default_value) Expression(behavior->default_value, 0, 0);
  writer_.Keyword(on);
}

void Unparser::JsonApi(const JsonCall& call, int left, int right) {
  bool query = call.function == JsonCall::Function::kQuery;
  writer_.StartCall(NameOf(call.function));
  Expression(call.operands[0], query ? 0 : left, query ? 0 : right);
  writer_.Separator(",", true);
  Expression(call.operands[1], query ? 0 : left, query ? 0 : right);
  if (call.returning) {
    writer_.Keyword("RETURNING");
    Type(*call.returning);
  }
  if (query) {
    writer_.Keyword(NameOf(call.wrapper));
    writer_.Keyword("WRAPPER");
    JsonBehaviors(call.on_empty.value_or(JsonBehavior()), "ON EMPTY");
    JsonBehaviors(call.on_error.value_or(JsonBehavior()), "ON ERROR");
  } else if (call.error_first) {
    JsonBehaviors(call.on_error, "ON ERROR");
    JsonBehaviors(call.on_empty, "ON EMPTY");
  } else {
    JsonBehaviors(call.on_empty, "ON EMPTY");
    JsonBehaviors(call.on_error, "ON ERROR");
  }
  writer_.End();
}

void Unparser::JsonConstructor(const JsonCall& call, int left, int right) {
  using Function = JsonCall::Function;
  bool object = call.function == Function::kObject || call.function == Function::kObjectAgg;
  bool null_on_null = call.null_clause == JsonCall::NullClause::kUnspecified
                          ? object
                          : call.null_clause == JsonCall::NullClause::kNullOnNull;
  writer_.StartCall(NameOf(call.function));
  writer_.Start(FrameType::kSimple);
  for (size_t i = 0; i < call.operands.size(); i += object ? 2 : 1) {
    writer_.Separator(",");
    if (object) writer_.Keyword("KEY");
    Expression(call.operands[i], left, right);
    if (!object) continue;
    writer_.Keyword("VALUE");
    Expression(call.operands[i + 1], left, right);
  }
  writer_.End();
  writer_.Keyword(null_on_null ? "NULL ON NULL" : "ABSENT ON NULL");
  writer_.End();
}

}  // namespace millrace::sql
