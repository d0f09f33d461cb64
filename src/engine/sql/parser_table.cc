// FROM: tables, joins, aliases, samples, PIVOT and UNPIVOT.
#include <fmt/format.h>

#include <cstdlib>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

constexpr double kWholePercentage = 100;

}  // namespace

Result<TableRefPtr> Parser::FromClause() {
  MR_ASSIGN(TableRefPtr table, JoinTree());
  int64_t count = 0;
  while (Is(TokenType::kComma)) {
    auto join = std::make_shared<Join>();
    join->type = Join::Type::kComma;
    join->range = Take().range;
    join->left = std::move(table);
    MR_ASSIGN(join->right, JoinTree());
    MR_RETURN_IF_ERROR(CheckHeight(++count));
    table = std::move(join);
  }
  MR_RETURN_IF_ERROR(AddChain(count));
  return table;
}

Result<TableRefPtr> Parser::JoinTree() {
  MR_ASSIGN(TableRefPtr table, ParseTableRef(ExprContext::kQueryOrJoin, false));
  int64_t count = 0;
  while (StartsJoin()) {
    MR_ASSIGN(table, JoinTable(std::move(table)));
    MR_RETURN_IF_ERROR(CheckHeight(++count));
  }
  MR_RETURN_IF_ERROR(AddChain(count));
  return table;
}

// Two tokens tell.
bool Parser::StartsJoin() {
  static constexpr WordSet kAfterNatural = {Word::kJOIN,  Word::kINNER, Word::kLEFT,
                                            Word::kRIGHT, Word::kFULL,  Word::kCROSS};
  static constexpr WordSet kSides = {Word::kLEFT, Word::kRIGHT, Word::kFULL};
  static constexpr WordSet kTables = {Word::kLATERAL, Word::kUNNEST, Word::kTABLE};
  if (Is(Word::kNATURAL)) return IsAny(kAfterNatural, 1);
  if (Is(Word::kJOIN)) return IsIdentifier(1) || Is(TokenType::kLeftParen, 1) || IsAny(kTables, 1);
  if (Is(Word::kINNER)) return Is(Word::kJOIN, 1);
  if (IsAny(kSides)) return Is(Word::kJOIN, 1) || Is(Word::kOUTER, 1);
  if (Is(Word::kCROSS)) return Is(Word::kJOIN, 1) || Is(Word::kAPPLY, 1);
  return Is(Word::kOUTER) && Is(Word::kAPPLY, 1);
}

Result<Join::Type> Parser::JoinType() {
  Join::Type type = Join::Type::kInner;
  if (Accept(Word::kCROSS)) {
    type = Join::Type::kCross;
  } else if (Is(Word::kLEFT) || Is(Word::kRIGHT) || Is(Word::kFULL)) {
    Word word = Take().word;
    type = word == Word::kLEFT ? Join::Type::kLeft : word == Word::kRIGHT ? Join::Type::kRight : Join::Type::kFull;
    Accept(Word::kOUTER);
  } else {
    Accept(Word::kINNER);
  }
  MR_RETURN_IF_ERROR(Expect(Word::kJOIN));
  return type;
}

Result<TableRefPtr> Parser::JoinTable(TableRefPtr left) {
  if (Is(Word::kAPPLY, 1)) {
    Take();
    Take();
    MR_RETURN_IF_ERROR(ParseTableRef(ExprContext::kQuery, true));
    return ErrorAtLast("APPLY is not allowed", "write JOIN LATERAL TABLE(..) ON TRUE");
  }
  auto join = std::make_shared<Join>();
  join->natural = Accept(Word::kNATURAL);
  MR_ASSIGN(join->type, JoinType());
  join->range = last_.range;
  join->left = std::move(left);
  MR_ASSIGN(join->right, ParseTableRef(ExprContext::kQueryOrJoin, false));
  if (Accept(Word::kON)) {
    MR_ASSIGN(join->on, Expression(ExprContext::kSubQuery));
  } else if (Accept(Word::kUSING)) {
    MR_ASSIGN(join->using_columns, ParenthesizedIdentifierList());
  }
  return join;
}

