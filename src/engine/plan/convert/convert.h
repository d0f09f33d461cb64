// Bound tree → physical nodes, bottom-up. Kinds of changes are known at once; whether -U is needed is decided
// afterwards (changelog.cc).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/plan/planner.h"
#include "engine/plan/reuse/reuse.h"

namespace millrace::plan {

using sql::Relation;
using sql::RelationPtr;

// Columns of a node that hold a window's bounds, for windowed operators above.
struct WindowColumns {
  int32_t start = -1;
  int32_t end = -1;
  int32_t time = -1;
  Window window;
  bool Complete() const { return start >= 0 && end >= 0; }
};

// A node with what is known of its output besides what the node itself says.
struct Planned {
  PhysicalPtr node;
  WindowColumns window;
  std::vector<int32_t> hash_keys;  // rows are partitioned by these columns; empty: not known
};

class Converter {
 public:
  explicit Converter(const PlanContext& context) : context_(context) {}
  Result<Planned> Convert(const RelationPtr& relation);
  // The sink node over a root: that of the SinkRelation, or the caller's.
  Result<PhysicalPtr> ConvertRoot(const RelationPtr& root);
  // Scans of this table, which exists in the plan only, read `part`.
  void SetPart(const catalog::TablePtr& table, Planned part) { parts_[table] = std::move(part); }
  // The sources that were made so far.
  std::vector<ScanOrigin>& scans() { return scans_; }

 private:
  Result<Planned> Dispatch(const RelationPtr& relation);
  Result<Planned> ConvertScan(const Relation& relation);
  Result<Planned> ReadColumns(const sql::ScanRelation& scan, const std::vector<int32_t>& wanted, const Schema& schema);
  // A Calc right over a scan whose source can deliver fields of rows: reads only those. Empty when it cannot.
  Result<Planned> ConvertNestedScan(const Relation& scan, const functions::ExprPtr& condition,
                                    const std::vector<functions::ExprPtr>& projection, const Schema& output);
  Result<Planned> ConvertValues(const Relation& relation);
  Result<Planned> ConvertCalc(const RelationPtr& relation);
  Result<Planned> ConvertWatermark(const Relation& relation);
  Result<Planned> ConvertWindowTvf(const Relation& relation);
  Result<Planned> ConvertAggregate(const Relation& relation);
  Result<Planned> ConvertGroupWindow(const Relation& relation);
  Result<Planned> ConvertWindowAggregate(const Relation& relation, Planned input);
  Result<Planned> FuseWindow(const Relation& relation, const RelationPtr& tvf,
                             const std::vector<functions::ExprPtr>& exprs, const functions::ExprPtr& condition);
  Result<Planned> ConvertJoin(const Relation& relation);
  Result<Planned> ConvertCorrelate(const Relation& relation);
  Result<Planned> ConvertUnion(const Relation& relation);
  Result<Planned> ConvertSort(const Relation& relation);
  Result<Planned> ConvertOver(const Relation& relation);
  Result<Planned> ConvertRank(const Relation& relation);
  // Checks only: neither has an operator yet.
  Result<Planned> ConvertTemporal(const Relation& relation);
  Result<Planned> ConvertMatch(const Relation& relation);
  Status CheckDeterministicCondition(const functions::Expr& condition, SourceRange range) const;

  const PlanContext& context_;
  std::map<RelationPtr, Planned> done_;  // shared relations become shared nodes
  uint64_t sinks_made_ = 0;
  std::vector<ScanOrigin> scans_;
  std::map<catalog::TablePtr, Planned> parts_;
};

// ---- shared by the files of this folder ----
PhysicalPtr MakeNode(NodeSpec spec, std::vector<PhysicalInput> inputs, Schema output, ChangelogMode mode);
// A Calc over `input`; `input` itself when it would change nothing. Window columns and unique keys go along.
Planned MakeCalc(const Planned& input, functions::ExprPtr condition, std::vector<functions::ExprPtr> projection,
                 Schema output);
// How `input` must be distributed for keys: forward when it is already so, by hash, or to one subtask when there are no
// keys.
PhysicalInput KeyedInput(const Planned& input, const std::vector<int32_t>& keys);
PhysicalInput ForwardInput(const Planned& input);
inline bool HasChanges(const ChangelogMode& mode) { return !mode.IsInsertOnly(); }
ChangelogMode UnionOf(const ChangelogMode& a, const ChangelogMode& b);
ChangelogMode AllChanges();
// Columns of an expression list as window columns: positions in `projection` that are plain references.
WindowColumns MapWindow(const WindowColumns& window, const std::vector<functions::ExprPtr>& projection);
std::vector<SortKey> SortKeysOf(const std::vector<sql::SortColumn>& keys);
Error PlanError(std::string message, std::string hint = {});

// The connector's view of a table: physical columns, metadata columns, options with hints merged in.
Result<connectors::TableSpec> TableSpecOf(const catalog::Table& table, const OptionMap& hints, bool for_sink);
Result<const connectors::Connector*> ConnectorOf(const connectors::TableSpec& table);

// Decides who emits -U, top-down from the sinks, and sets modes and emit_update_before everywhere.
// `parts` are nodes that several sinks read: if one of them needs -U, all get it.
Status InferChangelog(PhysicalPlan& plan, const std::vector<PhysicalPtr>& parts, bool explain);
// Descriptions and operator ids.
void DescribeNodes(PhysicalPlan& plan);

}  // namespace millrace::plan
