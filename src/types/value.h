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

  Value();  // SQL NULL
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  static Value Null() { return Value(); }
  static Value Bool(bool v);
  static Value Int(int64_t v);
  static Value Float(float v);
  static Value Double(double v);
  static Value Decimal(int128_t unscaled);
  static Value Time(Timestamp v);
  static Value String(std::string v);
  static Value Nested(List items);

  bool IsNull() const { return storage_.index() == 0; }
  bool AsBool() const;
  int64_t AsInt() const;
  float AsFloat() const;
  double AsDouble() const;
  int128_t AsDecimal() const;
  Timestamp AsTimestamp() const;
  const std::string& AsString() const;
  const List& AsList() const;

  // Equal bytes and equal structure; NULL equals NULL; floats compare by bits except that NaN equals NaN.
  bool operator==(const Value& other) const;

 private:
  using Storage = std::variant<std::monostate, bool, int64_t, float, double, int128_t, Timestamp, std::string,
                               std::shared_ptr<const List>>;
  explicit Value(Storage storage);
  Storage storage_;
};

using ValueRow = std::vector<Value>;

// Total order of two non-null values of a comparable type, as Flink sorts them (NaN is greatest, -0.0 < 0.0; strings by
// bytes). Arrays, rows and maps compare element by element; NULL elements are lowest.
int CompareValues(const Value& a, const Value& b, const DataType& type);

}  // namespace millrace
