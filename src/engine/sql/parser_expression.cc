// Expressions: operands, operators between them, parentheses, constructors.
#include <fmt/format.h>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

struct TokenOp {
  TokenType token;
  Op op;
};

constexpr TokenOp kTokenOps[] = {
    {TokenType::kEquals, Op::kEquals},
    {TokenType::kGreater, Op::kGreater},
    {TokenType::kLess, Op::kLess},
    {TokenType::kLessOrEqual, Op::kLessOrEqual},
    {TokenType::kGreaterOrEqual, Op::kGreaterOrEqual},
    {TokenType::kNotEquals, Op::kNotEquals},
    {TokenType::kBangEquals, Op::kNotEquals},
    {TokenType::kPlus, Op::kPlus},
    {TokenType::kMinus, Op::kMinus},
    {TokenType::kStar, Op::kMultiply},
    {TokenType::kSlash, Op::kDivide},
    {TokenType::kPercent, Op::kModulo},
    {TokenType::kConcat, Op::kConcat},
};

struct WordOp {
  Word word;
  Op op;
};

constexpr WordOp kWordOps[] = {
    {Word::kAND, Op::kAnd},
    {Word::kOR, Op::kOr},
    {Word::kCONTAINS, Op::kContains},
    {Word::kOVERLAPS, Op::kOverlaps},
    {Word::kEQUALS, Op::kPeriodEquals},
    {Word::kPRECEDES, Op::kPrecedes},
    {Word::kSUCCEEDS, Op::kSucceeds},
};

// x = SOME (..): by comparison.
Op Quantified(Op comparison, bool all) {
  int offset = static_cast<int>(comparison) - static_cast<int>(Op::kEquals);
  return static_cast<Op>(static_cast<int>(all ? Op::kAllEquals : Op::kSomeEquals) + offset);
}

bool IsComparison(Op op) { return op >= Op::kEquals && op <= Op::kGreaterOrEqual; }

// IS <word>, IS NOT <word>
constexpr WordOp kTests[] = {{Word::kNULL, Op::kIsNull},   {Word::kTRUE, Op::kIsTrue},
                             {Word::kFALSE, Op::kIsFalse}, {Word::kUNKNOWN, Op::kIsUnknown},
                             {Word::kEMPTY, Op::kIsEmpty}, {Word::kJSON, Op::kIsJsonValue}};
constexpr WordOp kJsonTests[] = {{Word::kVALUE, Op::kIsJsonValue},
                                 {Word::kOBJECT, Op::kIsJsonObject},
                                 {Word::kARRAY, Op::kIsJsonArray},
                                 {Word::kSCALAR, Op::kIsJsonScalar}};

// What an expression may begin with, beside names of functions.
constexpr TokenSet kFirstTokens = {TokenType::kIdentifier,
                                   TokenType::kQuotedIdentifier,
                                   TokenType::kUnicodeIdentifier,
                                   TokenType::kString,
                                   TokenType::kPrefixedString,
                                   TokenType::kUnicodeString,
                                   TokenType::kBinaryString,
                                   TokenType::kInteger,
                                   TokenType::kDecimal,
                                   TokenType::kApproximate,
                                   TokenType::kLeftParen,
                                   TokenType::kBraceDate,
                                   TokenType::kBraceTime,
                                   TokenType::kBraceTimestamp,
                                   TokenType::kBraceFunction,
                                   TokenType::kQuestion,
                                   TokenType::kPlus,
                                   TokenType::kMinus};
