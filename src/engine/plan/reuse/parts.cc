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

bool Same(const std::vector<ExprPtr>& a, const std::vector<ExprPtr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExprPtr& x, const ExprPtr& y) { return Same(x, y); });
}

bool Same(const std::vector<AggregateCall>& a, const std::vector<AggregateCall>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const AggregateCall& x, const AggregateCall& y) { return Same(x, y); });
}

bool Same(const std::vector<sql::SortColumn>& a, const std::vector<sql::SortColumn>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const sql::SortColumn& x, const sql::SortColumn& y) {
    return x.column == y.column && x.ascending == y.ascending && x.nulls_first == y.nulls_first;
  });
}

bool Same(const sql::WindowParameters& a, const sql::WindowParameters& b) {
  return a.function == b.function && a.size_ms == b.size_ms && a.slide_ms == b.slide_ms && a.offset_ms == b.offset_ms &&
         a.time_column == b.time_column;
}

bool Same(const std::vector<sql::OverRelation::Call>& a, const std::vector<sql::OverRelation::Call>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const sql::OverRelation::Call& x, const sql::OverRelation::Call& y) {
                      return x.ranking == y.ranking && Same(x.aggregate, y.aggregate);
                    });
}

// Of two relations of one kind. False for kinds that are not looked into.
struct SameSpec {
  const sql::RelationSpec& other;
  template <typename T>
  const T& To(const T&) const {
    return std::get<T>(other);
  }

  bool operator()(const sql::ScanRelation& a) const {
    const auto& b = To(a);
    return a.table == b.table && a.hint_options == b.hint_options && !a.pruned && !b.pruned;
  }
  bool operator()(const sql::ValuesRelation&) const { return false; }
  bool operator()(const sql::ProjectRelation& a) const { return Same(a.exprs, To(a).exprs); }
  bool operator()(const sql::FilterRelation& a) const { return Same(a.condition, To(a).condition); }
  bool operator()(const sql::WatermarkRelation& a) const {
    return a.rowtime == To(a).rowtime && Same(a.watermark, To(a).watermark);
  }
  bool operator()(const sql::WindowTvfRelation& a) const {
    return Same(a.window, To(a).window) && a.partition_keys == To(a).partition_keys;
  }
  bool operator()(const sql::AggregateRelation& a) const {
    const auto& b = To(a);
    return a.keys == b.keys && a.grouping_sets == b.grouping_sets && Same(a.calls, b.calls) &&
           a.group_window == b.group_window && Same(a.window, b.window) && a.properties == b.properties &&
           a.state_ttl_ms == b.state_ttl_ms;
  }
  bool operator()(const sql::JoinRelation& a) const {
    const auto& b = To(a);
    return a.kind == b.kind && Same(a.condition, b.condition) && a.left_ttl_ms == b.left_ttl_ms &&
           a.right_ttl_ms == b.right_ttl_ms;
  }
  bool operator()(const sql::CorrelateRelation&) const { return false; }
  bool operator()(const sql::SetRelation& a) const { return a.kind == To(a).kind && a.all == To(a).all; }
  bool operator()(const sql::SortRelation& a) const {
    return Same(a.keys, To(a).keys) && a.offset == To(a).offset && a.limit == To(a).limit;
  }
  bool operator()(const sql::OverRelation& a) const {
    const auto& b = To(a);
    return a.partition_keys == b.partition_keys && Same(a.order_keys, b.order_keys) && a.rows_frame == b.rows_frame &&
           a.frame_written == b.frame_written && a.preceding == b.preceding && a.following == b.following &&
           Same(a.calls, b.calls);
  }
  bool operator()(const sql::RankRelation&) const { return false; }
  bool operator()(const sql::TemporalRelation&) const { return false; }
  bool operator()(const sql::MatchRelation&) const { return false; }
  bool operator()(const sql::RefusedRelation&) const { return false; }
  bool operator()(const sql::SinkRelation&) const { return false; }
};

// Whether two relations do the same, if their inputs are the same.
bool SameRelation(const Relation& a, const Relation& b) {
  return a.spec.index() == b.spec.index() && a.schema.fields == b.schema.fields && std::visit(SameSpec{b.spec}, a.spec);
}

bool MayUpdate(const Relation& relation) {
  return relation.As<sql::AggregateRelation>() != nullptr || relation.As<sql::JoinRelation>() != nullptr ||
         relation.As<sql::OverRelation>() != nullptr || relation.As<sql::SortRelation>() != nullptr;
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
    made.updates = MayUpdate(*relation);
    for (const RelationPtr& input : relation->inputs) {
      made.inputs.push_back(Intern(input));
      made.updates = made.updates || classes_[made.inputs.back()].updates;
    }
    for (size_t i = 0; i < classes_.size(); ++i) {
      if (classes_[i].inputs == made.inputs && SameRelation(*classes_[i].relation, *relation)) return i;
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
