// Expressions that are no calls, and the dispatch over all of them.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/standard_functions.h"
#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

// Precedences of what is no Op.
constexpr int kTightest = 200;
constexpr int kFunctionPrecedence = 100;
constexpr int kDescending = 20;
constexpr int kNullsPlace = 18;
constexpr int kLiteralChain = 80;
constexpr size_t kMantissaDigits = 20;
constexpr int kDefaultStartPrecision = 2;

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

// Digits without leading zeros and without the point, and how many of them stand behind the point (less an exponent):
// Java's BigDecimal.
struct Decimal {
  std::string digits;
  int64_t scale = 0;
};

Decimal ParseDecimal(std::string_view text) {
  Decimal decimal;
  size_t exponent = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, exponent);
  size_t point = mantissa.find('.');
  decimal.digits = std::string(mantissa.substr(0, point));
  if (point != std::string_view::npos) {
    decimal.digits += mantissa.substr(point + 1);
    decimal.scale = static_cast<int64_t>(mantissa.size() - point - 1);
  }
  if (exponent != std::string_view::npos) {
    int64_t value = 0;
    std::string_view digits = text.substr(exponent + 1);
    bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    for (char c : digits) value = std::min<int64_t>(value * 10 + (c - '0'), INT32_MAX);
    decimal.scale += negative ? value : -value;
  }
  size_t first = decimal.digits.find_first_not_of('0');
  decimal.digits = first == std::string::npos ? "0" : decimal.digits.substr(first);
  return decimal;
}

// BigDecimal.toString()
std::string PlainNumber(const Decimal& decimal) {
  const std::string& digits = decimal.digits;
  auto length = static_cast<int64_t>(digits.size());
  int64_t exponent = length - 1 - decimal.scale;
  if (decimal.scale == 0) return digits;
  if (decimal.scale > 0 && exponent >= -6) {
    if (length > decimal.scale) {
      auto point = static_cast<size_t>(length - decimal.scale);
      return digits.substr(0, point) + "." + digits.substr(point);
    }
    return "0." + std::string(static_cast<size_t>(decimal.scale - length), '0') + digits;
  }
  std::string text = digits.substr(0, 1);
  if (length > 1) text += "." + digits.substr(1);
  return fmt::format("{}E{}{}", text, exponent >= 0 ? "+" : "", exponent);
}

// One digit, a point, the others, E and the exponent; zeros at the end of an integer are left out.
std::string ScientificNumber(const Decimal& decimal) {
  int64_t exponent = static_cast<int64_t>(decimal.digits.size()) - decimal.scale - 1;
  std::string digits = decimal.digits.substr(0, kMantissaDigits);
  if (decimal.scale == 0) {
    while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  }
  std::string text = digits.substr(0, 1);
  if (digits.size() > 1) text += "." + digits.substr(1);
  return fmt::format("{}E{}", text, exponent);
}

bool NeedsEscapes(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<uint8_t>(c);
    return (byte < 32 && byte != '\n' && byte != '\r') || byte >= 128;
  });
}

// u&'..' with every character that is not plain as \hhhh (UTF-16)
std::string EscapedString(std::string_view text) {
  std::string result = "u&'";
  for (size_t i = 0; i < text.size();) {
    auto byte = static_cast<uint8_t>(text[i]);
    size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    uint32_t code_point = length == 1 ? byte : byte & (0xffu >> (length + 1));
    for (size_t j = 1; j < length && i + j < text.size(); ++j)
      code_point = code_point << 6 | (static_cast<uint8_t>(text[i + j]) & 0x3fu);
    i += length;
    if (code_point >= 0x10000) {
      code_point -= 0x10000;
      result += fmt::format("\\{:04x}\\{:04x}", 0xd800 + (code_point >> 10), 0xdc00 + (code_point & 0x3ff));
    } else if (code_point < 32 || code_point >= 128) {
      result += fmt::format("\\{:04x}", code_point);
    } else {
      if (code_point == '\'' || code_point == '\\') result += static_cast<char>(code_point);
      result += static_cast<char>(code_point);
    }
  }
  return result + "'";
}

std::string QuotedString(std::string_view text) {
  std::string result = "'";
  for (char c : text) {
    if (c == '\'') result += c;
    result += c;
  }
  return result + "'";
}

std::string_view SymbolOf(WindowBound::Type type) {
  switch (type) {
    case WindowBound::Type::kUnboundedPreceding:
      return "UNBOUNDED PRECEDING";
    case WindowBound::Type::kPreceding:
      return "PRECEDING";
    case WindowBound::Type::kCurrentRow:
      return "CURRENT ROW";
    case WindowBound::Type::kFollowing:
      return "FOLLOWING";
    case WindowBound::Type::kUnboundedFollowing:
      return "UNBOUNDED FOLLOWING";
  }
  return "";
}

}  // namespace

