// WindowTableFunction: each row once per window that it lies in, with window_start, window_end and window_time behind
// it, and with the row's kind. TUMBLE, HOP and CUMULATE need no state; of HOP windows the latest comes first, of
// CUMULATE windows the shortest. A row without a time is dropped.
#include <memory>

#include "engine/operators/factories.h"
#include "engine/operators/row_repeater.h"
#include "engine/operators/window_table_function/session_rows.h"
#include "engine/operators/windows/window_math.h"

namespace millrace::operators {
namespace {

class WindowTableFunction : public RowRepeater {
 public:
  WindowTableFunction(const plan::Window& window, size_t input_width, std::vector<DataType> types)
      : math_(window), input_width_(input_width), types_(std::move(types)) {}

  OperatorMetrics Metrics() const override { return {dropped_, 0, 0}; }

 protected:
  Status BeginChunk(const Chunk& chunk) override {
    RowSet rows = chunk.rows();
    first_ends_.assign(static_cast<size_t>(rows.count()), 0);
    windows_.assign(static_cast<size_t>(rows.count()), 1);
    const plan::Window& window = math_.window();
    int64_t now = window.event_time ? 0 : math_.ToLocal(context().clock->NowMillis());
    ColumnReader<Timestamp> times(*chunk.columns[static_cast<size_t>(std::max(window.time_column, 0))]);
    for (int32_t i = 0; i < rows.count(); ++i) {
      auto at = static_cast<size_t>(i);
      if (window.event_time && times.IsNull(rows[i])) {
        windows_[at] = 0;
        ++dropped_;
        continue;
      }
      int64_t time = window.event_time ? math_.ToLocal(times[rows[i]].millis) : now;
      int64_t slice_end = math_.SliceEnd(time);
      int64_t first = math_.FirstWindowEnd(slice_end);
      int64_t last = math_.LastWindowEnd(slice_end);
      bool none = first == WindowMath::kNoWindow || last == WindowMath::kNoWindow;
      windows_[at] = none ? 0 : (last - first) / (math_.NextWindowEnd(0)) + 1;
      first_ends_[at] = window.kind == plan::WindowKind::kHop ? last : first;
    }
    return Status::Ok();
  }

  int64_t Times(const Chunk&, int32_t i) override { return windows_[static_cast<size_t>(i)]; }

  Result<Chunk> MakeChunk(const Chunk& chunk, std::span<const int32_t> rows, std::span<const int32_t> live,
                          std::span<const int64_t> times) override {
    Chunk result = RepeatRows(chunk, rows, input_width_, context().pool);
    int64_t step = math_.window().kind == plan::WindowKind::kHop ? -math_.NextWindowEnd(0) : math_.NextWindowEnd(0);
    WindowBounds bounds(math_, types_, input_width_, context());
    for (size_t k = 0; k < rows.size(); ++k) {
      int64_t end = first_ends_[static_cast<size_t>(live[k])] + times[k] * step;
      bounds.Add(math_.WindowStart(end), end);
    }
    bounds.AppendTo(result);
    return result;
  }

 private:
  WindowMath math_;
  size_t input_width_;
  std::vector<DataType> types_;
  std::vector<int64_t> first_ends_;  // by live row
  std::vector<int64_t> windows_;
  int64_t dropped_ = 0;
};

}  // namespace

OperatorResult Make(const plan::WindowTableFunctionSpec& spec, const plan::PhysicalNode& node) {
  if (spec.window.kind == plan::WindowKind::kSession) {
    return {std::make_unique<SessionRows>(spec, InputTypes(node), TypesOf(node.output))};
  }
  size_t width = node.inputs[0].node->output.size();
  return {std::make_unique<WindowTableFunction>(spec.window, width, TypesOf(node.output))};
}

}  // namespace millrace::operators
