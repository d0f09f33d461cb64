// Calls: functions by name with everything that may follow their arguments, and built-ins with a syntax of their own.
#include <fmt/format.h>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

// Reserved words that name functions.
constexpr WordSet kReservedFunctions = {Word::kABS,
                                        Word::kAVG,
                                        Word::kCARDINALITY,
                                        Word::kCEILING,
                                        Word::kCHAR,
                                        Word::kCHAR_LENGTH,
                                        Word::kCHARACTER_LENGTH,
                                        Word::kCOALESCE,
                                        Word::kCOLLECT,
                                        Word::kCOVAR_POP,
                                        Word::kCOVAR_SAMP,
                                        Word::kCUME_DIST,
                                        Word::kCOUNT,
                                        Word::kCURRENT_DATE,
                                        Word::kCURRENT_TIME,
                                        Word::kCURRENT_TIMESTAMP,
                                        Word::kDENSE_RANK,
                                        Word::kELEMENT,
                                        Word::kEVERY,
                                        Word::kEXP,
                                        Word::kFIRST_VALUE,
                                        Word::kFLOOR,
                                        Word::kFUSION,
                                        Word::kINTERSECTION,
                                        Word::kGROUPING,
                                        Word::kHOUR,
                                        Word::kLAG,
                                        Word::kLEAD,
                                        Word::kLEFT,
                                        Word::kLAST_VALUE,
                                        Word::kLN,
                                        Word::kLOCALTIME,
                                        Word::kLOCALTIMESTAMP,
                                        Word::kLOWER,
                                        Word::kMAX,
                                        Word::kMIN,
                                        Word::kMINUTE,
                                        Word::kMOD,
                                        Word::kMONTH,
                                        Word::kNTH_VALUE,
                                        Word::kNTILE,
                                        Word::kNULLIF,
                                        Word::kOCTET_LENGTH,
                                        Word::kPERCENT_RANK,
                                        Word::kPERCENTILE_CONT,
                                        Word::kPERCENTILE_DISC,
                                        Word::kPOWER,
                                        Word::kRANK,
                                        Word::kREGR_COUNT,
                                        Word::kREGR_SXX,
                                        Word::kREGR_SYY,
                                        Word::kRIGHT,
                                        Word::kROW_NUMBER,
                                        Word::kSECOND,
                                        Word::kSOME,
                                        Word::kSQRT,
                                        Word::kSTDDEV_POP,
                                        Word::kSTDDEV_SAMP,
                                        Word::kSUM,
                                        Word::kUPPER,
                                        Word::kTRUNCATE,
                                        Word::kUSER,
                                        Word::kVAR_POP,
                                        Word::kVAR_SAMP,
                                        Word::kYEAR};

// Types of {fn CONVERT(x, type)}, with and without JDBC's prefix.
constexpr WordSet kJdbcTypes = {Word::kCHAR,
                                Word::kVARCHAR,
                                Word::kDATE,
                                Word::kTIME,
                                Word::kTIMESTAMP,
                                Word::kDECIMAL,
                                Word::kNUMERIC,
                                Word::kBOOLEAN,
                                Word::kINTEGER,
                                Word::kBINARY,
                                Word::kVARBINARY,
                                Word::kTINYINT,
                                Word::kSMALLINT,
                                Word::kBIGINT,
                                Word::kREAL,
                                Word::kDOUBLE,
                                Word::kFLOAT,
                                Word::kSQL_CHAR,
                                Word::kSQL_VARCHAR,
                                Word::kSQL_DATE,
                                Word::kSQL_TIME,
                                Word::kSQL_TIMESTAMP,
                                Word::kSQL_DECIMAL,
                                Word::kSQL_NUMERIC,
                                Word::kSQL_BOOLEAN,
                                Word::kSQL_INTEGER,
                                Word::kSQL_BINARY,
                                Word::kSQL_VARBINARY,
                                Word::kSQL_TINYINT,
                                Word::kSQL_SMALLINT,
                                Word::kSQL_BIGINT,
                                Word::kSQL_REAL,
                                Word::kSQL_DOUBLE,
                                Word::kSQL_FLOAT,
                                Word::kSQL_INTERVAL_YEAR,
                                Word::kSQL_INTERVAL_YEAR_TO_MONTH,
                                Word::kSQL_INTERVAL_MONTH,
                                Word::kSQL_INTERVAL_DAY,
                                Word::kSQL_INTERVAL_DAY_TO_HOUR,
                                Word::kSQL_INTERVAL_DAY_TO_MINUTE,
                                Word::kSQL_INTERVAL_DAY_TO_SECOND,
                                Word::kSQL_INTERVAL_HOUR,
                                Word::kSQL_INTERVAL_HOUR_TO_MINUTE,
                                Word::kSQL_INTERVAL_HOUR_TO_SECOND,
                                Word::kSQL_INTERVAL_MINUTE,
                                Word::kSQL_INTERVAL_MINUTE_TO_SECOND,
                                Word::kSQL_INTERVAL_SECOND};

