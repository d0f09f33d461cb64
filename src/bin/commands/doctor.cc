// millrace doctor: what is missing on this machine, and what limits it.
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>
#include <vector>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/row_writer.h"
#include "engine/connectors/kafka/kafka_library.h"
#include "engine/functions/unicode_version.h"
#include "types/time_zone.h"

namespace millrace::bin {
namespace {

enum class Level : uint8_t { kOk, kWarn, kFail };

const char* LevelText(Level level) {
  switch (level) {
    case Level::kOk:
      return "ok";
    case Level::kWarn:
      return "warn";
    case Level::kFail:
      return "fail";
  }
  return "";
}

struct Check {
  std::string name;
  Level level = Level::kOk;
  std::string text;
  std::string advice;  // what to do; empty when it is ok
};

struct DoctorOptions {
  bool json = false;
  std::string state_dir;
  std::string bootstrap_servers;
};

constexpr int64_t kGigabyte = int64_t{1} << 30;

std::string FirstLine(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// Bytes of a line "MemAvailable:  123 kB" of /proc/meminfo; -1 when it is not there.
int64_t MemoryLine(const std::string& name) {
  std::ifstream in("/proc/meminfo");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name + ":")) continue;
    return std::strtoll(line.c_str() + name.size() + 1, nullptr, 10) * 1024;
  }
  return -1;
}

Check CheckCores() {
  unsigned cores = std::thread::hardware_concurrency();
  Check check{"cores", Level::kOk, fmt::format("{} cores: that many worker threads by default", cores), ""};
  if (cores <= 1) {
    check.level = Level::kWarn;
    check.advice = "jobs run one task at a time; give the machine or the container more cores";
  }
  return check;
}

Check CheckMemory() {
  int64_t available = MemoryLine("MemAvailable");
  std::string limit = FirstLine("/sys/fs/cgroup/memory.max");
  std::string where = "available";
  if (!limit.empty() && limit != "max") {
    int64_t bytes = std::strtoll(limit.c_str(), nullptr, 10);
    if (bytes > 0 && (available < 0 || bytes < available)) {
      available = bytes;
      where = "allowed by the control group";
    }
  }
  if (available < 0) return {"memory", Level::kWarn, "cannot be told", "is /proc mounted?"};
  Check check{"memory", Level::kOk,
              fmt::format("{:.1f} GiB {}", static_cast<double>(available) / static_cast<double>(kGigabyte), where), ""};
  if (available < kGigabyte) {
    check.level = Level::kWarn;
    check.advice = "state lives in memory: joins and aggregates over many keys need more";
  }
  return check;
}

Check CheckHugePages() {
  std::string line = FirstLine("/sys/kernel/mm/transparent_hugepage/enabled");
  size_t open = line.find('[');
  std::string mode = open == std::string::npos ? "" : line.substr(open + 1, line.find(']') - open - 1);
  if (mode == "always" || mode == "madvise") return {"huge pages", Level::kOk, fmt::format("'{}'", mode), ""};
  return {"huge pages", Level::kWarn, mode.empty() ? "cannot be told" : fmt::format("'{}'", mode),
          "large state is slower without: as root, echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"};
}

Check CheckOpenFiles() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {"open files", Level::kWarn, "cannot be told", ""};
  Check check{"open files", Level::kOk, fmt::format("up to {}", limit.rlim_cur), ""};
  if (limit.rlim_cur < 1024) {
    check.level = Level::kWarn;
    check.advice = "partitioned files and brokers with many partitions need more: ulimit -n 65536";
  }
  return check;
}

// Whether a file can be made and removed in a folder, and how much room there is.
Check CheckFolder(const std::string& name, const std::string& folder) {
  std::string probe = folder + "/millrace_doctor_XXXXXX";
  int file = mkstemp(probe.data());
  if (file < 0) {
    return {name, Level::kFail, fmt::format("nothing can be written to '{}': {}", folder, std::strerror(errno)),
            fmt::format("make the folder writable, or name another one{}",
                        name == "temporary files" ? " in the variable TMPDIR" : " with --state-dir")};
  }
  close(file);
  unlink(probe.c_str());
  struct statvfs space {};
  int64_t free_bytes =
      statvfs(folder.c_str(), &space) == 0 ? static_cast<int64_t>(space.f_bavail * space.f_frsize) : kGigabyte;
  Check check{name, Level::kOk,
              fmt::format("'{}' is writable, {:.1f} GiB are free", folder,
                          static_cast<double>(free_bytes) / static_cast<double>(kGigabyte)),
              ""};
  if (free_bytes < kGigabyte) {
    check.level = Level::kWarn;
    check.advice = "checkpoints and results may not find room: make some, or use another disk";
  }
  return check;
}

