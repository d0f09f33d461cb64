#include "engine/sql/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/sql/unparser.h"

namespace millrace::sql {
namespace {

template <typename T>
std::shared_ptr<const T> Parsed(std::string_view sql) {
  Result<StatementPtr> statement = ParseStatement(sql);
  EXPECT_TRUE(statement.ok()) << sql << ": " << (statement.ok() ? "" : statement.error().ToString());
  if (!statement.ok()) return nullptr;
  auto node = As<T>(*statement);
  EXPECT_NE(node, nullptr) << sql;
  return node;
}

std::shared_ptr<const Select> ParsedSelect(std::string_view sql) {
  auto statement = Parsed<QueryStatement>(sql);
  return statement ? As<Select>(statement->query) : nullptr;
}

std::string Printed(std::string_view sql) {
  Result<StatementPtr> statement = ParseStatement(sql);
  return statement.ok() ? Unparse(**statement) : statement.error().ToString();
}

std::string PrintedExpr(std::string_view sql) {
  Result<ExprPtr> expr = ParseExpression(sql);
  return expr.ok() ? Unparse(**expr) : expr.error().ToString();
}

TEST(Parser, OperatorsBindByPrecedence) {
  EXPECT_EQ(PrintedExpr("a + b * c"), R"("a" + "b" * "c")");
  EXPECT_EQ(PrintedExpr("(a + b) * c"), R"(("a" + "b") * "c")");
  EXPECT_EQ(PrintedExpr("a - (b - c)"), R"("a" - ("b" - "c"))");
  EXPECT_EQ(PrintedExpr("NOT a = b AND c"), R"(NOT "a" = "b" AND "c")");
  EXPECT_EQ(PrintedExpr("NOT (a OR b)"), R"(NOT ("a" OR "b"))");
  EXPECT_EQ(PrintedExpr("a OR b AND c"), R"("a" OR "b" AND "c")");
  EXPECT_EQ(PrintedExpr("(a OR b) AND c"), R"(("a" OR "b") AND "c")");
  EXPECT_EQ(PrintedExpr("-a[1].b"), R"(- "a"[1]."b")");
  EXPECT_EQ(PrintedExpr("- 1"), "-1");
  EXPECT_EQ(PrintedExpr("a between b and c or d"), R"("a" BETWEEN ASYMMETRIC "b" AND "c" OR "d")");
  EXPECT_EQ(PrintedExpr("a between b and -c"), R"("a" BETWEEN ASYMMETRIC "b" AND - "c")");
  EXPECT_EQ(PrintedExpr("a like b like c escape d"), R"("a" LIKE ("b" LIKE "c" ESCAPE "d"))");
  EXPECT_EQ(PrintedExpr("a is null = b"), R"(("a" IS NULL) = "b")");
}

TEST(Parser, TheShapeOfATree) {
  Result<ExprPtr> expr = ParseExpression("a = 1 OR NOT b IN (1, 2)");
  ASSERT_TRUE(expr.ok());
  const auto& any = static_cast<const Call&>(**expr);
  ASSERT_EQ(any.op, Op::kOr);
  const auto& negation = static_cast<const Call&>(*any.operands[1]);
  ASSERT_EQ(negation.op, Op::kNot);
  const auto& in = static_cast<const Call&>(*negation.operands[0]);
  ASSERT_EQ(in.op, Op::kIn);
  ASSERT_NE(As<ExprList>(in.operands[1].get()), nullptr);
  EXPECT_EQ(As<ExprList>(in.operands[1].get())->items.size(), 2u);
  EXPECT_EQ(any.range.column, 1);
  EXPECT_EQ(any.range.end_column, 24);
}

TEST(Parser, SimpleCaseBecomesComparisons) {
  EXPECT_EQ(PrintedExpr("case a when 1 then 'x' when 2, 3 then 'y' end"),
            R"(CASE WHEN "a" = 1 THEN 'x' WHEN "a" IN (2, 3) THEN 'y' ELSE NULL END)");
}

TEST(Parser, LiteralsKeepTheirValue) {
  auto literal = [](std::string_view sql) { return As<Literal>(*ParseExpression(sql)); };
  EXPECT_EQ(literal("'it''s'")->text, "it's");
  EXPECT_EQ(literal("'a' \n 'b'")->text, "ab");
  EXPECT_EQ(literal("'a' \n 'b'")->fragments.size(), 2u);
  EXPECT_EQ(literal("U&'\\00e9\\d83d\\de00'")->text, "é😀");
  EXPECT_EQ(literal("U&'!00e9' UESCAPE '!'")->text, "é");
  EXPECT_EQ(literal("x'0aFF'")->text, "0AFF");
  EXPECT_EQ(literal("DATE '2024-2-9'")->text, "2024-02-09");
  EXPECT_EQ(literal("TIMESTAMP '2024-01-02 03:04:05.120'")->text, "2024-01-02 03:04:05.120");
  EXPECT_EQ(literal("TIMESTAMP '2024-01-02 03:04:05.120'")->precision, 3);
  EXPECT_TRUE(literal("-1.5")->negative);
  auto interval = literal("INTERVAL -'1 2' DAY(3) TO HOUR");
  EXPECT_TRUE(interval->negative);
  EXPECT_EQ(interval->interval->start, TimeUnit::kDay);
  EXPECT_EQ(interval->interval->end, TimeUnit::kHour);
  EXPECT_EQ(interval->interval->start_precision, 3);
}

TEST(Parser, NumbersPrintAsJavasBigDecimal) {
  EXPECT_EQ(PrintedExpr("007"), "7");
  EXPECT_EQ(PrintedExpr(".5"), "0.5");
  EXPECT_EQ(PrintedExpr("1."), "1");
  EXPECT_EQ(PrintedExpr("0.00000012"), "1.2E-7");
  EXPECT_EQ(PrintedExpr("1.50e3"), "1.50E3");
  EXPECT_EQ(PrintedExpr("12e-2"), "1.2E-1");
}

TEST(Parser, FunctionsWithAllThatMayFollow) {
  auto select = ParsedSelect(
      "SELECT COUNT(DISTINCT a) FILTER (WHERE b > 1) OVER (PARTITION BY c ORDER BY d DESC NULLS LAST ROWS BETWEEN 1 "
      "PRECEDING AND CURRENT ROW) "
      "FROM t");
  ASSERT_NE(select, nullptr);
  const auto* call = As<Call>(select->items[0].expr.get());
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->FunctionName(), "COUNT");
  EXPECT_EQ(call->quantifier, SetQuantifier::kDistinct);
  EXPECT_NE(call->filter, nullptr);
  const auto* window = As<WindowSpec>(call->over.get());
  ASSERT_NE(window, nullptr);
  EXPECT_TRUE(window->rows);
  EXPECT_TRUE(window->order_by[0].descending);
  EXPECT_EQ(window->order_by[0].nulls_first, false);
  EXPECT_EQ(window->lower->type, WindowBound::Type::kPreceding);
  EXPECT_EQ(window->upper->type, WindowBound::Type::kCurrentRow);
}

TEST(Parser, WindowTableFunctions) {
  auto select = ParsedSelect("SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' MINUTE))");
  ASSERT_NE(select, nullptr);
  const auto* function = As<TableFunction>(select->from.get());
  ASSERT_NE(function, nullptr);
  EXPECT_EQ(function->call->FunctionName(), "TUMBLE");
  const auto* table = As<Subquery>(function->call->operands[0].get());
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->query->kind, NodeKind::kExplicitTable);
  EXPECT_EQ(As<Call>(function->call->operands[1].get())->FunctionName(), "DESCRIPTOR");
  select = ParsedSelect(
      "SELECT * FROM TABLE(SESSION(DATA => TABLE t PARTITION BY (a, b), TIMECOL => DESCRIPTOR(ts), GAP => INTERVAL '1' "
      "HOUR))");
  ASSERT_NE(select, nullptr);
  const auto* named = As<Call>(As<TableFunction>(select->from.get())->call->operands[0].get());
  ASSERT_EQ(named->op, Op::kNamedArgument);
  const auto* argument = As<TableArgument>(named->operands[0].get());
  ASSERT_NE(argument, nullptr);
  EXPECT_EQ(argument->partition_by.size(), 2u);
}

