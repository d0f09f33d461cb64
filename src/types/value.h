// A boxed value: for literals, tests, wire formats and the slow, general paths. Hot paths use columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "types/data_type.h"
#include "types/physical.h"

namespace millrace {

// The type is not stored: whoever holds a Value knows its DataType. By physical kind:
// kBool → bool; kInt8..kInt64 → int64_t; kFloat → float; kDouble → double; kInt128 → int128_t (unscaled); kTimestamp →
// Timestamp; kString → std::string (raw bytes for BINARY); ARRAY → List of elements; MAP → List of key, value, key,
// value …; MULTISET → List of element, count (int64_t), …; ROW → List of fields.
class Value {
 public:
  using List = std::vector<Value>;

  Value() = default;  // SQL NULL
  static Value Null() { return Value(); }
  static Value Bool(bool v) { return Value(Storage(v)); }
  static Value Int(int64_t v) { return Value(Storage(v)); }
  static Value Float(float v) { return Value(Storage(v)); }
  static Value Double(double v) { return Value(Storage(v)); }
  static Value Decimal(int128_t unscaled) { return Value(Storage(unscaled)); }
  static Value Time(Timestamp v) { return Value(Storage(v)); }
  static Value String(std::string v) { return Value(Storage(std::move(v))); }
  static Value Nested(List items) { return Value(Storage(std::make_shared<const List>(std::move(items)))); }

  bool IsNull() const { return std::holds_alternative<std::monostate>(storage_); }
  bool AsBool() const { return std::get<bool>(storage_); }
  int64_t AsInt() const { return std::get<int64_t>(storage_); }
  float AsFloat() const { return std::get<float>(storage_); }
  double AsDouble() const { return std::get<double>(storage_); }
  int128_t AsDecimal() const { return std::get<int128_t>(storage_); }
  Timestamp AsTimestamp() const { return std::get<Timestamp>(storage_); }
  const std::string& AsString() const { return std::get<std::string>(storage_); }
  const List& AsList() const { return *std::get<std::shared_ptr<const List>>(storage_); }

  // Equal bytes and equal structure; NULL equals NULL; floats compare by bits except that NaN equals NaN.
  bool operator==(const Value& other) const;

 private:
  using Storage = std::variant<std::monostate, bool, int64_t, float, double, int128_t, Timestamp, std::string,
                               std::shared_ptr<const List>>;
  explicit Value(Storage storage) : storage_(std::move(storage)) {}
  Storage storage_;
};

using ValueRow = std::vector<Value>;

// Total order of two non-null values of a comparable type, as Flink sorts them (NaN is greatest, -0.0 < 0.0; strings by
// bytes). Arrays, rows and maps compare element by element; NULL elements are lowest.
int CompareValues(const Value& a, const Value& b, const DataType& type);

}  // namespace millrace
