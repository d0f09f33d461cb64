// OVER steps side by side.
#include "engine/operators/over_aggregate/over_batch.h"

#include <algorithm>

namespace millrace::operators {

OverBatch::OverBatch(const std::vector<DataType>& input_types, const std::vector<functions::AggregateCall>& calls)
    : layout_(input_types), needed_(input_types.size(), false) {
  for (const functions::AggregateCall& call : calls) {
    result_types_.push_back(call.type);
    for (int32_t arg : call.args) needed_[static_cast<size_t>(arg)] = true;
    if (call.filter >= 0) needed_[static_cast<size_t>(call.filter)] = true;
  }
}

void OverBatch::StartStep(uint8_t* slot, int32_t group, uint32_t* steps) {
  size_t round = (*steps)++;
  if (round == 0) counters_.push_back(steps);
  if (rounds_.size() <= round) rounds_.resize(round + 1);
  rounds_[round].push_back(static_cast<int32_t>(steps_.size()));
  steps_.push_back({slot, group, static_cast<int32_t>(work_rows_.size())});
}

std::vector<ColumnPtr> OverBatch::WorkColumns() const {
  std::vector<ColumnPtr> columns(needed_.size());
  auto count = static_cast<int32_t>(work_rows_.size());
  for (size_t c = 0; c < needed_.size(); ++c) {
    if (!needed_[c]) continue;
    ColumnBuilder builder(layout_.types()[c], pool_, count);
    layout_.AppendColumn(c, work_rows_.data(), count, builder);
    columns[c] = builder.Finish();
  }
  return columns;
}

Status OverBatch::RunRound(const std::vector<int32_t>& round, AggregateSet& aggregates, AggregateInput& input,
                           std::vector<ColumnBuilder>& results) {
  round_rows_.clear();
  round_slots_.clear();
  round_groups_.clear();
  for (int32_t at : round) {
    const Step& step = steps_[static_cast<size_t>(at)];
    for (int32_t row = step.first; row < EndOf(static_cast<size_t>(at)); ++row) {
      round_rows_.push_back(row);
      round_slots_.push_back(step.slot);
      round_groups_.push_back(step.group);
    }
  }
  input.rows = RowSet::Of(round_rows_);
  input.slots = round_slots_.data();
  input.groups = round_groups_.data();
  MR_RETURN_IF_ERROR(aggregates.Accumulate(input));
  round_slots_.clear();
  int32_t result = results.empty() ? 0 : results[0].size();
  for (int32_t at : round) {
    steps_[static_cast<size_t>(at)].result = result++;
    round_slots_.push_back(steps_[static_cast<size_t>(at)].slot);
  }
  for (size_t a = 0; a < results.size(); ++a) {
    MR_RETURN_IF_ERROR(aggregates.Emit(a, round_slots_.data(), static_cast<int32_t>(round_slots_.size()), results[a]));
  }
  return Status::Ok();
}

Status OverBatch::Compute(AggregateSet& aggregates) {
  std::vector<ColumnPtr> columns = WorkColumns();
  std::vector<ColumnBuilder> results;
  for (const DataType& type : result_types_) results.emplace_back(type, pool_, static_cast<int32_t>(steps_.size()));
  AggregateInput input;
  input.columns = columns;
  bool inserts_only = std::find(work_kinds_.begin(), work_kinds_.end(), RowKind::kDelete) == work_kinds_.end();
  input.kinds = inserts_only ? nullptr : &work_kinds_;
  for (const std::vector<int32_t>& round : rounds_) {
    if (round.empty()) break;
    MR_RETURN_IF_ERROR(RunRound(round, aggregates, input, results));
  }
  for (ColumnBuilder& result : results) results_.push_back(result.Finish());
  // From here on a row's result is known, and its key needs no more.
  for (int32_t& step : out_steps_) step = steps_[static_cast<size_t>(step)].result;
  for (uint32_t* counter : counters_) *counter = 0;
  counters_.clear();
  for (std::vector<int32_t>& round : rounds_) round.clear();
  steps_.clear();
  work_rows_.clear();
  work_kinds_.clear();
  return Status::Ok();
}

Progress OverBatch::Send(Output& output) {
  Progress progress = Progress::kDone;
  while (sent_ < out_rows_.size() && progress == Progress::kDone) {
    size_t count = std::min(chunk_rows_, out_rows_.size() - sent_);
    Chunk chunk;
    chunk.size = static_cast<int32_t>(count);
    for (size_t c = 0; c < layout_.types().size(); ++c) {
      ColumnBuilder builder(layout_.types()[c], pool_, chunk.size);
      layout_.AppendColumn(c, out_rows_.data() + sent_, chunk.size, builder);
      chunk.columns.push_back(builder.Finish());
    }
    std::span<const int32_t> rows(out_steps_.data() + sent_, count);
    for (const ColumnPtr& result : results_) chunk.columns.push_back(Gather(result, rows, pool_, true));
    sent_ += count;
    output.Emit(std::move(chunk));
    if (!output.HasCredit()) progress = Progress::kMore;
  }
  if (sent_ < out_rows_.size()) return progress;
  sent_ = 0;
  out_rows_.clear();
  out_steps_.clear();
  results_.clear();
  return progress;
}

}  // namespace millrace::operators
