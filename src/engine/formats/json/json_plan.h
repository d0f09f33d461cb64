// What a JSON decoder looks for: a tree of the wanted fields, made once from the schema, and where each value goes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/format.h"
#include "engine/formats/json/json_scan.h"
#include "types/data_type.h"
#include "types/physical.h"

namespace millrace::formats::json {

struct DecodeOptions {
  bool fail_on_missing_field = false;
  bool ignore_parse_errors = false;
  bool iso_timestamps = false;
};

// How the text of a value becomes a value.
enum class ValueKind : uint8_t {
  kSkip,  // nobody wants it
  kNull,
  kBoolean,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFloat,
  kDouble,
  kDecimal,
  kString,
  kBytes,
  kDate,
  kTime,
  kTimestamp,
  kTimestampLtz,
  kCollection,  // ARRAY, MAP, MULTISET: decoded as a boxed Value
  kObject,      // ROW
};

struct ObjectPlan;

// What the inner loop needs of a field; one cache line.
struct FieldPlan {
  KeyToken token;
  ValueKind kind = ValueKind::kSkip;
  uint16_t next = 0;  // the field that is expected behind this one: the one that came there last
  int32_t slot = -1;  // kSkip: none. kObject: says whether the ROW is there; -1 when only fields of it are wanted
  ObjectPlan* object = nullptr;
};

struct FieldText {
  std::string token;  // the key with quotes, as it is expected
  std::string path;   // for messages: "bid.price"
  DataType type;
};

// The fields of one JSON object: the wanted ones first, then others that were met, so that these can be expected too.
struct ObjectPlan {
  std::vector<FieldPlan> fields;
  std::vector<FieldText> texts;  // parallel
  std::map<std::string, uint16_t, std::less<>> by_name;
  std::vector<std::unique_ptr<ObjectPlan>> children;
  int32_t wanted = 0;      // how many of `fields` are wanted
  uint16_t first = 0;      // expected first
  int32_t first_slot = 0;  // the slots of this object and its children are [first_slot, last_slot)
  int32_t last_slot = 0;

  // Notes a field that is not wanted. Returns its position, or that of some field to be skipped when there are too many
  // already.
  uint16_t Learn(std::string_view name);

 private:
  static constexpr size_t kLearnedFieldsMax = 1024;
};

// From where a column, or a child of a ROW column, takes its values.
struct OutputPlan {
  int32_t slot = 0;
  PhysicalKind physical = PhysicalKind::kNone;
  std::vector<OutputPlan> children;  // of a ROW
};

struct DecodePlan {
  ObjectPlan root;
  std::vector<OutputPlan> outputs;  // one for each wanted path
  int32_t slots = 0;
};

ValueKind ValueKindOf(const DataType& type);

// Fails with "format.json.type" for types that the format cannot decode, such as a MAP whose keys are no text.
Result<std::unique_ptr<DecodePlan>> MakeDecodePlan(const Schema& schema, const std::vector<FieldPath>& wanted);
// That for decoding and encoding alike.
Status CheckType(const DataType& type);

}  // namespace millrace::formats::json