Result<TableRefPtr> Parser::ParseTableRef(ExprContext context, bool lateral) {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  MR_ASSIGN(TableRefPtr table, TablePrimary(context, lateral));
  if (Is(Word::kPIVOT) && Is(TokenType::kLeftParen, 1)) {
    MR_ASSIGN(table, ParsePivot(std::move(table)));
  }
  if (Is(Word::kUNPIVOT)) {
    MR_ASSIGN(table, ParseUnpivot(std::move(table)));
  }
  MR_ASSIGN(table, AliasOpt(std::move(table)));
  return TableSampleOpt(std::move(table));
}

Result<TableRefPtr> Parser::TablePrimary(ExprContext context, bool lateral) {
  if (IsIdentifier()) return NamedTable();
  if (Is(Word::kUNNEST)) return UnnestTable();
  bool written = Accept(Word::kLATERAL);
  TableRefPtr table;
  if (Is(TokenType::kLeftParen)) {
    MR_ASSIGN(table, ParenthesizedTable(context));
  } else if (Is(Word::kTABLE)) {
    MR_ASSIGN(table, ParseTableFunction());
  } else {
    return Unexpected(written ? "TABLE or '('" : "an identifier, '(', LATERAL, TABLE or UNNEST");
  }
  bool function = table->kind == NodeKind::kTableFunction;
  if (written || lateral) {
    MR_RETURN_IF_ERROR(CheckNotJoin(table));
    auto node = std::make_shared<Lateral>();
    node->range = table->range;
    node->table = std::move(table);
    table = std::move(node);
  }
  if (!function && Is(Word::kMATCH_RECOGNIZE)) return ParseMatchRecognize(std::move(table));
  return table;
}

Result<TableRefPtr> Parser::NamedTable() {
  MR_ASSIGN(TableRefPtr table, TargetTable(false));
  SourceRange start = table->range;
  if (Is(Word::kFOR) && Is(Word::kSYSTEM_TIME, 1)) {
    Take();
    Take();
    MR_RETURN_IF_ERROR(Expect(Word::kAS));
    MR_RETURN_IF_ERROR(Expect(Word::kOF));
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->table = std::move(table);
    MR_ASSIGN(snapshot->period, Expression(ExprContext::kNonQuery));
    snapshot->range = RangeFrom(start);
    table = std::move(snapshot);
  }
  if (Is(Word::kMATCH_RECOGNIZE)) return ParseMatchRecognize(std::move(table));
  return table;
}

// name [hints] [[EXTEND] (column type, ..)]: in FROM, INSERT, UPDATE, DELETE, MERGE. In INSERT a list of column names
// looks alike at first: `lookahead` tells that it may be one.
Result<std::shared_ptr<const TableName>> Parser::TargetTable(bool lookahead) {
  auto table = std::make_shared<TableName>();
  MR_ASSIGN(table->name, CompoundTableIdentifier());
  if (Is(TokenType::kHintBegin)) {
    MR_ASSIGN(table->hints, Hints());
  }
  bool extended = Is(Word::kEXTEND) || (lookahead ? StartsExtensionList() : Is(TokenType::kLeftParen));
  if (extended) MR_RETURN_IF_ERROR(ExtensionList(table.get()));
  table->range = RangeFrom(table->name->range);
  return table;
}

// ( name type: tells it from a list of names
bool Parser::StartsExtensionList() {
  if (!Is(TokenType::kLeftParen) || !IsIdentifier(1)) return false;
  size_t at = 2;
  while (Is(TokenType::kDot, at) && IsIdentifier(at + 1)) at += 2;
  if (at > 4) return true;  // five tokens are looked ahead
  return Peek(at).type == TokenType::kWord || IsIdentifier(at);
}