constexpr WordSet kFirstWords = {Word::kNOT,
                                 Word::kEXISTS,
                                 Word::kUNIQUE,
                                 Word::kINTERVAL,
                                 Word::kTRUE,
                                 Word::kFALSE,
                                 Word::kUNKNOWN,
                                 Word::kNULL,
                                 Word::kDATE,
                                 Word::kTIME,
                                 Word::kTIMESTAMP,
                                 Word::kCAST,
                                 Word::kEXTRACT,
                                 Word::kPOSITION,
                                 Word::kCONVERT,
                                 Word::kTRANSLATE,
                                 Word::kOVERLAY,
                                 Word::kFLOOR,
                                 Word::kCEIL,
                                 Word::kCEILING,
                                 Word::kSUBSTRING,
                                 Word::kTRIM,
                                 Word::kCLASSIFIER,
                                 Word::kMATCH_NUMBER,
                                 Word::kRUNNING,
                                 Word::kPREV,
                                 Word::kNEXT,
                                 Word::kJSON_EXISTS,
                                 Word::kJSON_VALUE,
                                 Word::kJSON_QUERY,
                                 Word::kJSON_OBJECT,
                                 Word::kJSON_OBJECTAGG,
                                 Word::kJSON_ARRAY,
                                 Word::kJSON_ARRAYAGG,
                                 Word::kMULTISET,
                                 Word::kARRAY,
                                 Word::kPERIOD,
                                 Word::kSPECIFIC,
                                 Word::kNEW,
                                 Word::kCASE,
                                 Word::kCURRENT,
                                 Word::kCURSOR,
                                 Word::kROW,
                                 Word::kCURRENT_CATALOG,
                                 Word::kCURRENT_DEFAULT_TRANSFORM_GROUP,
                                 Word::kCURRENT_PATH,
                                 Word::kCURRENT_ROLE,
                                 Word::kCURRENT_SCHEMA,
                                 Word::kCURRENT_USER,
                                 Word::kSESSION_USER,
                                 Word::kSYSTEM_USER,
                                 Word::kARRAY_CONCAT_AGG,
                                 Word::kGROUP_CONCAT,
                                 Word::kSTRING_AGG};

// In the enumeration each test is followed by its negation.
Op Negation(Op op) { return static_cast<Op>(static_cast<int>(op) + 1); }

}  // namespace

std::shared_ptr<Call> Parser::MakeCall(Op op, std::vector<ExprPtr> operands, SourceRange range) {
  auto call = std::make_shared<Call>();
  call->op = op;
  call->operands = std::move(operands);
  call->range = range;
  return call;
}

Status Parser::CheckQuery(ExprContext context) {
  if (context != ExprContext::kNonQuery && context != ExprContext::kSubQuery && context != ExprContext::kCursor)
    return Status::Ok();
  return ErrorAtLast("a query cannot stand here", "put the query in parentheses, or join the table instead");
}

Status Parser::CheckNonQuery(ExprContext context) {
  if (context != ExprContext::kQuery) return Status::Ok();
  return ErrorAtLast("an expression stands where only a query can", "write SELECT, VALUES or TABLE");
}

ExprContext Parser::FirstContext(ExprContext context) {
  if (context == ExprContext::kSubQuery) return ExprContext::kNonCursor;
  if (context == ExprContext::kCursor) return ExprContext::kAll;
  return context;
}

bool Parser::StartsExpression(size_t ahead) {
  return IsAny(kFirstTokens, ahead) || IsAny(kFirstWords, ahead) || IsFunctionNameToken(ahead);
}

Result<ExprPtr> Parser::Expression(ExprContext context) {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  Items items;
  MR_RETURN_IF_ERROR(FlatExpression(context, &items));
  return ToTree(items);
}

// Every operator adds a level or an operand: a list this long cannot become a tree that is low enough.
Status Parser::CheckLength(const Items& items) const {
  return items.size() > 32 * static_cast<size_t>(kMaxTreeDepth) ? CheckHeight(kMaxTreeDepth + 1) : Status::Ok();
}

Status Parser::FlatExpression(ExprContext context, Items* items) {
  MR_RETURN_IF_ERROR(OperandWithPrefixes(context, items));
  for (;;) {
    MR_RETURN_IF_ERROR(CheckLength(*items));
    MR_ASSIGN(bool more, OperatorAndOperand(context, items));
    if (!more) return Status::Ok();
  }
}

