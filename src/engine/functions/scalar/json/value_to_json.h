// SQL values as JSON, the way JSON_STRING, JSON_OBJECT, JSON_ARRAY and the JSON aggregates write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/data_type.h"
#include "types/value.h"

namespace millrace::functions {

// Refuses dates, times, intervals and maps with keys that are not texts, at any depth.
Status CheckJsonType(const DataType& type);

// Keys of objects come out sorted; timestamps have a T, instants a Z too; bytes are base64; 1.50 is 1.5.
void AppendValueAsJson(const Value& value, const DataType& type, std::string* out);

// The order of Java's strings: by UTF-16 units.
bool JavaStringLess(std::string_view a, std::string_view b);

// Members of an object: key and JSON text of the value. Of equal keys the last one stays.
struct JsonMember {
  std::string key;
  std::string json;
};
// Sorts and appends {"key":json,…}.
void AppendJsonObject(std::vector<JsonMember> members, std::string* out);

}  // namespace millrace::functions
