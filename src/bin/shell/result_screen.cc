#include "bin/shell/result_screen.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>

#include "base/clock.h"
#include "types/cast.h"

namespace millrace::bin {
namespace {

constexpr int kColumnWidthMax = 30;  // Flink's 'sql-client.display.max-column-width'
constexpr size_t kFinalRowsMax = 10'000;

void Write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void TerminalSize(int* rows, int* columns) {
  winsize size{};
  bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  *rows = known ? size.ws_row : 24;
  *columns = known ? size.ws_col : 80;
}

// Widths by type, for rows that are printed before the next ones are known.
int StreamWidth(const DataType& type) {
  if (type.IsInteger()) return type.Is(TypeKind::kBigint) ? 20 : 11;
  if (type.Is(TypeKind::kBoolean)) return 7;
  if (type.IsTimestampLike()) return 23;
  return kColumnWidthMax;
}

}  // namespace

ResultMode ResultModeOf(const OptionMap& config) {
  auto mode = config.find("sql-client.execution.result-mode");
  if (mode == config.end()) return ResultMode::kTable;
  std::string text = mode->second;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  if (text == "changelog") return ResultMode::kChangelog;
  return text == "tableau" ? ResultMode::kTableau : ResultMode::kTable;
}

ResultScreen::ResultScreen(const engine::Session& session, ResultMode mode, bool (*interrupted)())
    : session_(session), mode_(mode), interrupted_(interrupted), started_nanos_(Clock::System()->MonotonicNanos()) {}

ResultScreen::~ResultScreen() = default;

Status ResultScreen::OnSchema(const Schema& schema, bool changelog) {
  std::lock_guard lock(mutex_);
  schema_ = schema;
  has_rows_ = true;
  changelog_ = changelog;
  for (const Field& field : schema.fields) {
    TableColumn column{field.name, field.type.IsNumeric(), 0};
    columns_.push_back(column);
  }
  return Status::Ok();
}

void ResultScreen::AppendChange(RowKind kind, TextRow row, std::string& out) {
  if (!headed_) {
    headed_ = true;
    for (size_t i = 0; i < columns_.size(); ++i) {
      columns_[i].width = std::max(StreamWidth(schema_[i].type), std::min(DisplayWidth(columns_[i].name), 60));
    }
    if (changelog_) columns_.insert(columns_.begin(), TableColumn{"op", false, 2});
    out += RuleLine(columns_) + "\n" + HeadLine(columns_) + "\n" + RuleLine(columns_) + "\n";
  }
  if (changelog_) row.insert(row.begin(), std::string(RowKindText(kind)));
  out += RowLine(columns_, row) + "\n";
}

Status ResultScreen::OnRows(const Chunk& chunk) {
  std::lock_guard lock(mutex_);
  std::string out;
  chunk.rows().ForEach([&](int32_t row) {
    TextRow text;
    for (size_t i = 0; i < chunk.columns.size(); ++i) {
      Value value = chunk.columns[i]->GetValue(row);
      text.push_back(value.IsNull() ? "<NULL>" : ToText(value, schema_[i].type, session_.zone()));
    }
    ++changes_;
    if (mode_ == ResultMode::kTable) {
      table_.Apply(chunk.kind(row), std::move(text));
      changed_ = true;
    } else {
      AppendChange(chunk.kind(row), std::move(text), out);
    }
  });
  if (!out.empty()) Write(out);
  return Status::Ok();
}

void ResultScreen::OnMessage(const std::string& text) { Write(text == "OK" ? "OK\n" : text + "\n"); }

void ResultScreen::OnNotice(const std::string& text) {
  std::lock_guard lock(mutex_);
  EraseDrawn();
  Write(text + "\n");
}

void ResultScreen::OnJobStart(runtime::Job& job) {
  job_ = &job;
  ran_job_ = true;
  watcher_ = std::make_unique<BackgroundThread>([this](const std::atomic<bool>& stop) { Watch(stop); });
}

void ResultScreen::OnJobEnd(runtime::Job& job) {
  watcher_.reset();
  written_ = job.rows_written();
  job_ = nullptr;
}

// Looks for Ctrl-C often, and draws a few times a second.
void ResultScreen::Watch(const std::atomic<bool>& stop) {
  constexpr int64_t kDrawNanos = 250'000'000;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock waiting(mutex);
  bool cancelled = false;
  int64_t drawn_at = started_nanos_;
  while (!stop.load()) {
    never.wait_for(waiting, std::chrono::milliseconds(20));
    if (!cancelled && interrupted_()) {
      cancelled = true;
      job_->Cancel();
    }
    int64_t now = Clock::System()->MonotonicNanos();
    if (now - drawn_at < kDrawNanos) continue;
    drawn_at = now;
    std::lock_guard lock(mutex_);
    if (mode_ == ResultMode::kTable || !has_rows_) Redraw();
  }
}

void ResultScreen::EraseDrawn() {
  if (drawn_lines_ > 0) Write(fmt::format("\033[{}A\r\033[J", drawn_lines_));
  drawn_lines_ = 0;
}

void ResultScreen::Redraw() {
  int rows = 0;
  int width = 0;
  TerminalSize(&rows, &width);
  double seconds = static_cast<double>(Clock::System()->MonotonicNanos() - started_nanos_) / 1e9;
  std::string state = fmt::format("{:.0f} s, {} rows read, {} changes; Ctrl-C stops", seconds,
                                  job_ != nullptr ? job_->rows_read() : 0, changes_);
  std::vector<std::string> lines;
  if (has_rows_) {
    auto room = static_cast<size_t>(std::max(1, rows - 7));
    std::vector<const TextRow*> shown = table_.Rows(table_.size() > room ? table_.size() - room : 0, room);
    std::vector<TableColumn> columns = columns_;
    WidenTo(columns, shown, kColumnWidthMax);
    lines = {RuleLine(columns), HeadLine(columns), RuleLine(columns)};
    for (const TextRow* row : shown) lines.push_back(RowLine(columns, *row));
    lines.push_back(RuleLine(columns));
    state = fmt::format("{} rows{}; {}", table_.size(), table_.size() > room ? fmt::format(", the last {}", room) : "",
                        state);
  }
  lines.push_back(state);
  // One write, with synchronised update where the terminal knows it; lines are cut, never wrapped.
  std::string text = "\033[?2026h";
  if (drawn_lines_ > 0) text += fmt::format("\033[{}A\r", drawn_lines_);
  for (const std::string& line : lines) text += FitTo(line, width - 1, false) + "\033[K\n";
  text += "\033[J\033[?2026l";
  drawn_lines_ = static_cast<int>(lines.size());
  Write(text);
}

void ResultScreen::DrawFinal() {
  std::string out;
  if (mode_ == ResultMode::kTable) {
    std::vector<const TextRow*> rows = table_.Rows(0, kFinalRowsMax);
    WidenTo(columns_, rows, kColumnWidthMax);
    out += RuleLine(columns_) + "\n" + HeadLine(columns_) + "\n" + RuleLine(columns_) + "\n";
    for (const TextRow* row : rows) out += RowLine(columns_, *row) + "\n";
    if (!rows.empty()) out += RuleLine(columns_) + "\n";
    if (table_.size() > rows.size()) out += fmt::format("{} more rows are not shown\n", table_.size() - rows.size());
    out += fmt::format("{} row{} in set\n", table_.size(), table_.size() == 1 ? "" : "s");
  } else {
    if (headed_) out += RuleLine(columns_) + "\n";
    out += changes_ == 0 ? "Empty set\n" : fmt::format("Received a total of {} rows\n", changes_);
  }
  Write(out);
}

void ResultScreen::Finish(const Status& status) {
  std::lock_guard lock(mutex_);
  EraseDrawn();
  bool cancelled = !status.ok() && status.error().code == "job.cancelled";
  if (has_rows_ && (status.ok() || cancelled || changes_ > 0)) DrawFinal();
  double seconds = static_cast<double>(Clock::System()->MonotonicNanos() - started_nanos_) / 1e9;
  if (cancelled) {
    Write(fmt::format("cancelled after {:.1f} s\n", seconds));
  } else if (status.ok() && ran_job_ && !has_rows_) {
    Write(fmt::format("OK, {} rows written in {:.2f} s\n", written_, seconds));
  }
}

}  // namespace millrace::bin