// [+ - NOT EXISTS UNIQUE]* operand [.field]*
Status Parser::OperandWithPrefixes(ExprContext context, Items* items) {
  static constexpr TokenOp kSigns[] = {{TokenType::kPlus, Op::kUnaryPlus}, {TokenType::kMinus, Op::kUnaryMinus}};
  static constexpr WordOp kWords[] = {
      {Word::kNOT, Op::kNot}, {Word::kEXISTS, Op::kExists}, {Word::kUNIQUE, Op::kUnique}};
  for (int count = 0;; ++count) {
    if (count > kMaxNesting)
      return ErrorAt(RangeHere(), fmt::format("the text is too deeply nested: more than {} levels", kMaxNesting));
    std::optional<Op> prefix;
    for (const TokenOp& sign : kSigns) {
      if (Is(sign.token)) prefix = sign.op;
    }
    for (const WordOp& word : kWords) {
      if (Is(word.word)) prefix = word.op;
    }
    if (!prefix) break;
    SourceRange range = Take().range;
    MR_RETURN_IF_ERROR(CheckNonQuery(context));
    items->push_back({nullptr, *prefix, range});
  }
  MR_ASSIGN(ExprPtr operand, PrimaryExpression(context));
  SourceRange range = operand->range;
  items->push_back({std::move(operand), Op::kFunction, range});
  while (Is(TokenType::kDot) && IsIdentifier(1)) {
    MR_RETURN_IF_ERROR(CheckLength(*items));
    SourceRange dot = Take().range;
    MR_ASSIGN(ExprPtr extension, RowExtension());
    items->push_back({nullptr, Op::kDot, dot});
    items->push_back({std::move(extension), Op::kFunction, dot});
  }
  return Status::Ok();
}

// .name or .name(arguments)
Result<ExprPtr> Parser::RowExtension() {
  MR_ASSIGN(IdentifierPtr name, SimpleIdentifier());
  if (!Is(TokenType::kLeftParen)) return name;
  auto call = std::make_shared<Call>();
  call->name = name;
  SourceRange start = RangeHere();
  MR_RETURN_IF_ERROR(FunctionArguments(ExprContext::kSubQuery, call.get()));
  call->range = RangeFrom(start);
  return call;
}

Result<bool> Parser::OperatorAndOperand(ExprContext context, Items* items) {
  MR_ASSIGN(bool found, InOrQuantified(context, items));
  if (found) return true;
  MR_ASSIGN(found, BetweenOperator(context, items));
  if (found) return true;
  MR_ASSIGN(found, LikeOperator(context, items));
  if (found) return true;
  MR_ASSIGN(found, BinaryOperator(context, items));
  if (found) return true;
  MR_ASSIGN(found, ItemAccess(items));
  if (found) return true;
  return PostfixOperator(context, items);
}

Result<bool> Parser::InOrQuantified(ExprContext context, Items* items) {
  size_t tokens = 0;
  Op op = Op::kIn;
  if (Is(Word::kIN) && Is(TokenType::kLeftParen, 1)) {
    tokens = 1;
  } else if (Is(Word::kNOT) && Is(Word::kIN, 1)) {
    tokens = 2;
    op = Op::kNotIn;
  } else if (Is(Word::kSOME, 1) || Is(Word::kANY, 1) || Is(Word::kALL, 1)) {
    FoundOp comparison = FindBinaryOperator();
    if (comparison.tokens != 1 || !IsComparison(comparison.op)) return false;
    tokens = 2;
    op = Quantified(comparison.op, Is(Word::kALL, 1));
  }
  if (tokens == 0) return false;
  MR_RETURN_IF_ERROR(CheckNonQuery(context));
  if (Is(TokenType::kBangEquals)) return ErrorAt(RangeHere(), "'!=' is not allowed", "write <>");
  SourceRange start = RangeHere();
  for (size_t i = 0; i < tokens; ++i) Take();
  SourceRange op_range = RangeFrom(start);
  SourceRange list_range;
  MR_ASSIGN(std::vector<ExprPtr> list, ParenthesizedQueryOrList(ExprContext::kNonCursor, false, &list_range));
  items->push_back({nullptr, op, op_range});
  if (list.size() == 1 && list[0]->kind == NodeKind::kSubquery) {
    items->push_back({std::move(list[0]), Op::kFunction, list_range});
  } else {
    auto node = std::make_shared<ExprList>();
    node->items = std::move(list);
    node->range = list_range;
    items->push_back({std::move(node), Op::kFunction, list_range});
  }
  return true;
}

