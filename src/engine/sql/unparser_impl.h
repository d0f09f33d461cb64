// The unparser behind unparser.h: one method per family of nodes. `left` and `right` are the precedences that pull on a
// node from either side; a node whose operator binds less is put in parentheses, by Calcite's rule. Split over
// unparser_*.cc.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/ast.h"
#include "engine/sql/unparse_writer.h"

namespace millrace::sql {

class Unparser {
 public:
  void Any(const Node& node);
  std::string Take() { return writer_.Take(); }

 private:
  // ---- expressions (unparser_expression.cc)
  void Expression(const ExprPtr& expr, int left, int right);
  void Literals(const Literal& literal, int left, int right);
  void CharacterString(std::string_view text, std::string_view charset);
  void Identifiers(const Identifier& identifier, bool as_function);
  void Name(const IdentifierPtr& identifier) { Identifiers(*identifier, false); }
  void Qualifier(const IntervalQualifier& qualifier);
  void Cases(const Case& node);
  void Casts(const Cast& node);
  void List(const std::vector<ExprPtr>& items, bool parentheses);
  void Window(const WindowSpec& window);
  void Bound(const WindowBound& bound);
  void TableArguments(const TableArgument& argument);
  void OrderItems(const OrderItem& item, int left, int right);
  void OrderList(const std::vector<OrderItem>& items);
  // Calls `body(left, right)`, in parentheses and with (0, 0) if an operator of these precedences needs them.
  template <typename Body>
  void Wrap(int op_left, int op_right, int left, int right, const Body& body) {
    if (left > op_left || (op_right <= right && right != 0)) {
      writer_.Start(FrameType::kSimple, "(", ")");
      body(0, 0);
      writer_.End();
    } else {
      body(left, right);
    }
  }

  // ---- calls (unparser_call.cc)
  void Calls(const Call& call, int left, int right);
  void Operator(const Call& call, int left, int right);
  void BinaryOperator(const Call& call, int left, int right);
  void Between(const Call& call);
  void Like(const Call& call);
  void Overlaps(const Call& call, int left, int right);
  void FunctionCall(const Call& call, int left, int right);
  void FunctionLayer(const Call& call, int layer, int left, int right);
  void NamedFunction(const Call& call);
  void Arguments(const std::vector<ExprPtr>& operands, int left, int right);
  void SpecialCall(const Call& call, int left, int right);
  void KeywordCall(std::string_view name, const Call& call, const std::vector<std::string_view>& words, int left,
                   int right);
  void Bracketed(const Call& call, int left, int right);
  void Access(const Call& call, int left, int right);
  void FloorCeil(const Call& call);
  void IntervalCall(const Call& call, int left, int right);
  void Trim(const Call& call, int left, int right);
  void Jdbc(const Call& call, int left, int right);
  void Grouping(const Call& call);
  void Pattern(const Call& call, int left, int right);
  void PatternQuantifier(const Call& call);
  void Json(const JsonCall& call, int left, int right);
  void JsonApi(const JsonCall& call, int left, int right);
  void JsonConstructor(const JsonCall& call, int left, int right);
  void JsonBehaviors(const std::optional<JsonBehavior>& behavior, std::string_view on);

  // ---- types (unparser_type.cc)
  void Type(const TypeSpec& type);
  void TypeAndNullability(const TypeSpec& type);
  void RowType(const TypeSpec& type);
  void CollectionType(const TypeSpec& type);
  void RawType(const TypeSpec& type);
  void BasicType(const TypeSpec& type);

  // ---- queries and tables (unparser_query.cc, unparser_table.cc)
  void Queries(const QueryPtr& query, int left, int right);
  void SelectQuery(const Select& select);
  void WhereClause(const ExprPtr& where);
  void GroupByClause(const Select& select);
  void SetOperation(const SetOp& op, int left, int right);
  void ValuesQuery(const Values& values);
  void WithQuery(const With& with);
  void OrderByQuery(const OrderBy& order);
  void HintList(const std::vector<Hint>& hints);
  void Aliased(const AliasedExpr& item, int left, int right);
  void Columns(const std::vector<IdentifierPtr>& columns, bool parentheses);
  void Table(const TableRef& table, int left, int right);
  void NamedTable(const TableName& table, int left, int right);
  void AliasedTable(const TableAlias& alias, int left, int right);
  void Joins(const Join& join, int left, int right);
  void LateralTable(const Lateral& lateral);
  void UnnestTable(const Unnest& unnest);
  void SampleTable(const TableSample& sample, int left, int right);
  void Match(const MatchRecognize& match);
  void MatchAfter(const MatchRecognize& match);
  void Pivots(const Pivot& pivot, int left);
  void Unpivots(const Unpivot& unpivot, int left);

  // ---- statements (unparser_ddl.cc, unparser_alter.cc, unparser_statement.cc)
  void Ddl(const Node& node);
  void Statements(const Node& node);
  void CreateTables(const CreateTable& table);
  void CreateTableBody(const CreateTable& table);
  void CreateFunctions(const CreateFunction& function);
  void CreateMaterialized(const CreateMaterializedTable& table);
  void CreateModels(const CreateModel& model);
  void CreateViews(const CreateView& view);
  void Drops(const Drop& drop);
  void Alter(const Node& node);
  void AlterTables(const AlterTable& alter);
  void AlterTableParts(const AlterTable& alter);
  void AlterMaterialized(const AlterMaterializedTable& alter);
  void AlterFunctions(const AlterFunction& alter);
  void AlterCatalogs(const AlterCatalog& alter);
  void Column(const ColumnDefinition& column);
  void Constraint(const TableConstraint& constraint);
  void Watermark(const WatermarkDefinition& watermark);
  void Distributed(const Distribution& distribution, std::string_view keyword, bool lines);
  void Schema(const std::vector<std::function<void()>>& elements);
  void Elements(const TableElements& elements);
  void LikeClause(const TableLike& like);
  void CommentLine(const LiteralPtr& comment);
  void PartitionedBy(const std::vector<IdentifierPtr>& columns);
  // WITH (..) or SET (..), one option a line
  void Options(std::string_view keyword, const SqlOptions& options);
  void OptionItem(const SqlOption& option);
  void Keys(std::string_view keyword, const std::vector<LiteralPtr>& keys);
  void IndentedItem();
  void Partition(const PartitionSpec& spec);
  void AsQuery(const QueryPtr& query);
  void Inserts(const Insert& insert);
  void Updates(const Update& update);
  void Deletes(const Delete& node);
  void Merges(const Merge& merge);
  void Assignments(const std::vector<Assignment>& assignments);
  void Shows(const Show& show);
  void ShowMatch(const Show& show);
  void Describes(const Describe& describe);
  void Explains(const Explain& explain);
  void SetOptions(const SetOption& set);
  void Uses(const Use& use);
  void StatementSets(const StatementSet& set);
  void Analyzes(const AnalyzeTable& analyze);
  void Compiles(const CompilePlan& compile);
  void Stops(const StopJob& stop);
  void StringKeyword(std::string_view keyword, const LiteralPtr& literal);

  UnparseWriter writer_;
};

}  // namespace millrace::sql
