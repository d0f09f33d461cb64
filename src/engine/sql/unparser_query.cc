// Queries.
#include <algorithm>

#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

constexpr int kUnion = 12;
constexpr int kIntersect = 14;
constexpr int kQuery = 2;
constexpr int kOrder = 0;
constexpr int kAlias = 20;
// Just below a comma join: a query alone in FROM is put in parentheses.
constexpr int kFromLeft = 15;
constexpr int kFromRight = 16;

std::string_view NameOf(const SetOp& op) {
  switch (op.type) {
    case SetOp::Type::kUnion:
      return op.all ? "UNION ALL" : "UNION";
    case SetOp::Type::kIntersect:
      return op.all ? "INTERSECT ALL" : "INTERSECT";
    case SetOp::Type::kExcept:
      return op.all ? "EXCEPT ALL" : "EXCEPT";
  }
  return "";
}

}  // namespace

void Unparser::Queries(const QueryPtr& query, int left, int right) {
  const Query& node = *query;
  if (const auto* select = As<Select>(node)) {
    if (writer_.InQuery()) return SelectQuery(*select);
    writer_.Start(FrameType::kSubquery, "(", ")");
    SelectQuery(*select);
    return writer_.End();
  }
  if (const auto* op = As<SetOp>(node)) {
    int precedence = op->type == SetOp::Type::kIntersect ? kIntersect : kUnion;
    return Wrap(precedence, precedence + 1, left, right, [&](int l, int r) { SetOperation(*op, l, r); });
  }
  if (const auto* order = As<OrderBy>(node))
    return Wrap(kOrder, kOrder + 1, left, right, [&](int, int) { OrderByQuery(*order); });
  Wrap(kQuery, kQuery + 1, left, right, [&](int, int) {
    if (const auto* values = As<Values>(node)) ValuesQuery(*values);
    if (const auto* with = As<With>(node)) WithQuery(*with);
    if (const auto* table = As<ExplicitTable>(node)) {
      writer_.Keyword("TABLE");
      Name(table->table);
    }
  });
}

void Unparser::SetOperation(const SetOp& op, int left, int right) {
  int precedence = op.type == SetOp::Type::kIntersect ? kIntersect : kUnion;
  writer_.Start(FrameType::kSetOperation);
  Queries(op.left, left, precedence);
  writer_.SetNeedBlank(true);
  writer_.Separator(NameOf(op));
  writer_.SetNeedBlank(true);
  Queries(op.right, precedence + 1, right);
  writer_.End();
}

void Unparser::ValuesQuery(const Values& values) {
  writer_.Start(FrameType::kLines, "VALUES");
  for (const CallPtr& row : values.rows) {
    writer_.Separator(",");
    Expression(row, 0, 0);
  }
  writer_.End();
}

void Unparser::WithQuery(const With& with) {
  writer_.Start(FrameType::kWith, "WITH");
  writer_.Start(FrameType::kSimple);
  for (const With::Item& item : with.items) {
    writer_.Separator(",");
    Name(item.name);
    if (item.columns) Columns(*item.columns, true);
    writer_.Keyword("AS");
    Queries(item.query, 10, 10);
  }
  writer_.End();
  writer_.Start(FrameType::kSimple);
  Queries(with.body, 100, 100);
  writer_.End();
  writer_.End();
}

void Unparser::OrderByQuery(const OrderBy& order) {
  writer_.Start(FrameType::kOrderBy);
  Queries(order.query, kOrder, kOrder + 1);
  if (!order.keys.empty()) {
    writer_.Separator("ORDER BY");
    OrderList(order.keys);
  }
  if (order.offset) {
    writer_.NewLine();
    writer_.Keyword("OFFSET");
    Expression(order.offset, -1, -1);
    writer_.Keyword("ROWS");
  }
  if (order.fetch) {
    writer_.NewLine();
    writer_.Keyword("FETCH");
    writer_.Keyword("NEXT");
    Expression(order.fetch, -1, -1);
    writer_.Keyword("ROWS");
    writer_.Keyword("ONLY");
  }
  writer_.End();
}