// Aggregates whose arguments may end in ORDER BY and SEPARATOR.
constexpr WordSet kOrderedAggregates = {Word::kARRAY_AGG, Word::kARRAY_CONCAT_AGG, Word::kGROUP_CONCAT,
                                        Word::kSTRING_AGG};

}  // namespace

bool Parser::IsFunctionNameToken(size_t ahead) { return IsIdentifier(ahead) || IsAny(kReservedFunctions, ahead); }

// [SPECIFIC] name (
bool Parser::StartsNamedCall(size_t ahead) {
  if (Is(Word::kSPECIFIC, ahead)) ++ahead;
  if (IsAny(kOrderedAggregates, ahead)) return Is(TokenType::kLeftParen, ahead + 1);
  if (IsAny(kReservedFunctions, ahead)) return Is(TokenType::kLeftParen, ahead + 1);
  if (!IsIdentifier(ahead)) return false;
  ++ahead;
  while (Is(TokenType::kDot, ahead) && IsIdentifier(ahead + 1) && ahead < 2 * kMaxIdentifierParts + 2) ahead += 2;
  if (Is(TokenType::kDot, ahead) && Is(TokenType::kStar, ahead + 1)) ahead += 2;
  return Is(TokenType::kLeftParen, ahead);
}

bool Parser::AcceptQuantifier(SetQuantifier* quantifier) {
  if (Accept(Word::kDISTINCT)) {
    *quantifier = SetQuantifier::kDistinct;
  } else if (Accept(Word::kALL)) {
    *quantifier = SetQuantifier::kAll;
  } else {
    return false;
  }
  return true;
}

Result<IdentifierPtr> Parser::FunctionName() {
  if (IsAny(kReservedFunctions)) return WordAsIdentifier(Take());
  if (!IsIdentifier()) return Unexpected("the name of a function");
  return CompoundIdentifier();
}