void Unparser::Expression(const ExprPtr& expr, int left, int right) {
  const Expr& node = *expr;
  if (const auto* literal = As<Literal>(node)) {
    Literals(*literal, left, right);
  } else if (const auto* identifier = As<Identifier>(node)) {
    Identifiers(*identifier, false);
  } else if (const auto* call = As<Call>(node)) {
    Calls(*call, left, right);
  } else if (const auto* cases = As<Case>(node)) {
    Wrap(kTightest, kTightest + 1, left, right, [&](int, int) { Cases(*cases); });
  } else if (const auto* cast = As<Cast>(node)) {
    Wrap(kFunctionPrecedence, kFunctionPrecedence, left, right, [&](int, int) { Casts(*cast); });
  } else if (const auto* json = As<JsonCall>(node)) {
    Json(*json, left, right);
  } else if (const auto* subquery = As<Subquery>(node)) {
    Queries(subquery->query, left, right);
  } else if (const auto* list = As<ExprList>(node)) {
    List(list->items, left > 0 || right > 0);
  } else if (const auto* qualifier = As<IntervalQualifier>(node)) {
    Qualifier(*qualifier);
  } else if (const auto* argument = As<TableArgument>(node)) {
    Wrap(2, 3, left, right, [&](int, int) { TableArguments(*argument); });
  } else if (const auto* window = As<WindowSpec>(node)) {
    Window(*window);
  } else if (As<DynamicParam>(node) != nullptr) {
    writer_.Literal("?");
  }
}

void Unparser::CharacterString(std::string_view text, std::string_view charset) {
  if (charset.empty()) {
    writer_.Literal(NeedsEscapes(text) ? EscapedString(text) : QuotedString(text));
  } else {
    writer_.Literal(fmt::format("_{}{}", charset, QuotedString(text)));
  }
}

void Unparser::Literals(const Literal& literal, int left, int right) {
  using Type = Literal::Type;
  if (!literal.fragments.empty()) {
    Wrap(kLiteralChain, kLiteralChain + 1, left, right, [&](int, int) {
      writer_.Start(FrameType::kSimple);
      for (size_t i = 0; i < literal.fragments.size(); ++i) {
        if (i > 0) writer_.NewLine();
        if (literal.type == Type::kBinary) {
          writer_.Literal(fmt::format("{}'{}'", i == 0 ? "X" : "", literal.fragments[i]));
        } else {
          CharacterString(literal.fragments[i], i == 0 ? std::string_view(literal.charset) : std::string_view());
        }
      }
      writer_.End();
    });
    return;
  }
  const char* sign = literal.negative ? "-" : "";
  switch (literal.type) {
    case Type::kString:
      return CharacterString(literal.text, literal.charset);
    case Type::kBinary:
      return writer_.Literal(fmt::format("X'{}'", literal.text));
    case Type::kExact: {
      Decimal decimal = ParseDecimal(literal.text);
      bool zero = decimal.digits == "0";
      return writer_.Literal((zero ? "" : sign) + PlainNumber(decimal));
    }
    case Type::kApproximate: {
      Decimal decimal = ParseDecimal(literal.text);
      bool zero = decimal.digits == "0";
      return writer_.Literal((zero ? "" : sign) + ScientificNumber(decimal));
    }
    case Type::kBoolean:
    case Type::kSymbol:
      return writer_.Keyword(literal.text);
    case Type::kUnknown:
      return writer_.Keyword("UNKNOWN");
    case Type::kNull:
      return writer_.Keyword("NULL");
    case Type::kDate:
      return writer_.Literal(fmt::format("DATE '{}'", literal.text));
    case Type::kTime:
      return writer_.Literal(fmt::format("TIME '{}'", literal.text));
    case Type::kTimestamp:
      return writer_.Literal(fmt::format("TIMESTAMP '{}'", literal.text));
    case Type::kInterval: {
      writer_.Keyword("INTERVAL");
      if (literal.negative) writer_.Print("-");
      writer_.Literal(fmt::format("'{}'", literal.text));
      return Qualifier(*literal.interval);
    }
  }
}

void Unparser::Identifiers(const Identifier& identifier, bool as_function) {
  bool simple = identifier.parts.size() == 1 && !identifier.star && !identifier.parts[0].quoted;
  writer_.Start(FrameType::kSimple);
  std::string upper = simple ? Upper(identifier.parts[0].name) : std::string();
  if (simple && (as_function ? IsStandardFunction(upper) : IsStandardVariable(upper))) {
    writer_.Keyword(upper);
  } else {
    for (const Identifier::Part& part : identifier.parts) {
      writer_.Separator(".");
      writer_.QuotedIdentifier(part.name);
    }
    if (identifier.star) {
      writer_.Separator(".");
      writer_.Literal("*");
    }
  }
  writer_.End();
}

