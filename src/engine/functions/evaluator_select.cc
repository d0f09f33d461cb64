// AND, OR, CASE and COALESCE: operands run only under the rows that the ones before them leave open.
#include <algorithm>

#include "engine/functions/evaluator_program.h"

namespace millrace::functions {

namespace {

// Calls f(row, is_true) for each row; TRUE is a set byte without NULL.
template <typename F>
void ForEachTruth(const ColumnReader<uint8_t>& reader, RowSet rows, F&& f) {
  if (reader.IsFlat() && !reader.MayHaveNulls()) {
    const uint8_t* values = reader.values();
    rows.ForEach([&](int32_t row) { f(row, values[row] != 0); });
  } else if (reader.IsFlat()) {
    const uint8_t* values = reader.values();
    const uint64_t* validity = reader.validity();
    rows.ForEach([&](int32_t row) { f(row, (values[row] != 0) & bits::Get(validity, row)); });
  } else {
    rows.ForEach([&](int32_t row) { f(row, !reader.IsNull(row) && reader[row] != 0); });
  }
}

void AppendAll(RowSet rows, std::vector<int32_t>& to) {
  rows.ForEach([&](int32_t row) { to.push_back(row); });
}

}  // namespace

void SplitByTruth(const Column& condition, RowSet rows, std::vector<int32_t>& yes, std::vector<int32_t>* no) {
  yes.clear();
  if (no != nullptr) no->clear();
  if (condition.type().physical() == PhysicalKind::kNone) {
    if (no != nullptr) AppendAll(rows, *no);
    return;
  }
  ColumnReader<uint8_t> reader(condition);
  if (reader.IsConstant()) {
    bool is_true = rows.count() > 0 && !reader.IsNull(0) && reader[0] != 0;
    if (is_true) {
      AppendAll(rows, yes);
    } else if (no != nullptr) {
      AppendAll(rows, *no);
    }
    return;
  }
  // Every row is written and the position moves on only for those that belong, so that there is no branch.
  yes.resize(static_cast<size_t>(rows.count()) + 1);
  int32_t* yes_out = yes.data();
  size_t yes_count = 0;
  if (no == nullptr) {
    ForEachTruth(reader, rows, [&](int32_t row, bool is_true) {
      yes_out[yes_count] = row;
      yes_count += is_true ? 1 : 0;
    });
  } else {
    no->resize(static_cast<size_t>(rows.count()) + 1);
    int32_t* no_out = no->data();
    size_t no_count = 0;
    ForEachTruth(reader, rows, [&](int32_t row, bool is_true) {
      yes_out[yes_count] = row;
      yes_count += is_true ? 1 : 0;
      no_out[no_count] = row;
      no_count += is_true ? 0 : 1;
    });
    no->resize(no_count);
  }
  yes.resize(yes_count);
}

Status Program::Select(uint32_t id, const Rows& rows, std::vector<int32_t>& yes, std::vector<int32_t>* no) {
  const Node& node = nodes_[id];
  bool shared = node.uses > 1;  // then its column is worth having
  if (node.expr->kind == ExprKind::kAnd && no == nullptr && !shared && !node.constant)
    return SelectAll(node, rows, yes);
  if (node.expr->kind == ExprKind::kOr && no == nullptr && !shared && !node.constant) return SelectAny(node, rows, yes);
  MR_ASSIGN(ColumnPtr column, Eval(id, rows));
  SplitByTruth(*column, rows.set, yes, no);
  return Status::Ok();
}

Status Program::SelectAll(const Node& node, const Rows& rows, std::vector<int32_t>& yes) {
  std::vector<int32_t> current;
  Rows open = rows;
  for (uint32_t arg : node.args) {
    MR_RETURN_IF_ERROR(Select(arg, open, yes, nullptr));
    if (yes.empty()) return Status::Ok();
    current.swap(yes);
    open = Narrowed(open, current);
  }
  yes.swap(current);
  return Status::Ok();
}

Status Program::SelectAny(const Node& node, const Rows& rows, std::vector<int32_t>& yes) {
  std::vector<uint8_t> chosen(static_cast<size_t>(chunk_->size), 0);
  std::vector<int32_t> part;
  std::vector<int32_t> current;
  std::vector<int32_t> rest;
  Rows open = rows;
  for (uint32_t arg : node.args) {
    MR_RETURN_IF_ERROR(Select(arg, open, part, &rest));
    for (int32_t row : part) chosen[static_cast<size_t>(row)] = 1;
    current.swap(rest);
    open = Narrowed(open, current);
    if (current.empty()) break;
  }
  yes.clear();
  yes.resize(static_cast<size_t>(rows.set.count()) + 1);
  size_t count = 0;
  rows.set.ForEach([&](int32_t row) {
    yes[count] = row;
    count += chosen[static_cast<size_t>(row)];
  });
  yes.resize(count);
  return Status::Ok();
}

// AND and OR as values. `deciding` is the operand's value that decides the result: FALSE for AND, TRUE for OR. The
// operands to the right run for rows that no operand has decided, NULL ones among them.
Result<ColumnPtr> Program::EvalLogic(Node& node, const Rows& rows, bool deciding) {
  FlatWriter<uint8_t> writer(node.expr->type, chunk_->size, context_->pool);
  uint8_t* out = writer.values();
  std::vector<uint8_t> unknown(static_cast<size_t>(chunk_->size), 0);
  rows.set.ForEach([&](int32_t row) { out[row] = deciding ? 0 : 1; });
  std::vector<int32_t> current;
  std::vector<int32_t> next;
  Rows open = rows;
  bool any_unknown = false;
  for (uint32_t arg : node.args) {
    MR_ASSIGN(ColumnPtr column, Eval(arg, open));
    bool is_null = column->type().physical() == PhysicalKind::kNone;
    next.resize(static_cast<size_t>(open.set.count()) + 1);
    size_t count = 0;
    bool may_have_nulls = is_null || !column->HasNoNulls();
    any_unknown = any_unknown || may_have_nulls;
    ColumnReader<uint8_t> reader(*column);
    open.set.ForEach([&](int32_t row) {
      bool null = may_have_nulls && (is_null || reader.IsNull(row));
      bool decided = !null && (reader[row] != 0) == deciding;
      out[row] = decided ? static_cast<uint8_t>(deciding) : out[row];
      unknown[static_cast<size_t>(row)] =
          decided ? 0 : (unknown[static_cast<size_t>(row)] | static_cast<uint8_t>(null));
      next[count] = row;
      count += decided ? 0 : 1;
    });
    next.resize(count);
    current.swap(next);
    open = Narrowed(open, current);
    if (current.empty()) break;
  }
  if (any_unknown) {
    open.set.ForEach([&](int32_t row) {
      if (unknown[static_cast<size_t>(row)] != 0) writer.SetNull(row);
    });
  }
  return writer.Finish();
}

Result<ColumnPtr> Program::EvalCase(Node& node, const Rows& rows) {
  std::vector<MergePiece> pieces;
  std::vector<int32_t> current;
  std::vector<int32_t> rest;
  Rows open = rows;
  size_t last = node.args.size() - 1;
  for (size_t i = 0; i < last && open.set.count() > 0; i += 2) {
    MergePiece piece;
    MR_RETURN_IF_ERROR(Select(node.args[i], open, piece.rows, &rest));
    if (!piece.rows.empty()) {
      MR_ASSIGN(piece.column, Eval(node.args[i + 1], Narrowed(open, piece.rows)));
      pieces.push_back(std::move(piece));
    }
    current.swap(rest);
    open = Narrowed(open, current);
  }
  if (open.set.count() > 0) {
    MergePiece piece;
    MR_ASSIGN(piece.column, Eval(node.args[last], open));
    AppendAll(open.set, piece.rows);
    pieces.push_back(std::move(piece));
  }
  return MergePieces(node.expr->type, pieces, chunk_->size, context_->pool);
}

Result<ColumnPtr> Program::EvalCoalesce(Node& node, const Rows& rows) {
  std::vector<MergePiece> pieces;
  std::vector<int32_t> current;
  std::vector<int32_t> rest;
  Rows open = rows;
  for (size_t i = 0; i < node.args.size() && open.set.count() > 0; ++i) {
    MergePiece piece;
    MR_ASSIGN(piece.column, Eval(node.args[i], open));
    rest.clear();
    bool all = i + 1 == node.args.size() || piece.column->HasNoNulls();
    open.set.ForEach([&](int32_t row) { (all || !piece.column->IsNull(row) ? piece.rows : rest).push_back(row); });
    if (!piece.rows.empty()) pieces.push_back(std::move(piece));
    current.swap(rest);
    open = Narrowed(open, current);
  }
  return MergePieces(node.expr->type, pieces, chunk_->size, context_->pool);
}

}  // namespace millrace::functions