void Unparser::SelectQuery(const Select& select) {
  writer_.Start(FrameType::kSelect);
  writer_.Separator("SELECT");
  if (!select.hints.empty()) {
    writer_.Separator("/*+");
    HintList(select.hints);
    writer_.Print("*/");
    writer_.NewLine();
  }
  if (select.stream) writer_.Keyword("STREAM");
  if (select.quantifier != SetQuantifier::kNone)
    writer_.Keyword(select.quantifier == SetQuantifier::kDistinct ? "DISTINCT" : "ALL");
  writer_.Start(FrameType::kSimple);
  for (const AliasedExpr& item : select.items) {
    writer_.Separator(",");
    Aliased(item, 2, 3);
  }
  writer_.End();
  if (select.from) {
    writer_.Separator("FROM");
    writer_.Start(FrameType::kFrom);
    Table(*select.from, kFromLeft, kFromRight);
    writer_.End();
  }
  if (select.where) WhereClause(select.where);
  if (select.grouped) GroupByClause(select);
  if (select.having) {
    writer_.Separator("HAVING");
    Expression(select.having, 0, 0);
  }
  if (!select.windows.empty()) {
    writer_.Separator("WINDOW");
    writer_.Start(FrameType::kLines);
    for (const WindowSpecPtr& window : select.windows) {
      writer_.Separator(",");
      Window(*window);
    }
    writer_.End();
  }
  writer_.End();
}

// The condition as a list of what its ANDs (or ORs, if one is on top) join.
void Unparser::WhereClause(const ExprPtr& where) {
  writer_.Separator("WHERE");
  const auto* top = As<Call>(where.get());
  Op op = top != nullptr && top->op == Op::kOr ? Op::kOr : Op::kAnd;
  std::vector<ExprPtr> parts;
  ExprPtr rest = where;
  for (;;) {
    const auto* call = As<Call>(rest.get());
    if (call == nullptr || call->op != op) break;
    parts.push_back(call->operands[1]);
    ExprPtr left = call->operands[0];
    rest = left;
  }
  parts.push_back(rest);
  std::reverse(parts.begin(), parts.end());
  const OpInfo& info = GetOpInfo(op);
  writer_.Start(FrameType::kSimple);
  for (const ExprPtr& part : parts) {
    writer_.Separator(info.name, false);
    Expression(part, info.right_precedence, info.left_precedence);
  }
  writer_.End();
}

void Unparser::GroupByClause(const Select& select) {
  writer_.Separator(select.group_distinct ? "GROUP BY DISTINCT" : "GROUP BY");
  List(select.group_by, false);
}

void Unparser::HintList(const std::vector<Hint>& hints) {
  writer_.Start(FrameType::kSimple);
  for (const Hint& hint : hints) {
    writer_.Separator(",");
    Name(hint.name);
    if (hint.options.empty()) continue;
    writer_.Start(FrameType::kFunctionCall, "(", ")");
    for (size_t i = 0; i < hint.options.size(); ++i) {
      writer_.Separator(",");
      Expression(hint.options[i], 2, 3);
      if (hint.format != Hint::Format::kKeyValue) continue;
      writer_.Keyword("=");
      Expression(hint.options[++i], 2, 3);
    }
    writer_.End();
  }
  writer_.End();
}

void Unparser::Aliased(const AliasedExpr& item, int left, int right) {
  if (!item.alias) return Expression(item.expr, left, right);
  Wrap(kAlias, kAlias + 1, left, right, [&](int l, int) {
    writer_.Start(FrameType::kSimple);
    Expression(item.expr, l, kAlias);
    writer_.SetNeedBlank(true);
    writer_.Separator("AS");
    writer_.SetNeedBlank(true);
    Name(item.alias);
    writer_.End();
  });
}

void Unparser::Columns(const std::vector<IdentifierPtr>& columns, bool parentheses) {
  writer_.Start(FrameType::kSimple, parentheses ? "(" : "", parentheses ? ")" : "");
  for (const IdentifierPtr& column : columns) {
    writer_.Separator(",");
    Name(column);
  }
  writer_.End();
}

}  // namespace millrace::sql
