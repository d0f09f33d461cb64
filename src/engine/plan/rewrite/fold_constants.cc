// Constant folding in every expression of a tree.
#include "engine/functions/evaluator.h"
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprPtr;

struct Folder {
  const PlanContext& context;

  Status operator()(sql::ScanRelation&) const { return Status::Ok(); }
  Status operator()(sql::ValuesRelation&) const { return Status::Ok(); }
  Status operator()(sql::ProjectRelation& project) const { return FoldAll(project.exprs); }
  Status operator()(sql::FilterRelation& filter) const { return Fold(filter.condition); }
  Status operator()(sql::WatermarkRelation& watermark) const { return Fold(watermark.watermark); }
  Status operator()(sql::WindowTvfRelation&) const { return Status::Ok(); }
  Status operator()(sql::AggregateRelation&) const { return Status::Ok(); }
  Status operator()(sql::JoinRelation& join) const { return Fold(join.condition); }
  Status operator()(sql::CorrelateRelation& correlate) const { return FoldAll(correlate.arguments); }
  Status operator()(sql::SetRelation&) const { return Status::Ok(); }
  Status operator()(sql::SortRelation&) const { return Status::Ok(); }
  Status operator()(sql::OverRelation&) const { return Status::Ok(); }
  Status operator()(sql::RankRelation&) const { return Status::Ok(); }
  Status operator()(sql::TemporalRelation& temporal) const { return Fold(temporal.condition); }
  Status operator()(sql::MatchRelation&) const { return Status::Ok(); }
  Status operator()(sql::RefusedRelation&) const { return Status::Ok(); }
  Status operator()(sql::SinkRelation&) const { return Status::Ok(); }

  Status Fold(ExprPtr& expr) const {
    MR_ASSIGN(expr, functions::FoldConstants(expr, *context.eval));
    return Status::Ok();
  }
  Status FoldAll(std::vector<ExprPtr>& exprs) const {
    for (ExprPtr& expr : exprs) MR_RETURN_IF_ERROR(Fold(expr));
    return Status::Ok();
  }
};

}  // namespace

Result<RelationPtr> FoldConstantsIn(const RelationPtr& root, const PlanContext& context) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) {
    MR_ASSIGN(RelationPtr folded, FoldConstantsIn(input, context));
    inputs.push_back(std::move(folded));
  }
  sql::RelationSpec spec = root->spec;
  MR_RETURN_IF_ERROR(std::visit(Folder{context}, spec));
  return sql::MakeRelation(std::move(spec), std::move(inputs), root->schema);
}

}  // namespace millrace::plan
