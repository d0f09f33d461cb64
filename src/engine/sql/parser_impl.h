// The recursive-descent parser behind parser.h. One method per rule of Calcite's grammar where that helps to compare
// the two; the order of choices and the number of tokens looked ahead follow Calcite's, because error positions depend
// on them. Split over parser_*.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/ast.h"
#include "engine/sql/lexer.h"
#include "engine/sql/word_set.h"

namespace millrace::sql {

// What an expression may be, where it stands. Calcite's names.
enum class ExprContext : uint8_t { kAll, kNonCursor, kQuery, kQueryOrJoin, kNonQuery, kSubQuery, kCursor };

// How deep the text may nest; each level costs a few C++ frames.
inline constexpr int kMaxNesting = 400;
// Parts of a.b.c
inline constexpr size_t kMaxIdentifierParts = 256;

class Parser {
 public:
  // `sql` must have passed Lexer::CheckText() and outlive the parser.
  explicit Parser(std::string_view sql);

  Result<StatementPtr> StatementToEnd();
  Result<ExprPtr> ExpressionToEnd();
  Result<TypeSpecPtr> TypeToEnd();
  Result<std::vector<std::string>> TableApiIdentifierToEnd();

 private:
  // ---- tokens (parser.cc)
  const Token& Peek(size_t ahead = 0);
  Token Take();
  bool Is(TokenType type, size_t ahead = 0) { return Peek(ahead).type == type; }
  bool Is(Word word, size_t ahead = 0) { return Peek(ahead).word == word; }
  bool IsAny(const WordSet& words, size_t ahead = 0) { return words.Contains(Peek(ahead).word); }
  bool IsAny(const TokenSet& types, size_t ahead = 0) { return types.Contains(Peek(ahead).type); }
  bool Accept(TokenType type);
  bool Accept(Word word);
  Result<Token> Expect(TokenType type);
  Result<Token> Expect(Word word);
  std::string_view Text(const Token& token) const { return lexer_.Text(token); }
  // The token in front was not what the grammar wants.
  Error Unexpected(std::string_view expected);
  static Error ErrorAt(SourceRange range, std::string message, std::string hint = {});
  Error ErrorAtLast(std::string message, std::string hint = {}) const {
    return ErrorAt(last_.range, std::move(message), std::move(hint));
  }
  Status ExpectEnd();
  bool IsIdentifier(size_t ahead = 0);
  bool StartsExpression(size_t ahead = 0);
  bool StartsQuery(size_t ahead = 0);
  // From the start of `from` to the last token taken.
  SourceRange RangeFrom(const SourceRange& from) const;
  SourceRange RangeHere() { return Peek().range; }

  // Counts nesting while it lives and adds up the height of the tree that its scope builds.
  class Scope;
  int nesting_ = 0;
  int32_t scope_height_ = 0;  // of the scope's highest child so far
  Status CheckHeight(int64_t chain) const;
  // A chain of `count` nodes was built in this scope, one below the other.
  Status AddChain(int64_t count);

  // ---- identifiers and literals (parser_literal.cc)
  Result<Identifier::Part> IdentifierSegment();
  Result<IdentifierPtr> SimpleIdentifier();
  Result<IdentifierPtr> CompoundIdentifier();
  Result<IdentifierPtr> CompoundTableIdentifier();
  Result<std::vector<IdentifierPtr>> IdentifierList();
  Result<std::vector<IdentifierPtr>> ParenthesizedIdentifierList();
  Result<std::vector<IdentifierPtr>> IdentifierOrList();
  IdentifierPtr WordAsIdentifier(const Token& token);
  Result<LiteralPtr> AnyLiteral();
  bool StartsLiteral();
  Result<LiteralPtr> UnsignedNumericLiteral();
  Result<LiteralPtr> NumericLiteral();
  bool IsStringToken(size_t ahead = 0);
  Result<LiteralPtr> StringLiteral();
  Result<LiteralPtr> BinaryStringLiteral();
  Result<LiteralPtr> QuotedString();  // '..' only, one piece
  Result<LiteralPtr> DateTimeLiteral();
  Result<LiteralPtr> IntervalLiteral();
  Result<ExprPtr> IntervalLiteralOrExpression();
  Result<int32_t> UnsignedInt();
  Result<int32_t> SignedInt();
  Result<ExprPtr> NumericLiteralOrParam();
  LiteralPtr Symbol(std::string text, SourceRange range);
  LiteralPtr SpecialLiteral();

