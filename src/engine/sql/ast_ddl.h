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
struct CreateTable : NodeOf<NodeKind::kCreateTable, Statement> {
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

struct CreateView : NodeOf<NodeKind::kCreateView, Statement> {
  bool replace = false;
  bool temporary = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  std::vector<IdentifierPtr> columns;
  LiteralPtr comment;
  QueryPtr query;
};

struct CreateCatalog : NodeOf<NodeKind::kCreateCatalog, Statement> {
  bool if_not_exists = false;
  IdentifierPtr name;
  LiteralPtr comment;
  SqlOptions options;
};

struct CreateDatabase : NodeOf<NodeKind::kCreateDatabase, Statement> {
  bool if_not_exists = false;
  IdentifierPtr name;
  LiteralPtr comment;
  SqlOptions options;
};

enum class FunctionLanguage : uint8_t { kUnspecified, kJava, kScala, kSql, kPython };

struct CreateFunction : NodeOf<NodeKind::kCreateFunction, Statement> {
  bool temporary = false;
  bool system = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  LiteralPtr class_name;
  FunctionLanguage language = FunctionLanguage::kUnspecified;
  std::vector<LiteralPtr> jars;
};

enum class RefreshMode : uint8_t { kUnspecified, kFull, kContinuous };

struct CreateMaterializedTable : NodeOf<NodeKind::kCreateMaterializedTable, Statement> {
  IdentifierPtr name;
  std::optional<TableConstraint> constraint;
  LiteralPtr comment;
  std::vector<IdentifierPtr> partitioned_by;
  SqlOptions options;
  LiteralPtr freshness;  // an interval
  RefreshMode refresh_mode = RefreshMode::kUnspecified;
  QueryPtr query;
};

struct CreateModel : NodeOf<NodeKind::kCreateModel, Statement> {
  bool temporary = false;
  bool if_not_exists = false;
  IdentifierPtr name;
  std::vector<ColumnDefinition> inputs;
  std::vector<ColumnDefinition> outputs;
  LiteralPtr comment;
  SqlOptions options;
  QueryPtr as_query;
};

struct Drop : NodeOf<NodeKind::kDrop, Statement> {
  enum class Object : uint8_t { kCatalog, kDatabase, kTable, kView, kFunction, kMaterializedTable, kModel };
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

struct AlterTableRename : NodeOf<NodeKind::kAlterTableRename, AlterTable> {
  IdentifierPtr new_name;
};

struct AlterTableRenameColumn : NodeOf<NodeKind::kAlterTableRenameColumn, AlterTable> {
  IdentifierPtr column;
  IdentifierPtr new_name;
};

// SET ('k' = 'v')
struct AlterTableOptions : NodeOf<NodeKind::kAlterTableOptions, AlterTable> {
  SqlOptions options;
};

// RESET ('k')
struct AlterTableReset : NodeOf<NodeKind::kAlterTableReset, AlterTable> {
  std::vector<LiteralPtr> keys;
};

// ADD (...) and MODIFY (...)
struct AlterTableSchema : NodeOf<NodeKind::kAlterTableSchema, AlterTable> {
  enum class Place : uint8_t { kUnspecified, kFirst, kAfter };
  struct Column {
    ColumnDefinition definition;
    Place place = Place::kUnspecified;
    IdentifierPtr after;  // kAfter
  };
  bool modify = false;  // otherwise ADD
  std::vector<Column> columns;
  std::vector<TableConstraint> constraints;
  std::optional<WatermarkDefinition> watermark;
  std::optional<Distribution> distribution;
};

struct AlterTableDropColumn : NodeOf<NodeKind::kAlterTableDropColumn, AlterTable> {
  std::vector<IdentifierPtr> columns;
};

struct AlterTableDropPart : NodeOf<NodeKind::kAlterTableDropPart, AlterTable> {
  enum class Part : uint8_t { kPrimaryKey, kConstraint, kDistribution, kWatermark };
  Part part = Part::kPrimaryKey;
  IdentifierPtr constraint;  // kConstraint
};

struct AlterTableAddPartitions : NodeOf<NodeKind::kAlterTableAddPartitions, AlterTable> {
  struct Partition {
    PartitionSpec spec;
    std::optional<SqlOptions> options;
  };
  bool if_not_exists = false;
  std::vector<Partition> partitions;
};

struct AlterTableDropPartitions : NodeOf<NodeKind::kAlterTableDropPartitions, AlterTable> {
  bool if_partition_exists = false;
  std::vector<PartitionSpec> partitions;
};

struct AlterTableCompact : NodeOf<NodeKind::kAlterTableCompact, AlterTable> {
  PartitionSpec partition;
};

// RENAME TO name, or AS query
struct AlterView : NodeOf<NodeKind::kAlterView, Statement> {
  IdentifierPtr name;
  IdentifierPtr new_name;
  QueryPtr query;
};

struct AlterCatalog : NodeOf<NodeKind::kAlterCatalog, Statement> {
  enum class Action : uint8_t { kSet, kReset, kComment };
  Action action = Action::kSet;
  IdentifierPtr name;
  SqlOptions options;
  std::vector<LiteralPtr> keys;
  LiteralPtr comment;
};

struct AlterDatabase : NodeOf<NodeKind::kAlterDatabase, Statement> {
  IdentifierPtr name;
  SqlOptions options;
};

struct AlterFunction : NodeOf<NodeKind::kAlterFunction, Statement> {
  bool temporary = false;
  bool system = false;
  bool if_exists = false;
  IdentifierPtr name;
  LiteralPtr class_name;
  FunctionLanguage language = FunctionLanguage::kUnspecified;
};

struct AlterMaterializedTable : NodeOf<NodeKind::kAlterMaterializedTable, Statement> {
  enum class Action : uint8_t {
    kSuspend,
    kResume,
    kRefresh,
    kSetFreshness,
    kSetRefreshMode,
    kSetOptions,
    kResetOptions
  };
  Action action = Action::kSuspend;
  IdentifierPtr name;
  SqlOptions options;            // kResume, kSetOptions
  std::vector<LiteralPtr> keys;  // kResetOptions
  PartitionSpec partition;       // kRefresh
  LiteralPtr freshness;          // kSetFreshness
  RefreshMode refresh_mode = RefreshMode::kUnspecified;
};

// RENAME TO name, or SET (options)
struct AlterModel : NodeOf<NodeKind::kAlterModel, Statement> {
  IdentifierPtr name;
  bool if_exists = false;
  IdentifierPtr new_name;
  SqlOptions options;
};

}  // namespace millrace::sql
