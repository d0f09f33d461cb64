// Casts between Flink's types, for boxed values and for whole columns, and the text form of values.
// Source of the rules: Flink 1.20 "Casting" table and reference facts on folding, padding and saturation.
#pragma once

#include <string>

#include "base/result.h"
#include "types/chunk.h"
#include "types/column.h"
#include "types/data_type.h"
#include "types/time_zone.h"
#include "types/value.h"

namespace millrace {

struct CastContext {
  const TimeZone* zone = TimeZone::Utc();  // the session's zone, for TIMESTAMP_LTZ
  MemoryPool* pool = MemoryPool::Process();
  bool legacy = false;  // table.exec.legacy-cast-behaviour = ENABLED
  bool folded =
      false;  // constant folding, whose casts pad, cut and round otherwise than the running job's (see the facts)
};

// Whether CAST(x AS to) is allowed for an x of type `from`.
bool CanCast(const DataType& from, const DataType& to);
// Why CAST of `from` to `to` is refused, with what Flink recommends instead; code "cast.unsupported". For types where
// CanCast is false.
Error CastRefused(const DataType& from, const DataType& to);
// Whether Flink converts without a CAST being written (function arguments, INSERT, set operations).
bool CanCastImplicitly(const DataType& from, const DataType& to);
// Whether CAST may fail at run time, so that TRY_CAST of it is nullable.
bool CastMayFail(const DataType& from, const DataType& to);

// CAST of one value; a failure has code "cast.failed" and names the value and the type. NULL stays NULL.
Result<Value> CastValue(const Value& value, const DataType& from, const DataType& to, const CastContext& context);

// CAST of the rows `rows` of a column; the result has the column's size, rows outside `rows` are unspecified.
// With `try_cast` a value that cannot be cast is NULL instead of an error.
Result<ColumnPtr> CastColumn(const ColumnPtr& column, const DataType& to, RowSet rows, bool try_cast,
                             const CastContext& context);

// The text of a value as CAST(x AS STRING) gives it: TRUE, 1.0E7, [1, NULL], {a=1}, (1, foo), +1-00. NULL gives "NULL".
std::string ToText(const Value& value, const DataType& type, const TimeZone* zone = TimeZone::Utc());
// The text of a value in a Java Row, as Flink's tests print it: null, true, 2020-10-10T00:00, +I[x, 1], {k=v}.
std::string ToRowText(const Value& value, const DataType& type);

// The narrowest type that all given types convert to without loss, by Flink's rules (CASE branches, UNION columns,
// ARRAY elements, COALESCE); fails with code "type.no_common" when there is none.
Result<DataType> CommonType(const std::vector<DataType>& types);

}  // namespace millrace
