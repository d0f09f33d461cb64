// Types of arithmetic results: Flink's rules for precision and scale.
// Source of the rules: Flink 1.20 on decimals, LogicalTypeMerging and FlinkTypeSystem.
#pragma once

#include <optional>

#include "types/data_type.h"

namespace millrace::functions {

constexpr int32_t kMaxDecimalPrecision = 38;
// A result that does not fit in 38 digits loses scale down to this many digits at most.
constexpr int32_t kMinAdjustedScale = 6;

// The DECIMAL that holds every value of an exact numeric type: BIGINT is DECIMAL(19, 0).
DataType AsDecimal(const DataType& exact);

DataType DecimalSumType(const DataType& a, const DataType& b);
DataType DecimalProductType(const DataType& a, const DataType& b);
DataType DecimalQuotientType(const DataType& a, const DataType& b);
DataType DecimalRemainderType(const DataType& a, const DataType& b);
// ROUND(x, digits) and TRUNCATE of a DECIMAL.
DataType DecimalRoundType(const DataType& decimal, int32_t digits);

// The type that two numbers are computed or compared in: the wider integer, FLOAT over integers, DOUBLE over FLOAT and
// DECIMAL, or a DECIMAL with room for both. Empty if no DECIMAL has the room.
std::optional<DataType> CommonNumericType(const DataType& a, const DataType& b);

}  // namespace millrace::functions
