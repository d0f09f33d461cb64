// The text of boxed values, appended. See ToText and ToRowText in cast.h for the forms.
#pragma once

#include <string>

#include "types/data_type.h"
#include "types/time_zone.h"
#include "types/value.h"

namespace millrace {

struct TextStyle {
  const TimeZone* zone = TimeZone::Utc();  // for TIMESTAMP_LTZ
  bool legacy = false;                     // "true", "null" and rows without blanks, as Flink's legacy casts print
};

// As CAST(x AS STRING) prints; NULL is "NULL".
void AppendText(std::string* out, const Value& value, const DataType& type, const TextStyle& style);
// As a Java Row prints.
void AppendRowText(std::string* out, const Value& value, const DataType& type);

}  // namespace millrace