Result<bool> Parser::BetweenOperator(ExprContext context, Items* items) {
  bool negated = Is(Word::kNOT) && Is(Word::kBETWEEN, 1);
  bool plain = Is(Word::kBETWEEN) && (Is(Word::kSYMMETRIC, 1) || Is(Word::kASYMMETRIC, 1) || StartsExpression(1));
  if (!negated && !plain) return false;
  MR_RETURN_IF_ERROR(CheckNonQuery(context));
  SourceRange start = Take().range;
  if (negated) Take();
  SourceRange op_range = RangeFrom(start);
  Op op = negated ? Op::kNotBetween : Op::kBetween;
  if (Accept(Word::kSYMMETRIC)) {
    op = negated ? Op::kNotBetweenSymmetric : Op::kBetweenSymmetric;
  } else {
    Accept(Word::kASYMMETRIC);
  }
  items->push_back({nullptr, op, op_range});
  MR_RETURN_IF_ERROR(OperandWithPrefixes(ExprContext::kSubQuery, items));
  return true;
}

Result<bool> Parser::LikeOperator(ExprContext context, Items* items) {
  static constexpr WordOp kWords[] = {{Word::kLIKE, Op::kLike},
                                      {Word::kILIKE, Op::kILike},
                                      {Word::kRLIKE, Op::kRLike},
                                      {Word::kSIMILAR, Op::kSimilarTo}};
  size_t negated = Is(Word::kNOT) ? 1 : 0;
  for (const WordOp& word : kWords) {
    if (!Is(word.word, negated)) continue;
    bool similar = word.word == Word::kSIMILAR;
    if (negated == 0 && !(similar ? Is(Word::kTO, 1) : StartsExpression(1))) return false;
    MR_RETURN_IF_ERROR(CheckNonQuery(context));
    SourceRange start = Take().range;
    if (negated != 0) Take();
    if (similar) MR_RETURN_IF_ERROR(Expect(Word::kTO));
    items->push_back({nullptr, negated != 0 ? Negation(word.op) : word.op, RangeFrom(start)});
    Scope scope(this);
    MR_RETURN_IF_ERROR(scope.Check());
    MR_RETURN_IF_ERROR(FlatExpression(ExprContext::kSubQuery, items));
    if (Is(Word::kESCAPE) && StartsExpression(1)) {
      SourceRange escape = Take().range;
      items->push_back({nullptr, Op::kEscape, escape});
      MR_ASSIGN(ExprPtr operand, PrimaryExpression(ExprContext::kSubQuery));
      SourceRange range = operand->range;
      items->push_back({std::move(operand), Op::kFunction, range});
    }
    return true;
  }
  return false;
}

Parser::FoundOp Parser::FindMultisetOperator() {
  if (!Is(Word::kMULTISET)) return {Op::kFunction, 0};
  bool distinct = Is(Word::kDISTINCT, 2);
  size_t tokens = distinct || Is(Word::kALL, 2) ? 3 : 2;
  if (Is(Word::kUNION, 1)) return {distinct ? Op::kMultisetUnionDistinct : Op::kMultisetUnion, tokens};
  if (Is(Word::kINTERSECT, 1)) return {distinct ? Op::kMultisetIntersectDistinct : Op::kMultisetIntersect, tokens};
  if (Is(Word::kEXCEPT, 1)) return {distinct ? Op::kMultisetExceptDistinct : Op::kMultisetExcept, tokens};
  return {Op::kFunction, 0};
}

