// SHOW and DESCRIBE.
#include <fmt/format.h>

#include <algorithm>

#include "engine/functions/aggregate_function.h"
#include "engine/functions/scalar_function.h"
#include "engine/session/session.h"
#include "engine/sql/binder.h"

namespace millrace::engine {
namespace {

using sql::Show;

// SQL LIKE over names: % and _.
bool Like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (Like(text.substr(i), pattern.substr(1))) return true;
    }
    return false;
  }
  if (text.empty() || (pattern[0] != '_' && pattern[0] != text[0])) return false;
  return Like(text.substr(1), pattern.substr(1));
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool Matches(const Show& show, const std::string& name) {
  if (show.match == Show::Match::kNone) return true;
  bool insensitive = show.match == Show::Match::kILike;
  bool like = insensitive ? Like(Lower(name), Lower(show.pattern->text)) : Like(name, show.pattern->text);
  return like != show.not_like;
}

Status GiveNames(ResultListener& listener, const std::string& column, const Show& show,
                 const std::vector<std::string>& names) {
  std::vector<ValueRow> rows;
  for (const std::string& name : names) {
    if (Matches(show, name)) rows.push_back({Value::String(name)});
  }
  return GiveTable(listener, {{column, DataType::String().NotNull(), ""}}, rows);
}

std::vector<std::string> FunctionNames() {
  std::vector<std::string> names;
  for (const auto* function : functions::AllScalarFunctions()) names.push_back(Lower(std::string(function->name)));
  for (const auto* function : functions::AllAggregateFunctions()) names.push_back(Lower(std::string(function->name)));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  // Names with dots are the Java classes that CREATE FUNCTION … AS may name, not functions themselves.
  std::erase_if(names, [](const std::string& name) { return name.find('.') != std::string::npos; });
  return names;
}

std::string Quoted(const std::string& name) { return "`" + name + "`"; }

std::string OptionsText(const OptionMap& options) {
  std::string text;
  for (const auto& [key, value] : options)
    text += fmt::format("{}  '{}' = '{}'", text.empty() ? "" : ",\n", key, value);
  return text;
}

std::string ColumnText(const catalog::TableColumn& column) {
  std::string text = "  " + Quoted(column.name) + " ";
  switch (column.kind) {
    case catalog::ColumnKind::kPhysical:
      text += column.type.ToString();
      break;
    case catalog::ColumnKind::kMetadata:
      text += column.type.ToString() + " METADATA";
      if (column.metadata_key != column.name) text += fmt::format(" FROM '{}'", column.metadata_key);
      if (column.is_virtual) text += " VIRTUAL";
      break;
    case catalog::ColumnKind::kComputed:
      text += "AS " + column.expression;
      break;
  }
  if (!column.comment.empty()) text += fmt::format(" COMMENT '{}'", column.comment);
  return text;
}

std::string QuotedList(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + Quoted(name);
  return text;
}

std::string CreateTableText(const catalog::Table& table) {
  std::string text = fmt::format("CREATE {}TABLE {} (\n", table.temporary ? "TEMPORARY " : "", table.name.ToString());
  for (size_t i = 0; i < table.columns.size(); ++i) text += (i > 0 ? ",\n" : "") + ColumnText(table.columns[i]);
  if (table.watermark)
    text += fmt::format(",\n  WATERMARK FOR {} AS {}", Quoted(table.watermark->column), table.watermark->expression);
  if (!table.primary_key.empty()) {
    text += fmt::format(",\n  CONSTRAINT {} PRIMARY KEY ({}) NOT ENFORCED", Quoted(table.primary_key_name),
                        QuotedList(table.primary_key));
  }
  text += "\n)";
  if (!table.comment.empty()) text += fmt::format(" COMMENT '{}'\n", table.comment);
  if (!table.partition_keys.empty()) text += fmt::format("\nPARTITIONED BY ({})", QuotedList(table.partition_keys));
  return text + fmt::format("\nWITH (\n{}\n)\n", OptionsText(table.options));
}

std::string CreateViewText(const catalog::Table& view) {
  std::vector<std::string> names;
  for (const catalog::TableColumn& column : view.columns) names.push_back(column.name);
  return fmt::format("CREATE {}VIEW {}({}) as\n{}\n", view.temporary ? "TEMPORARY " : "", view.name.ToString(),
                     QuotedList(names), view.view_text);
}

Result<catalog::TablePtr> FindTable(const catalog::Catalogs& catalogs, const sql::Identifier& name) {
  catalog::TablePtr table = catalogs.FindTable(sql::PathOf(name));
  if (table == nullptr) {
    return UserError(
        "catalog.not_found",
        fmt::format("Table or view with identifier '{}' does not exist.", fmt::join(sql::PathOf(name), ".")), {},
        name.range);
  }
  return table;
}

