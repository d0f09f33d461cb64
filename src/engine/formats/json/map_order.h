// The order in which a Java HashMap of texts gives its entries back; Flink's json format reads maps into one, and the
// order shows when a map is printed.
#pragma once

#include "types/value.h"

namespace millrace::formats::json {

// Reorders key, value, key, value … with text keys, all different.
void OrderAsHashMap(Value::List* items);

}  // namespace millrace::formats::json