Parser::FoundOp Parser::FindBinaryOperator() {
  const Token& front = Peek();
  if (front.type != TokenType::kWord) {
    for (const TokenOp& entry : kTokenOps) {
      if (front.type == entry.token) return {entry.op, 1};
    }
    return {Op::kFunction, 0};
  }
  for (const WordOp& entry : kWordOps) {
    if (front.word == entry.word) return {entry.op, 1};
  }
  if (front.word == Word::kIS) {
    if (Is(Word::kDISTINCT, 1) && Is(Word::kFROM, 2)) return {Op::kIsDistinctFrom, 3};
    if (Is(Word::kNOT, 1) && Is(Word::kDISTINCT, 2)) return {Op::kIsNotDistinctFrom, 4};
  }
  if (Is(Word::kMEMBER) && Is(Word::kOF, 1)) return {Op::kMemberOf, 2};
  if (Is(Word::kSUBMULTISET) && Is(Word::kOF, 1)) return {Op::kSubmultisetOf, 2};
  if (Is(Word::kNOT) && Is(Word::kSUBMULTISET, 1)) return {Op::kNotSubmultisetOf, 3};
  if (Is(Word::kIMMEDIATELY) && Is(Word::kPRECEDES, 1)) return {Op::kImmediatelyPrecedes, 2};
  if (Is(Word::kIMMEDIATELY) && Is(Word::kSUCCEEDS, 1)) return {Op::kImmediatelySucceeds, 2};
  return FindMultisetOperator();
}

Result<bool> Parser::BinaryOperator(ExprContext context, Items* items) {
  FoundOp found = FindBinaryOperator();
  if (found.tokens == 0) return false;
  // Three tokens are looked ahead: without an operand behind the operator, the expression ends before it.
  if (found.tokens < 3 && !StartsExpression(found.tokens)) return false;
  SourceRange start = RangeHere();
  if (Is(TokenType::kBangEquals)) return ErrorAt(start, "'!=' is not allowed", "write <>");
  if (found.tokens == 4) {  // IS NOT DISTINCT FROM, NOT SUBMULTISET OF: the last word is not looked ahead
    for (int i = 0; i < 3; ++i) Take();
    MR_RETURN_IF_ERROR(Expect(Word::kFROM));
  } else if (found.op == Op::kNotSubmultisetOf) {
    Take();
    Take();
    MR_RETURN_IF_ERROR(Expect(Word::kOF));
  } else {
    for (size_t i = 0; i < found.tokens; ++i) Take();
  }
  MR_RETURN_IF_ERROR(CheckNonQuery(context));
  items->push_back({nullptr, found.op, RangeFrom(start)});
  MR_RETURN_IF_ERROR(OperandWithPrefixes(ExprContext::kSubQuery, items));
  return true;
}

// [index] [.name]*
Result<bool> Parser::ItemAccess(Items* items) {
  if (!Is(TokenType::kLeftBracket) || !StartsExpression(1)) return false;
  SourceRange start = Take().range;
  MR_ASSIGN(ExprPtr index, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightBracket));
  SourceRange range = RangeFrom(start);
  items->push_back({nullptr, Op::kItem, range});
  items->push_back({std::move(index), Op::kFunction, range});
  while (Is(TokenType::kDot) && IsIdentifier(1)) {
    MR_RETURN_IF_ERROR(CheckLength(*items));
    SourceRange dot = Take().range;
    MR_ASSIGN(IdentifierPtr name, SimpleIdentifier());
    items->push_back({nullptr, Op::kDot, dot});
    items->push_back({std::move(name), Op::kFunction, dot});
  }
  return true;
}

Parser::FoundOp Parser::FindPostfixOperator() {
  if (Is(Word::kFORMAT) && Is(Word::kJSON, 1)) return {Op::kFormatJson, 1};
  if (!Is(Word::kIS)) return {Op::kFunction, 0};
  size_t at = Is(Word::kNOT, 1) ? 2 : 1;
  bool negated = at == 2;
  if (Is(Word::kA, at) && Is(Word::kSET, at + 1)) return {negated ? Op::kIsNotASet : Op::kIsASet, at + 2};
  for (const WordOp& entry : kTests) {
    if (!Is(entry.word, at)) continue;
    for (const WordOp& json : kJsonTests) {
      if (entry.word == Word::kJSON && Is(json.word, at + 1)) return {negated ? Negation(json.op) : json.op, at + 2};
    }
    return {negated ? Negation(entry.op) : entry.op, at + 1};
  }
  return {Op::kFunction, 0};
}

