// Literals and intervals.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>

#include "engine/sql/expression_binder.h"
#include "types/cast.h"

namespace millrace::sql {
namespace {

int32_t CodePoints(std::string_view text) {
  int32_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

Result<BoundExpr> BindExact(const Literal& literal) {
  std::string text = (literal.negative ? "-" : "") + literal.text;
  size_t point = literal.text.find('.');
  if (point == std::string::npos) {
    errno = 0;
    int64_t value = std::strtoll(text.c_str(), nullptr, 10);
    if (errno == 0) {
      bool fits = value >= INT32_MIN && value <= INT32_MAX;
      return functions::MakeLiteral(Value::Int(value), (fits ? DataType::Int() : DataType::Bigint()).NotNull());
    }
  }
  std::string digits;
  int32_t scale = 0;
  for (size_t i = 0; i < literal.text.size(); ++i) {
    if (literal.text[i] == '.') continue;
    digits += literal.text[i];
    scale += point != std::string::npos && i > point;
  }
  size_t first = digits.find_first_not_of('0');
  auto significant = static_cast<int32_t>(first == std::string::npos ? 0 : digits.size() - first);
  int32_t precision = std::max({significant, scale, 1});
  if (precision > 38) {
    return ValidationError(fmt::format("Numeric literal '{}' out of range: at most 38 digits", literal.text),
                           literal.range);
  }
  int128_t unscaled = 0;
  for (char c : digits) unscaled = unscaled * 10 + (c - '0');
  if (literal.negative) unscaled = -unscaled;
  return functions::MakeLiteral(Value::Decimal(unscaled), DataType::Decimal(precision, scale).NotNull());
}

Result<BoundExpr> BindTemporal(const Literal& literal, const DataType& type) {
  auto value = CastValue(Value::String(literal.text), DataType::String(), type, CastContext{});
  if (!value.ok())
    return ValidationError(fmt::format("Illegal {} literal '{}'", type.ToString(), literal.text), literal.range);
  return functions::MakeLiteral(*value, type.NotNull());
}

Result<BoundExpr> BindBinary(const Literal& literal) {
  std::string bytes;
  for (size_t i = 0; i + 1 < literal.text.size(); i += 2) {
    bytes += static_cast<char>(std::strtol(literal.text.substr(i, 2).c_str(), nullptr, 16));
  }
  auto length = static_cast<int32_t>(bytes.size());
  return functions::MakeLiteral(Value::String(std::move(bytes)), DataType::Binary(length).NotNull());
}

IntervalFields Fields(const IntervalQualifier& q) {
  TypeSpec spec;
  spec.name = TypeSpec::Name::kInterval;
  spec.interval = std::shared_ptr<const IntervalQualifier>(&q, [](const IntervalQualifier*) {});
  auto type = BindType(spec);
  return type.ok() ? type->interval_fields() : IntervalFields::kDay;
}

// The units of an interval literal from coarse to fine, as written between the quotes: separators and sizes in
// milliseconds or months.
struct UnitRule {
  TimeUnit unit;
  char separator;  // in front of this field when it is not the first
  int64_t size;
  int64_t limit;  // exclusive bound when it is not the first
};
constexpr std::array<UnitRule, 2> kMonthUnits{{{TimeUnit::kYear, 0, 12, 0}, {TimeUnit::kMonth, '-', 1, 12}}};
constexpr std::array<UnitRule, 4> kDayUnits{{{TimeUnit::kDay, 0, 86'400'000, 0},
                                             {TimeUnit::kHour, ' ', 3'600'000, 24},
                                             {TimeUnit::kMinute, ':', 60'000, 60},
                                             {TimeUnit::kSecond, ':', 1'000, 60}}};

Error BadInterval(const Literal& literal) {
  return ValidationError(fmt::format("Illegal interval literal format '{}'", literal.text), literal.range);
}

// Reads digits at `at`; -1 when there are none.
int64_t ReadNumber(const std::string& text, size_t& at, int32_t* digits) {
  size_t start = at;
  int64_t value = 0;
  while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0 && at - start < 18)
    value = value * 10 + (text[at++] - '0');
  *digits = static_cast<int32_t>(at - start);
  return at == start ? -1 : value;
}

// A fraction ".123…" in milliseconds (further digits are cut).
Result<int64_t> ReadFraction(const Literal& literal, const std::string& text, size_t& at, int32_t max_digits) {
  if (at >= text.size() || text[at] != '.') return 0;
  ++at;
  int64_t millis = 0;
  int32_t digits = 0;
  while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) {
    if (digits < 3) millis = millis * 10 + (text[at] - '0');
    ++digits;
    ++at;
  }
  if (digits == 0) return BadInterval(literal);
  if (digits > max_digits) {
    return ValidationError(
        fmt::format("Interval fractional second of '{}' exceeds precision {}", literal.text, max_digits),
        literal.range);
  }
  for (int32_t i = digits; i < 3; ++i) millis *= 10;
  return millis;
}

template <size_t kCount>
Result<int64_t> ReadFields(const Literal& literal, const std::array<UnitRule, kCount>& rules, TimeUnit first,
                           TimeUnit last) {
  std::string text = literal.text;
  size_t begin = text.find_first_not_of(' ');
  size_t end = text.find_last_not_of(' ');
  text = begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
  size_t at = 0;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    at = 1;
  }
  int64_t total = 0;
  bool started = false;
  for (const UnitRule& rule : rules) {
    if (!started && rule.unit != first) continue;
    if (started && (at >= text.size() || text[at++] != rule.separator)) return BadInterval(literal);
    int32_t digits = 0;
    int64_t value = ReadNumber(text, at, &digits);
    if (value < 0 || (started && value >= rule.limit)) return BadInterval(literal);
    int32_t precision = literal.interval->start_precision.value_or(2);
    if (!started && digits > precision) {
      return ValidationError(
          fmt::format("Interval field value {} exceeds precision of {}({}) field", value, TimeUnitName(first),
                      precision),
          literal.range,
          fmt::format("write INTERVAL '{}' {}({}), or use a coarser unit", literal.text, TimeUnitName(first), digits));
    }
    started = true;
    total += value * rule.size;
    if (rule.unit == TimeUnit::kSecond) {
      MR_ASSIGN(int64_t millis, ReadFraction(literal, text, at, literal.interval->fractional_precision.value_or(6)));
      total += millis;
    }
    if (rule.unit == last) break;
  }
  if (at != text.size()) return BadInterval(literal);
  return negative != literal.negative ? -total : total;
}

}  // namespace

Result<Value> IntervalValue(const Literal& literal) {
  const IntervalQualifier& q = *literal.interval;
  TimeUnit last = q.end.value_or(q.start);
  if (q.start == TimeUnit::kWeek || q.start == TimeUnit::kQuarter) {
    bool week = q.start == TimeUnit::kWeek;
    int32_t digits = 0;
    size_t at = 0;
    int64_t value = ReadNumber(literal.text, at, &digits);
    if (value < 0 || at != literal.text.size()) return BadInterval(literal);
    return Value::Int((literal.negative ? -value : value) * (week ? 604'800'000 : 3));
  }
  if (q.start == TimeUnit::kYear || q.start == TimeUnit::kMonth) {
    MR_ASSIGN(int64_t months, ReadFields(literal, kMonthUnits, q.start, last));
    return Value::Int(months);
  }
  MR_ASSIGN(int64_t millis, ReadFields(literal, kDayUnits, q.start, last));
  return Value::Int(millis);
}

Result<BoundExpr> BindLiteral(const Literal& literal) {
  switch (literal.type) {
    case Literal::Type::kString:
    case Literal::Type::kSymbol:
      return functions::MakeLiteral(Value::String(literal.text), DataType::Char(CodePoints(literal.text)).NotNull());
    case Literal::Type::kBinary:
      return BindBinary(literal);
    case Literal::Type::kExact:
      return BindExact(literal);
    case Literal::Type::kApproximate: {
      double value = std::strtod(literal.text.c_str(), nullptr);
      return functions::MakeLiteral(Value::Double(literal.negative ? -value : value), DataType::Double().NotNull());
    }
    case Literal::Type::kBoolean:
      return functions::MakeLiteral(Value::Bool(literal.text == "TRUE"), DataType::Boolean().NotNull());
    case Literal::Type::kUnknown:
      return functions::MakeLiteral(Value::Null(), DataType::Boolean());
    case Literal::Type::kNull:
      return functions::MakeLiteral(Value::Null(), DataType::Null());
    case Literal::Type::kDate:
      return BindTemporal(literal, DataType::Date());
    case Literal::Type::kTime:
      return BindTemporal(literal, DataType::Time(literal.precision));
    case Literal::Type::kTimestamp:
      return BindTemporal(literal, DataType::Timestamp(literal.precision));
    case Literal::Type::kInterval: {
      MR_ASSIGN(Value value, IntervalValue(literal));
      DataType type = DataType::Interval(Fields(*literal.interval), literal.interval->start_precision.value_or(2),
                                         literal.interval->fractional_precision.value_or(6));
      return functions::MakeLiteral(std::move(value), type.NotNull());
    }
  }
  return InternalError("unknown kind of literal");
}

}  // namespace millrace::sql