TEST(Parser, Joins) {
  auto select = ParsedSelect(
      "SELECT * FROM a LEFT JOIN b USING (x, y) JOIN LATERAL TABLE(f(a.z)) AS l(u) ON TRUE, c FOR SYSTEM_TIME AS OF "
      "a.t AS d");
  ASSERT_NE(select, nullptr);
  const auto* comma = As<Join>(select->from.get());
  ASSERT_EQ(comma->type, Join::Type::kComma);
  const auto* inner = As<Join>(comma->left.get());
  ASSERT_EQ(inner->type, Join::Type::kInner);
  EXPECT_EQ(As<Join>(inner->left.get())->using_columns.size(), 2u);
  const auto* alias = As<TableAlias>(comma->right.get());
  ASSERT_NE(alias, nullptr);
  EXPECT_EQ(alias->table->kind, NodeKind::kSnapshot);
}

TEST(Parser, SetOperationsAndOrder) {
  auto statement = Parsed<QueryStatement>("SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 ORDER BY 1 LIMIT 5 OFFSET 2");
  ASSERT_NE(statement, nullptr);
  const auto* order = As<OrderBy>(statement->query.get());
  ASSERT_NE(order, nullptr);
  EXPECT_NE(order->fetch, nullptr);
  EXPECT_NE(order->offset, nullptr);
  const auto* all = As<SetOp>(order->query.get());
  ASSERT_EQ(all->type, SetOp::Type::kUnion);
  EXPECT_EQ(As<SetOp>(all->right.get())->type, SetOp::Type::kIntersect);
}