Result<bool> Parser::PostfixOperator(ExprContext context, Items* items) {
  FoundOp found = FindPostfixOperator();
  if (found.tokens == 0) return false;
  MR_RETURN_IF_ERROR(CheckNonQuery(context));
  SourceRange start = RangeHere();
  for (size_t i = 0; i < found.tokens; ++i) Take();
  if (found.op == Op::kFormatJson) MR_RETURN_IF_ERROR(JsonRepresentation());
  items->push_back({nullptr, found.op, RangeFrom(start)});
  return true;
}

Result<ExprPtr> Parser::PrimaryExpression(ExprContext context) {
  if (Is(Word::kCURSOR)) return CursorExpression(context);
  if (Is(TokenType::kLeftParen) || Is(Word::kROW)) return ParenthesizedOperand(context);
  MR_ASSIGN(ExprPtr expr, AtomicExpression());
  MR_RETURN_IF_ERROR(CheckNonQuery(context));
  return expr;
}

Result<ExprPtr> Parser::CursorExpression(ExprContext context) {
  SourceRange start = Take().range;
  if (context != ExprContext::kAll && context != ExprContext::kCursor) return ErrorAtLast("a CURSOR cannot stand here");
  MR_ASSIGN(ExprPtr query, Expression(ExprContext::kQuery));
  return MakeCall(Op::kCursor, {std::move(query)}, RangeFrom(start));
}

Result<std::vector<ExprPtr>> Parser::ExpressionList(ExprContext context) {
  std::vector<ExprPtr> list;
  MR_ASSIGN(ExprPtr first, Expression(context));
  list.push_back(std::move(first));
  while (Is(TokenType::kComma) && StartsExpression(1)) {
    Take();
    MR_ASSIGN(ExprPtr expr, Expression(ExprContext::kSubQuery));
    list.push_back(std::move(expr));
  }
  return list;
}

Result<ExprPtr> Parser::Default() {
  MR_ASSIGN(Token token, Expect(Word::kDEFAULT));
  return MakeCall(Op::kDefault, {}, token.range);
}