  // ---- types and intervals (parser_type.cc)
  Result<std::shared_ptr<TypeSpec>> DataType();
  Result<TypeSpecPtr> ExtendedDataType();
  Result<std::shared_ptr<TypeSpec>> TypeName();
  Result<bool> SimpleTypeName(TypeSpec* type);
  Result<bool> PlainTypeName(TypeSpec* type);
  Status CharacterTypeName(TypeSpec* type);
  Status DateTimeTypeName(TypeSpec* type);
  Status RowTypeName(TypeSpec* type);
  Status RowFields(TypeSpec* type, TokenType close);
  Status BracketTypeName(TypeSpec* type);
  Status RawTypeName(TypeSpec* type);
  Status PrecisionOpt(std::optional<int32_t>* precision);
  Status Nullability(TypeSpec* type);
  Result<std::shared_ptr<const IntervalQualifier>> ParseIntervalQualifier();
  Result<std::shared_ptr<const IntervalQualifier>> IntervalQualifierStart();
  Status IntervalQualifierEnd(IntervalQualifier* qualifier);
  bool StartsIntervalQualifier();
  Result<std::shared_ptr<const IntervalQualifier>> TimeUnitQualifier(bool extract);
  Result<LiteralPtr> TimestampInterval();

  // ---- expressions (parser_expression.cc, parser_precedence.cc)
  struct Item;  // an operand or an operator of a flat expression
  using Items = std::vector<Item>;
  class TreeBuilder;
  Result<ExprPtr> Expression(ExprContext context);
  Result<ExprPtr> ToTree(const Items& items);
  Status CheckLength(const Items& items) const;
  Status FlatExpression(ExprContext context, Items* items);
  Status OperandWithPrefixes(ExprContext context, Items* items);
  Result<bool> OperatorAndOperand(ExprContext context, Items* items);
  Result<bool> InOrQuantified(ExprContext context, Items* items);
  Result<bool> BetweenOperator(ExprContext context, Items* items);
  Result<bool> LikeOperator(ExprContext context, Items* items);
  Result<bool> BinaryOperator(ExprContext context, Items* items);
  Result<bool> ItemAccess(Items* items);
  Result<bool> PostfixOperator(ExprContext context, Items* items);
  // Number of tokens of the operator in front; 0 if there is none.
  struct FoundOp {
    Op op;
    size_t tokens;
  };
  FoundOp FindBinaryOperator();
  FoundOp FindMultisetOperator();
  FoundOp FindPostfixOperator();
  Result<ExprPtr> PrimaryExpression(ExprContext context);
  Result<ExprPtr> ParenthesizedOperand(ExprContext context);
  Result<ExprPtr> MinusDate(const std::vector<ExprPtr>& list, SourceRange list_range);
  Result<ExprPtr> AtomicExpression();
  Result<ExprPtr> RowExtension();
  Result<ExprPtr> CaseExpression();
  Result<ExprPtr> SequenceExpression();
  Result<ExprPtr> CursorExpression(ExprContext context);
  Result<ExprPtr> ArrayConstructor();
  Result<ExprPtr> MapConstructor();
  Result<ExprPtr> MultisetConstructor();
  Result<ExprPtr> PeriodConstructor();
  Result<std::vector<ExprPtr>> ExpressionList(ExprContext context);
  Result<std::vector<ExprPtr>> ParenthesizedQueryOrList(ExprContext context, bool allow_default, SourceRange* range);
  Status CheckQuery(ExprContext context);
  Status CheckNonQuery(ExprContext context);
  static ExprContext FirstContext(ExprContext context);
  static std::shared_ptr<Call> MakeCall(Op op, std::vector<ExprPtr> operands, SourceRange range);
  Result<ExprPtr> Default();

