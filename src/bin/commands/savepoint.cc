// millrace savepoint show: what is in a checkpoint or savepoint.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/row_writer.h"
#include "bin/commands/script.h"
#include "engine/session/checkpointer.h"

namespace millrace::bin {
namespace {

struct ShowOptions {
  std::string path;
  bool json = false;
};

// A split that a source has read from.
struct Position {
  std::string operator_id;
  std::string split;
  std::string at;  // the connector's own text; empty when it is no text
};

bool IsText(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) { return std::isprint(c) != 0; });
}

// "<length>:<id><state>", as sources write them.
bool ParsePosition(std::string_view record, Position* position) {
  size_t colon = record.find(':');
  if (colon == std::string_view::npos) return false;
  size_t length = 0;
  for (char c : record.substr(0, colon)) {
    if (c < '0' || c > '9') return false;
    length = length * 10 + static_cast<size_t>(c - '0');
    if (length > record.size()) return false;
  }
  if (colon + 1 + length > record.size()) return false;
  position->split = record.substr(colon + 1, length);
  std::string_view at = record.substr(colon + 1 + length);
  if (IsText(at)) position->at = at;
  return true;
}

Result<std::vector<Position>> PositionsOf(const state::JobSnapshot& snapshot) {
  std::vector<Position> positions;
  for (const std::string& id : snapshot.OperatorIds()) {
    auto reader = snapshot.Reader(id, {});
    if (reader == nullptr || reader->StateVersion("splits") < 0) continue;
    MR_RETURN_IF_ERROR(reader->ForEach("splits", [&](const state::SnapshotRecord& record) {
      Position position{id, "", ""};
      if (ParsePosition(record.value, &position)) positions.push_back(std::move(position));
      return Status::Ok();
    }));
  }
  return positions;
}

std::string Size(int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB"};
  auto size = static_cast<double>(bytes);
  size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

void PrintText(const engine::FoundSnapshot& found, const std::vector<Position>& positions) {
  fmt::print("{}\n", found.path);
  fmt::print("job {} of its script\n\n", found.snapshot.Metadata("job"));
  std::string operator_id;
  int64_t bytes = 0;
  for (const state::StateSummary& state : found.snapshot.Summaries()) {
    if (state.operator_id != operator_id) fmt::print("{}\n", state.operator_id);
    operator_id = state.operator_id;
    std::string groups = "not keyed";
    if (state.groups.first <= state.groups.last) {
      groups = fmt::format("key groups {}-{}", state.groups.first, state.groups.last);
    }
    fmt::print("  {:<20} {:>10} records {:>10}  {}, {} instance{}, version {}\n", state.name, state.records,
               Size(state.bytes), groups, state.instances, state.instances == 1 ? "" : "s", state.version);
    bytes += state.bytes;
  }
  fmt::print("\n{} of state\n", Size(bytes));
  for (const Position& position : positions) {
    fmt::print("{}: {} {}\n", position.operator_id, position.split, position.at);
  }
  fmt::print("\n{}\n", found.snapshot.Metadata("statement"));
}

void PrintJson(const engine::FoundSnapshot& found, const std::vector<Position>& positions) {
  std::string states;
  for (const state::StateSummary& state : found.snapshot.Summaries()) {
    std::string groups = "null";
    if (state.groups.first <= state.groups.last) {
      groups = fmt::format("[{},{}]", state.groups.first, state.groups.last);
    }
    states += fmt::format(
        R"({}{{"operator":{},"state":{},"version":{},"instances":{},"records":{},"bytes":{},"key_groups":{}}})",
        states.empty() ? "" : ",", JsonQuote(state.operator_id), JsonQuote(state.name), state.version, state.instances,
        state.records, state.bytes, groups);
  }
  std::string splits;
  for (const Position& position : positions) {
    splits += fmt::format(R"({}{{"operator":{},"split":{},"at":{}}})", splits.empty() ? "" : ",",
                          JsonQuote(position.operator_id), JsonQuote(position.split), JsonQuote(position.at));
  }
  fmt::print(R"({{"path":{},"job":{},"states":[{}],"positions":[{}],"statement":{}}})", JsonQuote(found.path),
             JsonQuote(found.snapshot.Metadata("job")), states, splits,
             JsonQuote(found.snapshot.Metadata("statement")));
  fmt::print("\n");
}

int Show(const ShowOptions& options) {
  auto found = engine::FindSnapshot(options.path);
  auto positions = found.ok() ? PositionsOf(found->snapshot) : Result<std::vector<Position>>(found.error());
  if (!positions.ok()) {
    PrintError(positions.error(), "", "");
    return 1;
  }
  if (options.json) {
    PrintJson(*found, *positions);
  } else {
    PrintText(*found, *positions);
  }
  return 0;
}

}  // namespace

void AddSavepoint(Command& program) {
  Command savepoint =
      program.Add("savepoint", "Make savepoints, look into them and into checkpoints, and remove them.");
  savepoint.NeedCommand();
  AddSavepointActions(savepoint);
  auto options = std::make_shared<ShowOptions>();
  Command show = savepoint.Add("show",
                               "Show operators, states, sizes, key groups, source positions and the SQL.\n\n"
                               "  millrace savepoint show state/chk-7\n"
                               "  millrace savepoint show state --json       the newest in that directory\n\n"
                               "Exit codes: 0 done, 1 it cannot be read, 2 wrong usage.");
  show.Option("path", &options->path, "a checkpoint, or a directory with some");
  show.Need("path");
  show.Flag("--json", options->json, "one JSON object");
  show.OnRun([options] { return Show(*options); });
}

}  // namespace millrace::bin
