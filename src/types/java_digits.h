// The decimal digits that Java up to JDK 18 prints for a float or double: close to the shortest that reads back,
// sometimes one longer.
#pragma once

#include <cstdint>

namespace millrace {

struct JavaDigits {
  char digits[24];  // characters '0' to '9', the first is not '0'
  int32_t count = 0;
  int32_t exponent = 0;  // decimal exponent of the first digit: 12.5 has 1
};

// Of a positive, finite number that is not 0.
JavaDigits DigitsOf(double value);
JavaDigits DigitsOf(float value);

}  // namespace millrace