  // ---- calls (parser_function.cc, parser_json.cc)
  bool StartsNamedCall(size_t ahead = 0);
  bool IsFunctionNameToken(size_t ahead);
  Result<ExprPtr> NamedFunctionCall();
  Result<std::shared_ptr<Call>> NamedCall();
  Result<std::shared_ptr<Call>> AggregateWithOrder();
  Status CallSuffixes(Call* call);
  Status Over(Call* call);
  Result<std::vector<OrderItem>> WithinGroup();
  bool AcceptNullTreatment(Call* call);
  Result<IdentifierPtr> FunctionName();
  Status FunctionArguments(ExprContext context, Call* call);
  bool AcceptQuantifier(SetQuantifier* quantifier);
  Result<ExprPtr> FirstArgument(ExprContext context);
  Result<ExprPtr> Argument(ExprContext context);
  Result<ExprPtr> TableArgumentTail(ExprPtr table, SourceRange start);
  Result<CallPtr> NamedRoutineCall(ExprContext context);
  // Null if no built-in call with a syntax of its own stands here.
  Result<ExprPtr> BuiltinCall();
  Result<ExprPtr> CastCall(bool is_try);
  Result<ExprPtr> ExtractCall();
  Result<ExprPtr> PositionCall();
  Result<ExprPtr> ConvertCall();
  Result<ExprPtr> TranslateCall();
  Result<ExprPtr> OverlayCall();
  Result<ExprPtr> FloorCeilCall(Op op);
  Result<ExprPtr> SubstringCall();
  Result<ExprPtr> TrimCall();
  Result<ExprPtr> TimestampCall(Op op);
  Result<ExprPtr> GroupWindowCall(Op op);
  Result<ExprPtr> MatchFunctionCall();
  Result<ExprPtr> NavigationCall(Op op);
  Result<ExprPtr> JdbcCall();
  Status JdbcArguments(Call* call);
  Result<ExprPtr> JsonFunctionCall(JsonCall::Function function);
  Status JsonApiArguments(JsonCall* call);
  Status JsonReturning(JsonCall* call);
  Status JsonBehaviors(JsonCall* call);
  Result<JsonBehavior> JsonBehaviorType(JsonCall::Function function);
  Status JsonWrapper(JsonCall* call);
  Status JsonNameAndValue(JsonCall* call);
  Status JsonNullClause(JsonCall* call);
  Status JsonConstructorArguments(JsonCall* call);
  Status JsonArrayAggArguments(JsonCall* call);
  Status JsonRepresentation();

  // ---- queries (parser_query.cc)
  Result<ExprPtr> OrderedQueryOrExpr(ExprContext context);
  Result<ExprPtr> QueryOrExpr(ExprContext context);
  Result<ExprPtr> LeafQueryOrExpr(ExprContext context);
  Result<QueryPtr> LeafQuery(ExprContext context);
  Result<QueryPtr> PlainQuery(ExprContext context);  // no expression
  Result<QueryPtr> OrderedQuery();                   // a whole query, as after AS or in INSERT
  Result<ExprPtr> OrderByLimitOpt(ExprPtr e);
  Status OffsetLimitFetch(OrderBy* order, bool* any);
  Status LimitClause(OrderBy* order, SourceRange start);
  Status OffsetClause(OrderBy* order);
  Status FetchClause(OrderBy* order);
  Result<ExprPtr> SetOperations(ExprPtr first, ExprContext context);
  Result<ExprPtr> AddWith(std::shared_ptr<With> with, ExprPtr body);
  Result<std::shared_ptr<With>> WithList();
  Result<QueryPtr> ParseSelect();
  Status SelectBody(Select* select);
  Status GroupByClause(Select* select);
  Result<QueryPtr> ParseValues();
  Result<QueryPtr> ParseExplicitTable();
  Result<CallPtr> RowConstructor();
  Result<AliasedExpr> SelectItem();
  Result<std::vector<ExprPtr>> GroupingElements();
  Result<ExprPtr> GroupingElement();
  Result<std::vector<OrderItem>> OrderByClause(bool accepted);
  Result<OrderItem> ParseOrderItem();
  Result<WindowSpecPtr> WindowSpecification(IdentifierPtr name);
  Result<WindowBound> ParseWindowBound();
  Status WindowFrame(WindowSpec* window);
  Result<std::vector<Hint>> Hints();
  Result<Hint> ParseHint();
  static QueryPtr AsQuery(const ExprPtr& expr);
  static ExprPtr QueryExpr(QueryPtr query);
  Result<QueryPtr> RequireQuery(const ExprPtr& expr);