// ( query ) or ( expression, expression ... )
Result<std::vector<ExprPtr>> Parser::ParenthesizedQueryOrList(ExprContext context, bool allow_default,
                                                              SourceRange* range) {
  MR_ASSIGN(Token open, Expect(TokenType::kLeftParen));
  std::vector<ExprPtr> list;
  do {
    if (!list.empty()) MR_RETURN_IF_ERROR(CheckNonQuery(context));
    ExprPtr expr;
    if (allow_default && Is(Word::kDEFAULT)) {
      MR_ASSIGN(expr, Default());
    } else if (list.empty()) {
      MR_ASSIGN(expr, OrderedQueryOrExpr(FirstContext(context)));
    } else {
      MR_ASSIGN(expr, Expression(context));
    }
    list.push_back(std::move(expr));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  *range = RangeFrom(open.range);
  return list;
}

// (expression), (query), (a, b), ROW(a, b), (a - b) DAY
Result<ExprPtr> Parser::ParenthesizedOperand(ExprContext context) {
  SourceRange start = RangeHere();
  bool explicit_row = Accept(Word::kROW);
  SourceRange list_range;
  MR_ASSIGN(std::vector<ExprPtr> list, ParenthesizedQueryOrList(context, false, &list_range));
  if (explicit_row) {
    std::shared_ptr<Call> row = MakeCall(Op::kRow, std::move(list), RangeFrom(start));
    row->explicit_row = true;
    return row;
  }
  if (StartsIntervalQualifier()) return MinusDate(list, list_range);
  if (list.size() == 1) return std::move(list[0]);
  return MakeCall(Op::kRow, std::move(list), RangeFrom(start));
}

Result<ExprPtr> Parser::MinusDate(const std::vector<ExprPtr>& list, SourceRange list_range) {
  MR_ASSIGN(std::shared_ptr<const IntervalQualifier> qualifier, ParseIntervalQualifier());
  SourceRange range = RangeFrom(list_range);
  const Call* call = list.size() == 1 ? As<Call>(list[0].get()) : nullptr;
  if (call == nullptr || call->op != Op::kMinus) {
    return ErrorAt(range, "only a difference can be given a unit like this", "write (a - b) DAY");
  }
  return MakeCall(Op::kMinusDate, {call->operands[0], call->operands[1], std::move(qualifier)}, range);
}

Result<ExprPtr> Parser::AtomicExpression() {
  static constexpr TokenSet kLiterals = {
      TokenType::kString,    TokenType::kPrefixedString, TokenType::kUnicodeString, TokenType::kBinaryString,
      TokenType::kInteger,   TokenType::kDecimal,        TokenType::kApproximate,   TokenType::kBraceDate,
      TokenType::kBraceTime, TokenType::kBraceTimestamp};
  static constexpr WordSet kConstants = {Word::kTRUE, Word::kFALSE, Word::kUNKNOWN, Word::kNULL};
  static constexpr WordSet kDateTime = {Word::kDATE, Word::kTIME, Word::kTIMESTAMP};
  static constexpr WordSet kContext = {Word::kCURRENT_CATALOG,
                                       Word::kCURRENT_DATE,
                                       Word::kCURRENT_DEFAULT_TRANSFORM_GROUP,
                                       Word::kCURRENT_PATH,
                                       Word::kCURRENT_ROLE,
                                       Word::kCURRENT_SCHEMA,
                                       Word::kCURRENT_TIME,
                                       Word::kCURRENT_TIMESTAMP,
                                       Word::kCURRENT_USER,
                                       Word::kLOCALTIME,
                                       Word::kLOCALTIMESTAMP,
                                       Word::kSESSION_USER,
                                       Word::kSYSTEM_USER,
                                       Word::kUSER};
  if (IsAny(kLiterals) || IsAny(kConstants) || (IsAny(kDateTime) && Is(TokenType::kString, 1))) {
    MR_ASSIGN(LiteralPtr literal, AnyLiteral());
    return literal;
  }
  if (Is(Word::kINTERVAL)) return IntervalLiteralOrExpression();
  if (Is(TokenType::kQuestion)) return NumericLiteralOrParam();
  if (Is(TokenType::kBraceFunction)) return JdbcCall();
  MR_ASSIGN(ExprPtr builtin, BuiltinCall());
  if (builtin) return builtin;
  if (Is(Word::kMULTISET)) return MultisetConstructor();
  if (Is(Word::kARRAY)) return ArrayConstructor();
  if (Is(Word::kMAP) &&
      (Is(TokenType::kLeftBracket, 1) || (Is(TokenType::kLeftParen, 1) && (StartsExpression(2) || StartsQuery(2))))) {
    return MapConstructor();
  }
  if (Is(Word::kPERIOD)) return PeriodConstructor();
  if (StartsNamedCall()) return NamedFunctionCall();
  if (IsAny(kContext)) {
    auto variable = std::make_shared<Identifier>();
    Token token = Take();
    variable->parts.push_back({std::string(Text(token)), false, token.range});
    variable->range = token.range;
    variable->context_variable = true;
    return variable;
  }
  if (IsIdentifier()) {
    MR_ASSIGN(IdentifierPtr identifier, CompoundIdentifier());
    return identifier;
  }
  if (Is(Word::kNEW)) {
    SourceRange start = Take().range;
    MR_ASSIGN(CallPtr call, NamedRoutineCall(ExprContext::kSubQuery));
    return MakeCall(Op::kNew, {std::move(call)}, RangeFrom(start));
  }
  if (Is(Word::kCASE)) return CaseExpression();
  if ((Is(Word::kNEXT) || Is(Word::kCURRENT)) && Is(Word::kVALUE, 1)) return SequenceExpression();
  return Unexpected("an expression");
}

Result<ExprPtr> Parser::SequenceExpression() {
  Token start = Take();
  Take();
  MR_RETURN_IF_ERROR(Expect(Word::kFOR));
  MR_ASSIGN(IdentifierPtr sequence, CompoundIdentifier());
  return MakeCall(start.word == Word::kNEXT ? Op::kNextValue : Op::kCurrentValue, {std::move(sequence)},
                  RangeFrom(start.range));
}

Result<ExprPtr> Parser::CaseExpression() {
  SourceRange start = Take().range;
  auto result = std::make_shared<Case>();
  ExprPtr value;
  if (!Is(Word::kWHEN)) {
    MR_ASSIGN(value, Expression(ExprContext::kSubQuery));
  }
  do {
    MR_RETURN_IF_ERROR(Expect(Word::kWHEN));
    SourceRange when_range = RangeHere();
    MR_ASSIGN(std::vector<ExprPtr> list, ExpressionList(ExprContext::kSubQuery));
    if (list.size() > 1 && !value) return Unexpected("THEN");
    when_range = RangeFrom(when_range);
    Case::Branch branch;
    if (list.size() == 1) {
      branch.when = std::move(list[0]);
      if (value) branch.when = MakeCall(Op::kEquals, {value, branch.when}, when_range);
    } else {
      auto items = std::make_shared<ExprList>();
      items->items = std::move(list);
      items->range = when_range;
      branch.when = MakeCall(Op::kIn, {value, std::move(items)}, when_range);
    }
    MR_RETURN_IF_ERROR(Expect(Word::kTHEN));
    MR_ASSIGN(branch.then, Expression(ExprContext::kSubQuery));
    result->branches.push_back(std::move(branch));
  } while (Is(Word::kWHEN));
  if (Accept(Word::kELSE)) {
    MR_ASSIGN(result->otherwise, Expression(ExprContext::kSubQuery));
  }
  MR_RETURN_IF_ERROR(Expect(Word::kEND));
  result->range = RangeFrom(start);
  return result;
}

Result<ExprPtr> Parser::ArrayConstructor() {
  SourceRange start = Take().range;
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(ExprPtr query, OrderedQueryOrExpr(ExprContext::kQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(Op::kArrayQuery, {std::move(query)}, RangeFrom(start));
  }
  if (!Accept(TokenType::kLeftBracket)) return Unexpected("'[' or '('");
  std::vector<ExprPtr> items;
  if (!Is(TokenType::kRightBracket)) {
    MR_ASSIGN(items, ExpressionList(ExprContext::kNonQuery));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightBracket));
  return MakeCall(Op::kArray, std::move(items), RangeFrom(start));
}

Result<ExprPtr> Parser::MapConstructor() {
  SourceRange start = Take().range;
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(ExprPtr query, LeafQueryOrExpr(ExprContext::kQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(Op::kMapQuery, {std::move(query)}, RangeFrom(start));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftBracket));
  std::vector<ExprPtr> items;
  if (!Is(TokenType::kRightBracket)) {
    MR_ASSIGN(items, ExpressionList(ExprContext::kNonQuery));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightBracket));
  return MakeCall(Op::kMap, std::move(items), RangeFrom(start));
}

Result<ExprPtr> Parser::MultisetConstructor() {
  SourceRange start = Take().range;
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(ExprPtr query, LeafQueryOrExpr(ExprContext::kQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(Op::kMultisetQuery, {std::move(query)}, RangeFrom(start));
  }
  if (!Accept(TokenType::kLeftBracket)) return Unexpected("'[' or '('");
  std::vector<ExprPtr> items;
  do {
    MR_ASSIGN(ExprPtr item, Expression(ExprContext::kNonQuery));
    items.push_back(std::move(item));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightBracket));
  return MakeCall(Op::kMultiset, std::move(items), RangeFrom(start));
}

// PERIOD (a, b) is a row.
Result<ExprPtr> Parser::PeriodConstructor() {
  SourceRange start = Take().range;
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(ExprPtr from, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
  MR_ASSIGN(ExprPtr to, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return MakeCall(Op::kRow, {std::move(from), std::move(to)}, RangeFrom(start));
}

}  // namespace millrace::sql