Status Parser::ExtensionList(TableName* table) {
  Accept(Word::kEXTEND);
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  do {
    TableName::Extension extension;
    MR_ASSIGN(extension.column, CompoundIdentifier());
    MR_ASSIGN(std::shared_ptr<TypeSpec> type, DataType());
    if (Is(Word::kNOT)) {
      Take();
      MR_RETURN_IF_ERROR(Expect(Word::kNULL));
      type->nullable = false;
      type->nullability_written = true;
    }
    extension.type = std::move(type);
    table->extensions.push_back(std::move(extension));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return Status::Ok();
}

Result<TableRefPtr> Parser::UnnestTable() {
  SourceRange start = Take().range;
  auto unnest = std::make_shared<Unnest>();
  SourceRange range;
  MR_ASSIGN(unnest->operands, ParenthesizedQueryOrList(ExprContext::kSubQuery, false, &range));
  if (Accept(Word::kWITH)) {
    MR_RETURN_IF_ERROR(Expect(Word::kORDINALITY));
    unnest->with_ordinality = true;
  }
  unnest->range = RangeFrom(start);
  return unnest;
}

Result<TableRefPtr> Parser::ParseTableFunction() {
  SourceRange start = Take().range;
  auto function = std::make_shared<TableFunction>();
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  function->specific = Accept(Word::kSPECIFIC);
  MR_ASSIGN(function->call, NamedRoutineCall(ExprContext::kCursor));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  function->range = RangeFrom(start);
  return function;
}

// What stands in parentheses in FROM, or behind WITH name AS: a query or, for kQueryOrJoin, a join.
Result<TableRefPtr> Parser::ParenthesizedTable(ExprContext context) {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(TableRefPtr table, QueryOrJoin(context));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  if (table->kind == NodeKind::kDerivedTable) return table;
  if (context == ExprContext::kQuery)
    return ErrorAt(table->range, "a table stands where only a query can", "write SELECT * FROM it");
  if (table->kind == NodeKind::kJoin) return table;
  return ErrorAt(table->range, "only a query or a join can stand in parentheses here", "remove the parentheses");
}

Result<TableRefPtr> Parser::QueryOrJoin(ExprContext context) {
  auto derived = [](QueryPtr query) {
    auto table = std::make_shared<DerivedTable>();
    table->range = query->range;
    table->query = std::move(query);
    return table;
  };
  bool query = StartsQuery() && (!Is(Word::kTABLE) || IsIdentifier(1));
  if (query) {
    MR_ASSIGN(QueryPtr plain, PlainQuery(context));
    MR_ASSIGN(ExprPtr ordered, OrderByLimitOpt(QueryExpr(std::move(plain))));
    return derived(AsQuery(ordered));
  }
  MR_ASSIGN(TableRefPtr table, ParseTableRef(ExprContext::kQueryOrJoin, false));
  int64_t count = 0;
  while (StartsJoin()) {
    MR_ASSIGN(table, JoinTable(std::move(table)));
    MR_RETURN_IF_ERROR(CheckHeight(++count));
  }
  MR_RETURN_IF_ERROR(AddChain(count));
  static constexpr WordSet kSetOperators = {Word::kUNION, Word::kINTERSECT, Word::kEXCEPT, Word::kMINUS};
  if (!IsAny(kSetOperators)) return table;
  if (table->kind != NodeKind::kDerivedTable) return CheckNonQuery(ExprContext::kQuery).error();
  MR_ASSIGN(ExprPtr all, SetOperations(QueryExpr(static_cast<const DerivedTable&>(*table).query), context));
  return derived(AsQuery(all));
}

Status Parser::CheckNotJoin(const TableRefPtr& table) {
  if (table->kind != NodeKind::kJoin) return Status::Ok();
  return ErrorAt(table->range, "a join in parentheses cannot have this",
                 "give the alias to a query: (SELECT * FROM a JOIN b ..) AS t");
}

// [AS] alias [(columns)]
Result<TableRefPtr> Parser::AliasOpt(TableRefPtr table) {
  if (!Accept(Word::kAS) && !IsIdentifier()) return table;
  auto alias = std::make_shared<TableAlias>();
  SourceRange start = table->range;
  alias->table = std::move(table);
  MR_ASSIGN(alias->alias, SimpleIdentifier());
  if (Is(TokenType::kLeftParen)) {
    MR_ASSIGN(alias->columns, ParenthesizedIdentifierList());
  }
  MR_RETURN_IF_ERROR(CheckNotJoin(alias->table));
  alias->range = RangeFrom(start);
  return alias;
}

Result<TableRefPtr> Parser::TableSampleOpt(TableRefPtr table) {
  if (!Is(Word::kTABLESAMPLE)) return table;
  Take();
  MR_RETURN_IF_ERROR(CheckNotJoin(table));
  auto sample = std::make_shared<TableSample>();
  SourceRange start = table->range;
  sample->table = table;
  if (Accept(Word::kSUBSTITUTE)) {
    sample->method = TableSample::Method::kSubstitute;
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_ASSIGN(sample->argument, StringLiteral());
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    sample->range = RangeFrom(start);
    return sample;
  }
  if (!Is(Word::kBERNOULLI) && !Is(Word::kSYSTEM)) return Unexpected("BERNOULLI, SYSTEM or SUBSTITUTE");
  sample->method = Take().word == Word::kSYSTEM ? TableSample::Method::kSystem : TableSample::Method::kBernoulli;
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(sample->argument, UnsignedNumericLiteral());
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  if (Accept(Word::kREPEATABLE)) {
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    MR_ASSIGN(sample->seed, SignedInt());
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  double percentage = std::strtod(sample->argument->text.c_str(), nullptr);
  if (percentage > kWholePercentage) return ErrorAtLast("a sample is at most 100 percent");
  sample->range = RangeFrom(start);
  // As in Calcite, a sample of nothing or of everything is no sample.
  if (static_cast<float>(percentage / kWholePercentage) <= 0.0F ||
      static_cast<float>(percentage / kWholePercentage) >= 1.0F)
    return table;
  return sample;
}

// PIVOT (agg [AS] alias, .. FOR axis | (axes) IN (value [AS] alias, ..))
Result<TableRefPtr> Parser::ParsePivot(TableRefPtr table) {
  SourceRange start = table->range;
  Take();
  MR_RETURN_IF_ERROR(CheckNotJoin(table));
  auto pivot = std::make_shared<Pivot>();
  pivot->table = std::move(table);
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  do {
    AliasedExpr aggregate;
    MR_ASSIGN(aggregate.expr, NamedFunctionCall());
    if (!Is(TokenType::kComma) && !Is(Word::kFOR)) {
      Accept(Word::kAS);
      MR_ASSIGN(aggregate.alias, SimpleIdentifier());
    }
    pivot->aggregates.push_back(std::move(aggregate));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(Word::kFOR));
  MR_ASSIGN(pivot->axes, IdentifierOrList());
  MR_RETURN_IF_ERROR(Expect(Word::kIN));
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  while (!Is(TokenType::kRightParen) || !pivot->values.empty()) {
    if (!pivot->values.empty() && !Accept(TokenType::kComma)) break;
    Pivot::Value value;
    MR_ASSIGN(CallPtr row, RowConstructor());
    value.values = row->operands;
    if (Accept(Word::kAS) || IsIdentifier()) {
      MR_ASSIGN(value.alias, SimpleIdentifier());
    }
    pivot->values.push_back(std::move(value));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  pivot->range = RangeFrom(start);
  return pivot;
}

// UNPIVOT [INCLUDE|EXCLUDE NULLS] (measures FOR axes IN (columns [AS labels], ..))
Result<TableRefPtr> Parser::ParseUnpivot(TableRefPtr table) {
  SourceRange start = table->range;
  Take();
  MR_RETURN_IF_ERROR(CheckNotJoin(table));
  auto unpivot = std::make_shared<Unpivot>();
  unpivot->table = std::move(table);
  if (Is(Word::kINCLUDE) || Is(Word::kEXCLUDE)) {
    unpivot->include_nulls = Take().word == Word::kINCLUDE;
    MR_RETURN_IF_ERROR(Expect(Word::kNULLS));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(unpivot->measures, IdentifierOrList());
  MR_RETURN_IF_ERROR(Expect(Word::kFOR));
  MR_ASSIGN(unpivot->axes, IdentifierOrList());
  MR_RETURN_IF_ERROR(Expect(Word::kIN));
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  do {
    Unpivot::Value value;
    MR_ASSIGN(value.columns, IdentifierOrList());
    if (Accept(Word::kAS)) {
      MR_ASSIGN(CallPtr row, RowConstructor());
      value.labels = row->operands;
    }
    unpivot->values.push_back(std::move(value));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  unpivot->range = RangeFrom(start);
  return unpivot;
}

}  // namespace millrace::sql