// (*), (), ([DISTINCT|ALL] argument, ...)
Status Parser::FunctionArguments(ExprContext context, Call* call) {
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  if (Accept(TokenType::kRightParen)) return Status::Ok();
  if (Is(TokenType::kStar)) {
    auto star = std::make_shared<Identifier>();
    star->star = true;
    star->range = Take().range;
    call->operands.push_back(std::move(star));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return Status::Ok();
  }
  AcceptQuantifier(&call->quantifier);
  MR_ASSIGN(ExprPtr first, FirstArgument(context));
  call->operands.push_back(std::move(first));
  while (Accept(TokenType::kComma)) {
    MR_RETURN_IF_ERROR(CheckNonQuery(context));
    MR_ASSIGN(ExprPtr argument, Argument(context));
    call->operands.push_back(std::move(argument));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return Status::Ok();
}

// The first argument may also be a query, or anything with PARTITION BY and ORDER BY behind it.
Result<ExprPtr> Parser::FirstArgument(ExprContext context) {
  SourceRange start = RangeHere();
  IdentifierPtr name;
  if (IsIdentifier() && Is(TokenType::kArrow, 1)) {
    MR_ASSIGN(name, SimpleIdentifier());
    Take();
  }
  ExprPtr argument;
  SourceRange argument_start = RangeHere();
  if (Is(Word::kDEFAULT)) {
    MR_ASSIGN(argument, Default());
  } else if (Is(Word::kTABLE) && IsIdentifier(1)) {
    MR_ASSIGN(QueryPtr table, ParseExplicitTable());
    MR_ASSIGN(argument, TableArgumentTail(QueryExpr(std::move(table)), argument_start));
  } else {
    MR_ASSIGN(argument, OrderedQueryOrExpr(FirstContext(context)));
    MR_ASSIGN(argument, TableArgumentTail(std::move(argument), argument_start));
  }
  if (!name) return argument;
  return MakeCall(Op::kNamedArgument, {std::move(argument), std::move(name)}, RangeFrom(start));
}

Result<ExprPtr> Parser::Argument(ExprContext context) {
  SourceRange start = RangeHere();
  IdentifierPtr name;
  if (IsIdentifier() && Is(TokenType::kArrow, 1)) {
    MR_ASSIGN(name, SimpleIdentifier());
    Take();
  }
  ExprPtr argument;
  SourceRange argument_start = RangeHere();
  if (Is(Word::kDEFAULT)) {
    MR_ASSIGN(argument, Default());
  } else if (Is(Word::kTABLE)) {
    MR_ASSIGN(QueryPtr table, ParseExplicitTable());
    MR_ASSIGN(argument, TableArgumentTail(QueryExpr(std::move(table)), argument_start));
  } else {
    MR_ASSIGN(argument, Expression(context));
  }
  if (!name) return argument;
  return MakeCall(Op::kNamedArgument, {std::move(argument), std::move(name)}, RangeFrom(start));
}

// [PARTITION BY a | (a, b)] [ORDER BY a | (a, b)]
Result<ExprPtr> Parser::TableArgumentTail(ExprPtr table, SourceRange start) {
  if (!Is(Word::kPARTITION) && !Is(Word::kORDER)) return table;
  auto argument = std::make_shared<TableArgument>();
  argument->table = std::move(table);
  if (Accept(Word::kPARTITION)) {
    MR_RETURN_IF_ERROR(Expect(Word::kBY));
    MR_ASSIGN(std::vector<IdentifierPtr> columns, IdentifierOrList());
    argument->partition_by.assign(columns.begin(), columns.end());
  }
  if (Accept(Word::kORDER)) {
    MR_RETURN_IF_ERROR(Expect(Word::kBY));
    bool parentheses = Is(TokenType::kLeftParen) && StartsExpression(1);
    if (parentheses) Take();
    do {
      MR_ASSIGN(OrderItem item, ParseOrderItem());
      argument->order_by.push_back(std::move(item));
    } while (parentheses && Accept(TokenType::kComma));
    if (parentheses) MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  argument->range = RangeFrom(start);
  return argument;
}

Result<CallPtr> Parser::NamedRoutineCall(ExprContext context) {
  SourceRange start = RangeHere();
  auto call = std::make_shared<Call>();
  MR_ASSIGN(call->name, CompoundIdentifier());
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  if (!Is(TokenType::kRightParen)) {
    MR_ASSIGN(ExprPtr first, FirstArgument(context));
    call->operands.push_back(std::move(first));
    while (Accept(TokenType::kComma)) {
      MR_RETURN_IF_ERROR(CheckNonQuery(context));
      MR_ASSIGN(ExprPtr argument, Argument(context));
      call->operands.push_back(std::move(argument));
    }
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  call->range = RangeFrom(start);
  return call;
}

Result<ExprPtr> Parser::NamedFunctionCall() {
  SourceRange start = RangeHere();
  std::shared_ptr<Call> call;
  if (IsAny(kOrderedAggregates)) {
    MR_ASSIGN(call, AggregateWithOrder());
  } else {
    MR_ASSIGN(call, NamedCall());
  }
  MR_RETURN_IF_ERROR(CallSuffixes(call.get()));
  call->range = RangeFrom(start);
  return call;
}

Result<std::shared_ptr<Call>> Parser::NamedCall() {
  auto call = std::make_shared<Call>();
  call->specific = Accept(Word::kSPECIFIC);
  MR_ASSIGN(call->name, FunctionName());
  MR_RETURN_IF_ERROR(FunctionArguments(ExprContext::kSubQuery, call.get()));
  return call;
}

// ARRAY_AGG([DISTINCT] x [RESPECT NULLS] [ORDER BY ..] [SEPARATOR '..'])
Result<std::shared_ptr<Call>> Parser::AggregateWithOrder() {
  auto call = std::make_shared<Call>();
  call->name = WordAsIdentifier(Take());
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  AcceptQuantifier(&call->quantifier);
  do {
    MR_ASSIGN(ExprPtr argument, Argument(ExprContext::kSubQuery));
    call->operands.push_back(std::move(argument));
  } while (Accept(TokenType::kComma));
  AcceptNullTreatment(call.get());
  if (Is(Word::kORDER)) {
    MR_ASSIGN(call->order_by, OrderByClause(true));
  }
  if (Is(Word::kSEPARATOR)) {
    SourceRange separator = Take().range;
    MR_ASSIGN(LiteralPtr text, StringLiteral());
    call->operands.push_back(MakeCall(Op::kSeparator, {std::move(text)}, RangeFrom(separator)));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return call;
}

bool Parser::AcceptNullTreatment(Call* call) {
  if (!Is(Word::kNULLS, 1) || !(Is(Word::kIGNORE) || Is(Word::kRESPECT))) return false;
  call->null_treatment = Take().word == Word::kIGNORE ? NullTreatment::kIgnoreNulls : NullTreatment::kRespectNulls;
  Take();
  return true;
}

Result<std::vector<OrderItem>> Parser::WithinGroup() {
  Take();
  MR_RETURN_IF_ERROR(Expect(Word::kGROUP));
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(std::vector<OrderItem> order, OrderByClause(true));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return order;
}

// [RESPECT|IGNORE NULLS] [WITHIN DISTINCT (..)] [WITHIN GROUP (..)] [FILTER (..)] [OVER ..]
Status Parser::CallSuffixes(Call* call) {
  AcceptNullTreatment(call);
  if (Is(Word::kWITHIN) && Is(Word::kDISTINCT, 1)) {
    Take();
    Take();
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_ASSIGN(call->within_distinct, ExpressionList(ExprContext::kSubQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  if (Is(Word::kWITHIN)) {
    MR_ASSIGN(call->within_group, WithinGroup());
  }
  if (Accept(Word::kFILTER)) {
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_RETURN_IF_ERROR(Expect(Word::kWHERE));
    MR_ASSIGN(call->filter, Expression(ExprContext::kSubQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  return Is(Word::kOVER) ? Over(call) : Status::Ok();
}

Status Parser::Over(Call* call) {
  Take();
  if (IsIdentifier()) {
    MR_ASSIGN(call->over, SimpleIdentifier());
  } else if (Is(TokenType::kLeftParen)) {
    MR_ASSIGN(call->over, WindowSpecification(nullptr));
  } else {
    return Unexpected("the identifier of a window or '('");
  }
  return Status::Ok();
}

Result<ExprPtr> Parser::BuiltinCall() {
  // MATCH_RECOGNIZE's RUNNING and FINAL stand before a call.
  if ((Is(Word::kRUNNING) || Is(Word::kFINAL)) && (IsFunctionNameToken(1) || Is(Word::kSPECIFIC, 1)))
    return MatchFunctionCall();
  if (!Is(TokenType::kLeftParen, 1) || Peek().type != TokenType::kWord) return ExprPtr();
  using Function = JsonCall::Function;
  Word word = Peek().word;
  if (word == Word::kCAST) return CastCall(false);
  if (word == Word::kTRY_CAST) return CastCall(true);
  if (word == Word::kEXTRACT) return ExtractCall();
  if (word == Word::kPOSITION) return PositionCall();
  if (word == Word::kCONVERT) return ConvertCall();
  if (word == Word::kTRANSLATE) return TranslateCall();
  if (word == Word::kOVERLAY) return OverlayCall();
  if (word == Word::kFLOOR) return FloorCeilCall(Op::kFloor);
  if (word == Word::kCEIL || word == Word::kCEILING) return FloorCeilCall(Op::kCeil);
  if (word == Word::kSUBSTRING) return SubstringCall();
  if (word == Word::kTRIM) return TrimCall();
  if (word == Word::kTIMESTAMPADD) return TimestampCall(Op::kTimestampAdd);
  if (word == Word::kTIMESTAMPDIFF) return TimestampCall(Op::kTimestampDiff);
  if (word == Word::kCLASSIFIER || word == Word::kMATCH_NUMBER) return MatchFunctionCall();
  if (word == Word::kFIRST && StartsExpression(2)) return NavigationCall(Op::kFirst);
  if (word == Word::kLAST && StartsExpression(2)) return NavigationCall(Op::kLast);
  if (word == Word::kPREV) return NavigationCall(Op::kPrev);
  if (word == Word::kNEXT) return NavigationCall(Op::kNext);
  if (word == Word::kTUMBLE) return GroupWindowCall(Op::kGroupTumble);
  if (word == Word::kHOP) return GroupWindowCall(Op::kGroupHop);
  if (word == Word::kSESSION) return GroupWindowCall(Op::kGroupSession);
  if (word == Word::kJSON_EXISTS) return JsonFunctionCall(Function::kExists);
  if (word == Word::kJSON_VALUE) return JsonFunctionCall(Function::kValue);
  if (word == Word::kJSON_QUERY) return JsonFunctionCall(Function::kQuery);
  if (word == Word::kJSON_OBJECT) return JsonFunctionCall(Function::kObject);
  if (word == Word::kJSON_OBJECTAGG) return JsonFunctionCall(Function::kObjectAgg);
  if (word == Word::kJSON_ARRAY) return JsonFunctionCall(Function::kArray);
  if (word == Word::kJSON_ARRAYAGG) return JsonFunctionCall(Function::kArrayAgg);
  return ExprPtr();
}

Result<ExprPtr> Parser::CastCall(bool is_try) {
  SourceRange start = Take().range;
  auto cast = std::make_shared<Cast>();
  cast->is_try = is_try;
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(cast->operand, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(Word::kAS));
  if (Is(Word::kINTERVAL)) {
    auto type = std::make_shared<TypeSpec>();
    type->name = TypeSpec::Name::kInterval;
    SourceRange interval = Take().range;
    MR_ASSIGN(type->interval, ParseIntervalQualifier());
    type->range = RangeFrom(interval);
    cast->type = std::move(type);
  } else {
    MR_ASSIGN(cast->type, DataType());
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  cast->range = RangeFrom(start);
  return cast;
}

Result<ExprPtr> Parser::ExtractCall() {
  SourceRange start = Take().range;
  Take();
  MR_ASSIGN(std::shared_ptr<const IntervalQualifier> unit, TimeUnitQualifier(true));
  MR_RETURN_IF_ERROR(Expect(Word::kFROM));
  MR_ASSIGN(ExprPtr value, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(Op::kExtract, {std::move(unit), std::move(value)}, RangeFrom(start));
}

Result<ExprPtr> Parser::PositionCall() {
  SourceRange start = Take().range;
  Take();
  std::vector<ExprPtr> operands(2);
  MR_ASSIGN(operands[0], AtomicExpression());
  MR_RETURN_IF_ERROR(Expect(Word::kIN));
  MR_ASSIGN(operands[1], Expression(ExprContext::kSubQuery));
  if (Accept(Word::kFROM)) {
    MR_ASSIGN(ExprPtr from, Expression(ExprContext::kSubQuery));
    operands.push_back(std::move(from));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(Op::kPosition, std::move(operands), RangeFrom(start));
}

Result<ExprPtr> Parser::ConvertCall() {
  SourceRange start = Take().range;
  Take();
  MR_ASSIGN(ExprPtr value, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(Word::kUSING));
  MR_ASSIGN(IdentifierPtr name, SimpleIdentifier());
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(Op::kConvert, {std::move(value), std::move(name)}, RangeFrom(start));
}

Result<ExprPtr> Parser::TranslateCall() {
  SourceRange start = Take().range;
  Take();
  std::vector<ExprPtr> operands(1);
  MR_ASSIGN(operands[0], Expression(ExprContext::kSubQuery));
  Op op = Op::kTranslate3;
  if (Accept(Word::kUSING)) {
    op = Op::kTranslateUsing;
    MR_ASSIGN(IdentifierPtr name, SimpleIdentifier());
    operands.push_back(std::move(name));
  } else {
    while (Accept(TokenType::kComma)) {
      MR_ASSIGN(ExprPtr operand, Expression(ExprContext::kSubQuery));
      operands.push_back(std::move(operand));
    }
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(op, std::move(operands), RangeFrom(start));
}

Result<ExprPtr> Parser::OverlayCall() {
  SourceRange start = Take().range;
  Take();
  std::vector<ExprPtr> operands(3);
  MR_ASSIGN(operands[0], Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(Word::kPLACING));
  MR_ASSIGN(operands[1], Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(Word::kFROM));
  MR_ASSIGN(operands[2], Expression(ExprContext::kSubQuery));
  if (Accept(Word::kFOR)) {
    MR_ASSIGN(ExprPtr length, Expression(ExprContext::kSubQuery));
    operands.push_back(std::move(length));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(Op::kOverlay, std::move(operands), RangeFrom(start));
}

Result<ExprPtr> Parser::FloorCeilCall(Op op) {
  SourceRange start = Take().range;
  Take();
  std::vector<ExprPtr> operands(1);
  MR_ASSIGN(operands[0], Expression(ExprContext::kSubQuery));
  if (Accept(Word::kTO)) {
    MR_ASSIGN(std::shared_ptr<const IntervalQualifier> unit, TimeUnitQualifier(false));
    operands.push_back(std::move(unit));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  std::shared_ptr<Call> call = MakeCall(op, std::move(operands), RangeFrom(start));
  if (Is(Word::kOVER)) MR_RETURN_IF_ERROR(Over(call.get()));
  call->range = RangeFrom(start);
  return call;
}

Result<ExprPtr> Parser::SubstringCall() {
  SourceRange start = Take().range;
  Take();
  std::vector<ExprPtr> operands(2);
  MR_ASSIGN(operands[0], Expression(ExprContext::kSubQuery));
  if (!Accept(Word::kFROM) && !Accept(TokenType::kComma)) return Unexpected("FROM or ','");
  MR_ASSIGN(operands[1], Expression(ExprContext::kSubQuery));
  if (Accept(Word::kFOR) || Accept(TokenType::kComma)) {
    MR_ASSIGN(ExprPtr length, Expression(ExprContext::kSubQuery));
    operands.push_back(std::move(length));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(Op::kSubstring, std::move(operands), RangeFrom(start));
}

// TRIM([BOTH|LEADING|TRAILING] [characters] FROM text), TRIM([flag] text)
Result<ExprPtr> Parser::TrimCall() {
  SourceRange start = Take().range;
  Take();
  static constexpr WordSet kFlags = {Word::kBOTH, Word::kTRAILING, Word::kLEADING};
  LiteralPtr flag;
  if (IsAny(kFlags)) {
    Token token = Take();
    flag = Symbol(std::string(WordText(token.word)), token.range);
  }
  ExprPtr characters;
  ExprPtr text;
  if (!Is(Word::kFROM)) {
    MR_ASSIGN(characters, Expression(ExprContext::kSubQuery));
  }
  if (Is(TokenType::kRightParen) && characters) {
    text = std::move(characters);
  } else {
    MR_RETURN_IF_ERROR(Expect(Word::kFROM));
    if (!flag && !characters) return ErrorAtLast("FROM needs something before it", "write TRIM(BOTH ' ' FROM text)");
    MR_ASSIGN(text, Expression(ExprContext::kSubQuery));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  if (!flag) flag = Symbol("BOTH", {});
  return MakeCall(Op::kTrim, {std::move(flag), std::move(characters), std::move(text)}, RangeFrom(start));
}

Result<ExprPtr> Parser::TimestampCall(Op op) {
  SourceRange start = Take().range;
  Take();
  std::vector<ExprPtr> operands(3);
  MR_ASSIGN(operands[0], TimestampInterval());
  MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
  MR_ASSIGN(operands[1], Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
  MR_ASSIGN(operands[2], Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(op, std::move(operands), RangeFrom(start));
}

// TUMBLE(..), HOP(..), SESSION(..): at least one argument
Result<ExprPtr> Parser::GroupWindowCall(Op op) {
  SourceRange start = Take().range;
  std::shared_ptr<Call> call = MakeCall(op, {}, start);
  if (Is(TokenType::kRightParen, 1) || Is(TokenType::kStar, 1)) {
    Take();
    return Unexpected("an argument");
  }
  MR_RETURN_IF_ERROR(FunctionArguments(ExprContext::kSubQuery, call.get()));
  call->quantifier = SetQuantifier::kNone;
  call->range = RangeFrom(start);
  return call;
}

// CLASSIFIER(), MATCH_NUMBER(), RUNNING f(..), FINAL f(..)
Result<ExprPtr> Parser::MatchFunctionCall() {
  Token start = Take();
  if (start.word == Word::kCLASSIFIER || start.word == Word::kMATCH_NUMBER) {
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(start.word == Word::kCLASSIFIER ? Op::kClassifier : Op::kMatchNumber, {}, RangeFrom(start.range));
  }
  ExprPtr call;
  if ((Is(Word::kFIRST) || Is(Word::kLAST)) && Is(TokenType::kLeftParen, 1)) {
    MR_ASSIGN(call, NavigationCall(Is(Word::kFIRST) ? Op::kFirst : Op::kLast));
  } else {
    MR_ASSIGN(call, NamedFunctionCall());
  }
  return MakeCall(start.word == Word::kRUNNING ? Op::kRunning : Op::kFinal, {std::move(call)}, RangeFrom(start.range));
}

// FIRST(x [, n]) and the like; n is 0 for FIRST and LAST, 1 for PREV and NEXT, if it is not written.
Result<ExprPtr> Parser::NavigationCall(Op op) {
  SourceRange start = Take().range;
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(ExprPtr value, Expression(ExprContext::kSubQuery));
  LiteralPtr offset;
  if (Accept(TokenType::kComma)) {
    MR_ASSIGN(offset, NumericLiteral());
  } else {
    auto literal = std::make_shared<Literal>();
    literal->type = Literal::Type::kExact;
    literal->text = op == Op::kFirst || op == Op::kLast ? "0" : "1";
    offset = std::move(literal);
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(op, {std::move(value), std::move(offset)}, RangeFrom(start));
}

// {fn NAME(..)}
Result<ExprPtr> Parser::JdbcCall() {
  SourceRange start = Take().range;
  std::shared_ptr<Call> call = MakeCall(Op::kJdbcFunction, {}, start);
  static constexpr WordSet kNames = {Word::kINSERT, Word::kLEFT, Word::kRIGHT, Word::kTRUNCATE, Word::kSUBSTRING};
  if ((Is(Word::kTIMESTAMPADD) || Is(Word::kTIMESTAMPDIFF)) && Is(TokenType::kLeftParen, 1)) {
    call->name = WordAsIdentifier(Peek());
    MR_ASSIGN(ExprPtr inner, TimestampCall(Is(Word::kTIMESTAMPADD) ? Op::kTimestampAdd : Op::kTimestampDiff));
    call->operands = static_cast<const Call&>(*inner).operands;
  } else if (Is(Word::kCONVERT)) {
    call->name = WordAsIdentifier(Take());
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_ASSIGN(ExprPtr value, Expression(ExprContext::kSubQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
    if (!IsAny(kJdbcTypes)) return Unexpected("a JDBC data type such as SQL_INTEGER");
    Token type = Take();
    std::string name(WordText(type.word));
    if (!name.starts_with("SQL_")) name = "SQL_" + name;
    call->operands = {std::move(value), Symbol(std::move(name), type.range)};
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  } else {
    if (IsAny(kNames) || IsAny(kReservedFunctions)) {
      call->name = WordAsIdentifier(Take());
    } else {
      MR_ASSIGN(call->name, SimpleIdentifier());
    }
    MR_RETURN_IF_ERROR(JdbcArguments(call.get()));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightBrace));
  call->range = RangeFrom(start);
  return call;
}

Status Parser::JdbcArguments(Call* call) {
  if (Is(TokenType::kLeftParen) && (Is(TokenType::kStar, 1) || Is(TokenType::kRightParen, 1))) {
    return FunctionArguments(ExprContext::kSubQuery, call);
  }
  SourceRange range;
  MR_ASSIGN(call->operands, ParenthesizedQueryOrList(ExprContext::kSubQuery, false, &range));
  return Status::Ok();
}

}  // namespace millrace::sql
