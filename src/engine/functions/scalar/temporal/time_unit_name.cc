// Time units by name.
#include "engine/functions/scalar/temporal/time_unit_name.h"

#include <array>
#include <string>

namespace millrace::functions {
namespace {

struct UnitName {
  std::string_view name;
  TimeUnit unit;
};

constexpr std::array<UnitName, 20> kUnits = {{
    {"NANOSECOND", TimeUnit::kNanosecond},
    {"MICROSECOND", TimeUnit::kMicrosecond},
    {"MILLISECOND", TimeUnit::kMillisecond},
    {"SECOND", TimeUnit::kSecond},
    {"MINUTE", TimeUnit::kMinute},
    {"HOUR", TimeUnit::kHour},
    {"DAY", TimeUnit::kDay},
    {"WEEK", TimeUnit::kWeek},
    {"MONTH", TimeUnit::kMonth},
    {"QUARTER", TimeUnit::kQuarter},
    {"YEAR", TimeUnit::kYear},
    {"DECADE", TimeUnit::kDecade},
    {"CENTURY", TimeUnit::kCentury},
    {"MILLENNIUM", TimeUnit::kMillennium},
    {"EPOCH", TimeUnit::kEpoch},
    {"DOW", TimeUnit::kDow},
    {"ISODOW", TimeUnit::kIsoDow},
    {"DOY", TimeUnit::kDoy},
    {"ISOYEAR", TimeUnit::kIsoYear},
    {"FRAC_SECOND", TimeUnit::kMicrosecond},
}};

}  // namespace

std::optional<TimeUnit> ParseTimeUnit(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string_view wanted = upper;
  constexpr std::string_view kPrefix = "SQL_TSI_";
  if (wanted.starts_with(kPrefix)) wanted.remove_prefix(kPrefix.size());
  for (const UnitName& unit : kUnits) {
    if (unit.name == wanted) return unit.unit;
  }
  return std::nullopt;
}

std::string_view TimeUnitName(TimeUnit unit) {
  for (const UnitName& entry : kUnits) {
    if (entry.unit == unit) return entry.name;
  }
  return {};
}

std::optional<TimeUnit> UnitArgument(const CallTypes& call, size_t i) {
  const Value* literal = call.Literal(i);
  if (literal == nullptr || literal->IsNull() || i >= call.types.size() || !call.types[i].IsString())
    return std::nullopt;
  return ParseTimeUnit(literal->AsString());
}

TimeUnit UnitArgument(const Expr& call, size_t i) {
  const Value& literal = call.args[i]->literal;
  return literal.IsNull() ? TimeUnit::kDay : ParseTimeUnit(literal.AsString()).value_or(TimeUnit::kDay);
}

bool IsCalendarUnit(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kMillisecond:
    case TimeUnit::kSecond:
    case TimeUnit::kMinute:
    case TimeUnit::kHour:
      return false;
    case TimeUnit::kDay:
    case TimeUnit::kWeek:
    case TimeUnit::kMonth:
    case TimeUnit::kQuarter:
    case TimeUnit::kYear:
    case TimeUnit::kDecade:
    case TimeUnit::kCentury:
    case TimeUnit::kMillennium:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return true;
  }
  return true;
}

}  // namespace millrace::functions