Status GiveColumns(ResultListener& listener, const catalog::Table& table, const Show* filter) {
  std::vector<ValueRow> rows;
  for (const catalog::TableColumn& column : table.columns) {
    if (filter != nullptr && !Matches(*filter, column.name)) continue;
    bool key = std::find(table.primary_key.begin(), table.primary_key.end(), column.name) != table.primary_key.end();
    Value key_text = key ? Value::String(fmt::format("PRI({})", fmt::join(table.primary_key, ", "))) : Value::Null();
    Value extras = Value::Null();
    if (column.kind == catalog::ColumnKind::kComputed) extras = Value::String("AS " + column.expression);
    if (column.kind == catalog::ColumnKind::kMetadata) {
      std::string text = "METADATA";
      if (column.metadata_key != column.name) text += fmt::format(" FROM '{}'", column.metadata_key);
      extras = Value::String(text + (column.is_virtual ? " VIRTUAL" : ""));
    }
    Value watermark = Value::Null();
    std::string type = column.type.Nullable().ToString();
    if (table.watermark && table.watermark->column == column.name) {
      watermark = Value::String(table.watermark->expression);
      type += " *ROWTIME*";
    } else if (column.type.time_attribute() == TimeAttribute::kProctime) {
      type += " *PROCTIME*";
    }
    rows.push_back({Value::String(column.name), Value::String(type), Value::Bool(column.type.nullable()), key_text,
                    extras, watermark});
  }
  return GiveTable(listener,
                   {{"name", DataType::String(), ""},
                    {"type", DataType::String(), ""},
                    {"null", DataType::Boolean(), ""},
                    {"key", DataType::String(), ""},
                    {"extras", DataType::String(), ""},
                    {"watermark", DataType::String(), ""}},
                   rows);
}

}  // namespace

Status Session::ExecuteShow(const Show& show, ResultListener& listener) {
  std::string catalog = catalogs_.current_catalog();
  std::string database = catalogs_.current_database();
  std::vector<std::string> path = show.name ? sql::PathOf(*show.name) : std::vector<std::string>{};
  if (show.preposition != Show::Preposition::kNone &&
      (show.object == Show::Object::kTables || show.object == Show::Object::kViews)) {
    if (path.size() > 1) catalog = path[0];
    database = path.back();
  }
  switch (show.object) {
    case Show::Object::kCatalogs:
      return GiveNames(listener, "catalog name", show, catalogs_.ListCatalogs());
    case Show::Object::kCurrentCatalog:
      return GiveNames(listener, "current catalog name", show, {catalog});
    case Show::Object::kCurrentDatabase:
      return GiveNames(listener, "current database name", show, {database});
    case Show::Object::kDatabases:
      return GiveNames(listener, "database name", show, catalogs_.ListDatabases(path.empty() ? catalog : path[0]));
    case Show::Object::kTables:
      return GiveNames(listener, "table name", show, catalogs_.ListTables(catalog, database));
    case Show::Object::kViews:
      return GiveNames(listener, "view name", show, catalogs_.ListViews(catalog, database));
    case Show::Object::kFunctions: {
      std::vector<std::string> names = FunctionNames();
      for (const std::string& user : catalogs_.ListUserFunctions()) names.push_back(user);
      std::sort(names.begin(), names.end());
      return GiveNames(listener, "function name", show, names);
    }
    case Show::Object::kUserFunctions:
      return GiveNames(listener, "function name", show, catalogs_.ListUserFunctions());
    case Show::Object::kModules:
    case Show::Object::kFullModules:
      return GiveNames(listener, "module name", show, {"core"});
    case Show::Object::kColumns: {
      MR_ASSIGN(catalog::TablePtr table, FindTable(catalogs_, *show.name));
      return GiveColumns(listener, *table, &show);
    }
    case Show::Object::kCreateTable: {
      MR_ASSIGN(catalog::TablePtr table, FindTable(catalogs_, *show.name));
      if (table->is_view) {
        return UserError(
            "sql.validate",
            fmt::format("SHOW CREATE TABLE is only supported for tables, but {} is a view. Please use SHOW CREATE VIEW "
                        "instead.",
                        table->name.ToString()));
      }
      return GiveTable(listener, {{"result", DataType::String(), ""}}, {{Value::String(CreateTableText(*table))}});
    }
    case Show::Object::kCreateView: {
      MR_ASSIGN(catalog::TablePtr view, FindTable(catalogs_, *show.name));
      if (!view->is_view) {
        return UserError(
            "sql.validate",
            fmt::format("SHOW CREATE VIEW is only supported for views, but {} is a table. Please use SHOW CREATE TABLE "
                        "instead.",
                        view->name.ToString()));
      }
      return GiveTable(listener, {{"result", DataType::String(), ""}}, {{Value::String(CreateViewText(*view))}});
    }
    case Show::Object::kPartitions:
    case Show::Object::kProcedures:
    case Show::Object::kModels:
    case Show::Object::kJars:
    case Show::Object::kJobs:
    case Show::Object::kCreateCatalog:
    case Show::Object::kCreateModel:
      break;
  }
  return UserError("sql.unsupported", "this SHOW statement is parsed but cannot be executed yet", {}, show.range);
}

Status Session::ExecuteDescribe(const sql::Describe& describe, ResultListener& listener) {
  if (describe.object != sql::Describe::Object::kTable) {
    return UserError("sql.unsupported", "this DESCRIBE statement is parsed but cannot be executed yet", {},
                     describe.range);
  }
  MR_ASSIGN(catalog::TablePtr table, FindTable(catalogs_, *describe.name));
  return GiveColumns(listener, *table, nullptr);
}

}  // namespace millrace::engine
