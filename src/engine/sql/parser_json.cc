// JSON_* calls with their clauses.
#include "engine/sql/parser_impl.h"

namespace millrace::sql {

Result<ExprPtr> Parser::JsonFunctionCall(JsonCall::Function function) {
  SourceRange start = Take().range;
  Take();
  auto call = std::make_shared<JsonCall>();
  call->function = function;
  switch (function) {
    case JsonCall::Function::kExists:
    case JsonCall::Function::kValue:
    case JsonCall::Function::kQuery: {
      MR_RETURN_IF_ERROR(JsonApiArguments(call.get()));
      break;
    }
    case JsonCall::Function::kObject:
    case JsonCall::Function::kArray: {
      MR_RETURN_IF_ERROR(JsonConstructorArguments(call.get()));
      break;
    }
    case JsonCall::Function::kObjectAgg: {
      MR_RETURN_IF_ERROR(JsonNameAndValue(call.get()));
      MR_RETURN_IF_ERROR(JsonNullClause(call.get()));
      break;
    }
    case JsonCall::Function::kArrayAgg: {
      MR_RETURN_IF_ERROR(JsonArrayAggArguments(call.get()));
      break;
    }
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  if (function == JsonCall::Function::kArrayAgg && Is(Word::kWITHIN)) {
    MR_ASSIGN(call->within_group, WithinGroup());
    if (!call->order_by.empty()) {
      return ErrorAt(RangeFrom(start), "JSON_ARRAYAGG has two orders", "keep either ORDER BY or WITHIN GROUP");
    }
  }
  call->range = RangeFrom(start);
  return call;
}

// document, path [PASSING value AS name, ...] and the clauses of each function
Status Parser::JsonApiArguments(JsonCall* call) {
  call->operands.resize(2);
  MR_ASSIGN(call->operands[0], Expression(ExprContext::kNonQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
  MR_ASSIGN(call->operands[1], Expression(ExprContext::kNonQuery));
  if (Accept(Word::kPASSING)) {
    // Calcite parses the values and drops them.
    do {
      MR_RETURN_IF_ERROR(Expression(ExprContext::kNonQuery));
      MR_RETURN_IF_ERROR(Expect(Word::kAS));
      MR_RETURN_IF_ERROR(SimpleIdentifier());
    } while (Accept(TokenType::kComma));
  }
  if (call->function == JsonCall::Function::kExists) {
    static constexpr WordSet kBehaviors = {Word::kTRUE, Word::kFALSE, Word::kUNKNOWN, Word::kERROR};
    if (!IsAny(kBehaviors)) return Status::Ok();
    MR_ASSIGN(call->on_error, JsonBehaviorType(call->function));
    MR_RETURN_IF_ERROR(Expect(Word::kON));
    MR_RETURN_IF_ERROR(Expect(Word::kERROR));
    return Status::Ok();
  }
  MR_RETURN_IF_ERROR(JsonReturning(call));
  if (call->function == JsonCall::Function::kQuery) MR_RETURN_IF_ERROR(JsonWrapper(call));
  return JsonBehaviors(call);
}

Status Parser::JsonReturning(JsonCall* call) {
  if (!Accept(Word::kRETURNING)) return Status::Ok();
  MR_ASSIGN(call->returning, DataType());
  return Status::Ok();
}

Status Parser::JsonWrapper(JsonCall* call) {
  if (Accept(Word::kWITHOUT)) {
    call->wrapper = JsonCall::Wrapper::kWithout;
  } else if (Is(Word::kWITH)) {
    Take();
    call->wrapper = Accept(Word::kCONDITIONAL) ? JsonCall::Wrapper::kConditional : JsonCall::Wrapper::kUnconditional;
    if (call->wrapper == JsonCall::Wrapper::kUnconditional) Accept(Word::kUNCONDITIONAL);
  } else {
    return Status::Ok();
  }
  Accept(Word::kARRAY);
  MR_RETURN_IF_ERROR(Expect(Word::kWRAPPER));
  return Status::Ok();
}

Result<JsonBehavior> Parser::JsonBehaviorType(JsonCall::Function function) {
  JsonBehavior behavior;
  bool exists = function == JsonCall::Function::kExists;
  if (Accept(Word::kERROR)) {
    behavior.type = JsonBehavior::Type::kError;
  } else if (exists && Accept(Word::kTRUE)) {
    behavior.type = JsonBehavior::Type::kTrue;
  } else if (exists && Accept(Word::kFALSE)) {
    behavior.type = JsonBehavior::Type::kFalse;
  } else if (exists && Accept(Word::kUNKNOWN)) {
    behavior.type = JsonBehavior::Type::kUnknown;
  } else if (Accept(Word::kNULL)) {
    behavior.type = JsonBehavior::Type::kNull;
  } else if (Accept(Word::kDEFAULT)) {
    behavior.type = JsonBehavior::Type::kDefault;
    MR_ASSIGN(behavior.default_value, Expression(ExprContext::kNonQuery));
  } else {
    MR_RETURN_IF_ERROR(Expect(Word::kEMPTY));
    if (Accept(Word::kARRAY)) {
      behavior.type = JsonBehavior::Type::kEmptyArray;
    } else {
      MR_RETURN_IF_ERROR(Expect(Word::kOBJECT));
      behavior.type = JsonBehavior::Type::kEmptyObject;
    }
  }
  return behavior;
}

// [.. ON EMPTY] [.. ON ERROR] in any order; the last of each counts.
Status Parser::JsonBehaviors(JsonCall* call) {
  static constexpr WordSet kOfValue = {Word::kERROR, Word::kNULL, Word::kDEFAULT};
  static constexpr WordSet kOfQuery = {Word::kERROR, Word::kNULL, Word::kEMPTY};
  while (call->function == JsonCall::Function::kValue ? IsAny(kOfValue) : IsAny(kOfQuery)) {
    MR_ASSIGN(JsonBehavior behavior, JsonBehaviorType(call->function));
    MR_RETURN_IF_ERROR(Expect(Word::kON));
    if (Accept(Word::kEMPTY)) {
      call->error_first = call->on_error.has_value() && !call->on_empty;
      call->on_empty = std::move(behavior);
    } else if (Accept(Word::kERROR)) {
      call->on_error = std::move(behavior);
    } else {
      return Unexpected("EMPTY or ERROR");
    }
  }
  return Status::Ok();
}

// [KEY] name VALUE value, name : value
Status Parser::JsonNameAndValue(JsonCall* call) {
  bool key = Is(Word::kKEY) && StartsExpression(1);
  if (key) Take();
  MR_ASSIGN(ExprPtr name, Expression(ExprContext::kNonQuery));
  if (Accept(TokenType::kColon)) {
    if (key) return ErrorAtLast("':' cannot follow KEY", "write KEY name VALUE value, or name : value");
  } else {
    MR_RETURN_IF_ERROR(Expect(Word::kVALUE));
  }
  MR_ASSIGN(ExprPtr value, Expression(ExprContext::kNonQuery));
  call->operands.push_back(std::move(name));
  call->operands.push_back(std::move(value));
  return Status::Ok();
}

Status Parser::JsonNullClause(JsonCall* call) {
  if (!Is(Word::kNULL) && !Is(Word::kABSENT)) return Status::Ok();
  call->null_clause =
      Take().word == Word::kNULL ? JsonCall::NullClause::kNullOnNull : JsonCall::NullClause::kAbsentOnNull;
  MR_RETURN_IF_ERROR(Expect(Word::kON));
  MR_RETURN_IF_ERROR(Expect(Word::kNULL));
  return Status::Ok();
}

// The entries or items of JSON_OBJECT and JSON_ARRAY; there may be none.
Status Parser::JsonConstructorArguments(JsonCall* call) {
  bool null_clause = (Is(Word::kNULL) || Is(Word::kABSENT)) && Is(Word::kON, 1);
  if (!Is(TokenType::kRightParen) && !null_clause) {
    do {
      if (call->function == JsonCall::Function::kObject) {
        MR_RETURN_IF_ERROR(JsonNameAndValue(call));
      } else {
        MR_ASSIGN(ExprPtr item, Expression(ExprContext::kNonQuery));
        call->operands.push_back(std::move(item));
      }
    } while (Accept(TokenType::kComma));
  }
  return JsonNullClause(call);
}

Status Parser::JsonArrayAggArguments(JsonCall* call) {
  call->operands.resize(1);
  MR_ASSIGN(call->operands[0], Expression(ExprContext::kNonQuery));
  if (Is(Word::kORDER)) {
    MR_ASSIGN(call->order_by, OrderByClause(true));
  }
  return JsonNullClause(call);
}

// FORMAT's JSON [ENCODING UTF8|UTF16|UTF32]
Status Parser::JsonRepresentation() {
  MR_RETURN_IF_ERROR(Expect(Word::kJSON));
  if (!Is(Word::kENCODING)) return Status::Ok();
  static constexpr WordSet kEncodings = {Word::kUTF8, Word::kUTF16, Word::kUTF32};
  if (!IsAny(kEncodings, 1)) return Status::Ok();
  Take();
  Take();
  return Status::Ok();
}

}  // namespace millrace::sql
