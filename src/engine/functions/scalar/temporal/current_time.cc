// The present: CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP and their kin. In a stream each chunk sees its own moment,
// in batch mode the whole query sees the moment it started.
#include "engine/functions/inference.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

int64_t QueryMillis(const EvalContext& context) {
  return context.batch_mode ? context.query_start_millis : context.clock->NowMillis();
}

Result<ColumnPtr> Constant(const KernelCall& call, Value value) {
  return MakeConstant(call.expr.type, value, call.size, call.context.pool);
}

template <DataType (*kType)()>
Result<DataType> InferNone(CallTypes& call) {
  if (!call.types.empty()) return BadArguments(call, "'" + std::string(call.name) + "'");
  return kType();
}

DataType DateType() { return DataType::Date().NotNull(); }
DataType TimeType() { return DataType::Time(0).NotNull(); }
DataType LocalType() { return DataType::Timestamp(3).NotNull(); }
DataType InstantType() { return DataType::TimestampLtz(3).NotNull(); }
DataType ProctimeType() { return DataType::TimestampLtz(3).NotNull().WithTimeAttribute(TimeAttribute::kProctime); }

Result<ColumnPtr> CurrentDate(const KernelCall& call) {
  int64_t local = call.context.zone->UtcToLocal(QueryMillis(call.context));
  return Constant(call, Value::Int(FloorDiv(local, kMillisPerDay)));
}

Result<ColumnPtr> CurrentTime(const KernelCall& call) {
  int64_t local = call.context.zone->UtcToLocal(QueryMillis(call.context));
  return Constant(call, Value::Int(FloorMod(local, kMillisPerDay)));
}

Result<ColumnPtr> LocalTimestamp(const KernelCall& call) {
  return Constant(call, Value::Time(TimestampFromMillis(call.context.zone->UtcToLocal(QueryMillis(call.context)))));
}

Result<ColumnPtr> CurrentTimestamp(const KernelCall& call) {
  return Constant(call, Value::Time(TimestampFromMillis(QueryMillis(call.context))));
}

// In batch mode, too, the moment of the row.
Result<ColumnPtr> RowTimestamp(const KernelCall& call) {
  return Constant(call, Value::Time(TimestampFromMillis(call.context.clock->NowMillis())));
}

Result<DataType> InferWatermark(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsTimestampLike()) {
    return BadArguments(call, "'CURRENT_WATERMARK(<ROWTIME>)'");
  }
  if (call.types[0].time_attribute() != TimeAttribute::kRowtime) {
    return UserError(
        "function.arguments",
        "The argument of CURRENT_WATERMARK() must be a rowtime attribute, but was " + call.types[0].ToString(),
        "Pass the column that the table's WATERMARK is declared for");
  }
  return call.types[0].Is(TypeKind::kTimestamp) ? DataType::Timestamp(3) : DataType::TimestampLtz(3);
}

Result<ColumnPtr> CurrentWatermark(const KernelCall& call) {
  if (call.context.current_watermark == kMinWatermark) return Constant(call, Value::Null());
  return Constant(call, Value::Time(TimestampFromMillis(call.context.current_watermark)));
}

Result<DataType> InferSourceWatermark(CallTypes& call) {
  if (!call.types.empty()) return BadArguments(call, "'SOURCE_WATERMARK()'");
  return DataType::TimestampLtz(3);
}

Result<ColumnPtr> SourceWatermark(const KernelCall&) {
  return UserError("function.arguments", "SOURCE_WATERMARK() is a marker of a WATERMARK clause and is never computed",
                   "Declare WATERMARK FOR column AS SOURCE_WATERMARK() for a source that has watermarks of its own");
}

}  // namespace

extern const ScalarFunction kCurrentDate = {.name = "CURRENT_DATE",
                                            .signature = "CURRENT_DATE -> DATE",
                                            .doc = "Today in the session's time zone.",
                                            .infer = InferNone<DateType>,
                                            .kernel = CurrentDate,
                                            .dynamic = true};
extern const ScalarFunction kCurrentTime = {.name = "CURRENT_TIME",
                                            .aliases = {"LOCALTIME"},
                                            .signature = "CURRENT_TIME -> TIME(0)",
                                            .doc = "The time of day in the session's time zone.",
                                            .infer = InferNone<TimeType>,
                                            .kernel = CurrentTime,
                                            .dynamic = true};
extern const ScalarFunction kLocalTimestamp = {.name = "LOCALTIMESTAMP",
                                               .signature = "LOCALTIMESTAMP -> TIMESTAMP(3)",
                                               .doc = "The present date and time in the session's time zone.",
                                               .infer = InferNone<LocalType>,
                                               .kernel = LocalTimestamp,
                                               .dynamic = true};
extern const ScalarFunction kCurrentTimestamp = {.name = "CURRENT_TIMESTAMP",
                                                 .aliases = {"NOW"},
                                                 .signature = "CURRENT_TIMESTAMP -> TIMESTAMP_LTZ(3)",
                                                 .doc = "The present instant; in batch mode that of the query's start.",
                                                 .infer = InferNone<InstantType>,
                                                 .kernel = CurrentTimestamp,
                                                 .dynamic = true};
extern const ScalarFunction kCurrentRowTimestamp = {.name = "CURRENT_ROW_TIMESTAMP",
                                                    .signature = "CURRENT_ROW_TIMESTAMP() -> TIMESTAMP_LTZ(3)",
                                                    .doc = "The present instant, also in batch mode that of the row.",
                                                    .infer = InferNone<InstantType>,
                                                    .kernel = RowTimestamp,
                                                    .deterministic = false};
extern const ScalarFunction kProctime = {.name = "PROCTIME",
                                         .signature = "PROCTIME() -> TIMESTAMP_LTZ(3) *PROCTIME*",
                                         .doc = "The instant at which a row is processed, as a time attribute.",
                                         .infer = InferNone<ProctimeType>,
                                         .kernel = RowTimestamp,
                                         .deterministic = false};
extern const ScalarFunction kCurrentWatermark = {
    .name = "CURRENT_WATERMARK",
    .signature = "CURRENT_WATERMARK(ROWTIME) -> TIMESTAMP(3)",
    .doc = "The watermark of all inputs at this operator; NULL before the first.",
    .infer = InferWatermark,
    .kernel = CurrentWatermark,
    .deterministic = false};
extern const ScalarFunction kSourceWatermark = {.name = "SOURCE_WATERMARK",
                                                .signature = "SOURCE_WATERMARK() -> TIMESTAMP_LTZ(3)",
                                                .doc = "In a WATERMARK clause: the source's own watermarks are used.",
                                                .infer = InferSourceWatermark,
                                                .kernel = SourceWatermark,
                                                .deterministic = false};

}  // namespace millrace::functions
