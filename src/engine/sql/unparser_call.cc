// Calls: operators, functions, built-ins with a syntax of their own, JSON.
#include <fmt/format.h>

#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

constexpr int kFunctionPrecedence = 100;
constexpr int kSuffix = 20;  // FILTER, OVER, RESPECT NULLS

bool IsBetween(Op op) { return op >= Op::kBetween && op <= Op::kNotBetweenSymmetric; }
bool IsPattern(Op op) { return op >= Op::kPatternAlternate; }
bool IsPeriod(Op op) { return op >= Op::kContains && op <= Op::kImmediatelySucceeds; }

// Whether an AND stands anywhere in the calls of an expression.
bool ContainsAnd(const ExprPtr& expr) {
  if (const auto* cases = As<Case>(expr.get())) {
    for (const Case::Branch& branch : cases->branches) {
      if (ContainsAnd(branch.when) || ContainsAnd(branch.then)) return true;
    }
    return cases->otherwise && ContainsAnd(cases->otherwise);
  }
  if (const auto* cast = As<Cast>(expr.get())) return ContainsAnd(cast->operand);
  const auto* call = As<Call>(expr.get());
  if (call == nullptr) return false;
  if (call->op == Op::kAnd) return true;
  for (const ExprPtr& operand : call->operands) {
    if (operand && ContainsAnd(operand)) return true;
  }
  return false;
}

// Built-ins whose operands are separated by words. `pass`: the precedences around the call reach its operands.
struct KeywordForm {
  Op op;
  std::vector<std::string_view> words;
  bool pass;
};

const KeywordForm kKeywordForms[] = {
    {Op::kExtract, {"FROM"}, false},
    {Op::kPosition, {"IN", "FROM"}, true},
    {Op::kConvert, {"USING"}, true},
    {Op::kTranslateUsing, {"USING"}, true},
    {Op::kOverlay, {"PLACING", "FROM", "FOR"}, true},
    {Op::kSubstring, {"FROM", "FOR"}, true},
};

// How many things follow a function's arguments; each is an operator around what is before it.
enum Layer : int { kBase, kNulls, kWithinDistinct, kWithinGroup, kFilter, kOver };

bool HasLayer(const Call& call, int layer) {
  switch (layer) {
    case kNulls:
      return call.null_treatment != NullTreatment::kNone;
    case kWithinDistinct:
      return !call.within_distinct.empty();
    case kWithinGroup:
      return !call.within_group.empty();
    case kFilter:
      return call.filter != nullptr;
    case kOver:
      return call.over != nullptr;
    default:
      return true;
  }
}

}  // namespace

void Unparser::Calls(const Call& call, int left, int right) {
  if (IsPattern(call.op)) return Pattern(call, left, right);
  OpSyntax syntax = GetOpInfo(call.op).syntax;
  if (syntax == OpSyntax::kFunction) return FunctionCall(call, left, right);
  const OpInfo& info = GetOpInfo(call.op);
  Wrap(info.left_precedence, info.right_precedence, left, right, [&](int l, int r) { Operator(call, l, r); });
}

void Unparser::Operator(const Call& call, int left, int right) {
  const OpInfo& info = GetOpInfo(call.op);
  if (IsPeriod(call.op)) return Overlaps(call, left, right);
  switch (info.syntax) {
    case OpSyntax::kBinary:
      return BinaryOperator(call, left, right);
    case OpSyntax::kPrefix:
      writer_.Keyword(info.name);
      return Expression(call.operands[0], info.left_precedence, info.right_precedence);
    case OpSyntax::kPostfix:
      Expression(call.operands[0], info.left_precedence, info.right_precedence);
      return writer_.Keyword(info.name);
    case OpSyntax::kFunction:
    case OpSyntax::kSpecial:
      return SpecialCall(call, left, right);
  }
}

void Unparser::BinaryOperator(const Call& call, int left, int right) {
  const OpInfo& info = GetOpInfo(call.op);
  writer_.Start(FrameType::kSimple);
  Expression(call.operands[0], left, info.left_precedence);
  writer_.SetNeedBlank(true);
  writer_.Separator(info.name);
  writer_.SetNeedBlank(true);
  Expression(call.operands[1], info.right_precedence, right);
  writer_.End();
}

void Unparser::Between(const Call& call) {
  const OpInfo& info = GetOpInfo(call.op);
  bool symmetric = call.op == Op::kBetweenSymmetric || call.op == Op::kNotBetweenSymmetric;
  writer_.Start(FrameType::kSimple);
  Expression(call.operands[0], info.left_precedence, 0);
  writer_.Separator(info.name);
  writer_.Separator(symmetric ? "SYMMETRIC" : "ASYMMETRIC");
  int low = ContainsAnd(call.operands[1]) ? kFunctionPrecedence : 0;
  Expression(call.operands[1], low, low);
  writer_.Separator("AND");
  Expression(call.operands[2], 0, info.right_precedence);
  writer_.End();
}