TEST(Parser, CreateTable) {
  auto table = Parsed<CreateTable>(R"(
CREATE TEMPORARY TABLE IF NOT EXISTS c.d.t (
  id BIGINT NOT NULL,
  name VARCHAR(10) COMMENT 'the name',
  nested ROW<a INT, b ARRAY<STRING NOT NULL>>,
  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  total AS id * 2,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND,
  CONSTRAINT pk PRIMARY KEY (id) NOT ENFORCED
) COMMENT 'x' DISTRIBUTED BY HASH(id) INTO 4 BUCKETS PARTITIONED BY (name) WITH ('connector' = 'kafka', 'topic' = 't')
LIKE other (INCLUDING ALL EXCLUDING OPTIONS))");
  ASSERT_NE(table, nullptr);
  EXPECT_TRUE(table->temporary);
  EXPECT_TRUE(table->if_not_exists);
  EXPECT_EQ(table->name->parts.size(), 3u);
  ASSERT_EQ(table->elements.columns.size(), 5u);
  EXPECT_FALSE(table->elements.columns[0].data_type->nullable);
  EXPECT_EQ(table->elements.columns[1].comment->text, "the name");
  const TypeSpec& row = *table->elements.columns[2].data_type;
  ASSERT_EQ(row.name, TypeSpec::Name::kRow);
  EXPECT_FALSE(row.fields[1].type->elements[0]->nullable);
  EXPECT_TRUE(table->elements.columns[3].is_virtual);
  EXPECT_EQ(table->elements.columns[3].metadata_key->text, "timestamp");
  EXPECT_EQ(table->elements.columns[4].type, ColumnDefinition::Type::kComputed);
  ASSERT_TRUE(table->elements.watermark.has_value());
  EXPECT_EQ(table->distribution->type, Distribution::Type::kHash);
  EXPECT_EQ(table->options[1].value->text, "t");
  EXPECT_EQ(table->like->options.size(), 2u);
  EXPECT_TRUE(ValidateStatement(*table).ok());
  auto checked = As<CreateTable>(WithKeysNotNull(table));
  EXPECT_FALSE(checked->elements.columns[0].data_type->nullable);
}

