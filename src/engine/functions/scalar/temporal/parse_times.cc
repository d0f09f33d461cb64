// TO_TIMESTAMP, TO_DATE and UNIX_TIMESTAMP: times out of texts.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/temporal/date_patterns.h"
#include "types/date_time.h"
#include "types/date_time_text.h"

namespace millrace::functions {
namespace {

// ---- TO_TIMESTAMP

std::optional<Timestamp> ToTimestamp(std::string_view text) { return ParseTimestamp(text, 3); }

// A malformed pattern gives NULL, as Flink catches what it throws.
std::optional<Timestamp> ToTimestampBy(const KernelCall& call, std::string_view text, std::string_view pattern) {
  auto format = static_cast<DatePatternState*>(call.state)->Get(pattern);
  return format.ok() ? ParseTimestampByFormat(text, **format) : std::nullopt;
}

Result<DataType> InferToTimestamp(CallTypes& call) {
  if (!AllStrings(call, 1, 2))
    return BadArguments(call, "'TO_TIMESTAMP(<CHARACTER>)', 'TO_TIMESTAMP(<CHARACTER>, <CHARACTER>)'");
  return DataType::Timestamp(3);
}

Result<ColumnPtr> RunToTimestamp(const KernelCall& call) {
  return call.args.size() == 1 ? Lift<ToTimestamp>(call) : Lift<ToTimestampBy>(call);
}

// ---- TO_DATE

std::optional<int32_t> ToDate(std::string_view text) { return ParseDate(text); }

// The date that Flink makes of a text that does not fit its pattern: that of the least time, in 32 bits.
constexpr int32_t kDateOfLeastTime = 622191233;

Result<std::optional<int32_t>> ToDateBy(const KernelCall& call, std::string_view text, std::string_view pattern) {
  MR_ASSIGN(const JavaSimpleDateFormat* format, static_cast<SimplePatternState*>(call.state)->Get(pattern));
  std::optional<int64_t> millis = format->Parse(text, *TimeZone::Utc());
  if (!millis) return std::optional<int32_t>(kDateOfLeastTime);
  return std::optional<int32_t>(static_cast<int32_t>(FloorDiv(*millis, kMillisPerDay)));
}

Result<DataType> InferToDate(CallTypes& call) {
  if (!AllStrings(call, 1, 2)) return BadArguments(call, "'TO_DATE(<CHARACTER>)', 'TO_DATE(<CHARACTER>, <CHARACTER>)'");
  return DataType::Date();
}

Result<ColumnPtr> RunToDate(const KernelCall& call) {
  return call.args.size() == 1 ? Lift<ToDate>(call) : Lift<ToDateBy>(call);
}

// ---- UNIX_TIMESTAMP

Result<int64_t> SecondsBy(const KernelCall& call, std::string_view text, std::string_view pattern) {
  MR_ASSIGN(const JavaSimpleDateFormat* format, static_cast<SimplePatternState*>(call.state)->Get(pattern));
  std::optional<int64_t> millis = format->Parse(text, *call.context.zone);
  return millis ? *millis / 1000 : INT64_MIN;
}

Result<int64_t> Seconds(const KernelCall& call, std::string_view text) {
  return SecondsBy(call, text, kDefaultPattern);
}

Result<DataType> InferUnixTimestamp(CallTypes& call) {
  if (!AllStrings(call, 0, 2)) {
    return BadArguments(
        call, "'UNIX_TIMESTAMP()', 'UNIX_TIMESTAMP(<CHARACTER>)', 'UNIX_TIMESTAMP(<CHARACTER>, <CHARACTER>)'");
  }
  return DataType::Bigint().WithNullable(call.Nullable());
}

Result<ColumnPtr> RunUnixTimestamp(const KernelCall& call) {
  if (call.args.size() == 1) return Lift<Seconds>(call);
  if (call.args.size() == 2) return Lift<SecondsBy>(call);
  return MakeConstant(call.expr.type, Value::Int(call.context.clock->NowMillis() / 1000), call.size, call.context.pool);
}

}  // namespace

extern const ScalarFunction kToTimestamp = {
    .name = "TO_TIMESTAMP",
    .signature = "TO_TIMESTAMP(STRING[, STRING pattern]) -> TIMESTAMP(3)",
    .doc = "The timestamp that a text says, by default as yyyy-MM-dd HH:mm:ss; NULL if it says none.",
    .example = "TO_TIMESTAMP('2024-05-15 10:20', 'yyyy-MM-dd HH:mm')",
    .example_result = "2024-05-15 10:20:00.000",
    .infer = InferToTimestamp,
    .kernel = RunToTimestamp,
    .prepare = MakeDatePatternState};

extern const ScalarFunction kToDate = {
    .name = "TO_DATE",
    .signature = "TO_DATE(STRING[, STRING pattern]) -> DATE",
    .doc = "The date that a text says, by default as yyyy-MM-dd; NULL if it says none.",
    .example = "TO_DATE('2024-1-5')",
    .example_result = "2024-01-05",
    .infer = InferToDate,
    .kernel = RunToDate,
    .prepare = MakeSimplePatternState};

extern const ScalarFunction kUnixTimestamp = {.name = "UNIX_TIMESTAMP",
                                              .signature = "UNIX_TIMESTAMP([STRING[, STRING pattern]]) -> BIGINT",
                                              .doc =
                                                  "Seconds since 1970 of the present, or of a text in the session's "
                                                  "time zone; the least BIGINT for a text that is no time.",
                                              .example = "UNIX_TIMESTAMP('1970-01-01 00:01:00')",
                                              .example_result = "60",
                                              .infer = InferUnixTimestamp,
                                              .kernel = RunUnixTimestamp,
                                              .deterministic = false,
                                              .prepare = MakeSimplePatternState};

}  // namespace millrace::functions
