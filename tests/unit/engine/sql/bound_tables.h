// Tables declared by DDL, and queries bound over them, without a session.
#pragma once

#include <string>
#include <vector>

#include "engine/functions/evaluator.h"
#include "engine/sql/binder.h"
#include "engine/sql/parser.h"

namespace millrace::sql {

class BoundTables {
 public:
  // CREATE TABLE and CREATE VIEW.
  Status Create(const std::string& ddl) {
    MR_ASSIGN(StatementPtr statement, ParseStatement(ddl));
    BindContext context{&catalogs_, &config_, &eval_, ddl};
    if (const auto* table = As<CreateTable>(statement.get())) {
      MR_ASSIGN(catalog::TablePtr made, BindCreateTable(*table, context));
      return catalogs_.CreateTable(made, false);
    }
    const auto* view = As<CreateView>(statement.get());
    if (view == nullptr) return UserError("test", "no CREATE TABLE or CREATE VIEW: " + ddl);
    MR_ASSIGN(catalog::TablePtr made, BindCreateView(*view, context));
    return catalogs_.CreateTable(made, false);
  }

  // A query or an INSERT.
  Result<RelationPtr> Bind(const std::string& sql) {
    MR_ASSIGN(StatementPtr statement, ParseStatement(sql));
    BindContext context{&catalogs_, &config_, &eval_, sql};
    if (const auto* query = As<QueryStatement>(statement.get())) return BindQuery(*query->query, context);
    if (const auto* insert = As<Insert>(statement.get())) return BindInsert(*insert, context);
    return UserError("test", "no query and no INSERT: " + sql);
  }

  // The names and types of a query's columns, or "code: message" and the place where it is refused.
  std::string Columns(const std::string& sql) {
    Result<RelationPtr> bound = Bind(sql);
    if (!bound.ok()) return Text(bound.error());
    std::string text;
    for (const Field& field : (*bound)->schema.fields)
      text += (text.empty() ? "" : ", ") + field.name + " " + field.type.ToString();
    return text;
  }

  static std::string Text(const Error& error) {
    return error.code + " at " + std::to_string(error.range.line) + ":" + std::to_string(error.range.column) + ": " +
           error.message;
  }

  OptionMap& config() { return config_; }
  functions::EvalContext& eval() { return eval_; }

 private:
  catalog::Catalogs catalogs_;
  OptionMap config_;
  functions::EvalContext eval_;
};

}  // namespace millrace::sql
