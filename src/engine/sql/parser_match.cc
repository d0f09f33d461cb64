// MATCH_RECOGNIZE and its row patterns.
#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

LiteralPtr Bound(std::string text, bool negative = false) {
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kExact;
  literal->text = std::move(text);
  literal->negative = negative;
  return literal;
}

SourceRange Around(const ExprPtr& left, const ExprPtr& right) {
  SourceRange range = left->range;
  range.end_line = right->range.end_line;
  range.end_column = right->range.end_column;
  return range;
}

}  // namespace

Result<TableRefPtr> Parser::ParseMatchRecognize(TableRefPtr table) {
  SourceRange start = table->range;
  Take();
  MR_RETURN_IF_ERROR(CheckNotJoin(table));
  auto match = std::make_shared<MatchRecognize>();
  match->table = std::move(table);
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  if (Accept(Word::kPARTITION)) {
    MR_RETURN_IF_ERROR(Expect(Word::kBY));
    MR_ASSIGN(match->partition_by, ExpressionList(ExprContext::kNonQuery));
  }
  if (Is(Word::kORDER)) {
    MR_ASSIGN(match->order_by, OrderByClause(true));
  }
  if (Accept(Word::kMEASURES)) {
    do {
      AliasedExpr measure;
      MR_ASSIGN(measure.expr, Expression(ExprContext::kNonQuery));
      MR_RETURN_IF_ERROR(Expect(Word::kAS));
      MR_ASSIGN(measure.alias, SimpleIdentifier());
      match->measures.push_back(std::move(measure));
    } while (Accept(TokenType::kComma));
  }
  MR_RETURN_IF_ERROR(MatchRowsAndSkip(match.get()));
  MR_RETURN_IF_ERROR(MatchPatternAndAfter(match.get()));
  match->range = RangeFrom(start);
  return match;
}

// [ONE ROW|ALL ROWS PER MATCH] [AFTER MATCH SKIP ..]
Status Parser::MatchRowsAndSkip(MatchRecognize* match) {
  if (Is(Word::kONE) || Is(Word::kALL)) {
    bool one = Take().word == Word::kONE;
    match->rows_per_match = one ? MatchRecognize::RowsPerMatch::kOneRow : MatchRecognize::RowsPerMatch::kAllRows;
    MR_RETURN_IF_ERROR(Expect(one ? Word::kROW : Word::kROWS));
    MR_RETURN_IF_ERROR(Expect(Word::kPER));
    MR_RETURN_IF_ERROR(Expect(Word::kMATCH));
  }
  if (!Accept(Word::kAFTER)) return Status::Ok();
  MR_RETURN_IF_ERROR(Expect(Word::kMATCH));
  MR_RETURN_IF_ERROR(Expect(Word::kSKIP));
  if (Accept(Word::kPAST)) {
    MR_RETURN_IF_ERROR(Expect(Word::kLAST));
    MR_RETURN_IF_ERROR(Expect(Word::kROW));
    match->skip = MatchRecognize::Skip::kPastLastRow;
    return Status::Ok();
  }
  if (!Accept(Word::kTO)) return Unexpected("TO or PAST");
  if (Is(Word::kNEXT) && Is(Word::kROW, 1)) {
    Take();
    Take();
    match->skip = MatchRecognize::Skip::kToNextRow;
    return Status::Ok();
  }
  match->skip = MatchRecognize::Skip::kToLast;
  if (Is(Word::kFIRST) && IsIdentifier(1)) {
    Take();
    match->skip = MatchRecognize::Skip::kToFirst;
  } else if (Is(Word::kLAST) && IsIdentifier(1)) {
    Take();
  }
  MR_ASSIGN(match->skip_variable, SimpleIdentifier());
  return Status::Ok();
}