TEST(Parser, ChecksAfterParsing) {
  auto refused = [](std::string_view sql) {
    Result<StatementPtr> statement = ParseStatement(sql);
    EXPECT_TRUE(statement.ok()) << sql;
    if (!statement.ok()) return std::string();
    Status status = ValidateStatement(**statement);
    return status.ok() ? std::string() : status.error().code;
  };
  EXPECT_EQ(refused("CREATE TABLE t (a INT PRIMARY KEY)"), "sql.validate");
  EXPECT_EQ(refused("CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED, PRIMARY KEY (a) NOT ENFORCED)"), "sql.validate");
  EXPECT_EQ(refused("CREATE TABLE t (a INT UNIQUE)"), "sql.validate");
  EXPECT_EQ(refused("ALTER TABLE t ADD PRIMARY KEY (a)"), "sql.validate");
  EXPECT_EQ(refused("CREATE TABLE t LIKE b (OVERWRITING PARTITIONS)"), "sql.validate");
  EXPECT_EQ(refused("CREATE TABLE t LIKE b (INCLUDING OPTIONS EXCLUDING OPTIONS)"), "sql.validate");
  EXPECT_EQ(refused("CREATE TABLE t (a INT) AS SELECT 1"), "sql.validate");
  EXPECT_EQ(refused("CREATE TEMPORARY TABLE t AS SELECT 1"), "sql.validate");
  EXPECT_EQ(refused("CREATE OR REPLACE TABLE t PARTITIONED BY (a) AS SELECT 1"), "sql.validate");
  EXPECT_EQ(refused("CREATE MODEL m"), "sql.validate");
  EXPECT_EQ(refused("CREATE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED)"), "");
  EXPECT_EQ(refused("CREATE TABLE t WITH ('a' = 'b') AS SELECT 1"), "");
}

TEST(Parser, KeysBecomeNotNull) {
  Result<StatementPtr> statement = ParseStatement("CREATE TABLE t (a INT, b INT, PRIMARY KEY (b) NOT ENFORCED)");
  ASSERT_TRUE(statement.ok());
  auto changed = As<CreateTable>(WithKeysNotNull(*statement));
  EXPECT_TRUE(changed->elements.columns[0].data_type->nullable);
  EXPECT_FALSE(changed->elements.columns[1].data_type->nullable);
  EXPECT_TRUE(As<CreateTable>(*statement)->elements.columns[1].data_type->nullable);
}

// Prints the statement, and prints it again from what was printed (with back-ticks for '"').
void ExpectStable(std::string_view sql) {
  Result<StatementPtr> statement = ParseStatement(sql);
  ASSERT_TRUE(statement.ok()) << sql << ": " << statement.error().ToString();
  std::string printed = Unparse(**statement);
  std::string again = printed;
  for (char& c : again) c = c == '"' ? '`' : c;
  EXPECT_EQ(Printed(again), printed) << sql;
}

