// Turns the flat list of operands and operators that the grammar gives into a tree, by operator precedence. The list is
// flat because Calcite's is: the right side of LIKE and BETWEEN reach as far as precedence lets them.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

SourceRange Union(const SourceRange& a, const SourceRange& b) {
  if (!a.Known()) return b;
  if (!b.Known()) return a;
  SourceRange range = a;
  if (b.line < range.line || (b.line == range.line && b.column < range.column)) {
    range.line = b.line;
    range.column = b.column;
  }
  if (b.end_line > range.end_line || (b.end_line == range.end_line && b.end_column > range.end_column)) {
    range.end_line = b.end_line;
    range.end_column = b.end_column;
  }
  return range;
}

bool IsNumber(const ExprPtr& expr) {
  const Literal* literal = As<Literal>(expr.get());
  return literal != nullptr && (literal->type == Literal::Type::kExact || literal->type == Literal::Type::kApproximate);
}

ExprPtr Negated(const ExprPtr& expr, SourceRange range) {
  const auto& number = static_cast<const Literal&>(*expr);
  auto literal = std::make_shared<Literal>();
  literal->type = number.type;
  literal->text = number.text;
  literal->negative = !number.negative;
  literal->range = range;
  return literal;
}

bool IsBetween(Op op) {
  return op == Op::kBetween || op == Op::kNotBetween || op == Op::kBetweenSymmetric || op == Op::kNotBetweenSymmetric;
}

// How tightly an operator binds on each side, in half steps: infix operators take what is to their left first, LIKE
// what is to its right.
int BindsLeft(const OpInfo& info) {
  return 2 * (info.syntax == OpSyntax::kPostfix ? info.right_precedence : info.left_precedence);
}
int BindsRight(const OpInfo& info) {
  if (info.syntax == OpSyntax::kBinary) return 2 * info.left_precedence + 1;
  return 2 * (info.syntax == OpSyntax::kPrefix ? info.left_precedence : info.right_precedence);
}

bool IsLike(Op op) { return op >= Op::kLike && op <= Op::kNotSimilarTo; }

}  // namespace

// A stack machine rather than recursive descent: a chain of any length needs no C++ stack. Only BETWEEN and LIKE
// recurse, and each such level takes part of the list away.
class Parser::TreeBuilder {
 public:
  TreeBuilder(const Parser* parser, const Items& items) : parser_(parser), items_(items) {}

  struct Subtree {
    ExprPtr expr;
    int32_t height = 0;
  };

  // Builds from `begin` up to `end` or the first operator that binds less than `least`; moves *begin there.
  Result<Subtree> Build(size_t* begin, size_t end, int least, int level) {
    if (level > kMaxNesting)
      return ErrorAt(items_[*begin].range, "too many LIKE and BETWEEN in one expression without parentheses");
    std::vector<Subtree> operands;
    std::vector<size_t> operators;  // indexes into items_
    size_t at = *begin;
    bool operand_wanted = true;
    for (; at < end; ++at) {
      const Item& item = items_[at];
      if (item.operand) {
        operands.push_back({item.operand, 0});
        operand_wanted = false;
        continue;
      }
      const OpInfo& info = GetOpInfo(item.op);
      if (operand_wanted) {
        if (info.syntax != OpSyntax::kPrefix || info.left_precedence < least) break;
        operators.push_back(at);
        continue;
      }
      if (info.left_precedence < least) break;
      MR_RETURN_IF_ERROR(ReduceAbove(&operands, &operators, BindsLeft(info)));
      if (info.syntax == OpSyntax::kPostfix) {
        MR_RETURN_IF_ERROR(Reduce(&operands, at, 1));
      } else if (IsBetween(item.op)) {
        MR_RETURN_IF_ERROR(Between(&operands, &at, end, level));
      } else if (IsLike(item.op)) {
        MR_RETURN_IF_ERROR(Like(&operands, &at, end, level));
      } else if (item.op == Op::kEscape) {
        return ErrorAt(item.range, "ESCAPE does not follow the pattern of a LIKE",
                       "put the operand before it in parentheses");
      } else {
        operators.push_back(at);
        operand_wanted = true;
      }
    }
    if (operand_wanted) {
      SourceRange range = at < items_.size() ? items_[at].range : items_.back().range;
      return ErrorAt(range, "an operand is missing here", "put an operand of NOT in parentheses");
    }
    MR_RETURN_IF_ERROR(ReduceAbove(&operands, &operators, -1));
    *begin = at;
    return std::move(operands.back());
  }

