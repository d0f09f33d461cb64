// Binds queries: one object per statement; blocks nest by recursion.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/sql/binder.h"
#include "engine/sql/expression_binder.h"
#include "engine/sql/relation.h"
#include "engine/sql/scope.h"

namespace millrace::sql {

// A relation while its block is being bound, and what names mean over it. Columns may be appended to the relation that
// the scope does not know (results of OVER and sub-queries).
struct Block {
  RelationPtr relation;
  Scope scope;
};

class QueryBinder {
 public:
  explicit QueryBinder(const BindContext& context) : context_(context) {}

  Result<RelationPtr> Bind(const Query& query, const Scope* outer);
  // The query whose columns go into a table: there a bare NULL takes its type from the table's column.
  void SetTarget(const Query& query);

  // bind_from.cc
  Result<Block> BindFrom(const TableRef& table, const Scope* outer);
  Result<Block> BindCatalogTable(const std::vector<std::string>& path, const std::vector<Hint>& hints,
                                 SourceRange range, const Scope* outer);

 private:
  struct SelectState;

  Result<RelationPtr> BindSelect(const Select& select, const OrderBy* order, const Scope* outer);
  Result<RelationPtr> BindBlock(const Select& select, const OrderBy* order, const Scope* outer);
  Result<RelationPtr> BindOrderBy(const OrderBy& order, const Scope* outer);
  Result<RelationPtr> BindSetOp(const SetOp& op, const Scope* outer);
  Result<RelationPtr> BindValues(const Values& values, const Scope* outer);
  Result<RelationPtr> BindWith(const With& with, const Scope* outer);

  // bind_from.cc, bind_window.cc
  Result<Block> BindTableName(const TableName& table, const Scope* outer);
  Result<Block> BindAlias(const TableAlias& alias, const Scope* outer);
  Result<Block> BindJoin(const Join& join, const Scope* outer);
  Result<Block> BindLateral(const Block& left, const TableRef& right, bool left_outer, const Scope* outer);
  Result<Block> BindLateralQuery(const Block& left, const Lateral& right, const TableAlias* alias, bool left_outer,
                                 const Scope* outer);
  Result<Block> BindMatch(const MatchRecognize& match, const Scope* outer);
  Result<Block> BindTemporalJoin(const Block& left, const TableRef& right, const Join& join, const Scope* outer);
  Result<Block> BindTableFunction(const TableFunction& function, const Scope* outer);
  Result<Block> BindWindowFunction(const Call& call, WindowFunction function, const Scope* outer);
  Result<RelationPtr> ScanTable(const catalog::TablePtr& table, const std::vector<Hint>& hints, SourceRange range);
  Result<RelationPtr> ExpandView(const catalog::Table& view);

  // bind_select.cc
  Status ApplyCondition(Block& block, const Expr& condition, ExprScope& scope, std::string_view clause);
  Status BindItems(const Select& select, SelectState& state);
  Status BindSortKeys(const OrderBy& order, SelectState& state, std::vector<SortColumn>& keys);

  // bind_aggregate.cc
  Status BindAggregate(const Select& select, const OrderBy* order, SelectState& state);

  // bind_over.cc
  Status BindOverCalls(const Select& select, const OrderBy* order, SelectState& state);

  // bind_subquery.cc
  Status BindScalarSubqueries(const Expr& expr, Block& block, ExprScope& scope);
  Result<bool> BindSubqueryCondition(const Expr& condition, bool negated, Block& block, ExprScope& scope);
  // bind_subquery_value.cc
  Status BindSubqueryTest(const Call& call, Block& block, ExprScope& scope);

  const BindContext& context_;
  std::map<std::string, RelationPtr> with_;   // names of WITH that are in force
  const std::vector<Hint>* hints_ = nullptr;  // of the SELECT that is being bound; null: none
  std::set<const Query*> targets_;            // see SetTarget
  int32_t view_depth_ = 0;
};

// A SELECT while it is bound.
struct QueryBinder::SelectState {
  Block block;
  ExprScope scope;
  bool aggregated = false;
  GroupKeys keys;
  std::vector<BoundExpr> exprs;  // items, then hidden sort keys
  std::vector<std::string> names;
  size_t visible = 0;  // items that are not hidden
};

// relation with `exprs` appended as columns; those that are columns already are not repeated. `positions` gets where
// each one is.
RelationPtr AppendExprs(const RelationPtr& relation, const std::vector<BoundExpr>& exprs,
                        std::vector<int32_t>& positions);
// Names made unique as Calcite does: a, a0, a1.
std::vector<std::string> UniqueNames(std::vector<std::string> names);
RelationPtr ProjectRelationOf(const RelationPtr& input, std::vector<BoundExpr> exprs,
                              const std::vector<std::string>& names);
BoundExpr ColumnOf(const RelationPtr& relation, int32_t column);
// Milliseconds of a constant INTERVAL DAY TO SECOND argument.
Result<int64_t> ConstantMillis(const Expr& expr, const BindContext& context, std::string_view what);

// left ++ right with the nullability that the kind of join brings, and names made unique.
Schema JoinSchema(const Schema& left, const Schema& right, JoinKind kind);
JoinKind JoinKindOf(Join::Type type);
// The table within an alias, and the alias (null: none).
const TableRef* Unaliased(const TableRef& table, const TableAlias** alias);

// A NULL whose type nothing tells; Flink refuses it. Ok for every other expression.
Status CheckTyped(const Expr& expr);

// The number of OFFSET, LIMIT or FETCH; `otherwise` when there is none.
Result<int64_t> LiteralCount(const ExprPtr& expr, int64_t otherwise, std::string_view what);

// bind_subquery.cc: moves conditions on outer columns up and out of `relation`. They come back over the result's
// columns, outer columns still as such. Fails with "sql.unsupported" where a query's shape does not allow it.
struct Decorrelated {
  RelationPtr relation;  // the columns of the original first
  std::vector<BoundExpr> conditions;
};
Result<Decorrelated> Decorrelate(const RelationPtr& relation, SourceRange range);
// IN, = SOME or EXISTS with a sub-query, and the values that it compares (none for EXISTS).
bool IsSubqueryTest(const Expr& expr);
std::vector<const Expr*> ValuesOfTest(const Call& call);
// The query without what only makes columns: EXISTS asks for rows.
RelationPtr RowsOnly(RelationPtr query);
// A condition of a sub-query for a join of outer ++ inner: outer columns become the left's, columns the right's.
BoundExpr AsJoinCondition(const BoundExpr& condition, int32_t left_width);

}  // namespace millrace::sql
