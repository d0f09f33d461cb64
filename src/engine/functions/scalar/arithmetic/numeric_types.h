// Types that numbers meet in, and what the arithmetic operators share.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "engine/functions/scalar_function.h"
#include "types/data_type.h"

namespace millrace::functions {

// The unsigned type in which sums and products of T wrap around without undefined behaviour.
template <typename T>
using Wrapping = std::conditional_t<(sizeof(T) > 8), uint128_t, uint64_t>;

// The type that two numbers are computed or compared in: the wider integer, FLOAT over integers, DOUBLE over FLOAT and
// DECIMAL, or a DECIMAL with room for both. Empty if no DECIMAL has the room.
std::optional<DataType> CommonNumericType(const DataType& a, const DataType& b);

// The type of a DECIMAL result by the operands' precisions and scales.
using DecimalResultType = DataType (*)(int32_t p1, int32_t s1, int32_t p2, int32_t s2);

// Type of a binary operator over two numbers, which are brought to one type; exact numbers with a DECIMAL among them
// stay DECIMAL or become BIGINT, and give what `decimal` says. Empty if the arguments are no two numbers.
std::optional<DataType> InferNumericBinary(CallTypes& call, DecimalResultType decimal);

// "Division by zero", as Flink says it of decimals and constants, and "/ by zero", of integers.
Error DivisionByZero();
Error IntegerDivisionByZero();

}  // namespace millrace::functions