Check CheckKafkaLibrary() {
  connectors::kafka::KafkaLibrary library = connectors::kafka::DescribeKafkaLibrary();
  std::vector<std::string> missing;
  for (const char* wanted : {"ssl", "sasl_plain", "sasl_scram", "gzip", "snappy", "lz4", "zstd"}) {
    if (std::find(library.features.begin(), library.features.end(), wanted) == library.features.end())
      missing.push_back(wanted);
  }
  Check check{"kafka client", Level::kOk,
              fmt::format("librdkafka {} with {}", library.version, fmt::join(library.features, ", ")), ""};
  if (!missing.empty()) {
    check.level = Level::kWarn;
    check.advice = fmt::format(
        "it was built without {}: brokers that need it cannot be used; install Debian's "
        "librdkafka1",
        fmt::join(missing, ", "));
  }
  return check;
}

Check CheckTimeZones() {
  auto found = TimeZone::Find("Asia/Shanghai");
  if (!found.ok()) {
    return {"time zones", Level::kFail, "there is no time-zone database", "install the package tzdata"};
  }
  std::string line = FirstLine("/usr/share/zoneinfo/tzdata.zi");
  std::string version = line.starts_with("# version ") ? "version " + line.substr(10) : "of unknown version";
  return {"time zones", Level::kOk, "tz database " + version, ""};
}

Check CheckUnicode() { return {"unicode", Level::kOk, "ICU " + functions::UnicodeLibraryVersion(), ""}; }

Check CheckBrokers(const std::string& servers) {
  auto topics = connectors::kafka::CountTopics(servers);
  if (topics.ok()) return {"brokers", Level::kOk, fmt::format("{} answer; they list {} topics", servers, *topics), ""};
  std::string advice =
      topics.error().hint.empty() ? "check the address, and that the broker runs" : topics.error().hint;
  return {"brokers", Level::kFail, topics.error().message, std::move(advice)};
}

std::vector<Check> RunChecks(const DoctorOptions& options) {
  std::vector<Check> checks{CheckCores(), CheckMemory(), CheckHugePages(), CheckOpenFiles()};
  std::error_code code;
  std::string temporary = std::filesystem::temp_directory_path(code).string();
  checks.push_back(CheckFolder("temporary files", code ? "/tmp" : temporary));
  if (!options.state_dir.empty()) checks.push_back(CheckFolder("state", options.state_dir));
  checks.push_back(CheckTimeZones());
  checks.push_back(CheckUnicode());
  checks.push_back(CheckKafkaLibrary());
  if (!options.bootstrap_servers.empty()) checks.push_back(CheckBrokers(options.bootstrap_servers));
  return checks;
}

void PrintText(const std::vector<Check>& checks) {
  bool colour = isatty(STDOUT_FILENO) != 0;
  for (const Check& check : checks) {
    const char* shade = !colour ? "" : check.level == Level::kOk ? "\033[32m" : "\033[1;31m";
    if (colour && check.level == Level::kWarn) shade = "\033[33m";
    fmt::print("{}{:<4}{}  {:<16} {}\n", shade, LevelText(check.level), colour ? "\033[0m" : "", check.name,
               check.text);
    if (!check.advice.empty()) fmt::print("      {:<16} {}\n", "", check.advice);
  }
}

void PrintJson(const std::vector<Check>& checks, bool good) {
  std::string text = fmt::format("{{\"ok\":{},\"checks\":[", good);
  for (size_t i = 0; i < checks.size(); ++i) {
    const Check& check = checks[i];
    text += fmt::format("{}{{\"name\":{},\"status\":\"{}\",\"text\":{},\"advice\":{}}}", i > 0 ? "," : "",
                        JsonQuote(check.name), LevelText(check.level), JsonQuote(check.text), JsonQuote(check.advice));
  }
  fmt::print("{}]}}\n", text);
}

int Doctor(const DoctorOptions& options) {
  std::vector<Check> checks = RunChecks(options);
  bool good =
      std::none_of(checks.begin(), checks.end(), [](const Check& check) { return check.level == Level::kFail; });
  if (options.json) {
    PrintJson(checks, good);
  } else {
    PrintText(checks);
  }
  return good ? 0 : 1;
}

}  // namespace

void AddDoctor(Command& program) {
  auto options = std::make_shared<DoctorOptions>();
  Command command = program.Add("doctor",
                                "Say what is missing on this machine and what limits it.\n\n"
                                "  millrace doctor\n"
                                "  millrace doctor --state-dir /var/lib/millrace --bootstrap-servers kafka:9092\n\n"
                                "Exit codes: 0 nothing is missing (warnings may be shown), 1 something is, "
                                "2 wrong usage.");
  command.Flag("--json", options->json, "one JSON object");
  command.Option("--state-dir", &options->state_dir, "folder that checkpoints shall go to");
  command.Option("--bootstrap-servers", &options->bootstrap_servers, "Kafka brokers to reach, as host:port,…");
  command.OnRun([options] { return Doctor(*options); });
}

}  // namespace millrace::bin
