// Queries: SELECT, VALUES, TABLE, set operations, WITH, ORDER BY and LIMIT, windows, hints.
#include "engine/sql/parser_impl.h"

namespace millrace::sql {

QueryPtr Parser::AsQuery(const ExprPtr& expr) {
  auto subquery = As<Subquery>(expr);
  return subquery ? subquery->query : nullptr;
}

ExprPtr Parser::QueryExpr(QueryPtr query) {
  auto subquery = std::make_shared<Subquery>();
  subquery->range = query->range;
  subquery->query = std::move(query);
  return subquery;
}

Result<QueryPtr> Parser::RequireQuery(const ExprPtr& expr) {
  if (QueryPtr query = AsQuery(expr)) return query;
  return ErrorAt(expr->range, "an expression stands where only a query can", "write SELECT, VALUES or TABLE");
}

bool Parser::StartsQuery(size_t ahead) {
  static constexpr WordSet kWords = {Word::kSELECT, Word::kVALUES, Word::kTABLE, Word::kWITH};
  return IsAny(kWords, ahead);
}

Result<QueryPtr> Parser::OrderedQuery() {
  MR_ASSIGN(ExprPtr expr, OrderedQueryOrExpr(ExprContext::kQuery));
  return RequireQuery(expr);
}

Result<ExprPtr> Parser::OrderedQueryOrExpr(ExprContext context) {
  MR_ASSIGN(ExprPtr expr, QueryOrExpr(context));
  return OrderByLimitOpt(std::move(expr));
}

Result<ExprPtr> Parser::OrderByLimitOpt(ExprPtr e) {
  auto order = std::make_shared<OrderBy>();
  order->query = AsQuery(e);
  bool any = false;
  if (Is(Word::kORDER)) {
    MR_ASSIGN(order->keys, OrderByClause(order->query != nullptr));
    any = true;
  }
  MR_RETURN_IF_ERROR(OffsetLimitFetch(order.get(), &any));
  if (!any) return e;
  if (!order->query) return RequireQuery(e).error();
  order->range = RangeFrom(order->query->range);
  // LIMIT ALL alone changes nothing.
  if (order->keys.empty() && !order->offset && !order->fetch) return e;
  return QueryExpr(std::move(order));
}

Status Parser::OffsetLimitFetch(OrderBy* order, bool* any) {
  SourceRange start = RangeHere();
  if (Is(Word::kLIMIT)) {
    *any = true;
    MR_RETURN_IF_ERROR(LimitClause(order, start));
    if (Is(Word::kOFFSET)) MR_RETURN_IF_ERROR(OffsetClause(order));
  } else if (Is(Word::kOFFSET)) {
    *any = true;
    MR_RETURN_IF_ERROR(OffsetClause(order));
    if (Is(Word::kLIMIT)) {
      MR_RETURN_IF_ERROR(LimitClause(order, start));
      return ErrorAt(RangeFrom(start), "OFFSET cannot stand before LIMIT", "write LIMIT count OFFSET start");
    }
    if (Is(Word::kFETCH)) MR_RETURN_IF_ERROR(FetchClause(order));
  } else if (Is(Word::kFETCH)) {
    *any = true;
    MR_RETURN_IF_ERROR(FetchClause(order));
  }
  return Status::Ok();
}

Status Parser::LimitClause(OrderBy* order, SourceRange start) {
  Take();
  if (Accept(Word::kALL)) return Status::Ok();
  MR_ASSIGN(order->fetch, NumericLiteralOrParam());
  if (!Accept(TokenType::kComma)) return Status::Ok();
  MR_RETURN_IF_ERROR(NumericLiteralOrParam());
  return ErrorAt(RangeFrom(start), "LIMIT start, count is not allowed", "write LIMIT count OFFSET start");
}

Status Parser::OffsetClause(OrderBy* order) {
  Take();
  MR_ASSIGN(order->offset, NumericLiteralOrParam());
  if (!Accept(Word::kROW)) Accept(Word::kROWS);
  return Status::Ok();
}

Status Parser::FetchClause(OrderBy* order) {
  Take();
  if (!Accept(Word::kFIRST) && !Accept(Word::kNEXT)) return Unexpected("FIRST or NEXT");
  MR_ASSIGN(order->fetch, NumericLiteralOrParam());
  if (!Accept(Word::kROW) && !Accept(Word::kROWS)) return Unexpected("ROW or ROWS");
  MR_RETURN_IF_ERROR(Expect(Word::kONLY));
  return Status::Ok();
}

Result<ExprPtr> Parser::QueryOrExpr(ExprContext context) {
  std::shared_ptr<With> with;
  if (Is(Word::kWITH)) {
    MR_ASSIGN(with, WithList());
  }
  MR_ASSIGN(ExprPtr first, LeafQueryOrExpr(context));
  MR_ASSIGN(ExprPtr all, SetOperations(std::move(first), context));
  return AddWith(std::move(with), std::move(all));
}

// A query that does not begin with a parenthesis.
Result<QueryPtr> Parser::PlainQuery(ExprContext context) {
  std::shared_ptr<With> with;
  if (Is(Word::kWITH)) {
    MR_ASSIGN(with, WithList());
  }
  MR_ASSIGN(QueryPtr leaf, LeafQuery(context));
  MR_ASSIGN(ExprPtr all, SetOperations(QueryExpr(std::move(leaf)), context));
  MR_ASSIGN(ExprPtr query, AddWith(std::move(with), std::move(all)));
  return RequireQuery(query);
}

Result<ExprPtr> Parser::AddWith(std::shared_ptr<With> with, ExprPtr body) {
  if (!with) return body;
  MR_ASSIGN(with->body, RequireQuery(body));
  with->range = RangeFrom(with->range);
  return QueryExpr(std::move(with));
}

Result<std::shared_ptr<With>> Parser::WithList() {
  auto with = std::make_shared<With>();
  with->range = Take().range;
  do {
    With::Item item;
    MR_ASSIGN(item.name, SimpleIdentifier());
    if (Is(TokenType::kLeftParen)) {
      MR_ASSIGN(item.columns, ParenthesizedIdentifierList());
    }
    MR_RETURN_IF_ERROR(Expect(Word::kAS));
    MR_ASSIGN(TableRefPtr table, ParenthesizedTable(ExprContext::kQuery));
    item.query = static_cast<const DerivedTable&>(*table).query;
    with->items.push_back(std::move(item));
  } while (Accept(TokenType::kComma));
  return with;
}

Result<ExprPtr> Parser::LeafQueryOrExpr(ExprContext context) {
  static constexpr WordSet kLeaves = {Word::kSELECT, Word::kVALUES, Word::kTABLE};
  if (!IsAny(kLeaves)) return Expression(context);
  MR_ASSIGN(QueryPtr query, LeafQuery(context));
  return QueryExpr(std::move(query));
}

Result<QueryPtr> Parser::LeafQuery(ExprContext context) {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  MR_RETURN_IF_ERROR(CheckQuery(context));
  if (Is(Word::kSELECT)) return ParseSelect();
  if (Is(Word::kVALUES)) return ParseValues();
  if (Is(Word::kTABLE)) return ParseExplicitTable();
  return Unexpected("SELECT, VALUES, TABLE or WITH");
}

// first [UNION|EXCEPT|INTERSECT [ALL|DISTINCT] query]*; INTERSECT binds tighter.
Result<ExprPtr> Parser::SetOperations(ExprPtr first, ExprContext context) {
  static constexpr WordSet kWords = {Word::kUNION, Word::kINTERSECT, Word::kEXCEPT, Word::kMINUS};
  if (!IsAny(kWords)) return first;
  if (!AsQuery(first)) return CheckNonQuery(ExprContext::kQuery).error();
  auto combine = [](std::shared_ptr<SetOp> op, QueryPtr right) -> QueryPtr {
    op->range.end_line = right->range.end_line;
    op->range.end_column = right->range.end_column;
    op->right = std::move(right);
    return op;
  };
  QueryPtr term = AsQuery(first);
  std::shared_ptr<SetOp> pending;  // UNION or EXCEPT that waits for its right side
  int64_t count = 0;
  while (IsAny(kWords)) {
    Token word = Take();
    if (word.word == Word::kMINUS) return ErrorAtLast("MINUS is not allowed", "write EXCEPT");
    auto op = std::make_shared<SetOp>();
    op->type = word.word == Word::kUNION       ? SetOp::Type::kUnion
               : word.word == Word::kINTERSECT ? SetOp::Type::kIntersect
                                               : SetOp::Type::kExcept;
    op->all = Accept(Word::kALL);
    if (!op->all) Accept(Word::kDISTINCT);
    MR_RETURN_IF_ERROR(CheckQuery(context));
    MR_ASSIGN(ExprPtr next, LeafQueryOrExpr(ExprContext::kQuery));
    MR_ASSIGN(QueryPtr right, RequireQuery(next));
    MR_RETURN_IF_ERROR(CheckHeight(++count));
    if (op->type == SetOp::Type::kIntersect) {
      op->range = term->range;
      op->left = std::move(term);
      term = combine(std::move(op), std::move(right));
      continue;
    }
    QueryPtr left = pending ? combine(std::move(pending), std::move(term)) : std::move(term);
    op->range = left->range;
    op->left = std::move(left);
    pending = std::move(op);
    term = std::move(right);
  }
  MR_RETURN_IF_ERROR(AddChain(count));
  return QueryExpr(pending ? combine(std::move(pending), std::move(term)) : std::move(term));
}

Result<QueryPtr> Parser::ParseSelect() {
  SourceRange start = Take().range;
  auto select = std::make_shared<Select>();
  if (Is(TokenType::kHintBegin)) {
    MR_ASSIGN(select->hints, Hints());
  }
  select->stream = Accept(Word::kSTREAM);
  AcceptQuantifier(&select->quantifier);
  do {
    MR_ASSIGN(AliasedExpr item, SelectItem());
    select->items.push_back(std::move(item));
  } while (Accept(TokenType::kComma));
  if (Accept(Word::kFROM)) MR_RETURN_IF_ERROR(SelectBody(select.get()));
  select->range = RangeFrom(start);
  return select;
}

Status Parser::SelectBody(Select* select) {
  MR_ASSIGN(select->from, FromClause());
  if (Accept(Word::kWHERE)) {
    MR_ASSIGN(select->where, Expression(ExprContext::kSubQuery));
  }
  if (Is(Word::kGROUP)) MR_RETURN_IF_ERROR(GroupByClause(select));
  if (Accept(Word::kHAVING)) {
    MR_ASSIGN(select->having, Expression(ExprContext::kSubQuery));
  }
  if (!Accept(Word::kWINDOW)) return Status::Ok();
  do {
    MR_ASSIGN(IdentifierPtr name, SimpleIdentifier());
    MR_RETURN_IF_ERROR(Expect(Word::kAS));
    MR_ASSIGN(WindowSpecPtr window, WindowSpecification(std::move(name)));
    select->windows.push_back(std::move(window));
  } while (Is(TokenType::kComma) && IsIdentifier(1) && Accept(TokenType::kComma));
  return Status::Ok();
}

Status Parser::GroupByClause(Select* select) {
  Take();
  MR_RETURN_IF_ERROR(Expect(Word::kBY));
  select->grouped = true;
  select->group_distinct = Accept(Word::kDISTINCT);
  if (!select->group_distinct) Accept(Word::kALL);
  MR_ASSIGN(select->group_by, GroupingElements());
  return Status::Ok();
}

Result<AliasedExpr> Parser::SelectItem() {
  AliasedExpr item;
  if (Is(TokenType::kStar)) {
    auto star = std::make_shared<Identifier>();
    star->star = true;
    star->range = Take().range;
    item.expr = std::move(star);
  } else {
    MR_ASSIGN(item.expr, Expression(ExprContext::kSubQuery));
  }
  bool as = Accept(Word::kAS);
  if (Is(TokenType::kString))
    return ErrorAt(RangeHere(), "an alias is no string", "write the alias without quotes or in back-ticks");
  if (as || IsIdentifier()) {
    MR_ASSIGN(item.alias, SimpleIdentifier());
  }
  return item;
}

Result<QueryPtr> Parser::ParseExplicitTable() {
  SourceRange start = RangeHere();
  MR_RETURN_IF_ERROR(Expect(Word::kTABLE));
  auto table = std::make_shared<ExplicitTable>();
  MR_ASSIGN(table->table, CompoundIdentifier());
  table->range = RangeFrom(start);
  return table;
}

Result<QueryPtr> Parser::ParseValues() {
  SourceRange start = Take().range;
  auto values = std::make_shared<Values>();
  do {
    MR_ASSIGN(CallPtr row, RowConstructor());
    values->rows.push_back(std::move(row));
  } while (Is(TokenType::kComma) && StartsExpression(1) && Accept(TokenType::kComma));
  values->range = RangeFrom(start);
  return values;
}

// (ROW(a, b)), ROW(a, b), (a, b), a
Result<CallPtr> Parser::RowConstructor() {
  SourceRange start = RangeHere();
  SourceRange range;
  std::vector<ExprPtr> values;
  bool wrapped = Is(TokenType::kLeftParen) && Is(Word::kROW, 1) && Is(TokenType::kLeftParen, 2);
  if (wrapped) {
    Take();
    Take();
    MR_ASSIGN(values, ParenthesizedQueryOrList(ExprContext::kNonCursor, true, &range));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  } else if (Is(TokenType::kLeftParen) || (Is(Word::kROW) && Is(TokenType::kLeftParen, 1))) {
    Accept(Word::kROW);
    MR_ASSIGN(values, ParenthesizedQueryOrList(ExprContext::kNonCursor, true, &range));
  } else {
    MR_ASSIGN(ExprPtr value, Expression(ExprContext::kNonCursor));
    values.push_back(std::move(value));
  }
  return MakeCall(Op::kRow, std::move(values), RangeFrom(start));
}

Result<std::vector<ExprPtr>> Parser::GroupingElements() {
  std::vector<ExprPtr> list;
  do {
    MR_ASSIGN(ExprPtr element, GroupingElement());
    list.push_back(std::move(element));
  } while (Is(TokenType::kComma) && (StartsExpression(1) || Is(Word::kROLLUP, 1) || Is(Word::kCUBE, 1)) &&
           Accept(TokenType::kComma));
  return list;
}

Result<ExprPtr> Parser::GroupingElement() {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  SourceRange start = RangeHere();
  if (Is(Word::kGROUPING) && Is(Word::kSETS, 1)) {
    Take();
    Take();
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_ASSIGN(std::vector<ExprPtr> sets, GroupingElements());
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(Op::kGroupingSets, std::move(sets), RangeFrom(start));
  }
  if (Is(Word::kROLLUP) || Is(Word::kCUBE)) {
    Op op = Take().word == Word::kROLLUP ? Op::kRollup : Op::kCube;
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_ASSIGN(std::vector<ExprPtr> list, ExpressionList(ExprContext::kSubQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(op, std::move(list), RangeFrom(start));
  }
  if (Is(TokenType::kLeftParen) && Is(TokenType::kRightParen, 1)) {
    Take();
    Take();
    auto empty = std::make_shared<ExprList>();
    empty->range = RangeFrom(start);
    return empty;
  }
  return Expression(ExprContext::kSubQuery);
}

Result<std::vector<OrderItem>> Parser::OrderByClause(bool accepted) {
  MR_ASSIGN(Token order, Expect(Word::kORDER));
  if (!accepted)
    return ErrorAt(order.range, "ORDER BY cannot stand behind an expression",
                   "it belongs to a query, a window or an aggregate");
  MR_RETURN_IF_ERROR(Expect(Word::kBY));
  std::vector<OrderItem> items;
  do {
    MR_ASSIGN(OrderItem item, ParseOrderItem());
    items.push_back(std::move(item));
  } while (Is(TokenType::kComma) && StartsExpression(1) && Accept(TokenType::kComma));
  return items;
}

Result<OrderItem> Parser::ParseOrderItem() {
  OrderItem item;
  MR_ASSIGN(item.expr, Expression(ExprContext::kSubQuery));
  if (!Accept(Word::kASC)) item.descending = Accept(Word::kDESC);
  if (Is(Word::kNULLS) && (Is(Word::kFIRST, 1) || Is(Word::kLAST, 1))) {
    Take();
    item.nulls_first = Take().word == Word::kFIRST;
  }
  return item;
}

Result<WindowSpecPtr> Parser::WindowSpecification(IdentifierPtr name) {
  MR_ASSIGN(Token open, Expect(TokenType::kLeftParen));
  auto window = std::make_shared<WindowSpec>();
  window->name = std::move(name);
  if (IsIdentifier()) {
    MR_ASSIGN(window->base, SimpleIdentifier());
  }
  if (Accept(Word::kPARTITION)) {
    MR_RETURN_IF_ERROR(Expect(Word::kBY));
    MR_ASSIGN(window->partition_by, ExpressionList(ExprContext::kNonQuery));
  }
  if (Is(Word::kORDER)) {
    MR_ASSIGN(window->order_by, OrderByClause(true));
  }
  MR_RETURN_IF_ERROR(WindowFrame(window.get()));
  if (Is(Word::kALLOW) || Is(Word::kDISALLOW)) {
    window->allow_partial = Take().word == Word::kALLOW;
    MR_RETURN_IF_ERROR(Expect(Word::kPARTIAL));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  window->range = RangeFrom(open.range);
  return window;
}

Status Parser::WindowFrame(WindowSpec* window) {
  if (!Is(Word::kROWS) && !Is(Word::kRANGE)) return Status::Ok();
  window->rows = Take().word == Word::kROWS;
  bool between = Accept(Word::kBETWEEN);
  MR_ASSIGN(window->lower, ParseWindowBound());
  if (!between) return Status::Ok();
  MR_RETURN_IF_ERROR(Expect(Word::kAND));
  MR_ASSIGN(window->upper, ParseWindowBound());
  return Status::Ok();
}

Result<WindowBound> Parser::ParseWindowBound() {
  WindowBound bound;
  if (Is(Word::kCURRENT) && Is(Word::kROW, 1)) {
    Take();
    Take();
    return bound;
  }
  if (Is(Word::kUNBOUNDED) && (Is(Word::kPRECEDING, 1) || Is(Word::kFOLLOWING, 1))) {
    Take();
    bound.type = Take().word == Word::kPRECEDING ? WindowBound::Type::kUnboundedPreceding
                                                 : WindowBound::Type::kUnboundedFollowing;
    return bound;
  }
  MR_ASSIGN(bound.offset, Expression(ExprContext::kNonQuery));
  if (!Is(Word::kPRECEDING) && !Is(Word::kFOLLOWING)) return Unexpected("PRECEDING or FOLLOWING");
  bound.type = Take().word == Word::kPRECEDING ? WindowBound::Type::kPreceding : WindowBound::Type::kFollowing;
  return bound;
}

Result<std::vector<Hint>> Parser::Hints() {
  Take();
  std::vector<Hint> hints;
  do {
    MR_ASSIGN(Hint hint, ParseHint());
    hints.push_back(std::move(hint));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kHintEnd));
  return hints;
}

// NAME, NAME(), NAME('k' = 'v', ..), NAME(a, b), NAME('x', 1)
Result<Hint> Parser::ParseHint() {
  SourceRange start = RangeHere();
  Hint hint;
  MR_ASSIGN(hint.name, SimpleIdentifier());
  if (Accept(TokenType::kLeftParen)) {
    if (!Is(TokenType::kRightParen)) {
      bool key = IsIdentifier() || IsStringToken();
      if (key && Is(TokenType::kEquals, 1) && IsStringToken(2)) {
        hint.format = Hint::Format::kKeyValue;
      } else if (IsIdentifier() && (Is(TokenType::kComma, 1) || Is(TokenType::kRightParen, 1))) {
        hint.format = Hint::Format::kIdentifiers;
      } else if (StartsLiteral()) {
        hint.format = Hint::Format::kLiterals;
      } else {
        return Unexpected("')', an option or a literal");
      }
      do {
        ExprPtr option;
        if (hint.format == Hint::Format::kLiterals && !IsStringToken()) {
          MR_ASSIGN(option, NumericLiteral());
        } else if (hint.format != Hint::Format::kLiterals && IsIdentifier()) {
          MR_ASSIGN(option, SimpleIdentifier());
        } else if (hint.format == Hint::Format::kIdentifiers) {
          return Unexpected("an identifier");
        } else {
          MR_ASSIGN(option, StringLiteral());
        }
        hint.options.push_back(std::move(option));
        if (hint.format == Hint::Format::kKeyValue) {
          MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
          MR_ASSIGN(LiteralPtr value, StringLiteral());
          hint.options.push_back(std::move(value));
        }
      } while (Accept(TokenType::kComma));
    }
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  hint.range = RangeFrom(start);
  return hint;
}

}  // namespace millrace::sql
