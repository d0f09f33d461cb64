// The names of time units in SQL, as the binder gives them: CHAR literals such as 'HOUR'.
#pragma once

#include <optional>
#include <string_view>

#include "engine/functions/scalar_function.h"
#include "types/date_time.h"

namespace millrace::functions {

// "YEAR" to "NANOSECOND", "SQL_TSI_DAY" and the like, in any case.
std::optional<TimeUnit> ParseTimeUnit(std::string_view name);
std::string_view TimeUnitName(TimeUnit unit);

// The unit that argument i of a call names; nothing if it is no literal or no unit.
std::optional<TimeUnit> UnitArgument(const CallTypes& call, size_t i);
// The same for a bound call, whose unit was checked.
TimeUnit UnitArgument(const Expr& call, size_t i);

// DAY and everything longer, and the parts of the calendar such as DOY.
bool IsCalendarUnit(TimeUnit unit);

}  // namespace millrace::functions