TEST(Parser, DdlPrintsAndParsesAgain) {
  for (std::string_view sql : {
           "DROP TABLE IF EXISTS `t`",
           "DROP DATABASE `d` CASCADE",
           "DROP TEMPORARY SYSTEM FUNCTION `f`",
           "DROP MATERIALIZED TABLE `t`",
           "ALTER TABLE `t` RENAME TO `u`",
           "ALTER TABLE `t` RENAME `a` TO `b`",
           "ALTER TABLE `t` SET ('a' = 'b')",
           "ALTER TABLE `t` RESET ('a')",
           "ALTER TABLE `t` ADD (`a` INT FIRST, `b` INT AFTER `a`, WATERMARK FOR `c` AS `c`)",
           "ALTER TABLE `t` DROP PRIMARY KEY",
           "ALTER TABLE `t` DROP (`a`, `b`)",
           "ALTER TABLE `t` ADD IF NOT EXISTS PARTITION (`a` = 1) PARTITION (`a` = 2)",
           "ALTER TABLE `t` DROP PARTITION (`a` = 1), PARTITION (`a` = 2)",
           "ALTER TABLE `t` PARTITION (`a` = 1) COMPACT",
           "ALTER TABLE `t` MODIFY DISTRIBUTION BY HASH(`a`) INTO 3 BUCKETS",
           "ALTER VIEW `v` AS SELECT 1",
           "ALTER DATABASE `d` SET ('a' = 'b')",
           "ALTER FUNCTION `f` AS 'x' LANGUAGE SCALA",
           "ALTER CATALOG `c` COMMENT 'x'",
           "ALTER MATERIALIZED TABLE `t` REFRESH PARTITION (`a` = 1)",
           "ALTER MATERIALIZED TABLE `t` SET FRESHNESS = INTERVAL '1' HOUR",
           "ALTER MODEL `m` RENAME TO `n`",
           "CREATE CATALOG `c` WITH ('a' = 'b')",
           "CREATE DATABASE IF NOT EXISTS `d` COMMENT 'x'",
           "CREATE TEMPORARY SYSTEM FUNCTION `f` AS 'x' LANGUAGE JAVA USING JAR 'a', JAR 'b'",
           "CREATE TEMPORARY VIEW `v` (`a`) AS SELECT 1",
           "CREATE MODEL `m` INPUT (`a` INT) OUTPUT (`b` INT) WITH ('a' = 'b')",
           "CREATE MATERIALIZED TABLE `t` FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS SELECT 1",
           "REPLACE TABLE `t` AS SELECT 1",
       }) {
    ExpectStable(sql);
  }
}

TEST(Parser, OtherStatementsPrintAndParseAgain) {
  for (std::string_view sql : {
           "USE CATALOG `c`",
           "USE `c`.`d`",
           "USE MODULES `a`, `b`",
           "SHOW CATALOGS",
           "SHOW CURRENT DATABASE",
           "SHOW TABLES FROM `d` NOT LIKE 'A%'",
           "SHOW COLUMNS IN `t` LIKE 'X'",
           "SHOW PARTITIONS `t` PARTITION (`a` = 1)",
           "SHOW CREATE VIEW `v`",
           "SHOW FULL MODULES",
           "SHOW JOBS",
           "DESCRIBE EXTENDED `t`",
           "DESCRIBE CATALOG `c`",
           "DESCRIBE JOB 'x'",
           "EXPLAIN CHANGELOG_MODE, PLAN_ADVICE SELECT 1",
           "LOAD MODULE `m`",
           "UNLOAD MODULE `m`",
           "ADD JAR 'x'",
           "REMOVE JAR 'x'",
           "STOP JOB 'x' WITH SAVEPOINT WITH DRAIN",
           "SET 'a' = 'b'",
           "RESET 'a'",
           "SET",
           "TRUNCATE TABLE `t`",
           "ANALYZE TABLE `t` PARTITION (`a` = 1, `b`) COMPUTE STATISTICS FOR COLUMNS `x`",
           "CALL `p`(1, `a` => 'x')",
           "EXECUTE PLAN 'f'",
           "COMPILE PLAN 'f' IF NOT EXISTS FOR INSERT INTO `a` SELECT 1",
           "COMPILE AND EXECUTE PLAN 'f' FOR STATEMENT SET BEGIN INSERT INTO `a` SELECT 1; END",
           "INSERT OVERWRITE `t` PARTITION (`a` = 1) (`b`) SELECT 1",
           "UPDATE `t` SET `a` = 1 WHERE `b`",
           "DELETE FROM `t` WHERE `a`",
           "BEGIN STATEMENT SET",
           "END",
       }) {
    ExpectStable(sql);
  }
}

