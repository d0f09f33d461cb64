// DATE_FORMAT(time or text, pattern). Neighbouring rows mostly fall into the same day, minute or second, whatever the
// pattern shows at its finest; then the text of the row before is shared.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/temporal/date_patterns.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

Result<DataType> Infer(CallTypes& call) {
  constexpr std::string_view kForms =
      "'DATE_FORMAT(<TIMESTAMP>, <CHARACTER>)', 'DATE_FORMAT(<CHARACTER>, <CHARACTER>)'";
  if (call.types.size() != 2 || !Takes(call, 1, Family::kString, DataType::String())) return BadArguments(call, kForms);
  DataType& time = call.types[0];
  if (time.Is(TypeKind::kNull)) time = DataType::Timestamp(3);
  if (!time.IsTimestampLike() && !time.IsString()) return BadArguments(call, kForms);
  return DataType::String();
}

struct State : FunctionState {
  explicit State(const EvalContext& context) : simple(context), simple_from(context) {}
  DatePatternState patterns;
  SimplePatternState simple;       // to
  SimplePatternState simple_from;  // of texts: yyyy-MM-dd HH:mm:ss
};

std::unique_ptr<FunctionState> MakeState(const Expr&, EvalContext& context) { return std::make_unique<State>(context); }

// Formats local times; remembers the last text.
class StampFormatter {
 public:
  StampFormatter(DatePatternState& patterns, FlatWriter<StringRef>& writer) : patterns_(patterns), writer_(writer) {}

  Status Format(Timestamp local, std::string_view pattern, StringRef& out) {
    MR_ASSIGN(const JavaDateFormat* format, patterns_.Get(pattern));
    int64_t span = patterns_.span_millis();
    int64_t key = span == 0 ? 0 : FloorDiv(local.millis, span);
    if (span != 0 && key == last_key_ && patterns_.generation() == last_generation_) {
      out = last_;
      return Status::Ok();
    }
    text_.clear();
    MR_RETURN_IF_ERROR(format->Format(local, &text_));
    out = writer_.arena().Copy(text_);
    last_ = out;
    last_key_ = key;
    last_generation_ = patterns_.generation();
    return Status::Ok();
  }

 private:
  DatePatternState& patterns_;
  FlatWriter<StringRef>& writer_;
  std::string text_;
  StringRef last_;
  int64_t last_key_ = 0;
  int64_t last_generation_ = -1;
};

Result<ColumnPtr> OfTimestamps(const KernelCall& call) {
  const Column& times = *call.args[0];
  ColumnReader<Timestamp> reader(times);
  ColumnReader<StringRef> patterns(*call.args[1]);
  FlatWriter<StringRef> writer(call.expr.type, call.size, call.context.pool);
  StampFormatter formatter(static_cast<State*>(call.state)->patterns, writer);
  const TimeZone* zone = times.type().Is(TypeKind::kTimestampLtz) ? call.context.zone : nullptr;
  for (int32_t i = 0; i < call.rows.count(); ++i) {
    int32_t row = call.rows[i];
    if (reader.IsNull(row) || patterns.IsNull(row)) {
      writer.SetNull(row);
      continue;
    }
    Timestamp local = zone == nullptr ? reader[row] : InstantToLocal(reader[row], *zone);
    MR_RETURN_IF_ERROR(formatter.Format(local, patterns[row].view(), writer.values()[row]));
  }
  return writer.Finish();
}

Result<bool> OfText(const KernelCall& call, StringSink& sink, std::string_view text, std::string_view pattern) {
  auto& state = *static_cast<State*>(call.state);
  MR_ASSIGN(const JavaSimpleDateFormat* from, state.simple_from.Get(kDefaultPattern));
  MR_ASSIGN(const JavaSimpleDateFormat* to, state.simple.Get(pattern));
  std::optional<int64_t> millis = from->Parse(text, *call.context.zone);
  if (!millis) return false;
  std::string out;
  to->Format(*millis, *call.context.zone, &out);
  sink.Assign(out);
  return true;
}

Result<ColumnPtr> Run(const KernelCall& call) {
  if (call.args[1]->type().Is(TypeKind::kNull))
    return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  return call.args[0]->type().IsTimestampLike() ? OfTimestamps(call) : Lift<OfText>(call);
}

}  // namespace

extern const ScalarFunction kDateFormat = {
    .name = "DATE_FORMAT",
    .signature = "DATE_FORMAT(TIMESTAMP | TIMESTAMP_LTZ | STRING, STRING pattern) -> STRING",
    .doc =
        "The time as text by a pattern of Java's DateTimeFormatter; a text is read as yyyy-MM-dd HH:mm:ss first, NULL "
        "if it is none.",
    .example = "DATE_FORMAT(TIMESTAMP '2024-05-15 10:20:30', 'yyyy/MM/dd HH:mm')",
    .example_result = "2024/05/15 10:20",
    .infer = Infer,
    .kernel = Run,
    .prepare = MakeState};

}  // namespace millrace::functions
