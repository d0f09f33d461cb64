// Names → tables, views, functions and databases. In memory; one Catalogs object per session, used by one thread at a
// time. Rules and messages follow Flink's CatalogManager: three-part names, temporary objects hide permanent ones.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/options.h"
#include "base/result.h"
#include "types/data_type.h"

namespace millrace::catalog {

struct ObjectName {
  std::string catalog;
  std::string database;
  std::string object;
  auto operator<=>(const ObjectName&) const = default;
  bool operator==(const ObjectName&) const = default;
  // `cat`.`db`.`name`
  std::string ToString() const;
  // cat.db.name
  std::string Dotted() const { return catalog + "." + database + "." + object; }
};

enum class ColumnKind : uint8_t { kPhysical, kMetadata, kComputed };

struct TableColumn {
  std::string name;
  ColumnKind kind = ColumnKind::kPhysical;
  DataType type;             // computed: as inferred when the table was made
  std::string metadata_key;  // kMetadata: the connector's key (the name itself when none was written)
  bool is_virtual = false;   // kMetadata: not written by INSERT
  std::string expression;    // kComputed: SQL text
  std::string comment;
};

struct Watermark {
  std::string column;      // top-level name, or dotted path into a ROW
  std::string expression;  // SQL text
};

// A table or view as it was declared. Immutable; ALTER makes a new one.
struct Table {
  ObjectName name;
  bool is_view = false;
  bool temporary = false;
  std::vector<TableColumn> columns;
  std::optional<Watermark> watermark;
  std::vector<std::string> primary_key;
  std::string primary_key_name;
  std::vector<std::string> partition_keys;
  OptionMap options;
  std::string comment;
  std::string view_text;        // views: the query
  std::string context_catalog;  // views: names in the text are resolved against these
  std::string context_database;

  const TableColumn* FindColumn(std::string_view column) const;
};
using TablePtr = std::shared_ptr<const Table>;

struct UserFunction {
  std::string class_name;
  std::string language;  // JAVA, SCALA, PYTHON
};

class Catalogs {
 public:
  // Starts with default_catalog.default_database.
  Catalogs();

  const std::string& current_catalog() const { return current_catalog_; }
  const std::string& current_database() const { return current_database_; }
  Status UseCatalog(const std::string& name);
  Status UseDatabase(const std::vector<std::string>& path);  // [catalog.]database

  Status CreateCatalog(const std::string& name, OptionMap options, bool if_not_exists);
  Status DropCatalog(const std::string& name, bool if_exists);
  Status CreateDatabase(const std::vector<std::string>& path, OptionMap options, std::string comment,
                        bool if_not_exists);
  Status DropDatabase(const std::vector<std::string>& path, bool if_exists, bool cascade);
  Status AlterDatabase(const std::vector<std::string>& path, OptionMap options);
  std::vector<std::string> ListCatalogs() const;
  std::vector<std::string> ListDatabases(const std::string& catalog) const;

  // A name of one to three parts, completed by the current catalog and database.
  Result<ObjectName> Qualify(const std::vector<std::string>& path) const;
  // The table or view of that name, or null. Temporary ones first.
  TablePtr FindTable(const ObjectName& name) const;
  TablePtr FindTable(const std::vector<std::string>& path) const;
  Status CreateTable(TablePtr table, bool if_not_exists, bool replace = false);
  // `view` chooses what may be dropped; the message differs.
  Status DropTable(const ObjectName& name, bool view, bool temporary, bool if_exists);
  Status RenameTable(const ObjectName& from, const std::string& to);
  std::vector<std::string> ListTables(const std::string& catalog, const std::string& database) const;  // views too
  std::vector<std::string> ListViews(const std::string& catalog, const std::string& database) const;

  Status CreateFunction(const std::vector<std::string>& path, UserFunction function, bool system, bool if_not_exists);
  Status DropFunction(const std::vector<std::string>& path, bool system, bool if_exists);
  // Null if there is none. Names of functions are compared without case.
  const UserFunction* FindFunction(const std::vector<std::string>& path) const;
  std::vector<std::string> ListUserFunctions() const;

 private:
  struct Database {
    OptionMap options;
    std::string comment;
    std::map<std::string, TablePtr> tables;
  };
  struct Catalog {
    OptionMap options;
    std::map<std::string, Database> databases;
  };
  Database* FindDatabase(const std::string& catalog, const std::string& database);
  const Database* FindDatabase(const std::string& catalog, const std::string& database) const;

  std::map<std::string, Catalog> catalogs_;
  std::map<ObjectName, TablePtr> temporary_;
  std::map<std::string, UserFunction> system_functions_;  // lower-case name
  std::map<ObjectName, UserFunction> functions_;          // lower-case object name
  std::string current_catalog_ = "default_catalog";
  std::string current_database_ = "default_database";
};

}  // namespace millrace::catalog
