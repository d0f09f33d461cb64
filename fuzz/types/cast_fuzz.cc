// Casts of any text to any type end in a value or an error. A number's text, cast back, is the same number.
// fuzz-modules: types
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "types/cast.h"

namespace millrace {
namespace {

struct Target {
  DataType type;
  bool round_trip;  // whether its text, cast back, must give the same value
};

const std::vector<Target>& Targets() {
  static const std::vector<Target> targets = {
      {DataType::Boolean(), true},     {DataType::Tinyint(), true},        {DataType::Smallint(), true},
      {DataType::Int(), true},         {DataType::Bigint(), true},         {DataType::Decimal(38, 18), true},
      {DataType::Decimal(5, 0), true}, {DataType::Float(), true},          {DataType::Double(), true},
      {DataType::Date(), false},       {DataType::Time(0), false},         {DataType::Timestamp(3), false},
      {DataType::Timestamp(9), false}, {DataType::TimestampLtz(3), false}, {DataType::Varchar(3), false},
      {DataType::Varbinary(4), false},
  };
  return targets;
}

void Cast(const Target& target, std::string_view text) {
  const DataType from = DataType::String();
  Result<Value> value = CastValue(Value::String(std::string(text)), from, target.type, CastContext());
  if (!value.ok() || value->IsNull()) return;
  std::string printed = ToText(*value, target.type);
  if (!target.round_trip) return;
  Result<Value> again = CastValue(Value::String(printed), from, target.type, CastContext());
  if (!again.ok() || ToText(*again, target.type) != printed) std::abort();
}

}  // namespace
}  // namespace millrace

// The first byte chooses the type.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto& targets = millrace::Targets();
  millrace::Cast(targets[data[0] % targets.size()], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
