// Tables in FROM.
#include <fmt/format.h>

#include <cstdlib>

#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

constexpr int kTightest = 200;
constexpr int kAlias = 20;
constexpr int kJoin = 18;
constexpr int kCommaJoin = 16;

std::string_view NameOf(const Join& join) {
  switch (join.type) {
    case Join::Type::kComma:
      return ",";
    case Join::Type::kCross:
      return join.natural ? "NATURAL CROSS JOIN" : "CROSS JOIN";
    case Join::Type::kInner:
      return join.natural ? "NATURAL INNER JOIN" : "INNER JOIN";
    case Join::Type::kLeft:
      return join.natural ? "NATURAL LEFT JOIN" : "LEFT JOIN";
    case Join::Type::kRight:
      return join.natural ? "NATURAL RIGHT JOIN" : "RIGHT JOIN";
    case Join::Type::kFull:
      return join.natural ? "NATURAL FULL JOIN" : "FULL JOIN";
  }
  return "";
}

bool IsSelect(const TableRef& table) {
  const auto* derived = As<DerivedTable>(table);
  return derived != nullptr && derived->query->kind == NodeKind::kSelect;
}

// As Java writes a double.
std::string JavaDouble(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

void Unparser::Table(const TableRef& table, int left, int right) {
  if (const auto* name = As<TableName>(table)) return NamedTable(*name, left, right);
  if (const auto* alias = As<TableAlias>(table)) {
    return Wrap(kAlias, kAlias + 1, left, right, [&](int l, int r) { AliasedTable(*alias, l, r); });
  }
  if (const auto* derived = As<DerivedTable>(table)) return Queries(derived->query, left, right);
  if (const auto* join = As<Join>(table)) {
    int precedence = join->type == Join::Type::kComma ? kCommaJoin : kJoin;
    return Wrap(precedence, precedence + 1, left, right, [&](int l, int r) { Joins(*join, l, r); });
  }
  if (const auto* lateral = As<Lateral>(table)) {
    return Wrap(kTightest, kTightest + 1, left, right, [&](int, int) { LateralTable(*lateral); });
  }
  if (const auto* function = As<TableFunction>(table)) {
    return Wrap(kTightest, kTightest + 1, left, right, [&](int, int) {
      writer_.Print("TABLE");
      writer_.Start(FrameType::kFunctionCall, "(", ")");
      writer_.Separator(",");
      if (function->specific) writer_.Keyword("SPECIFIC");
      Expression(function->call, 0, 0);
      writer_.End();
    });
  }
  if (const auto* unnest = As<Unnest>(table)) {
    return Wrap(kTightest, kTightest + 1, left, right, [&](int, int) { UnnestTable(*unnest); });
  }
  if (const auto* snapshot = As<Snapshot>(table)) {
    Table(*snapshot->table, 0, 0);
    writer_.Keyword("FOR SYSTEM_TIME AS OF");
    return Expression(snapshot->period, 0, 0);
  }
  if (const auto* sample = As<TableSample>(table)) {
    return Wrap(kAlias, kAlias + 1, left, right, [&](int l, int r) { SampleTable(*sample, l, r); });
  }
  if (const auto* match = As<MatchRecognize>(table)) return Match(*match);
  if (const auto* pivot = As<Pivot>(table)) return Pivots(*pivot, left);
  if (const auto* unpivot = As<Unpivot>(table)) return Unpivots(*unpivot, left);
}

// Hints are not printed: Calcite's default dialect leaves them out.
void Unparser::NamedTable(const TableName& table, int left, int right) {
  if (table.extensions.empty()) return Name(table.name);
  Wrap(kTightest, kTightest + 1, left, right, [&](int, int) {
    writer_.Start(FrameType::kSimple);
    Name(table.name);
    writer_.SetNeedBlank(true);
    writer_.Separator("EXTEND");
    writer_.Start(FrameType::kSimple, "(", ")");
    for (size_t i = 0; i < table.extensions.size(); ++i) {
      if (i > 0) writer_.Separator(",", true);
      Name(table.extensions[i].column);
      Type(*table.extensions[i].type);
    }
    writer_.End();
    writer_.End();
  });
}

void Unparser::AliasedTable(const TableAlias& alias, int left, int) {
  writer_.Start(FrameType::kSimple);
  Table(*alias.table, left, kAlias);
  writer_.SetNeedBlank(true);
  writer_.Separator("AS");
  writer_.SetNeedBlank(true);
  Name(alias.alias);
  if (alias.columns) Columns(*alias.columns, true);
  writer_.End();
}

void Unparser::Joins(const Join& join, int left, int right) {
  int precedence = join.type == Join::Type::kComma ? kCommaJoin : kJoin;
  Table(*join.left, left, precedence);
  writer_.Separator(NameOf(join), true);
  Table(*join.right, precedence + 1, right);
  if (join.on) {
    writer_.Keyword("ON");
    Expression(join.on, left, right);
  } else if (!join.using_columns.empty()) {
    writer_.Keyword("USING");
    Columns(join.using_columns, true);
  }
}

void Unparser::LateralTable(const Lateral& lateral) {
  NodeKind kind = lateral.table->kind;
  if (kind == NodeKind::kTableFunction || kind == NodeKind::kTableAlias || IsSelect(*lateral.table)) {
    writer_.Keyword("LATERAL");
    return Table(*lateral.table, 0, 0);
  }
  writer_.Print("LATERAL");
  writer_.Start(FrameType::kFunctionCall, "(", ")");
  writer_.Separator(",");
  Table(*lateral.table, 0, 0);
  writer_.End();
}

void Unparser::UnnestTable(const Unnest& unnest) {
  const auto* subquery = unnest.operands.size() == 1 ? As<Subquery>(unnest.operands[0].get()) : nullptr;
  if (subquery != nullptr && subquery->query->kind == NodeKind::kSelect) {
    writer_.Keyword("UNNEST");
    Queries(subquery->query, 0, 0);
  } else {
    writer_.Print("UNNEST");
    Arguments(unnest.operands, 0, 0);
  }
  if (unnest.with_ordinality) writer_.Keyword("WITH ORDINALITY");
}

void Unparser::SampleTable(const TableSample& sample, int left, int) {
  Table(*sample.table, left, 0);
  writer_.Keyword("TABLESAMPLE");
  if (sample.method == TableSample::Method::kSubstitute) {
    std::string quoted;
    for (char c : sample.argument->text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    // Calcite knows samples by upper-case names.
    for (char& c : quoted) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return writer_.Literal(fmt::format("SUBSTITUTE('{}')", quoted));
  }
  auto rate = static_cast<float>(std::strtod(sample.argument->text.c_str(), nullptr) / 100.0);
  std::string text = sample.method == TableSample::Method::kBernoulli ? "BERNOULLI" : "SYSTEM";
  text += fmt::format("({})", JavaDouble(static_cast<double>(rate) * 100.0));
  if (sample.seed) text += fmt::format(" REPEATABLE({})", *sample.seed);
  writer_.Literal(text);
}

void Unparser::Match(const MatchRecognize& match) {
  Table(*match.table, 0, 0);
  writer_.StartCall("MATCH_RECOGNIZE");
  auto clause = [&](std::string_view keyword) {
    writer_.NewLine();
    writer_.Separator(keyword);
  };
  if (!match.partition_by.empty()) {
    clause("PARTITION BY");
    List(match.partition_by, false);
  }
  if (!match.order_by.empty()) {
    clause("ORDER BY");
    OrderList(match.order_by);
  }
  if (!match.measures.empty()) {
    clause("MEASURES");
    writer_.Start(FrameType::kSimple);
    for (const AliasedExpr& measure : match.measures) {
      writer_.Separator(",");
      Aliased(measure, 2, 3);
    }
    writer_.End();
  }
  MatchAfter(match);
  clause("PATTERN");
  writer_.Start(FrameType::kSimple, "(", ")");
  if (match.anchored_start) writer_.Separator("^");
  Expression(match.pattern, 0, 0);
  if (match.anchored_end) writer_.Separator("$");
  writer_.End();
  if (match.within) {
    writer_.Separator("WITHIN");
    Literals(*match.within, 0, 0);
  }
  if (!match.subsets.empty()) {
    clause("SUBSET");
    writer_.Start(FrameType::kSimple);
    for (const MatchRecognize::Subset& subset : match.subsets) {
      writer_.Separator(",");
      Name(subset.name);
      writer_.Keyword("=");
      List(subset.variables, true);
    }
    writer_.End();
  }
  clause("DEFINE");
  writer_.Start(FrameType::kSimple);
  for (const AliasedExpr& definition : match.definitions) {
    writer_.Separator(",");
    Name(definition.alias);
    writer_.Keyword("AS");
    Expression(definition.expr, kAlias + 1, 3);
  }
  writer_.End();
  writer_.End();
}

void Unparser::MatchAfter(const MatchRecognize& match) {
  using Rows = MatchRecognize::RowsPerMatch;
  using Skip = MatchRecognize::Skip;
  if (match.rows_per_match != Rows::kUnspecified) {
    writer_.NewLine();
    writer_.Keyword(match.rows_per_match == Rows::kOneRow ? "ONE ROW PER MATCH" : "ALL ROWS PER MATCH");
  }
  if (match.skip == Skip::kUnspecified) return;
  writer_.NewLine();
  writer_.Separator("AFTER MATCH");
  switch (match.skip) {
    case Skip::kUnspecified:
      break;
    case Skip::kToNextRow:
      writer_.Keyword("SKIP TO NEXT ROW");
      break;
    case Skip::kPastLastRow:
      writer_.Keyword("SKIP PAST LAST ROW");
      break;
    case Skip::kToFirst:
      writer_.Keyword("SKIP TO FIRST");
      break;
    case Skip::kToLast:
      writer_.Keyword("SKIP TO LAST");
      break;
  }
  if (match.skip_variable) Name(match.skip_variable);
}

void Unparser::Pivots(const Pivot& pivot, int left) {
  Table(*pivot.table, left, 0);
  writer_.Keyword("PIVOT");
  writer_.Start(FrameType::kSimple, "(", ")");
  writer_.Start(FrameType::kSimple);
  for (const AliasedExpr& aggregate : pivot.aggregates) {
    writer_.Separator(",");
    Aliased(aggregate, 2, 3);
  }
  writer_.End();
  writer_.Separator("FOR");
  Columns(pivot.axes, pivot.axes.size() > 1);
  writer_.Separator("IN");
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const Pivot::Value& value : pivot.values) {
    writer_.Separator(",");
    if (value.values.size() == 1) {
      Expression(value.values[0], 2, 3);
    } else {
      List(value.values, true);
    }
    if (!value.alias) continue;
    writer_.Keyword("AS");
    Name(value.alias);
  }
  writer_.End();
  writer_.End();
}

void Unparser::Unpivots(const Unpivot& unpivot, int left) {
  Table(*unpivot.table, left, 0);
  writer_.Keyword("UNPIVOT");
  writer_.Keyword(unpivot.include_nulls ? "INCLUDE NULLS" : "EXCLUDE NULLS");
  writer_.Start(FrameType::kSimple, "(", ")");
  Columns(unpivot.measures, unpivot.measures.size() > 1);
  writer_.Separator("FOR");
  Columns(unpivot.axes, unpivot.axes.size() > 1);
  writer_.Separator("IN");
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const Unpivot::Value& value : unpivot.values) {
    writer_.Separator(",");
    Columns(value.columns, value.columns.size() > 1);
    if (!value.labels) continue;
    writer_.Keyword("AS");
    if (value.labels->size() == 1) {
      Expression(value.labels->front(), 2, 3);
    } else {
      List(*value.labels, true);
    }
  }
  writer_.End();
  writer_.End();
}

}  // namespace millrace::sql
