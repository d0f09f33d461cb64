// Building the graph of an evaluator's expressions, and running literals, columns, calls and casts.
#include "engine/functions/evaluator_program.h"

#include <algorithm>
#include <functional>

#include "types/cast.h"

namespace millrace::functions {

namespace {

constexpr size_t kMaxShownExpression = 200;

void Mix(uint64_t& hash, uint64_t value) { hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL + (hash >> 29); }

uint64_t LiteralHash(const Value& literal, const DataType& type) {
  if (literal.IsNull()) return 1;
  switch (type.physical()) {
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return static_cast<uint64_t>(literal.AsInt());
    case PhysicalKind::kString:
      return std::hash<std::string>()(literal.AsString());
    case PhysicalKind::kInt128:
      return static_cast<uint64_t>(literal.AsDecimal());
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return 2;
  }
  return 2;
}

uint64_t NodeHash(const Expr& expr, const std::vector<uint32_t>& args) {
  uint64_t hash = static_cast<uint64_t>(expr.kind) + 1;
  Mix(hash, static_cast<uint64_t>(expr.index));
  Mix(hash, reinterpret_cast<uintptr_t>(expr.function));
  Mix(hash, static_cast<uint64_t>(expr.type.kind()));
  if (expr.kind == ExprKind::kLiteral) Mix(hash, LiteralHash(expr.literal, expr.type));
  for (uint32_t arg : args) Mix(hash, arg);
  return hash;
}

// An error of a call says where the call stands, once.
Error AtExpression(Error error, const Expr& expr) {
  if (!error.range.Known()) error.range = expr.range;
  std::string text = ExprText(expr);
  if (text.size() > kMaxShownExpression) text = text.substr(0, kMaxShownExpression) + "…";
  error.message += " (in " + text + ")";
  return error;
}

// The buffer of a dictionary's indices, shared when it can be found.
BufferPtr IndicesOf(const Column& dictionary, MemoryPool* pool) {
  const auto* data = reinterpret_cast<const uint8_t*>(dictionary.indices());
  for (const BufferPtr& buffer : dictionary.buffers()) {
    if (buffer->data() == data) return buffer;
  }
  size_t bytes = static_cast<size_t>(dictionary.size()) * sizeof(int32_t);
  BufferPtr copy = Buffer::Allocate(pool, bytes);
  std::memcpy(copy->data(), data, bytes);
  return copy;
}

}  // namespace

Program::Program(std::vector<ExprPtr> exprs, EvalContext* context) : exprs_(std::move(exprs)), context_(context) {
  for (const ExprPtr& expr : exprs_) roots_.push_back(Add(expr.get()));
  by_hash_.clear();
}

bool Program::SameNode(const Node& node, const Expr& expr, const std::vector<uint32_t>& args) const {
  const Expr& other = *node.expr;
  return node.args == args && other.kind == expr.kind && other.index == expr.index && other.function == expr.function &&
         other.try_cast == expr.try_cast && other.type == expr.type && other.literal == expr.literal;
}

uint32_t Program::Add(const Expr* expr) {
  std::vector<uint32_t> args;
  args.reserve(expr->args.size());
  for (const ExprPtr& arg : expr->args) args.push_back(Add(arg.get()));
  bool deterministic = IsDeterministic(*expr);
  uint64_t hash = deterministic ? NodeHash(*expr, args) : 0;
  if (deterministic) {
    auto [first, last] = by_hash_.equal_range(hash);
    for (; first != last; ++first) {
      Node& node = nodes_[first->second];
      if (!SameNode(node, *expr, args)) continue;
      ++node.uses;
      return first->second;
    }
  }
  Node node;
  node.expr = expr;
  node.args = std::move(args);
  node.uses = 1;
  node.constant = IsConstant(*expr);
  node.pure = expr->kind == ExprKind::kCast || (expr->kind == ExprKind::kCall && expr->function->deterministic);
  nodes_.push_back(std::move(node));
  auto id = static_cast<uint32_t>(nodes_.size() - 1);
  if (deterministic) by_hash_.emplace(hash, id);
  return id;
}

void Program::Begin(const Chunk& chunk) {
  chunk_ = &chunk;
  last_rows_ = 0;
}

void Program::End() {
  for (Node& node : nodes_) node.cached = nullptr;
  chunk_ = nullptr;
}

Rows Program::Narrowed(const Rows& whole, const std::vector<int32_t>& part) {
  // The same rows keep their id, but not the memory that they stood in: the caller may write to that.
  bool same = static_cast<int32_t>(part.size()) == whole.set.count();
  if (same && whole.set.IsAll()) return whole;
  return {RowSet::Of(part), same ? whole.id : ++last_rows_};
}

Result<ColumnPtr> Program::Eval(uint32_t id, const Rows& rows) {
  Node& node = nodes_[id];
  if (node.expr->kind == ExprKind::kColumn) return chunk_->columns[static_cast<size_t>(node.expr->index)];
  if (rows.set.count() == 0) return MakeConstant(node.expr->type, Value::Null(), chunk_->size, context_->pool);
  if (node.constant) return EvalOnce(node);
  if (node.uses < 2) return EvalNode(node, rows);
  if (node.cached != nullptr && (node.cached_rows == 0 || node.cached_rows == rows.id)) return node.cached;
  MR_ASSIGN(ColumnPtr column, EvalNode(node, rows));
  node.cached = column;
  node.cached_rows = rows.id;
  return column;
}

// A constant is computed for one row, once; each chunk then gets it with its own size.
Result<ColumnPtr> Program::EvalOnce(Node& node) {
  if (node.constant_value != nullptr && node.constant_value->size() == chunk_->size) return node.constant_value;
  if (node.constant_value == nullptr) {
    if (node.expr->kind == ExprKind::kLiteral) {
      node.constant_value = MakeConstant(node.expr->type, node.expr->literal, chunk_->size, context_->pool);
    } else {
      int32_t first = 0;
      MR_ASSIGN(ColumnPtr column, EvalNode(node, {RowSet::Of(&first, 1), ++last_rows_}));
      node.constant_value = ConstantOfFirstRow(column, chunk_->size, context_->pool);
    }
    return node.constant_value;
  }
  node.constant_value = ResizeConstant(node.constant_value, chunk_->size);
  return node.constant_value;
}

Result<ColumnPtr> Program::EvalNode(Node& node, const Rows& rows) {
  switch (node.expr->kind) {
    case ExprKind::kColumn:
      return chunk_->columns[static_cast<size_t>(node.expr->index)];
    case ExprKind::kOuterColumn:
      return InternalError("a column of an enclosing query was left in a plan that runs");
    case ExprKind::kLiteral:
      return MakeConstant(node.expr->type, node.expr->literal, chunk_->size, context_->pool);
    case ExprKind::kCall:
    case ExprKind::kCast:
      return EvalCall(node, rows);
    case ExprKind::kAnd:
      return EvalLogic(node, rows, false);
    case ExprKind::kOr:
      return EvalLogic(node, rows, true);
    case ExprKind::kCase:
      return EvalCase(node, rows);
    case ExprKind::kCoalesce:
      return EvalCoalesce(node, rows);
  }
  return InternalError("unknown kind of expression");
}

Result<ColumnPtr> Program::EvalCall(Node& node, const Rows& rows) {
  std::vector<ColumnPtr> args;
  args.reserve(node.args.size());
  size_t varying = 0;
  size_t last_varying = 0;
  for (uint32_t id : node.args) {
    MR_ASSIGN(ColumnPtr column, Eval(id, rows));
    if (column->encoding() != Encoding::kConstant) {
      ++varying;
      last_varying = args.size();
    }
    args.push_back(std::move(column));
  }
  if (!node.pure || args.empty()) return Invoke(node, args, rows.set, chunk_->size);
  if (varying == 0) {
    for (ColumnPtr& arg : args) arg = ResizeConstant(arg, 1);
    MR_ASSIGN(ColumnPtr one, Invoke(node, args, RowSet::All(1), 1));
    return ConstantOfFirstRow(one, chunk_->size, context_->pool);
  }
  if (varying == 1 && args[last_varying]->encoding() == Encoding::kDictionary &&
      args[last_varying]->children()[0]->size() <= rows.set.count()) {
    return EvalOnDictionary(node, std::move(args), last_varying, rows);
  }
  return Invoke(node, args, rows.set, chunk_->size);
}

// The call over the values of a small dictionary, those only that the wanted rows refer to.
Result<ColumnPtr> Program::EvalOnDictionary(Node& node, std::vector<ColumnPtr> args, size_t dictionary,
                                            const Rows& rows) {
  ColumnPtr column = args[dictionary];
  const ColumnPtr& base = column->children()[0];
  std::vector<uint8_t> used(static_cast<size_t>(base->size()), 0);
  rows.set.ForEach([&](int32_t row) { used[static_cast<size_t>(column->indices()[row])] = 1; });
  std::vector<int32_t> wanted;
  for (int32_t i = 0; i < base->size(); ++i) {
    if (used[static_cast<size_t>(i)] != 0) wanted.push_back(i);
  }
  for (size_t i = 0; i < args.size(); ++i) args[i] = i == dictionary ? base : ResizeConstant(args[i], base->size());
  RowSet set = static_cast<int32_t>(wanted.size()) == base->size() ? RowSet::All(base->size()) : RowSet::Of(wanted);
  MR_ASSIGN(ColumnPtr result, Invoke(node, args, set, base->size()));
  if (result->encoding() == Encoding::kDictionary) result = Flatten(result, context_->pool);
  return MakeDictionary(result, IndicesOf(*column, context_->pool), column->size());
}

Result<ColumnPtr> Program::Invoke(Node& node, std::span<const ColumnPtr> args, RowSet rows, int32_t size) {
  const Expr& expr = *node.expr;
  if (expr.kind == ExprKind::kCast) {
    if (args[0]->type().kind() == expr.type.kind() && args[0]->type().Nullable() == expr.type.Nullable())
      return args[0];
    CastContext cast{
        .zone = context_->zone, .pool = context_->pool, .legacy = context_->legacy_cast, .folded = context_->folding};
    Result<ColumnPtr> result = CastColumn(args[0], expr.type, rows, expr.try_cast || context_->legacy_cast, cast);
    if (!result.ok()) return AtExpression(std::move(result).error(), expr);
    return result;
  }
  if (!node.prepared) {
    if (expr.function->prepare != nullptr) node.state = expr.function->prepare(expr, *context_);
    node.prepared = true;
  }
  if (expr.function->kernel == nullptr) return InvokeRow(node, args, rows, size);
  KernelCall call{*context_, expr, args, rows, size, node.state.get()};
  Result<ColumnPtr> result = expr.function->kernel(call);
  if (!result.ok()) return AtExpression(std::move(result).error(), expr);
  return result;
}

Result<ColumnPtr> Program::InvokeRow(Node& node, std::span<const ColumnPtr> args, RowSet rows, int32_t size) {
  const Expr& expr = *node.expr;
  const ScalarFunction& function = *expr.function;
  ColumnBuilder builder(expr.type, context_->pool, size);
  std::vector<Value> values(args.size());
  for (int32_t i = 0; i < rows.count(); ++i) {
    int32_t row = rows[i];
    while (builder.size() < row) builder.AppendNull();
    bool null = false;
    for (size_t k = 0; k < args.size(); ++k) {
      values[k] = args[k]->GetValue(row);
      null = null || values[k].IsNull();
    }
    if (null && function.null_in_null_out) {
      builder.AppendNull();
      continue;
    }
    Result<Value> value = function.row({*context_, expr, values, node.state.get()});
    if (!value.ok()) return AtExpression(std::move(value).error(), expr);
    builder.AppendValue(*value);
  }
  while (builder.size() < size) builder.AppendNull();
  return builder.Finish();
}

}  // namespace millrace::functions