  // ---- tables (parser_table.cc, parser_match.cc)
  Result<TableRefPtr> FromClause();
  Result<TableRefPtr> JoinTree();
  bool StartsJoin();
  Result<TableRefPtr> JoinTable(TableRefPtr left);
  Result<Join::Type> JoinType();
  Result<TableRefPtr> ParseTableRef(ExprContext context, bool lateral);
  Result<TableRefPtr> TablePrimary(ExprContext context, bool lateral);
  Result<TableRefPtr> NamedTable();
  Result<std::shared_ptr<const TableName>> TargetTable(bool lookahead);
  Result<TableRefPtr> UnnestTable();
  Result<TableRefPtr> ParseTableFunction();
  // ( query ), ( join ): the range is that of what stands inside.
  Result<TableRefPtr> ParenthesizedTable(ExprContext context);
  Result<TableRefPtr> QueryOrJoin(ExprContext context);
  Result<TableRefPtr> AliasOpt(TableRefPtr table);
  Result<TableRefPtr> TableSampleOpt(TableRefPtr table);
  Status ExtensionList(TableName* table);
  bool StartsExtensionList();
  Status CheckNotJoin(const TableRefPtr& table);
  Result<TableRefPtr> ParsePivot(TableRefPtr table);
  Result<TableRefPtr> ParseUnpivot(TableRefPtr table);
  Result<TableRefPtr> ParseMatchRecognize(TableRefPtr table);
  Status MatchRowsAndSkip(MatchRecognize* match);
  Status MatchPatternAndAfter(MatchRecognize* match);
  Result<ExprPtr> PatternExpression();
  Result<ExprPtr> PatternTerm();
  Result<ExprPtr> PatternFactor();
  Result<ExprPtr> PatternPrimary();
  bool StartsPattern();
  Status PatternBounds(LiteralPtr* least, LiteralPtr* most);