void Unparser::Qualifier(const IntervalQualifier& qualifier) {
  std::string_view start = TimeUnitName(qualifier.start);
  auto with_number = [&](std::string_view name, int32_t number) {
    writer_.StartCall(name);
    writer_.Print(std::to_string(number));
  };
  if (qualifier.start == TimeUnit::kSecond && qualifier.fractional_precision) {
    with_number(start, qualifier.start_precision.value_or(kDefaultStartPrecision));
    writer_.Separator(",", true);
    writer_.Print(std::to_string(*qualifier.fractional_precision));
    writer_.End();
    return;
  }
  if (qualifier.start_precision) {
    with_number(start, *qualifier.start_precision);
    writer_.End();
  } else {
    writer_.Keyword(start);
  }
  if (!qualifier.end) return;
  writer_.Keyword("TO");
  if (*qualifier.end == TimeUnit::kSecond && qualifier.fractional_precision) {
    with_number(TimeUnitName(*qualifier.end), *qualifier.fractional_precision);
    writer_.End();
  } else {
    writer_.Keyword(TimeUnitName(*qualifier.end));
  }
}

void Unparser::Cases(const Case& node) {
  writer_.Start(FrameType::kSimple, "CASE", "END");
  for (const Case::Branch& branch : node.branches) {
    writer_.Separator("WHEN");
    Expression(branch.when, 0, 0);
    writer_.Separator("THEN");
    Expression(branch.then, 0, 0);
  }
  writer_.Separator("ELSE");
  if (node.otherwise) {
    Expression(node.otherwise, 0, 0);
  } else {
    writer_.Keyword("NULL");
  }
  writer_.End();
}

void Unparser::Casts(const Cast& node) {
  writer_.StartCall(node.is_try ? "TRY_CAST" : "CAST");
  Expression(node.operand, 0, 0);
  writer_.Separator("AS");
  if (node.type->name == TypeSpec::Name::kInterval) {
    writer_.Separator("INTERVAL");
    Qualifier(*node.type->interval);
  } else {
    Type(*node.type);
  }
  writer_.End();
}

void Unparser::List(const std::vector<ExprPtr>& items, bool parentheses) {
  writer_.Start(FrameType::kSimple, parentheses ? "(" : "", parentheses ? ")" : "");
  for (const ExprPtr& item : items) {
    writer_.Separator(",");
    Expression(item, 2, 3);
  }
  writer_.End();
}

void Unparser::OrderItems(const OrderItem& item, int left, int right) {
  auto descending = [&](int l, int r) {
    if (!item.descending) return Expression(item.expr, l, r);
    Wrap(kDescending, kDescending + 1, l, r, [&](int, int) {
      Expression(item.expr, kDescending, kDescending + 1);
      writer_.Keyword("DESC");
    });
  };
  if (!item.nulls_first) return descending(left, right);
  Wrap(kNullsPlace, kNullsPlace + 1, left, right, [&](int, int) {
    descending(kNullsPlace, kNullsPlace + 1);
    writer_.Keyword(*item.nulls_first ? "NULLS FIRST" : "NULLS LAST");
  });
}

void Unparser::OrderList(const std::vector<OrderItem>& items) {
  writer_.Start(FrameType::kSimple);
  for (const OrderItem& item : items) {
    writer_.Separator(",");
    OrderItems(item, 2, 3);
  }
  writer_.End();
}

void Unparser::Window(const WindowSpec& window) {
  if (window.name) {
    Name(window.name);
    writer_.Keyword("AS");
  }
  writer_.Start(FrameType::kSimple, "(", ")");
  if (window.base) Name(window.base);
  if (!window.partition_by.empty()) {
    writer_.Separator("PARTITION BY");
    List(window.partition_by, false);
  }
  if (!window.order_by.empty()) {
    writer_.Separator("ORDER BY");
    OrderList(window.order_by);
  }
  if (window.lower) {
    writer_.Separator(window.rows ? (window.upper ? "ROWS BETWEEN" : "ROWS")
                                  : (window.upper ? "RANGE BETWEEN" : "RANGE"));
    Bound(*window.lower);
    if (window.upper) {
      writer_.Keyword("AND");
      Bound(*window.upper);
    }
  }
  if (window.allow_partial && !*window.allow_partial) writer_.Keyword("DISALLOW PARTIAL");
  writer_.End();
}

void Unparser::Bound(const WindowBound& bound) {
  if (bound.offset) {
    // Postfix operators of precedence 20.
    Expression(bound.offset, kDescending, kDescending + 1);
  }
  writer_.Keyword(SymbolOf(bound.type));
}

void Unparser::TableArguments(const TableArgument& argument) {
  Expression(argument.table, 0, 0);
  if (!argument.partition_by.empty()) {
    writer_.Separator("PARTITION BY");
    List(argument.partition_by, false);
  }
  if (!argument.order_by.empty()) {
    writer_.Separator("ORDER BY");
    OrderList(argument.order_by);
  }
}

}  // namespace millrace::sql