void Unparser::Like(const Call& call) {
  const OpInfo& info = GetOpInfo(call.op);
  writer_.Start(FrameType::kSimple);
  Expression(call.operands[0], info.left_precedence, info.right_precedence);
  writer_.Separator(info.name);
  Expression(call.operands[1], info.left_precedence, info.right_precedence);
  if (call.operands.size() > 2) {
    writer_.Separator("ESCAPE");
    Expression(call.operands[2], info.left_precedence, info.right_precedence);
  }
  writer_.End();
}

void Unparser::Overlaps(const Call& call, int left, int right) {
  auto side = [&](const ExprPtr& expr) {
    const auto* row = As<Call>(expr.get());
    if (row == nullptr || row->op != Op::kRow || row->operands.size() < 2) return Expression(expr, left, right);
    writer_.Keyword("PERIOD");
    writer_.Separator("(", true);
    Expression(row->operands[0], left, right);
    writer_.Separator(",", true);
    Expression(row->operands[1], left, right);
    writer_.Separator(")", true);
  };
  writer_.Start(FrameType::kSimple);
  side(call.operands[0]);
  writer_.Separator(GetOpInfo(call.op).name);
  side(call.operands[1]);
  writer_.End();
}

void Unparser::FunctionCall(const Call& call, int left, int right) { FunctionLayer(call, kOver, left, right); }

void Unparser::FunctionLayer(const Call& call, int layer, int left, int right) {
  while (!HasLayer(call, layer)) --layer;
  switch (layer) {
    case kOver:
      return Wrap(kSuffix, kSuffix + 1, left, right, [&](int l, int r) {
        writer_.Start(FrameType::kSimple);
        FunctionLayer(call, layer - 1, l, kSuffix);
        writer_.SetNeedBlank(true);
        writer_.Separator("OVER");
        writer_.SetNeedBlank(true);
        Expression(call.over, kSuffix + 1, r);
        writer_.End();
      });
    case kFilter:
      return Wrap(kSuffix, kSuffix + 1, left, right, [&](int l, int r) {
        writer_.Start(FrameType::kSimple);
        FunctionLayer(call, layer - 1, l, kSuffix);
        writer_.Separator("FILTER");
        writer_.Separator("(");
        writer_.Separator("WHERE");
        Expression(call.filter, kSuffix + 1, r);
        writer_.Separator(")");
        writer_.End();
      });
    case kWithinGroup:
      return Wrap(kFunctionPrecedence, kFunctionPrecedence + 1, left, right, [&](int, int) {
        FunctionLayer(call, layer - 1, 0, 0);
        writer_.Keyword("WITHIN GROUP");
        writer_.Start(FrameType::kSimple, "(", ")");
        writer_.Keyword("ORDER BY");
        OrderList(call.within_group);
        writer_.End();
      });
    case kWithinDistinct:
      return Wrap(kFunctionPrecedence, kFunctionPrecedence + 1, left, right, [&](int, int) {
        FunctionLayer(call, layer - 1, 0, 0);
        writer_.Keyword("WITHIN DISTINCT");
        writer_.Start(FrameType::kSimple, "(", ")");
        List(call.within_distinct, false);
        writer_.End();
      });
    case kNulls:
      return Wrap(kSuffix, kSuffix + 1, left, right, [&](int, int) {
        FunctionLayer(call, layer - 1, kSuffix, kSuffix + 1);
        writer_.Keyword(call.null_treatment == NullTreatment::kIgnoreNulls ? "IGNORE NULLS" : "RESPECT NULLS");
      });
    default:
      return Wrap(kFunctionPrecedence, kFunctionPrecedence, left, right,
                  [&](int l, int r) { SpecialCall(call, l, r); });
  }
}

void Unparser::NamedFunction(const Call& call) {
  if (call.specific) writer_.Keyword("SPECIFIC");
  std::string upper = call.FunctionName();
  bool built_in =
      upper == "ARRAY_AGG" || upper == "ARRAY_CONCAT_AGG" || upper == "GROUP_CONCAT" || upper == "STRING_AGG";
  if (built_in && call.name->parts.size() == 1 && !call.name->parts[0].quoted) {
    writer_.Keyword(upper);
  } else {
    Identifiers(*call.name, true);
  }
  writer_.Start(FrameType::kFunctionCall, "(", ")");
  if (call.quantifier != SetQuantifier::kNone)
    writer_.Keyword(call.quantifier == SetQuantifier::kDistinct ? "DISTINCT" : "ALL");
  const Call* separator = nullptr;
  for (const ExprPtr& operand : call.operands) {
    const auto* inner = As<Call>(operand.get());
    if (inner != nullptr && inner->op == Op::kSeparator) {
      separator = inner;
      continue;
    }
    writer_.Separator(",");
    Expression(operand, 0, 0);
  }
  if (!call.order_by.empty()) {
    writer_.Separator("ORDER BY");
    OrderList(call.order_by);
  }
  if (separator != nullptr) {
    writer_.Separator("SEPARATOR");
    Expression(separator->operands[0], 0, 0);
  }
  writer_.End();
}