TEST(Parser, Types) {
  for (std::string_view type :
       {"INTEGER NOT NULL", "DECIMAL(10, 2)", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "ROW< `a` INTEGER 'comment' >",
        "MAP< STRING, ARRAY< INTEGER NOT NULL > >", "INTEGER NOT NULL ARRAY", "RAW('a', 'b')", "`my`.`type`"}) {
    Result<TypeSpecPtr> parsed = ParseType(type);
    ASSERT_TRUE(parsed.ok()) << type << ": " << parsed.error().ToString();
    std::string printed = Unparse(**parsed) + ((*parsed)->nullable ? "" : " NOT NULL");
    for (char& c : printed) c = c == '"' ? '`' : c;
    EXPECT_EQ(printed, type);
  }
  EXPECT_EQ((*ParseType("CHAR VARYING(3)"))->name, TypeSpec::Name::kVarchar);
  EXPECT_TRUE((*ParseType("ROW()"))->fields.empty());
}

TEST(Parser, MatchRecognize) {
  auto select = ParsedSelect(
      "SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY a ORDER BY ts MEASURES LAST(b.x) AS x ONE ROW PER MATCH AFTER "
      "MATCH SKIP TO LAST b "
      "PATTERN (a b+? c{2,}) WITHIN INTERVAL '1' HOUR DEFINE b AS b.x > PREV(b.x)) AS m");
  ASSERT_NE(select, nullptr);
  const auto* match = As<MatchRecognize>(As<TableAlias>(select->from.get())->table.get());
  ASSERT_NE(match, nullptr);
  EXPECT_EQ(match->skip, MatchRecognize::Skip::kToLast);
  EXPECT_EQ(As<Call>(match->pattern.get())->op, Op::kPatternConcat);
  EXPECT_NE(match->within, nullptr);
}

TEST(Parser, JsonClauses) {
  EXPECT_EQ(PrintedExpr("json_value(v, 'lax $.a' returning integer default 1 on empty error on error)"),
            R"(JSON_VALUE("v", 'lax $.a' RETURNING INTEGER DEFAULT 1 ON EMPTY ERROR ON ERROR))");
  EXPECT_EQ(PrintedExpr("json_query(v, '$' with wrapper empty array on empty)"),
            R"(JSON_QUERY("v", '$' WITH UNCONDITIONAL ARRAY WRAPPER EMPTY ARRAY ON EMPTY NULL ON ERROR))");
  EXPECT_EQ(PrintedExpr("json_object(key 'a' value 1, 'b' : 2 absent on null)"),
            R"(JSON_OBJECT(KEY 'a' VALUE 1, KEY 'b' VALUE 2 ABSENT ON NULL))");
}

TEST(Parser, Hints) {
  auto select = ParsedSelect("SELECT /*+ STATE_TTL('a' = '1d'), BROADCAST(b) */ * FROM a /*+ OPTIONS('k' = 'v') */, b");
  ASSERT_NE(select, nullptr);
  ASSERT_EQ(select->hints.size(), 2u);
  EXPECT_EQ(select->hints[0].format, Hint::Format::kKeyValue);
  EXPECT_EQ(select->hints[1].format, Hint::Format::kIdentifiers);
  const auto* table = As<TableName>(As<Join>(select->from.get())->left.get());
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->hints[0].options.size(), 2u);
}

TEST(Parser, ReservedWordsNeedBackTicks) {
  EXPECT_TRUE(IsReservedWord("select"));
  EXPECT_FALSE(IsReservedWord("state"));
  EXPECT_FALSE(ParseStatement("SELECT value FROM t").ok());
  EXPECT_TRUE(ParseStatement("SELECT `value` FROM t").ok());
  EXPECT_EQ(Printed("SELECT session.plan FROM t"), "SELECT \"session\".\"plan\"\nFROM \"t\"");
}

}  // namespace
}  // namespace millrace::sql
