// INSERT, UPDATE, DELETE, MERGE.
#include "engine/sql/parser_impl.h"

namespace millrace::sql {

// INSERT INTO|OVERWRITE table [PARTITION (..)] [(columns)] query
Result<InsertPtr> Parser::ParseInsert() {
  SourceRange start = RangeHere();
  auto insert = std::make_shared<Insert>();
  insert->upsert = Take().word == Word::kUPSERT;
  if (Accept(Word::kOVERWRITE)) {
    if (insert->upsert) return ErrorAtLast("OVERWRITE goes with INSERT only");
    insert->overwrite = true;
  } else if (!Accept(Word::kINTO)) {
    return Unexpected("INTO or OVERWRITE");
  }
  MR_ASSIGN(insert->table, TargetTable(true));
  if (Accept(Word::kPARTITION)) {
    MR_ASSIGN(insert->partition, ParsePartitionSpec(false));
  }
  if (Is(TokenType::kLeftParen) && IsIdentifier(1)) MR_RETURN_IF_ERROR(InsertColumns(insert.get()));
  if (!StartsQuery() && !StartsExpression()) return Unexpected("a query: SELECT, VALUES, TABLE or WITH");
  MR_ASSIGN(insert->source, OrderedQuery());
  insert->range = RangeFrom(start);
  return insert;
}

// (name, name, ..); names with a type would extend the table, which Flink does not allow.
Status Parser::InsertColumns(Insert* insert) {
  Take();
  do {
    MR_ASSIGN(IdentifierPtr column, CompoundIdentifier());
    insert->columns.push_back(std::move(column));
    if (!Is(TokenType::kComma) && !Is(TokenType::kRightParen)) {
      MR_ASSIGN(std::shared_ptr<TypeSpec> type, DataType());
      return ErrorAt(type->range, "a column of INSERT has no type", "write the column's name only");
    }
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return Status::Ok();
}

// [[AS] alias]
Result<IdentifierPtr> Parser::TableAliasOpt() {
  if (!Accept(Word::kAS) && !IsIdentifier()) return IdentifierPtr();
  return SimpleIdentifier();
}

Result<Assignment> Parser::ParseAssignment(bool compound) {
  Assignment assignment;
  if (compound) {
    MR_ASSIGN(assignment.column, CompoundIdentifier());
  } else {
    MR_ASSIGN(assignment.column, SimpleIdentifier());
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
  MR_ASSIGN(assignment.value, Expression(ExprContext::kSubQuery));
  return assignment;
}

Result<StatementPtr> Parser::ParseUpdate() {
  SourceRange start = Take().range;
  auto update = std::make_shared<Update>();
  MR_ASSIGN(update->table, TargetTable(false));
  MR_ASSIGN(update->alias, TableAliasOpt());
  MR_RETURN_IF_ERROR(Expect(Word::kSET));
  do {
    MR_ASSIGN(Assignment assignment, ParseAssignment(false));
    update->assignments.push_back(std::move(assignment));
  } while (Accept(TokenType::kComma));
  if (Accept(Word::kWHERE)) {
    MR_ASSIGN(update->where, Expression(ExprContext::kSubQuery));
  }
  update->range = RangeFrom(start);
  return update;
}

Result<StatementPtr> Parser::ParseDelete() {
  SourceRange start = Take().range;
  auto remove = std::make_shared<Delete>();
  MR_RETURN_IF_ERROR(Expect(Word::kFROM));
  MR_ASSIGN(remove->table, TargetTable(false));
  MR_ASSIGN(remove->alias, TableAliasOpt());
  if (Accept(Word::kWHERE)) {
    MR_ASSIGN(remove->where, Expression(ExprContext::kSubQuery));
  }
  remove->range = RangeFrom(start);
  return remove;
}

// MERGE INTO t USING source ON condition [WHEN MATCHED THEN UPDATE ..] [WHEN NOT MATCHED THEN INSERT ..]
Result<StatementPtr> Parser::ParseMerge() {
  SourceRange start = Take().range;
  auto merge = std::make_shared<Merge>();
  MR_RETURN_IF_ERROR(Expect(Word::kINTO));
  MR_ASSIGN(merge->table, TargetTable(false));
  MR_ASSIGN(merge->alias, TableAliasOpt());
  MR_RETURN_IF_ERROR(Expect(Word::kUSING));
  MR_ASSIGN(merge->source, ParseTableRef(ExprContext::kQuery, false));
  MR_RETURN_IF_ERROR(Expect(Word::kON));
  MR_ASSIGN(merge->condition, Expression(ExprContext::kSubQuery));
  bool matched = Is(Word::kWHEN) && Is(Word::kMATCHED, 1);
  if (matched) MR_RETURN_IF_ERROR(MergeMatched(merge.get()));
  if (!matched || Is(Word::kWHEN)) MR_RETURN_IF_ERROR(MergeNotMatched(merge.get()));
  merge->range = RangeFrom(start);
  return merge;
}

Status Parser::MergeMatched(Merge* merge) {
  Take();
  Take();
  MR_RETURN_IF_ERROR(Expect(Word::kTHEN));
  MR_RETURN_IF_ERROR(Expect(Word::kUPDATE));
  MR_RETURN_IF_ERROR(Expect(Word::kSET));
  do {
    MR_ASSIGN(Assignment assignment, ParseAssignment(true));
    merge->matched.push_back(std::move(assignment));
  } while (Accept(TokenType::kComma));
  return Status::Ok();
}

Status Parser::MergeNotMatched(Merge* merge) {
  MR_RETURN_IF_ERROR(Expect(Word::kWHEN));
  MR_RETURN_IF_ERROR(Expect(Word::kNOT));
  MR_RETURN_IF_ERROR(Expect(Word::kMATCHED));
  MR_RETURN_IF_ERROR(Expect(Word::kTHEN));
  MR_RETURN_IF_ERROR(Expect(Word::kINSERT));
  if (Is(TokenType::kLeftParen) && IsIdentifier(1)) {
    MR_ASSIGN(merge->insert_columns, ParenthesizedIdentifierList());
  }
  bool parentheses = Accept(TokenType::kLeftParen);
  MR_ASSIGN(Token start, Expect(Word::kVALUES));
  auto values = std::make_shared<Values>();
  MR_ASSIGN(CallPtr row, RowConstructor());
  values->rows.push_back(std::move(row));
  values->range = RangeFrom(start.range);
  if (parentheses) MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  merge->not_matched = std::move(values);
  return Status::Ok();
}

}  // namespace millrace::sql