// (a, b) behind a name
void Unparser::Arguments(const std::vector<ExprPtr>& operands, int left, int right) {
  writer_.Start(FrameType::kFunctionCall, "(", ")");
  for (const ExprPtr& operand : operands) {
    writer_.Separator(",");
    Expression(operand, left, right);
  }
  writer_.End();
}

// NAME(a WORD b WORD c)
void Unparser::KeywordCall(std::string_view name, const Call& call, const std::vector<std::string_view>& words,
                           int left, int right) {
  writer_.StartCall(name);
  for (size_t i = 0; i < call.operands.size(); ++i) {
    if (i > 0) writer_.Separator(words[std::min(i - 1, words.size() - 1)]);
    Expression(call.operands[i], left, right);
  }
  writer_.End();
}

void Unparser::SpecialCall(const Call& call, int left, int right) {
  Op op = call.op;
  std::string_view name = GetOpInfo(op).name;
  if (op == Op::kFunction) return NamedFunction(call);
  if (IsBetween(op)) return Between(call);
  if (op >= Op::kLike && op <= Op::kNotSimilarTo) return Like(call);
  for (const KeywordForm& form : kKeywordForms) {
    if (form.op == op) return KeywordCall(name, call, form.words, form.pass ? left : 0, form.pass ? right : 0);
  }
  if (op >= Op::kArray && op <= Op::kCursor) return Bracketed(call, left, right);
  if (op == Op::kItem || op == Op::kDot || op == Op::kMinusDate) return Access(call, left, right);
  if (op == Op::kFloor || op == Op::kCeil) return FloorCeil(call);
  if (op == Op::kInterval) return IntervalCall(call, left, right);
  if (op == Op::kTrim) return Trim(call, left, right);
  if (op == Op::kJdbcFunction) return Jdbc(call, left, right);
  if (op == Op::kGroupingSets || op == Op::kRollup || op == Op::kCube) return Grouping(call);
  if (op == Op::kDefault) return writer_.Keyword(name);
  if (op == Op::kNextValue || op == Op::kCurrentValue) {
    writer_.Separator(name);
    return Expression(call.operands[0], 0, 0);
  }
  if (op == Op::kNamedArgument) {
    const OpInfo& info = GetOpInfo(op);
    Expression(call.operands[1], left, info.left_precedence);
    writer_.Keyword(name);
    return Expression(call.operands[0], info.right_precedence, right);
  }
  if (op == Op::kTranslate3) {
    writer_.Keyword("TRANSLATE");
    return Arguments(call.operands, left, right);
  }
  if (op == Op::kMatchNumber) name = "MATCH_NUMBER ";  // Calcite's name has the blank
  if (op == Op::kRow) {
    writer_.Print(name);
  } else {
    writer_.Keyword(name);
  }
  Arguments(call.operands, 0, 0);
}

// ARRAY[a, b], MULTISET(query), CURSOR(query)
void Unparser::Bracketed(const Call& call, int left, int right) {
  bool list = call.op == Op::kArray || call.op == Op::kMap || call.op == Op::kMultiset;
  writer_.Keyword(GetOpInfo(call.op).name);
  writer_.Start(FrameType::kSimple, list ? "[" : "(", list ? "]" : ")");
  for (const ExprPtr& operand : call.operands) {
    writer_.Separator(",");
    Expression(operand, left, right);
  }
  writer_.End();
}

// a[i], a.b, (a - b) DAY
void Unparser::Access(const Call& call, int left, int right) {
  if (call.op == Op::kItem) {
    Expression(call.operands[0], left, 0);
    writer_.Start(FrameType::kSimple, "[", "]");
    Expression(call.operands[1], 0, 0);
    writer_.End();
  } else if (call.op == Op::kDot) {
    writer_.Start(FrameType::kSimple);
    Expression(call.operands[0], left, 0);
    writer_.Separator(".", true);
    Expression(call.operands[1], 0, 0);
    writer_.End();
  } else {
    writer_.Start(FrameType::kSimple, "(", ")");
    Expression(call.operands[0], left, right);
    writer_.Separator("-");
    Expression(call.operands[1], left, right);
    writer_.End();
    Expression(call.operands[2], left, right);
  }
}

