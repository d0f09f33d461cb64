// millrace bench nexmark: one Nexmark query, from files or from the generator, with what it cost and a checksum of its
// rows.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/row_writer.h"
#include "bin/commands/script.h"
#include "engine/connectors/blackhole/blackhole.h"

namespace millrace::bin {
namespace {

struct BenchOptions {
  ScriptOptions script;
  std::string query = "q0";
  std::string data;
  std::string folder = "bench/nexmark";
  int64_t events = 10'000'000;
  bool json = false;
  bool metrics = false;
};

Result<std::string> ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return UserError("file.missing", fmt::format("'{}' cannot be read", path),
                     "run in the root of a checkout, or name its folder with --queries");
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void ReplaceAll(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// The DDL of the source: that of the files, or the same columns over the generator.
Result<std::string> SourceText(const BenchOptions& options) {
  MR_ASSIGN(std::string source, ReadText(options.folder + "/source_files.sql"));
  if (!options.data.empty()) {
    ReplaceAll(source, "${DATA_DIR}", options.data);
    return source;
  }
  size_t with = source.rfind("WITH (");
  if (with == std::string::npos) return UserError("bench.source", "source_files.sql has no WITH clause");
  return source.substr(0, with) + fmt::format("WITH ('connector' = 'nexmark', 'events.num' = '{}');\n", options.events);
}

class BenchListener : public RowWriter {
 public:
  using RowWriter::RowWriter;
  void OnJobEnd(runtime::Job& job) override {
    operators = job.Operators();
    // A query that scans the stream twice still has each event once.
    for (const runtime::OperatorStatus& op : operators) {
      if (op.name.starts_with("TableSourceScan")) events = std::max(events, op.rows_out);
    }
  }
  int64_t events = 0;
  std::vector<runtime::OperatorStatus> operators;
};

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

Status RunQuery(const BenchOptions& options) {
  MR_ASSIGN(std::string source, SourceText(options));
  MR_ASSIGN(std::string views, ReadText(options.folder + "/views.sql"));
  MR_ASSIGN(std::string query, ReadText(fmt::format("{}/queries/{}.sql", options.folder, options.query)));
  ReplaceAll(views, "${NEXMARK_TABLE}", "datagen");
  MR_ASSIGN(std::unique_ptr<engine::Session> session, MakeSession(options.script));
  BenchListener listener(RowStyle::kPlain, *session);
  MR_RETURN_IF_ERROR(session->ExecuteScript(source, listener));
  MR_RETURN_IF_ERROR(session->ExecuteScript(views, listener));
  connectors::BlackholeTotals::Get().Reset();
  double cpu_before = CpuSeconds();
  int64_t started = Clock::System()->MonotonicNanos();
  MR_RETURN_IF_ERROR(session->ExecuteScript(query, listener));
  double wall = static_cast<double>(Clock::System()->MonotonicNanos() - started) / 1e9;
  double cpu = CpuSeconds() - cpu_before;
  uint64_t checksum = connectors::BlackholeTotals::Get().checksum;
  int64_t rows = connectors::BlackholeTotals::Get().rows;
  double millions = static_cast<double>(listener.events) / 1e6;
  std::string line;
  if (options.json) {
    line = fmt::format(
        "{{\"query\":\"{}\",\"parallelism\":{},\"events\":{},\"wall_s\":{:.3f},\"cpu_s\":{:.3f},\"peak_rss_mb\":{:.1f},"
        "\"rows\":{},\"checksum\":\"{:016x}\"}}\n",
        options.query, session->options().parallelism, listener.events, wall, cpu, PeakMegabytes(), rows, checksum);
  } else {
    line = fmt::format(
        "{}: {} events in {:.2f} s ({:.0f} K events/s), {:.3f} CPU s per M events ({:.0f} K events/s/core), peak "
        "{:.0f} MB, {} rows, checksum {:016x}\n",
        options.query, listener.events, wall, millions * 1000 / wall, cpu / millions, millions * 1000 / cpu,
        PeakMegabytes(), rows, checksum);
  }
  std::fputs(line.c_str(), stdout);
  for (const runtime::OperatorStatus& op : listener.operators) {
    if (!options.metrics) break;
    std::string text = fmt::format("  {:<70.70} x{} in {} out {} busy {:.2f} s\n", op.name, op.parallelism, op.rows_in,
                                   op.rows_out, static_cast<double>(op.busy_nanos) / 1e9);
    std::fputs(text.c_str(), stderr);
  }
  return Status::Ok();
}

}  // namespace

void AddBench(Command& program) {
  auto options = std::make_shared<BenchOptions>();
  Command bench = program.Add("bench", "Benchmarks of this build.");
  bench.NeedCommand();
  Command command = bench.Add("nexmark",
                              "Run one Nexmark query and tell what it cost.\n\n"
                              "  millrace bench nexmark --query q5 --events 2000000\n"
                              "  millrace bench nexmark --query q0 --data /tmp/nexmark --parallelism 2 --json\n\n"
                              "Exit codes: 0 done, 1 the query failed, 2 wrong usage.");
  command.Option("--query", &options->query, "q0 … q23");
  command.Option("--data", &options->data, "folder of NDJSON files; without it the generator makes the events");
  command.Option("--events", &options->events, "events of the generator");
  command.Option("--queries", &options->folder, "folder with source_files.sql, views.sql and queries/");
  command.Option("-p,--parallelism", &options->script.parallelism, "parallelism (cores of this machine)");
  command.Option("--threads", &options->script.threads, "worker threads (cores of this machine)");
  command.Option("-D", &options->script.settings, "a setting, as key=value; may be repeated");
  command.Flag("--json", options->json, "one JSON object");
  command.Flag("--metrics", options->metrics, "busy time per operator, on standard error");
  command.OnRun([options] {
    Status status = RunQuery(*options);
    if (!status.ok()) PrintError(status.error(), "", options->query);
    return status.ok() ? 0 : 1;
  });
}

}  // namespace millrace::bin
