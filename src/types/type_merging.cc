// The common type of several: what CASE, COALESCE, UNION and ARRAY give. Follows Flink's LogicalTypeMerging.
#include <algorithm>
#include <array>
#include <optional>

#include "types/cast.h"
#include "types/decimal.h"

namespace millrace {
namespace {

using Types = std::vector<DataType>;

// The larger and the smaller end of an interval's fields, in the order YEAR, MONTH and DAY, HOUR, MINUTE, SECOND.
struct Bounds {
  int32_t first;
  int32_t last;
};

struct IntervalShape {
  IntervalFields fields;
  Bounds bounds;
};

constexpr std::array<IntervalShape, 3> kMonthShapes = {
    {{IntervalFields::kYear, {0, 0}}, {IntervalFields::kMonth, {1, 1}}, {IntervalFields::kYearToMonth, {0, 1}}}};
constexpr std::array<IntervalShape, 10> kDayShapes = {{{IntervalFields::kDay, {0, 0}},
                                                       {IntervalFields::kDayToHour, {0, 1}},
                                                       {IntervalFields::kDayToMinute, {0, 2}},
                                                       {IntervalFields::kDayToSecond, {0, 3}},
                                                       {IntervalFields::kHour, {1, 1}},
                                                       {IntervalFields::kHourToMinute, {1, 2}},
                                                       {IntervalFields::kHourToSecond, {1, 3}},
                                                       {IntervalFields::kMinute, {2, 2}},
                                                       {IntervalFields::kMinuteToSecond, {2, 3}},
                                                       {IntervalFields::kSecond, {3, 3}}}};

template <size_t kSize>
IntervalFields CombineFields(const std::array<IntervalShape, kSize>& shapes, IntervalFields a, IntervalFields b) {
  Bounds bounds{INT32_MAX, -1};
  for (const IntervalShape& shape : shapes) {
    if (shape.fields != a && shape.fields != b) continue;
    bounds.first = std::min(bounds.first, shape.bounds.first);
    bounds.last = std::max(bounds.last, shape.bounds.last);
  }
  for (const IntervalShape& shape : shapes) {
    if (shape.bounds.first == bounds.first && shape.bounds.last == bounds.last) return shape.fields;
  }
  return a;
}

DataType CommonInterval(const DataType& a, const DataType& b) {
  IntervalFields fields = a.Is(TypeKind::kIntervalYearMonth)
                              ? CombineFields(kMonthShapes, a.interval_fields(), b.interval_fields())
                              : CombineFields(kDayShapes, a.interval_fields(), b.interval_fields());
  return DataType::Interval(fields, std::max(a.precision(), b.precision()), std::max(a.scale(), b.scale()));
}

DataType CommonExactNumeric(const DataType& a, const DataType& b) {
  if (a == b) return a;
  DataType left = DecimalTypeOf(a);
  DataType right = DecimalTypeOf(b);
  if (a.IsInteger() && b.IsInteger()) return right.precision() > left.precision() ? b : a;
  int32_t whole = std::max(left.precision() - left.scale(), right.precision() - right.scale());
  int32_t scale = std::min(std::max(left.scale(), right.scale()), kMaxDecimalPrecision - whole);
  return DataType::Decimal(whole + scale, scale);
}

DataType CommonNumeric(const DataType& a, const DataType& b) {
  if (a.IsExactNumeric() && b.IsExactNumeric()) return CommonExactNumeric(a, b);
  if (a.IsExactNumeric()) return b;  // the approximate type wins
  if (b.IsExactNumeric()) return b.Is(TypeKind::kDecimal) ? DataType::Double() : a;
  return a.Is(TypeKind::kDouble) || b.Is(TypeKind::kDouble) ? DataType::Double() : a;
}

// Texts of different lengths become VARCHAR, so that nothing is padded.
DataType CommonText(const DataType& a, const DataType& b) {
  int32_t length = std::max(a.length(), b.length());
  bool fixed = (a.Is(TypeKind::kChar) || a.Is(TypeKind::kBinary)) && a.length() == b.length();
  if (a.IsString()) {
    if (!fixed) return DataType::Varchar(length);
    return b.Is(TypeKind::kChar) ? DataType::Char(length) : DataType::Varchar(length);
  }
  if (!fixed) return DataType::Varbinary(length);
  return b.Is(TypeKind::kBinary) ? DataType::Binary(length) : DataType::Varbinary(length);
}

DataType CommonTimestamp(const DataType& a, const DataType& b) {
  if (a == b) return a;
  int32_t precision = std::max(a.precision(), b.precision());
  bool zoned = a.Is(TypeKind::kTimestampLtz) || b.Is(TypeKind::kTimestampLtz);
  return zoned ? DataType::TimestampLtz(precision) : DataType::Timestamp(precision);
}

// Date and time with an interval or a number of days: the date and time.
std::optional<DataType> CommonPattern(const DataType& a, const DataType& b) {
  auto calendar = [](const DataType& type) { return type.IsTimestampLike() || type.Is(TypeKind::kDate); };
  if (a.IsDateTime() && b.IsInterval()) return a;
  if (a.IsInterval() && b.IsDateTime()) return b;
  if (calendar(a) && b.IsExactNumeric()) return a;
  if (a.IsExactNumeric() && calendar(b)) return b;
  return std::nullopt;
}

std::optional<DataType> Common(const Types& types);

std::optional<DataType> CommonConstructed(const Types& types) {
  const DataType& first = types[0];
  std::vector<Field> fields = first.fields();
  for (const DataType& type : types) {
    if (type.kind() != first.kind() || type.fields().size() != fields.size()) return std::nullopt;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    Types children;
    for (const DataType& type : types) children.push_back(type.fields()[i].type);
    std::optional<DataType> child = Common(children);
    if (!child) return std::nullopt;
    fields[i].type = *child;
  }
  if (first.Is(TypeKind::kArray)) return DataType::Array(fields[0].type);
  if (first.Is(TypeKind::kMultiset)) return DataType::Multiset(fields[0].type);
  if (first.Is(TypeKind::kMap)) return DataType::Map(fields[0].type, fields[1].type);
  return DataType::Row(std::move(fields));
}

// Of two scalars of nullable types; nothing when only a cast in one direction could help.
std::optional<DataType> CommonScalar(const DataType& a, const DataType& b) {
  if (a.IsString() && b.IsString()) return CommonText(a, b);
  if (a.IsBinaryString() && b.IsBinaryString()) return CommonText(a, b);
  if (a.IsNumeric() && b.IsNumeric()) return CommonNumeric(a, b);
  if (a.IsTimestampLike() && b.IsTimestampLike()) return CommonTimestamp(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  if (a.Is(TypeKind::kDate)) return a;
  if (a.Is(TypeKind::kTime)) return DataType::Time(std::max(a.precision(), b.precision()));
  if (a.IsInterval()) return CommonInterval(a, b);
  return std::nullopt;
}

std::optional<DataType> CommonNullable(const Types& types, bool has_raw) {
  if (has_raw) {
    bool same = std::all_of(types.begin(), types.end(), [&](const DataType& type) { return type == types[0]; });
    return same ? std::optional(types[0]) : std::nullopt;
  }
  std::optional<DataType> result;
  for (const DataType& type : types) {
    if (type.Is(TypeKind::kNull)) continue;
    if (!result) result = type;
    if (std::optional<DataType> pattern = CommonPattern(*result, type)) {
      result = pattern;
      continue;
    }
    if (type.IsCollection() || type.Is(TypeKind::kRow)) return CommonConstructed(types);
    result = CommonScalar(*result, type);
    if (!result) return std::nullopt;
  }
  return result ? result : DataType::Null();
}

// When the families differ: the type that all others convert to.
std::optional<DataType> CommonCastable(const Types& types) {
  DataType result = types[0];
  for (const DataType& type : types) {
    if (type.Is(TypeKind::kNull)) continue;
    if (CanCastImplicitly(result, type)) {
      result = type;
    } else if (!CanCastImplicitly(type, result)) {
      return std::nullopt;
    }
  }
  return result;
}

std::optional<DataType> Common(const Types& types) {
  Types nullable;
  bool has_raw = false;
  bool any_nullable = false;
  for (const DataType& type : types) {
    nullable.push_back(type.Nullable().WithTimeAttribute(TimeAttribute::kNone));
    has_raw = has_raw || type.Is(TypeKind::kRaw);
    any_nullable = any_nullable || type.nullable();
  }
  std::optional<DataType> found = CommonNullable(nullable, has_raw);
  if (!found) found = CommonCastable(nullable);
  if (!found || found->Is(TypeKind::kNull)) return std::nullopt;
  return found->WithNullable(any_nullable);
}

}  // namespace

Result<DataType> CommonType(const std::vector<DataType>& types) {
  std::optional<DataType> common;
  if (!types.empty()) common = Common(types);
  if (common) return *common;
  std::string names;
  for (const DataType& type : types) names += (names.empty() ? "" : ", ") + type.ToString();
  return UserError("type.no_common", "there is no common type of " + names, "CAST the values to one type");
}

}  // namespace millrace
