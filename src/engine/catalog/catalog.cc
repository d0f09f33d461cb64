#include "engine/catalog/catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::catalog {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Error NotFound(std::string_view what, std::string_view name) {
  return UserError("catalog.not_found", fmt::format("{} '{}' does not exist", what, name));
}

Error Exists(std::string_view what, std::string_view name) {
  return UserError("catalog.exists", fmt::format("{} '{}' already exists", what, name),
                   "drop it first, or write IF NOT EXISTS");
}

}  // namespace

std::string ObjectName::ToString() const { return fmt::format("`{}`.`{}`.`{}`", catalog, database, object); }

const TableColumn* Table::FindColumn(std::string_view column) const {
  for (const TableColumn& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

Catalogs::Catalogs() { catalogs_["default_catalog"].databases["default_database"]; }

Catalogs::Database* Catalogs::FindDatabase(const std::string& catalog, const std::string& database) {
  auto found = catalogs_.find(catalog);
  if (found == catalogs_.end()) return nullptr;
  auto inner = found->second.databases.find(database);
  return inner == found->second.databases.end() ? nullptr : &inner->second;
}

const Catalogs::Database* Catalogs::FindDatabase(const std::string& catalog, const std::string& database) const {
  return const_cast<Catalogs*>(this)->FindDatabase(catalog, database);
}

Status Catalogs::UseCatalog(const std::string& name) {
  auto found = catalogs_.find(name);
  if (found == catalogs_.end())
    return UserError("catalog.not_found", fmt::format("A catalog with name [{}] does not exist.", name));
  current_catalog_ = name;
  current_database_ = found->second.databases.empty() ? "default" : found->second.databases.begin()->first;
  auto configured = found->second.options.find("default-database");
  if (configured != found->second.options.end()) current_database_ = configured->second;
  return Status::Ok();
}

Status Catalogs::UseDatabase(const std::vector<std::string>& path) {
  std::string catalog = path.size() > 1 ? path[0] : current_catalog_;
  if (FindDatabase(catalog, path.back()) == nullptr) {
    return UserError("catalog.not_found", fmt::format("A database with name [{}] does not exist in the catalog: [{}].",
                                                      path.back(), catalog));
  }
  current_catalog_ = catalog;
  current_database_ = path.back();
  return Status::Ok();
}

Status Catalogs::CreateCatalog(const std::string& name, OptionMap options, bool if_not_exists) {
  if (catalogs_.contains(name)) return if_not_exists ? Status::Ok() : Status(Exists("Catalog", name));
  auto type = options.find("type");
  if (type == options.end()) {
    return UserError("catalog.option", fmt::format("Catalog '{}' needs the option 'type'", name),
                     "'type' = 'generic_in_memory'");
  }
  if (type->second != "generic_in_memory") {
    return UserError("catalog.type", fmt::format("Catalog type '{}' is not supported", type->second),
                     "'generic_in_memory' is the type that there is");
  }
  Catalog catalog;
  auto database = options.find("default-database");
  catalog.databases[database == options.end() ? "default" : database->second];
  catalog.options = std::move(options);
  catalogs_.emplace(name, std::move(catalog));
  return Status::Ok();
}

Status Catalogs::DropCatalog(const std::string& name, bool if_exists) {
  if (!catalogs_.contains(name)) return if_exists ? Status::Ok() : Status(NotFound("Catalog", name));
  if (name == current_catalog_) {
    return UserError("catalog.in_use", "Cannot drop a catalog which is currently in use.",
                     "USE CATALOG another one first");
  }
  catalogs_.erase(name);
  return Status::Ok();
}

Status Catalogs::CreateDatabase(const std::vector<std::string>& path, OptionMap options, std::string comment,
                                bool if_not_exists) {
  std::string catalog = path.size() > 1 ? path[0] : current_catalog_;
  auto found = catalogs_.find(catalog);
  if (found == catalogs_.end()) return NotFound("Catalog", catalog);
  if (found->second.databases.contains(path.back()))
    return if_not_exists ? Status::Ok() : Status(Exists("Database", path.back()));
  found->second.databases[path.back()] = Database{std::move(options), std::move(comment), {}};
  return Status::Ok();
}

Status Catalogs::DropDatabase(const std::vector<std::string>& path, bool if_exists, bool cascade) {
  std::string catalog = path.size() > 1 ? path[0] : current_catalog_;
  Database* database = FindDatabase(catalog, path.back());
  if (database == nullptr) return if_exists ? Status::Ok() : Status(NotFound("Database", path.back()));
  if (catalog == current_catalog_ && path.back() == current_database_) {
    return UserError("catalog.in_use", "Cannot drop a database which is currently in use.",
                     "USE another database first");
  }
  if (!database->tables.empty() && !cascade) {
    return UserError("catalog.not_empty", fmt::format("Database {} in catalog {} is not empty.", path.back(), catalog),
                     "add CASCADE to drop its tables too");
  }
  catalogs_[catalog].databases.erase(path.back());
  return Status::Ok();
}

Status Catalogs::AlterDatabase(const std::vector<std::string>& path, OptionMap options) {
  Database* database = FindDatabase(path.size() > 1 ? path[0] : current_catalog_, path.back());
  if (database == nullptr) return NotFound("Database", path.back());
  for (auto& [key, value] : options) database->options[key] = value;
  return Status::Ok();
}

std::vector<std::string> Catalogs::ListCatalogs() const {
  std::vector<std::string> names;
  for (const auto& [name, catalog] : catalogs_) names.push_back(name);
  return names;
}

std::vector<std::string> Catalogs::ListDatabases(const std::string& catalog) const {
  std::vector<std::string> names;
  auto found = catalogs_.find(catalog);
  if (found == catalogs_.end()) return names;
  for (const auto& [name, database] : found->second.databases) names.push_back(name);
  return names;
}

Result<ObjectName> Catalogs::Qualify(const std::vector<std::string>& path) const {
  if (path.size() == 1) return ObjectName{current_catalog_, current_database_, path[0]};
  if (path.size() == 2) return ObjectName{current_catalog_, path[0], path[1]};
  if (path.size() == 3) return ObjectName{path[0], path[1], path[2]};
  return UserError("catalog.name",
                   fmt::format("a name has one to three parts, '{}' has {}", fmt::join(path, "."), path.size()));
}

TablePtr Catalogs::FindTable(const ObjectName& name) const {
  if (auto temporary = temporary_.find(name); temporary != temporary_.end()) return temporary->second;
  const Database* database = FindDatabase(name.catalog, name.database);
  if (database == nullptr) return nullptr;
  auto found = database->tables.find(name.object);
  return found == database->tables.end() ? nullptr : found->second;
}

TablePtr Catalogs::FindTable(const std::vector<std::string>& path) const {
  auto name = Qualify(path);
  return name.ok() ? FindTable(*name) : nullptr;
}

Status Catalogs::CreateTable(TablePtr table, bool if_not_exists, bool replace) {
  const ObjectName name = table->name;
  if (table->temporary) {
    if (temporary_.contains(name) && !replace) {
      if (if_not_exists) return Status::Ok();
      return UserError("catalog.exists", fmt::format("Temporary table '{}' already exists", name.ToString()));
    }
    temporary_[name] = std::move(table);
    return Status::Ok();
  }
  Database* database = FindDatabase(name.catalog, name.database);
  if (database == nullptr) {
    return UserError("catalog.not_found",
                     fmt::format("Could not create {}: database '{}' does not exist in catalog '{}'", name.ToString(),
                                 name.database, name.catalog));
  }
  if (database->tables.contains(name.object) && !replace) {
    if (if_not_exists) return Status::Ok();
    return UserError(
        "catalog.exists",
        fmt::format("Table (or view) {}.{} already exists in Catalog {}.", name.database, name.object, name.catalog),
        "drop it first, or write IF NOT EXISTS");
  }
  database->tables[name.object] = std::move(table);
  return Status::Ok();
}

Status Catalogs::DropTable(const ObjectName& name, bool view, bool temporary, bool if_exists) {
  std::string_view what = view ? "View" : "Table";
  auto found = temporary_.find(name);
  if (found != temporary_.end() && found->second->is_view == view) {
    if (!temporary) {
      return UserError(
          "catalog.temporary",
          fmt::format("Temporary {0} with identifier '{1}' exists. Drop it first before removing the permanent {0}.",
                      view ? "view" : "table", name.ToString()),
          "write DROP TEMPORARY");
    }
    temporary_.erase(found);
    return Status::Ok();
  }
  Database* database = temporary ? nullptr : FindDatabase(name.catalog, name.database);
  if (database != nullptr) {
    auto table = database->tables.find(name.object);
    if (table != database->tables.end() && table->second->is_view == view) {
      database->tables.erase(table);
      return Status::Ok();
    }
  }
  if (if_exists) return Status::Ok();
  return UserError("catalog.not_found", fmt::format("{}{} with identifier '{}' does not exist.",
                                                    temporary ? "Temporary " : "", what, name.Dotted()));
}

Status Catalogs::RenameTable(const ObjectName& from, const std::string& to) {
  Database* database = FindDatabase(from.catalog, from.database);
  if (database == nullptr || !database->tables.contains(from.object)) return NotFound("Table", from.Dotted());
  if (database->tables.contains(to)) return Exists("Table", to);
  auto renamed = std::make_shared<Table>(*database->tables[from.object]);
  renamed->name.object = to;
  database->tables.erase(from.object);
  database->tables[to] = std::move(renamed);
  return Status::Ok();
}

std::vector<std::string> Catalogs::ListTables(const std::string& catalog, const std::string& database) const {
  std::vector<std::string> names;
  if (const Database* found = FindDatabase(catalog, database); found != nullptr) {
    for (const auto& [name, table] : found->tables) names.push_back(name);
  }
  for (const auto& [name, table] : temporary_) {
    if (name.catalog == catalog && name.database == database) names.push_back(name.object);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> Catalogs::ListViews(const std::string& catalog, const std::string& database) const {
  std::vector<std::string> names;
  for (const std::string& name : ListTables(catalog, database)) {
    if (FindTable(ObjectName{catalog, database, name})->is_view) names.push_back(name);
  }
  return names;
}

Status Catalogs::CreateFunction(const std::vector<std::string>& path, UserFunction function, bool system,
                                bool if_not_exists) {
  if (system) {
    bool added = system_functions_.emplace(Lower(path.back()), std::move(function)).second;
    return added || if_not_exists ? Status::Ok() : Status(Exists("Function", path.back()));
  }
  MR_ASSIGN(ObjectName name, Qualify(path));
  name.object = Lower(name.object);
  bool added = functions_.emplace(name, std::move(function)).second;
  return added || if_not_exists ? Status::Ok() : Status(Exists("Function", path.back()));
}

Status Catalogs::DropFunction(const std::vector<std::string>& path, bool system, bool if_exists) {
  size_t erased = 0;
  if (system) {
    erased = system_functions_.erase(Lower(path.back()));
  } else {
    MR_ASSIGN(ObjectName name, Qualify(path));
    name.object = Lower(name.object);
    erased = functions_.erase(name);
  }
  return erased > 0 || if_exists ? Status::Ok() : Status(NotFound("Function", path.back()));
}

const UserFunction* Catalogs::FindFunction(const std::vector<std::string>& path) const {
  if (path.size() == 1) {
    auto system = system_functions_.find(Lower(path[0]));
    if (system != system_functions_.end()) return &system->second;
  }
  auto name = Qualify(path);
  if (!name.ok()) return nullptr;
  name->object = Lower(name->object);
  auto found = functions_.find(*name);
  return found == functions_.end() ? nullptr : &found->second;
}

std::vector<std::string> Catalogs::ListUserFunctions() const {
  std::vector<std::string> names;
  for (const auto& [name, function] : system_functions_) names.push_back(name);
  for (const auto& [name, function] : functions_) names.push_back(name.object);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace millrace::catalog