  // ---- statements (parser_statement.cc, parser_create.cc, parser_alter.cc, parser_show.cc, parser_dml.cc)
  Result<StatementPtr> ParseStatement();
  Result<StatementPtr> QueryAsStatement();
  Result<StatementPtr> FromInsert();
  Result<StatementPtr> ParseExplain();
  Result<StatementPtr> ExplainedStatement(bool insert_only);
  Result<StatementPtr> QueryOrDml();
  Result<StatementPtr> ParseExecute();
  Result<StatementPtr> ParseCompile();
  Result<StatementPtr> ParseStatementSet();
  Result<StatementPtr> ParseSetOrReset(std::string scope);
  Result<StatementPtr> ParseUse();
  Result<StatementPtr> ParseLoadOrUnload();
  Result<StatementPtr> ParseJar();
  Result<StatementPtr> ParseStop();
  Result<StatementPtr> ParseAnalyze();
  Result<StatementPtr> ParseCall();
  Result<StatementPtr> ParseShow();
  Result<StatementPtr> ParseDescribe();
  Result<StatementPtr> ParseDescribeOther(SourceRange start);
  Status ShowFilter(Show* show, bool ilike);
  Status ShowCreate(Show* show);
  Status ShowTarget(Show* show);
  Result<InsertPtr> ParseInsert();
  Status InsertColumns(Insert* insert);
  Result<StatementPtr> ParseUpdate();
  Result<StatementPtr> ParseDelete();
  Result<StatementPtr> ParseMerge();
  Status MergeMatched(Merge* merge);
  Status MergeNotMatched(Merge* merge);
  Result<Assignment> ParseAssignment(bool compound);
  Result<IdentifierPtr> TableAliasOpt();
  Result<StatementPtr> ParseCreate();
  Result<StatementPtr> ParseCreateTable(bool create, bool replace, bool temporary, SourceRange start);
  Status TableTail(CreateTable* table);
  Result<TableLike> ParseTableLike();
  Result<TableLike::Option> ParseTableLikeOption();
  Result<StatementPtr> ParseCreateView(bool replace, bool temporary, SourceRange start);
  Result<StatementPtr> ParseCreateCatalog(SourceRange start);
  Result<StatementPtr> ParseCreateDatabase(SourceRange start);
  Result<StatementPtr> ParseCreateFunction(bool temporary, SourceRange start);
  Result<StatementPtr> ParseCreateMaterializedTable(bool replace, bool temporary, SourceRange start);
  Result<StatementPtr> ParseCreateModel(bool temporary, SourceRange start);
  Result<StatementPtr> ParseDrop();
  Status TableElement(TableElements* elements);
  Result<TableElements> ParenthesizedTableElements();
  Status ParseWatermark(std::optional<WatermarkDefinition>* watermark);
  Result<ColumnDefinition> TypedColumn();
  Result<ColumnDefinition> ComputedColumn();
  Result<TableConstraint> ParseTableConstraint();
  Result<std::optional<TableConstraint>> ColumnConstraint(const IdentifierPtr& column);
  Status UniqueSpec(TableConstraint* constraint);
  Status Enforcement(TableConstraint* constraint);
  bool StartsTableConstraint();
  Result<Distribution> ParseDistribution();
  Result<LiteralPtr> IntoBuckets();
  Result<SqlOptions> Options();
  Result<std::vector<LiteralPtr>> OptionKeys();
  Result<SqlOptions> WithOptionsOpt();
  Result<LiteralPtr> CommentOpt(bool single_piece);
  Result<PartitionSpec> ParsePartitionSpec(bool value_optional);
  Result<FunctionLanguage> LanguageOpt(SourceRange* range);
  Result<LiteralPtr> Freshness();
  Result<RefreshMode> ParseRefreshMode();
  bool AcceptIfExists();
  bool AcceptIfNotExists();
  Result<StatementPtr> ParseAlter();
  Result<StatementPtr> ParseAlterTable();
  Result<std::shared_ptr<AlterTable>> AlterTableAction();
  Result<std::shared_ptr<AlterTable>> AlterTableAdd();
  Result<std::shared_ptr<AlterTable>> AlterTableDrop();
  Result<std::shared_ptr<AlterTable>> AlterTableColumns(bool modify);
  Status AlterTableElement(AlterTableSchema* schema);
  Result<std::shared_ptr<AlterTable>> AlterTableRenameAction();
  Result<StatementPtr> ParseAlterView();
  Result<StatementPtr> ParseAlterCatalog();
  Result<StatementPtr> ParseAlterDatabase();
  Result<StatementPtr> ParseAlterFunction();
  Result<StatementPtr> ParseAlterMaterializedTable();
  Status AlterMaterializedTableSet(AlterMaterializedTable* alter);
  Result<StatementPtr> ParseAlterModel();

  std::string_view sql_;
  Lexer lexer_;
  std::vector<Token> tokens_;  // lexed so far
  size_t next_ = 0;
  Token last_;  // taken last
  int32_t dynamic_params_ = 0;
};

// Set up at the head of each rule that can contain itself: `Scope scope(this); MR_RETURN_IF_ERROR(scope.Check());`
class Parser::Scope {
 public:
  explicit Scope(Parser* parser) : parser_(parser), outer_height_(parser->scope_height_) {
    ++parser_->nesting_;
    parser_->scope_height_ = 0;
  }
  ~Scope() {
    --parser_->nesting_;
    parser_->scope_height_ = std::max(outer_height_, parser_->scope_height_ + 1);
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  Status Check() const;

 private:
  Parser* parser_;
  int32_t outer_height_;
};

struct Parser::Item {
  ExprPtr operand;  // null: an operator
  Op op = Op::kFunction;
  SourceRange range;
};

}  // namespace millrace::sql
