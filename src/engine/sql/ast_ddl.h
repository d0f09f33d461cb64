// CREATE, ALTER and DROP nodes of the syntax tree.
#pragma once

#include "engine/sql/ast_query.h"

namespace millrace::sql {

// 'key' = 'value' (both literals keep their place, for errors about options)
struct SqlOption {
  LiteralPtr key;
  LiteralPtr value;
};
using SqlOptions = std::vector<SqlOption>;

// column = literal of PARTITION (...); ANALYZE TABLE allows the column alone (null value).
struct PartitionItem {
  IdentifierPtr column;
  LiteralPtr value;
};
using PartitionSpec = std::vector<PartitionItem>;

struct TableConstraint {
  enum class Type : uint8_t { kPrimaryKey, kUnique };
  Type type = Type::kPrimaryKey;
  IdentifierPtr name;                  // CONSTRAINT name; null if none
  std::vector<IdentifierPtr> columns;  // the column itself for a column constraint
  std::optional<bool> enforced;        // ENFORCED, NOT ENFORCED, nothing
  bool on_table = false;               // a constraint of its own, not one behind a column
  SourceRange range;
};

struct ColumnDefinition {
  enum class Type : uint8_t { kPhysical, kMetadata, kComputed };
  Type type = Type::kPhysical;
  IdentifierPtr name;       // compound only in ALTER TABLE
  TypeSpecPtr data_type;    // kPhysical, kMetadata
  LiteralPtr metadata_key;  // METADATA FROM 'key'; null if none
  bool is_virtual = false;
  ExprPtr expression;                         // kComputed
  std::optional<TableConstraint> constraint;  // kPhysical
  LiteralPtr comment;
  SourceRange range;
};

struct WatermarkDefinition {
  IdentifierPtr column;
  ExprPtr expression;
  SourceRange range;
};

// DISTRIBUTED BY [HASH|RANGE] (columns) INTO n BUCKETS, DISTRIBUTED INTO n BUCKETS
struct Distribution {
  enum class Type : uint8_t { kUnspecified, kHash, kRange };
  Type type = Type::kUnspecified;
  std::vector<IdentifierPtr> columns;
  LiteralPtr buckets;
};

struct TableLike {
  enum class Strategy : uint8_t { kIncluding, kExcluding, kOverwriting };
  enum class Feature : uint8_t {
    kAll,
    kConstraints,
    kDistribution,
    kGenerated,
    kMetadata,
    kOptions,
    kPartitions,
    kWatermarks
  };
  struct Option {
    Strategy strategy = Strategy::kIncluding;
    Feature feature = Feature::kAll;
  };
  IdentifierPtr table;
  std::vector<Option> options;
};

// What stands between the parentheses of CREATE TABLE. Column order as written.
struct TableElements {
  std::vector<ColumnDefinition> columns;
  std::vector<TableConstraint> constraints;
  std::optional<WatermarkDefinition> watermark;
};

// CREATE TABLE, CREATE TABLE .. LIKE, CREATE TABLE .. AS, [CREATE OR] REPLACE TABLE .. AS
struct CreateTable : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateTable;
  CreateTable() : Statement(kKind) {}
  bool create = true;    // false: bare REPLACE TABLE
  bool replace = false;  // REPLACE or OR REPLACE
  bool temporary = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  TableElements elements;
  LiteralPtr comment;
  std::optional<Distribution> distribution;
  std::vector<IdentifierPtr> partitioned_by;
  SqlOptions options;
  std::optional<TableLike> like;
  QueryPtr as_query;  // null: no AS
};

struct CreateView : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateView;
  CreateView() : Statement(kKind) {}
  bool replace = false;
  bool temporary = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  std::vector<IdentifierPtr> columns;
  LiteralPtr comment;
  QueryPtr query;
};

struct CreateCatalog : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateCatalog;
  CreateCatalog() : Statement(kKind) {}
  bool if_not_exists = false;
  IdentifierPtr name;
  LiteralPtr comment;
  SqlOptions options;
};

struct CreateDatabase : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateDatabase;
  CreateDatabase() : Statement(kKind) {}
  bool if_not_exists = false;
  IdentifierPtr name;
  LiteralPtr comment;
  SqlOptions options;
};

enum class FunctionLanguage : uint8_t { kUnspecified, kJava, kScala, kSql, kPython };

struct CreateFunction : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateFunction;
  CreateFunction() : Statement(kKind) {}
  bool temporary = false;
  bool system = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  LiteralPtr class_name;
  FunctionLanguage language = FunctionLanguage::kUnspecified;
  std::vector<LiteralPtr> jars;
};

enum class RefreshMode : uint8_t { kUnspecified, kFull, kContinuous };

struct CreateMaterializedTable : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateMaterializedTable;
  CreateMaterializedTable() : Statement(kKind) {}
  IdentifierPtr name;
  std::optional<TableConstraint> constraint;
  LiteralPtr comment;
  std::vector<IdentifierPtr> partitioned_by;
  SqlOptions options;
  LiteralPtr freshness;  // an interval
  RefreshMode refresh_mode = RefreshMode::kUnspecified;
  QueryPtr query;
};

struct CreateModel : Statement {
  static constexpr NodeKind kKind = NodeKind::kCreateModel;
  CreateModel() : Statement(kKind) {}
  bool temporary = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  std::vector<ColumnDefinition> inputs;
  std::vector<ColumnDefinition> outputs;
  LiteralPtr comment;
  SqlOptions options;
  QueryPtr as_query;
};