 private:
  // Reduces what is on the stack and binds its right side at least as tightly as an operator of that precedence would
  // bind its left.
  Status ReduceAbove(std::vector<Subtree>* operands, std::vector<size_t>* operators, int binds_left) {
    while (!operators->empty()) {
      const OpInfo& info = GetOpInfo(items_[operators->back()].op);
      if (BindsRight(info) < binds_left) break;
      size_t op = operators->back();
      operators->pop_back();
      MR_RETURN_IF_ERROR(Reduce(operands, op, info.syntax == OpSyntax::kPrefix ? 1 : 2));
    }
    return Status::Ok();
  }

  Status Reduce(std::vector<Subtree>* operands, size_t op, size_t count) {
    std::vector<ExprPtr> arguments;
    SourceRange range = items_[op].range;
    int32_t height = 0;
    for (size_t i = operands->size() - count; i < operands->size(); ++i) {
      Subtree& subtree = (*operands)[i];
      range = Union(range, subtree.expr->range);
      height = std::max(height, subtree.height);
      arguments.push_back(std::move(subtree.expr));
    }
    operands->resize(operands->size() - count);
    ++height;
    MR_RETURN_IF_ERROR(parser_->CheckHeight(height));
    Op kind = items_[op].op;
    ExprPtr expr;
    if (kind == Op::kUnaryMinus && IsNumber(arguments[0])) {
      expr = Negated(arguments[0], range);
    } else if (kind == Op::kUnaryPlus && IsNumber(arguments[0])) {
      expr = arguments[0];
    } else {
      expr = MakeCall(kind, std::move(arguments), range);
    }
    operands->push_back({std::move(expr), height});
    return Status::Ok();
  }

  // a BETWEEN b AND c: b reaches to the first AND, whatever else it holds; c stops at what binds less than BETWEEN.
  Status Between(std::vector<Subtree>* operands, size_t* at, size_t end, int level) {
    size_t op = *at;
    size_t and_at = op + 1;
    while (and_at < end && (items_[and_at].operand || items_[and_at].op != Op::kAnd)) ++and_at;
    if (and_at >= end) {
      SourceRange place = items_[end - 1].range;
      place.line = place.end_line;
      place.column = ++place.end_column;
      return ErrorAt(place, "BETWEEN has no AND", "write: value BETWEEN low AND high");
    }
    size_t cursor = op + 1;
    MR_ASSIGN(Subtree low, Build(&cursor, and_at, 0, level + 1));
    if (cursor != and_at)
      return ErrorAt(items_[cursor].range, "BETWEEN has no AND", "write: value BETWEEN low AND high");
    cursor = and_at + 1;
    MR_ASSIGN(Subtree high, Build(&cursor, end, GetOpInfo(items_[op].op).right_precedence, level + 1));
    operands->push_back(std::move(low));
    operands->push_back(std::move(high));
    MR_RETURN_IF_ERROR(Reduce(operands, op, 3));
    *at = cursor - 1;
    return Status::Ok();
  }

  // a LIKE b [ESCAPE c], to the right.
  Status Like(std::vector<Subtree>* operands, size_t* at, size_t end, int level) {
    size_t op = *at;
    int least = GetOpInfo(items_[op].op).right_precedence;
    size_t cursor = op + 1;
    MR_ASSIGN(Subtree pattern, Build(&cursor, end, least, level + 1));
    operands->push_back(std::move(pattern));
    size_t count = 2;
    if (cursor < end && !items_[cursor].operand && items_[cursor].op == Op::kEscape) {
      ++cursor;
      MR_ASSIGN(Subtree escape, Build(&cursor, end, least, level + 1));
      operands->push_back(std::move(escape));
      count = 3;
    }
    MR_RETURN_IF_ERROR(Reduce(operands, op, count));
    *at = cursor - 1;
    return Status::Ok();
  }

  const Parser* parser_;
  const Items& items_;
};

Result<ExprPtr> Parser::ToTree(const Items& items) {
  if (items.size() == 1) return items.front().operand;
  TreeBuilder builder(this, items);
  size_t begin = 0;
  MR_ASSIGN(TreeBuilder::Subtree tree, builder.Build(&begin, items.size(), 0, 0));
  if (begin != items.size()) return ErrorAt(items[begin].range, "this operator cannot stand here", "use parentheses");
  MR_RETURN_IF_ERROR(AddChain(tree.height));
  return std::move(tree.expr);
}

}  // namespace millrace::sql
