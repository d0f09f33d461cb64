// Finding common parts by what they say.
#include "engine/plan/reuse/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::AggregateCall;
using functions::ExprPtr;

namespace {

bool Same(const ExprPtr& a, const ExprPtr& b) { return functions::SameExpr(*a, *b) && functions::IsDeterministic(*a); }

bool Same(const AggregateCall& a, const AggregateCall& b) {
  return a.function == b.function && a.args == b.args && a.literals == b.literals && a.distinct == b.distinct &&
         a.ignore_nulls == b.ignore_nulls && a.filter == b.filter && a.type == b.type;
}

// Whether two relations do the same, if their inputs are the same. False for kinds that are not looked into.
bool SameSpec(const Relation& a, const Relation& b) {
  if (a.spec.index() != b.spec.index() || !(a.schema.fields == b.schema.fields)) return false;
  if (const auto* scan = a.As<sql::ScanRelation>()) {
    const auto& other = *b.As<sql::ScanRelation>();
    return scan->table == other.table && scan->hint_options == other.hint_options && !scan->pruned && !other.pruned;
  }
  if (const auto* project = a.As<sql::ProjectRelation>()) {
    const auto& exprs = b.As<sql::ProjectRelation>()->exprs;
    return std::equal(project->exprs.begin(), project->exprs.end(), exprs.begin(), exprs.end(),
                      [](const ExprPtr& x, const ExprPtr& y) { return Same(x, y); });
  }
  if (const auto* filter = a.As<sql::FilterRelation>())
    return Same(filter->condition, b.As<sql::FilterRelation>()->condition);
  if (const auto* watermark = a.As<sql::WatermarkRelation>()) {
    const auto& other = *b.As<sql::WatermarkRelation>();
    return watermark->rowtime == other.rowtime && Same(watermark->watermark, other.watermark);
  }
  if (const auto* join = a.As<sql::JoinRelation>()) {
    const auto& other = *b.As<sql::JoinRelation>();
    return join->kind == other.kind && Same(join->condition, other.condition) &&
           join->left_ttl_ms == other.left_ttl_ms && join->right_ttl_ms == other.right_ttl_ms;
  }
  if (const auto* set = a.As<sql::SetRelation>()) {
    const auto& other = *b.As<sql::SetRelation>();
    return set->kind == other.kind && set->all == other.all;
  }
  if (const auto* aggregate = a.As<sql::AggregateRelation>()) {
    const auto& other = *b.As<sql::AggregateRelation>();
    return aggregate->keys == other.keys && aggregate->grouping_sets == other.grouping_sets &&
           !aggregate->group_window && aggregate->state_ttl_ms == other.state_ttl_ms &&
           std::equal(aggregate->calls.begin(), aggregate->calls.end(), other.calls.begin(), other.calls.end(),
                      [](const AggregateCall& x, const AggregateCall& y) { return Same(x, y); });
  }
  return false;
}

class Cutter {
 public:
  explicit Cutter(const std::vector<RelationPtr>& roots) {
    for (const RelationPtr& root : roots) roots_.push_back(Intern(root));
    for (size_t i = 0; i < roots_.size(); ++i) Reach(roots_[i], i);
  }
  CutTrees Cut() {
    for (size_t root : roots_) trees_.roots.push_back(Rebuild(root));
    return std::move(trees_);
  }

 private:
  // Relations that do the same, as one.
  struct Class {
    RelationPtr relation;
    std::vector<size_t> inputs;
    bool updates = false;  // it, or something below it, may give updates
    std::set<size_t> sinks;
    RelationPtr rebuilt;
    RelationPtr scan;  // what stands for it, once it is cut
  };

  size_t Intern(const RelationPtr& relation) {
    Class made;
    made.relation = relation;
    made.updates = relation->As<sql::AggregateRelation>() != nullptr || relation->As<sql::JoinRelation>() != nullptr;
    for (const RelationPtr& input : relation->inputs) {
      made.inputs.push_back(Intern(input));
      made.updates = made.updates || classes_[made.inputs.back()].updates;
    }
    for (size_t i = 0; i < classes_.size(); ++i) {
      if (classes_[i].inputs == made.inputs && SameSpec(*classes_[i].relation, *relation)) return i;
    }
    classes_.push_back(std::move(made));
    return classes_.size() - 1;
  }
  void Reach(size_t id, size_t sink) {
    if (!classes_[id].sinks.insert(sink).second) return;
    for (size_t input : classes_[id].inputs) Reach(input, sink);
  }
  RelationPtr Rebuild(size_t id) {
    if (classes_[id].rebuilt != nullptr) return classes_[id].rebuilt;
    std::vector<RelationPtr> inputs;
    for (size_t input : classes_[id].inputs) {
      const Class& below = classes_[input];
      bool cut = below.sinks.size() > 1 && below.updates && below.sinks != classes_[id].sinks;
      inputs.push_back(cut ? ScanOf(input) : Rebuild(input));
    }
    return classes_[id].rebuilt = WithInputs(*classes_[id].relation, std::move(inputs));
  }
  RelationPtr ScanOf(size_t id) {
    if (classes_[id].scan != nullptr) return classes_[id].scan;
    RelationPtr part = Rebuild(id);
    auto table = std::make_shared<catalog::Table>();
    table->name.object = fmt::format("part {}", trees_.parts.size() + 1);
    for (const Field& field : part->schema.fields) {
      catalog::TableColumn column;
      column.name = field.name;
      column.type = field.type;
      table->columns.push_back(std::move(column));
    }
    sql::ScanRelation scan;
    scan.table = table;
    trees_.parts.push_back({part, table});
    return classes_[id].scan = sql::MakeRelation(std::move(scan), {}, part->schema);
  }

  std::vector<Class> classes_;
  std::vector<size_t> roots_;
  CutTrees trees_;
};

}  // namespace

CutTrees CutCommonParts(const std::vector<RelationPtr>& roots) { return Cutter(roots).Cut(); }

}  // namespace millrace::plan
