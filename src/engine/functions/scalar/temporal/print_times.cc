// FROM_UNIXTIME and CONVERT_TZ: texts of times in a time zone.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/temporal/date_patterns.h"

namespace millrace::functions {
namespace {

Status FromSecondsBy(const KernelCall& call, StringSink& sink, int64_t seconds, std::string_view pattern) {
  auto format = static_cast<SimplePatternState*>(call.state)->Get(pattern);
  if (!format.ok()) return std::move(format).error();
  std::string out;
  (*format)->Format(static_cast<int64_t>(static_cast<uint64_t>(seconds) * 1000), *call.context.zone, &out);
  sink.Assign(out);
  return Status::Ok();
}

Status FromSeconds(const KernelCall& call, StringSink& sink, int64_t seconds) {
  return FromSecondsBy(call, sink, seconds, kDefaultPattern);
}

Result<DataType> InferFromUnixtime(CallTypes& call) {
  bool takes = CountBetween(call, 1, 2) && WantsFrom(call, 0, Family::kInteger, DataType::Bigint()) &&
               (call.types.size() == 1 || Takes(call, 1, Family::kString, DataType::String()));
  if (!takes) return BadArguments(call, "'FROM_UNIXTIME(<INTEGER>)', 'FROM_UNIXTIME(<INTEGER>, <CHARACTER>)'");
  return DataType::String();
}

Result<ColumnPtr> RunFromUnixtime(const KernelCall& call) {
  return call.args.size() == 1 ? Lift<FromSeconds>(call) : Lift<FromSecondsBy>(call);
}

// Java takes a zone that it does not know for UTC.
const TimeZone& ZoneNamed(std::string_view name) {
  Result<const TimeZone*> zone = TimeZone::Find(name);
  return zone.ok() ? **zone : *TimeZone::Utc();
}

Result<bool> ConvertTz(const KernelCall& call, StringSink& sink, std::string_view text, std::string_view from,
                       std::string_view to) {
  MR_ASSIGN(const JavaSimpleDateFormat* format, static_cast<SimplePatternState*>(call.state)->Get(kDefaultPattern));
  std::optional<int64_t> millis = format->Parse(text, ZoneNamed(from));
  if (!millis) return false;
  std::string out;
  format->Format(*millis, ZoneNamed(to), &out);
  sink.Assign(out);
  return true;
}

Result<DataType> InferConvertTz(CallTypes& call) {
  if (!AllStrings(call, 3, 3)) return BadArguments(call, "'CONVERT_TZ(<CHARACTER>, <CHARACTER>, <CHARACTER>)'");
  return DataType::String();
}

}  // namespace

extern const ScalarFunction kFromUnixtime = {
    .name = "FROM_UNIXTIME",
    .signature = "FROM_UNIXTIME(BIGINT[, STRING pattern]) -> STRING",
    .doc = "Seconds since 1970 as text in the session's time zone, by default yyyy-MM-dd HH:mm:ss.",
    .example = "FROM_UNIXTIME(44)",
    .example_result = "1970-01-01 00:00:44",
    .infer = InferFromUnixtime,
    .kernel = RunFromUnixtime,
    .prepare = MakeSimplePatternState};

extern const ScalarFunction kConvertTz = {
    .name = "CONVERT_TZ",
    .signature = "CONVERT_TZ(STRING, STRING from_zone, STRING to_zone) -> STRING",
    .doc = "A time yyyy-MM-dd HH:mm:ss of one time zone in another; NULL if the text is none.",
    .example = "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')",
    .example_result = "1969-12-31 16:00:00",
    .infer = InferConvertTz,
    .kernel = Lift<ConvertTz>,
    .prepare = MakeSimplePatternState};

}  // namespace millrace::functions
