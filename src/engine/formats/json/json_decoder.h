// The decoder of the format 'json'. It expects the fields of an object in the order in which they came last time,
// compares keys with one load, reads plain integers, times and texts in a few instructions, and leaves everything else
// to json_reader and json_convert.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/format.h"
#include "engine/formats/json/json_convert.h"
#include "engine/formats/json/json_plan.h"
#include "engine/formats/json/json_reader.h"

namespace millrace::formats::json {

class JsonDecoder final : public Decoder {
 public:
  JsonDecoder(std::unique_ptr<DecodePlan> plan, const DecodeOptions& options, MemoryPool* pool);

  Status Decode(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) override;

 private:
  struct FieldError {
    std::string path;
    std::string reason;
  };

  bool ParseRecord(std::string_view record);
  // `p` is behind the opening bracket; the result is behind the closing one, or null.
  const char* ParseObject(ObjectPlan& plan, const char* p, int32_t depth);
  // Reads a key that was not expected; `predicted` becomes its field, which from now on is expected behind `previous`.
  const char* ReadKey(ObjectPlan& plan, const char* p, int32_t previous, uint16_t* predicted);
  const char* ParseValue(ObjectPlan& plan, uint16_t index, const char* p, int32_t depth);
  const char* ParseTimestamp(const FieldPlan& field, const char* p);
  const char* ParseNested(ObjectPlan& plan, uint16_t index, const char* p, int32_t depth);
  // Any value, without haste.
  const char* ParseGeneral(ObjectPlan& plan, uint16_t index, const char* p);
  const char* ParseCollection(ObjectPlan& plan, uint16_t index, const char* p);
  // Notes a value that does not fit its type: NULL where errors are ignored; otherwise null.
  const char* BadValue(ObjectPlan& plan, uint16_t index, const char* start, const char* behind);
  void ClearSlots(const ObjectPlan& plan);

  // The general way for values in collections (json_boxed.cc).
  const char* ReadBoxed(const DataType& type, const char* p, int32_t depth, Value* value);
  const char* ReadBoxedArray(const DataType& type, const char* p, int32_t depth, Value* value);
  const char* ReadBoxedMap(const DataType& key, const DataType& element, const char* p, int32_t depth, Value* value);
  const char* ReadBoxedRow(const DataType& type, const char* p, int32_t depth, Value* value);
  const char* BadBoxed(const DataType& type, const char* start, const char* behind, Value* value);

  void KeepInColumns(const BufferPtr& keeper, ChunkBuilder& out);
  void Emit(const OutputPlan& output, ColumnBuilder& column);
  Status FailedRecord(std::string_view record);

  std::unique_ptr<DecodePlan> plan_;
  DecodeOptions options_;
  MemoryPool* pool_;
  JsonReader reader_;
  std::vector<Slot> slots_;
  std::vector<SlotState> states_;
  std::vector<Value> boxed_;  // by slot; used by collections only
  BufferPtr scratch_;         // a copy of a record that has no padding
  std::unique_ptr<FieldError> field_error_;
  const Buffer* kept_ = nullptr;  // whose strings the columns of kept_by_ refer to
  const ChunkBuilder* kept_by_ = nullptr;
  bool refer_ = false;         // strings of this record may be referred to
  char cached_date_[16] = {};  // "2024-01-05", the date that was read last
  int64_t cached_date_millis_ = 0;
};

}  // namespace millrace::formats::json