struct Drop : Statement {
  static constexpr NodeKind kKind = NodeKind::kDrop;
  enum class Object : uint8_t { kCatalog, kDatabase, kTable, kView, kFunction, kMaterializedTable, kModel };
  Drop() : Statement(kKind) {}
  Object object = Object::kTable;
  bool temporary = false;
  bool system = false;  // SYSTEM FUNCTION
  bool if_exists = false;
  bool cascade = false;  // DATABASE .. CASCADE
  IdentifierPtr name;
};

// Base of the ALTER TABLE statements.
struct AlterTable : Statement {
  using Statement::Statement;
  IdentifierPtr table;
  bool if_exists = false;
};

struct AlterTableRename : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableRename;
  AlterTableRename() : AlterTable(kKind) {}
  IdentifierPtr new_name;
};

struct AlterTableRenameColumn : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableRenameColumn;
  AlterTableRenameColumn() : AlterTable(kKind) {}
  IdentifierPtr column;
  IdentifierPtr new_name;
};

// SET ('k' = 'v')
struct AlterTableOptions : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableOptions;
  AlterTableOptions() : AlterTable(kKind) {}
  SqlOptions options;
};

// RESET ('k')
struct AlterTableReset : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableReset;
  AlterTableReset() : AlterTable(kKind) {}
  std::vector<LiteralPtr> keys;
};

// ADD (...) and MODIFY (...)
struct AlterTableSchema : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableSchema;
  enum class Place : uint8_t { kUnspecified, kFirst, kAfter };
  struct Column {
    ColumnDefinition definition;
    Place place = Place::kUnspecified;
    IdentifierPtr after;  // kAfter
  };
  AlterTableSchema() : AlterTable(kKind) {}
  bool modify = false;  // otherwise ADD
  std::vector<Column> columns;
  std::vector<TableConstraint> constraints;
  std::optional<WatermarkDefinition> watermark;
  std::optional<Distribution> distribution;
};

struct AlterTableDropColumn : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableDropColumn;
  AlterTableDropColumn() : AlterTable(kKind) {}
  std::vector<IdentifierPtr> columns;
};

struct AlterTableDropPart : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableDropPart;
  enum class Part : uint8_t { kPrimaryKey, kConstraint, kDistribution, kWatermark };
  AlterTableDropPart() : AlterTable(kKind) {}
  Part part = Part::kPrimaryKey;
  IdentifierPtr constraint;  // kConstraint
};

struct AlterTableAddPartitions : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableAddPartitions;
  struct Partition {
    PartitionSpec spec;
    std::optional<SqlOptions> options;
  };
  AlterTableAddPartitions() : AlterTable(kKind) {}
  bool if_not_exists = false;
  std::vector<Partition> partitions;
};

struct AlterTableDropPartitions : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableDropPartitions;
  AlterTableDropPartitions() : AlterTable(kKind) {}
  bool if_partition_exists = false;
  std::vector<PartitionSpec> partitions;
};

struct AlterTableCompact : AlterTable {
  static constexpr NodeKind kKind = NodeKind::kAlterTableCompact;
  AlterTableCompact() : AlterTable(kKind) {}
  PartitionSpec partition;
};

// RENAME TO name, or AS query
struct AlterView : Statement {
  static constexpr NodeKind kKind = NodeKind::kAlterView;
  AlterView() : Statement(kKind) {}
  IdentifierPtr name;
  IdentifierPtr new_name;
  QueryPtr query;
};

struct AlterCatalog : Statement {
  static constexpr NodeKind kKind = NodeKind::kAlterCatalog;
  enum class Action : uint8_t { kSet, kReset, kComment };
  AlterCatalog() : Statement(kKind) {}
  Action action = Action::kSet;
  IdentifierPtr name;
  SqlOptions options;
  std::vector<LiteralPtr> keys;
  LiteralPtr comment;
};

struct AlterDatabase : Statement {
  static constexpr NodeKind kKind = NodeKind::kAlterDatabase;
  AlterDatabase() : Statement(kKind) {}
  IdentifierPtr name;
  SqlOptions options;
};

struct AlterFunction : Statement {
  static constexpr NodeKind kKind = NodeKind::kAlterFunction;
  AlterFunction() : Statement(kKind) {}
  bool temporary = false;
  bool system = false;
  bool if_exists = false;
  IdentifierPtr name;
  LiteralPtr class_name;
  FunctionLanguage language = FunctionLanguage::kUnspecified;
};

struct AlterMaterializedTable : Statement {
  static constexpr NodeKind kKind = NodeKind::kAlterMaterializedTable;
  enum class Action : uint8_t {
    kSuspend,
    kResume,
    kRefresh,
    kSetFreshness,
    kSetRefreshMode,
    kSetOptions,
    kResetOptions
  };
  AlterMaterializedTable() : Statement(kKind) {}
  Action action = Action::kSuspend;
  IdentifierPtr name;
  SqlOptions options;            // kResume, kSetOptions
  std::vector<LiteralPtr> keys;  // kResetOptions
  PartitionSpec partition;       // kRefresh
  LiteralPtr freshness;          // kSetFreshness
  RefreshMode refresh_mode = RefreshMode::kUnspecified;
};

// RENAME TO name, or SET (options)
struct AlterModel : Statement {
  static constexpr NodeKind kKind = NodeKind::kAlterModel;
  AlterModel() : Statement(kKind) {}
  IdentifierPtr name;
  bool if_exists = false;
  IdentifierPtr new_name;
  SqlOptions options;
};

}  // namespace millrace::sql