// PATTERN (..) [WITHIN interval] [SUBSET ..] DEFINE ..)
Status Parser::MatchPatternAndAfter(MatchRecognize* match) {
  MR_RETURN_IF_ERROR(Expect(Word::kPATTERN));
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  match->anchored_start = Accept(TokenType::kCaret);
  MR_ASSIGN(match->pattern, PatternExpression());
  match->anchored_end = Accept(TokenType::kDollar);
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  if (Accept(Word::kWITHIN)) {
    MR_ASSIGN(match->within, IntervalLiteral());
  }
  if (Accept(Word::kSUBSET)) {
    do {
      MatchRecognize::Subset subset;
      MR_ASSIGN(subset.name, SimpleIdentifier());
      MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
      MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
      MR_ASSIGN(subset.variables, ExpressionList(ExprContext::kNonQuery));
      MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
      match->subsets.push_back(std::move(subset));
    } while (Accept(TokenType::kComma));
  }
  MR_RETURN_IF_ERROR(Expect(Word::kDEFINE));
  do {
    AliasedExpr definition;
    MR_ASSIGN(definition.alias, SimpleIdentifier());
    MR_RETURN_IF_ERROR(Expect(Word::kAS));
    MR_ASSIGN(definition.expr, Expression(ExprContext::kSubQuery));
    match->definitions.push_back(std::move(definition));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return Status::Ok();
}

// a | b
Result<ExprPtr> Parser::PatternExpression() {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  MR_ASSIGN(ExprPtr left, PatternTerm());
  int64_t count = 0;
  while (Accept(TokenType::kBar)) {
    MR_ASSIGN(ExprPtr right, PatternTerm());
    SourceRange range = Around(left, right);
    left = MakeCall(Op::kPatternAlternate, {std::move(left), std::move(right)}, range);
    MR_RETURN_IF_ERROR(CheckHeight(++count));
  }
  MR_RETURN_IF_ERROR(AddChain(count));
  return left;
}

bool Parser::StartsPattern() {
  static constexpr TokenSet kTypes = {TokenType::kLeftParen, TokenType::kLeftBrace};
  return IsIdentifier() || IsAny(kTypes) || Is(Word::kPERMUTE);
}

// a b
Result<ExprPtr> Parser::PatternTerm() {
  MR_ASSIGN(ExprPtr left, PatternFactor());
  int64_t count = 0;
  while (StartsPattern()) {
    MR_ASSIGN(ExprPtr right, PatternFactor());
    SourceRange range = Around(left, right);
    left = MakeCall(Op::kPatternConcat, {std::move(left), std::move(right)}, range);
    MR_RETURN_IF_ERROR(CheckHeight(++count));
  }
  MR_RETURN_IF_ERROR(AddChain(count));
  return left;
}

// {n}, {n,}, {n, m}, {,m}: the brace is taken.
Status Parser::PatternBounds(LiteralPtr* least, LiteralPtr* most) {
  if (Accept(TokenType::kComma)) {
    *least = Bound("1", true);
    MR_ASSIGN(*most, UnsignedNumericLiteral());
  } else {
    MR_ASSIGN(*least, UnsignedNumericLiteral());
    *most = *least;
    if (Accept(TokenType::kComma)) {
      *most = Bound("1", true);
      if (!Is(TokenType::kRightBrace)) {
        MR_ASSIGN(*most, UnsignedNumericLiteral());
      }
    }
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightBrace));
  return Status::Ok();
}

// a, a*, a+, a?, a{n,m}, each with ? behind for reluctant
Result<ExprPtr> Parser::PatternFactor() {
  SourceRange start = RangeHere();
  MR_ASSIGN(ExprPtr pattern, PatternPrimary());
  LiteralPtr least;
  LiteralPtr most;
  if (Accept(TokenType::kStar)) {
    least = Bound("0");
    most = Bound("1", true);
  } else if (Accept(TokenType::kPlus)) {
    least = Bound("1");
    most = Bound("1", true);
  } else if (Accept(TokenType::kQuestion)) {
    least = Bound("0");
    most = Bound("1");
  } else if (Is(TokenType::kLeftBrace)) {
    SourceRange brace = Take().range;
    if (Accept(TokenType::kMinus)) {
      MR_ASSIGN(ExprPtr excluded, PatternExpression());
      MR_RETURN_IF_ERROR(Expect(TokenType::kMinus));
      MR_RETURN_IF_ERROR(Expect(TokenType::kRightBrace));
      ExprPtr exclude = MakeCall(Op::kPatternExclude, {std::move(excluded)}, RangeFrom(brace));
      return MakeCall(Op::kPatternConcat, {std::move(pattern), std::move(exclude)}, RangeFrom(start));
    }
    MR_RETURN_IF_ERROR(PatternBounds(&least, &most));
  } else {
    return pattern;
  }
  bool reluctant = Accept(TokenType::kQuestion) && (least->text != most->text || least->negative != most->negative);
  auto flag = std::make_shared<Literal>();
  flag->type = Literal::Type::kBoolean;
  flag->text = reluctant ? "TRUE" : "FALSE";
  return MakeCall(Op::kPatternQuantifier, {std::move(pattern), std::move(least), std::move(most), std::move(flag)},
                  RangeFrom(start));
}

// name, (pattern), {- pattern -}, PERMUTE(pattern, ..)
Result<ExprPtr> Parser::PatternPrimary() {
  SourceRange start = RangeHere();
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(ExprPtr pattern, PatternExpression());
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return pattern;
  }
  if (Accept(TokenType::kLeftBrace)) {
    MR_RETURN_IF_ERROR(Expect(TokenType::kMinus));
    MR_ASSIGN(ExprPtr pattern, PatternExpression());
    MR_RETURN_IF_ERROR(Expect(TokenType::kMinus));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightBrace));
    return MakeCall(Op::kPatternExclude, {std::move(pattern)}, RangeFrom(start));
  }
  if (Accept(Word::kPERMUTE)) {
    MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
    std::vector<ExprPtr> patterns;
    do {
      MR_ASSIGN(ExprPtr pattern, PatternExpression());
      patterns.push_back(std::move(pattern));
    } while (Accept(TokenType::kComma));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return MakeCall(Op::kPatternPermute, std::move(patterns), RangeFrom(start));
  }
  if (!IsIdentifier()) return Unexpected("the identifier of a pattern variable");
  MR_ASSIGN(IdentifierPtr name, SimpleIdentifier());
  return name;
}

}  // namespace millrace::sql