// FLOOR(x), FLOOR(x TO unit): an operator before TO is put in parentheses
void Unparser::FloorCeil(const Call& call) {
  bool to = call.operands.size() > 1;
  writer_.StartCall(GetOpInfo(call.op).name);
  Expression(call.operands[0], 0, to ? kFunctionPrecedence : 0);
  if (to) {
    writer_.Separator("TO");
    Expression(call.operands[1], kFunctionPrecedence, 0);
  }
  writer_.End();
}

void Unparser::IntervalCall(const Call& call, int left, int right) {
  writer_.Keyword("INTERVAL");
  const ExprPtr& value = call.operands[0];
  const auto* inner = As<Call>(value.get());
  bool plain = value->kind == NodeKind::kLiteral || value->kind == NodeKind::kIdentifier ||
               (inner != nullptr && inner->op == Op::kUnaryMinus);
  if (plain) {
    Expression(value, left, right);
  } else {
    writer_.Start(FrameType::kSimple, "(", ")");
    Expression(value, 0, 0);
    writer_.End();
  }
  Expression(call.operands[1], 0, 0);
}

void Unparser::Trim(const Call& call, int left, int right) {
  writer_.StartCall(GetOpInfo(call.op).name);
  Expression(call.operands[0], left, right);
  if (call.operands[1]) {
    Expression(call.operands[1], left, right);
  } else {
    writer_.Literal("' '");
  }
  writer_.Separator("FROM");
  Expression(call.operands[2], left, right);
  writer_.End();
}

void Unparser::Jdbc(const Call& call, int left, int right) {
  writer_.Print("{fn ");
  writer_.Print(call.name->parts.back().name);
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const ExprPtr& operand : call.operands) {
    writer_.Separator(",");
    Expression(operand, left, right);
  }
  writer_.End();
  writer_.Print("}");
}

// GROUPING SETS, ROLLUP, CUBE
void Unparser::Grouping(const Call& call) {
  writer_.Keyword(GetOpInfo(call.op).name);
  writer_.Start(FrameType::kFunctionCall, "(", ")");
  for (const ExprPtr& operand : call.operands) {
    writer_.Separator(",");
    const auto* row = As<Call>(operand.get());
    const auto* list = As<ExprList>(operand.get());
    if (row != nullptr && row->op == Op::kRow) {
      writer_.Start(FrameType::kSimple, "(", ")");
      for (const ExprPtr& item : row->operands) {
        writer_.Separator(",");
        Expression(item, 0, 0);
      }
      writer_.End();
    } else if (list != nullptr && list->items.empty()) {
      writer_.Keyword("()");
    } else {
      Expression(operand, 0, 0);
    }
  }
  writer_.End();
}

void Unparser::Pattern(const Call& call, int left, int right) {
  const OpInfo& info = GetOpInfo(call.op);
  Wrap(info.left_precedence, info.right_precedence, left, right, [&](int l, int r) {
    if (call.op == Op::kPatternQuantifier) return PatternQuantifier(call);
    if (call.op == Op::kPatternPermute) {
      writer_.Keyword("PERMUTE");
      writer_.Start(FrameType::kSimple, "(", ")");
      for (size_t i = 0; i < call.operands.size(); ++i) {
        if (i > 0) writer_.Print(",");
        Expression(call.operands[i], 0, 0);
      }
      return writer_.End();
    }
    if (call.op == Op::kPatternExclude) {
      writer_.Start(FrameType::kSimple, "{-", "-}");
      Expression(call.operands[0], 0, 0);
      return writer_.End();
    }
    BinaryOperator(call, l, r);
  });
}

void Unparser::PatternQuantifier(const Call& call) {
  const OpInfo& info = GetOpInfo(call.op);
  Expression(call.operands[0], info.left_precedence, info.right_precedence);
  auto bound = [&](size_t i) {
    const auto& literal = static_cast<const Literal&>(*call.operands[i]);
    return literal.negative ? "-" + literal.text : literal.text;
  };
  std::string least = bound(1);
  std::string most = bound(2);
  bool reluctant = static_cast<const Literal&>(*call.operands[3]).text == "TRUE";
  std::string text;
  if (least == most) {
    text = fmt::format("{{ {} }}", least);
  } else if (most == "-1") {
    text = least == "0" ? "*" : least == "1" ? "+" : fmt::format("{{ {}, }}", least);
  } else if (least == "0" && most == "1") {
    text = "?";
  } else if (least == "-1") {
    text = fmt::format("{{ , {} }}", most);
  } else {
    text = fmt::format("{{ {}, {} }}", least, most);
  }
  writer_.Keyword(text);
  if (reluctant && least != most) writer_.Keyword("?");
}

}  // namespace millrace::sql
