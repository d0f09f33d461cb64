#include "control/executor/local/job_messages.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/options.h"

namespace millrace::executor {
namespace {

using Json = nlohmann::ordered_json;

struct OpName {
  JobOp op;
  const char* name;
};
constexpr std::array kOps{OpName{JobOp::kStatus, "status"}, OpName{JobOp::kSavepoint, "savepoint"},
                          OpName{JobOp::kStop, "stop"}, OpName{JobOp::kRescale, "rescale"},
                          OpName{JobOp::kCancel, "cancel"}};

std::string Text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json Parse(std::string_view text) { return Json::parse(text.begin(), text.end(), nullptr, false); }

std::string GetText(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int64_t GetNumber(const Json& json, const char* name) {
  auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

// The objects of an array.
template <typename T>
std::vector<T> GetList(const Json& json, const char* name, T (*read)(const Json&)) {
  std::vector<T> list;
  auto found = json.find(name);
  if (found == json.end() || !found->is_array()) return list;
  for (const Json& entry : *found) {
    if (entry.is_object()) list.push_back(read(entry));
  }
  return list;
}

template <typename T>
Json WriteList(const std::vector<T>& list, Json (*write)(const T&)) {
  Json array = Json::array();
  for (const T& entry : list) array.push_back(write(entry));
  return array;
}

Error BadRequest(const std::string& what) {
  return UserError("protocol.request", what, R"(send one JSON object a line, such as {"v":1,"op":"status"})");
}

Error UnknownOp(const std::string& given) {
  std::vector<std::string> names;
  for (const OpName& op : kOps) names.emplace_back(op.name);
  auto nearest = NearestWord(given, names);
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return UserError("protocol.unknown_op", fmt::format("this job does not know the operation '{}'", given),
                   nearest ? fmt::format("did you mean '{}'?", *nearest) : "there are: " + all);
}

Json WriteOperator(const OperatorReport& report) {
  Json json{{"name", report.name},       {"parallelism", report.parallelism},
            {"rows_in", report.rows_in}, {"rows_out", report.rows_out},
            {"busy_ms", report.busy_ms}, {"back_pressured_ms", report.back_pressured_ms}};
  json["watermark"] = report.watermark ? Json(*report.watermark) : Json(nullptr);
  json["late_rows"] = report.late_rows;
  return json;
}

OperatorReport ReadOperator(const Json& json) {
  OperatorReport report;
  report.name = GetText(json, "name");
  report.parallelism = static_cast<int32_t>(GetNumber(json, "parallelism"));
  report.rows_in = GetNumber(json, "rows_in");
  report.rows_out = GetNumber(json, "rows_out");
  report.busy_ms = GetNumber(json, "busy_ms");
  report.back_pressured_ms = GetNumber(json, "back_pressured_ms");
  if (json.contains("watermark") && json["watermark"].is_number_integer()) {
    report.watermark = GetNumber(json, "watermark");
  }
  report.late_rows = GetNumber(json, "late_rows");
  return report;
}

Json WriteFailure(const FailureReport& report) {
  return {{"at", report.at}, {"code", report.code}, {"message", report.message}};
}

FailureReport ReadFailure(const Json& json) {
  return {GetNumber(json, "at"), GetText(json, "code"), GetText(json, "message")};
}

Json WriteSnapshot(const std::optional<SnapshotReport>& report) {
  if (!report) return nullptr;
  return {{"path", report->path}, {"at", report->at}, {"duration_ms", report->duration_ms}, {"bytes", report->bytes}};
}

std::optional<SnapshotReport> ReadSnapshot(const Json& json, const char* name) {
  auto found = json.find(name);
  if (found == json.end() || !found->is_object()) return std::nullopt;
  return SnapshotReport{GetText(*found, "path"), GetNumber(*found, "at"), GetNumber(*found, "duration_ms"),
                        GetNumber(*found, "bytes")};
}

Json WriteReport(const JobReport& report) {
  Json checkpoints{{"directory", report.checkpoint_directory},
                   {"complete", report.checkpoints},
                   {"failed", report.checkpoints_failed}};
  checkpoints["last"] = WriteSnapshot(report.last_checkpoint);
  checkpoints["failures"] = WriteList(report.checkpoint_failures, WriteFailure);
  Json json{{"name", report.name},
            {"id", report.id},
            {"state", report.state},
            {"since", report.since},
            {"pid", report.pid},
            {"job", report.number},
            {"statement", report.statement},
            {"parallelism", report.parallelism},
            {"rows_read", report.rows_read},
            {"rows_written", report.rows_written},
            {"restored_from", report.restored_from}};
  json["operators"] = WriteList(report.operators, WriteOperator);
  json["checkpoints"] = std::move(checkpoints);
  json["last_savepoint"] = WriteSnapshot(report.last_savepoint);
  json["restarts"] = report.restarts;
  json["failures"] = WriteList(report.failures, WriteFailure);
  return json;
}

JobReport ReadReport(const Json& json) {
  JobReport report;
  report.name = GetText(json, "name");
  report.id = GetText(json, "id");
  report.state = GetText(json, "state");
  report.since = GetNumber(json, "since");
  report.pid = GetNumber(json, "pid");
  report.number = GetNumber(json, "job");
  report.statement = GetText(json, "statement");
  report.parallelism = static_cast<int32_t>(GetNumber(json, "parallelism"));
  report.rows_read = GetNumber(json, "rows_read");
  report.rows_written = GetNumber(json, "rows_written");
  report.restored_from = GetText(json, "restored_from");
  report.operators = GetList(json, "operators", ReadOperator);
  if (auto found = json.find("checkpoints"); found != json.end() && found->is_object()) {
    report.checkpoint_directory = GetText(*found, "directory");
    report.checkpoints = GetNumber(*found, "complete");
    report.checkpoints_failed = GetNumber(*found, "failed");
    report.last_checkpoint = ReadSnapshot(*found, "last");
    report.checkpoint_failures = GetList(*found, "failures", ReadFailure);
  }
  report.last_savepoint = ReadSnapshot(json, "last_savepoint");
  report.restarts = GetNumber(json, "restarts");
  report.failures = GetList(json, "failures", ReadFailure);
  return report;
}

Status CheckVersion(const Json& json) {
  auto version = json.find("v");
  if (version == json.end() || !version->is_number_integer() || version->get<int64_t>() < 1) {
    return BadRequest("the request does not say its version: \"v\":1");
  }
  if (version->get<int64_t>() == kProtocolVersion) return Status::Ok();
  return UserError("protocol.version",
                   fmt::format("the request has version {} of the job protocol; this job speaks {}",
                               version->get<int64_t>(), kProtocolVersion),
                   "use a millrace of the job's version, or start the job again from a savepoint with yours");
}

}  // namespace

bool TakesTime(JobOp op) {
  switch (op) {
    case JobOp::kStatus:
    case JobOp::kCancel:
      return false;
    case JobOp::kSavepoint:
    case JobOp::kStop:
    case JobOp::kRescale:
      return true;
  }
  return false;
}

std::string EncodeCall(const JobCall& call) {
  Json json{{"v", kProtocolVersion}};
  for (const OpName& op : kOps) {
    if (op.op == call.op) json["op"] = op.name;
  }
  if (!call.directory.empty()) json["directory"] = call.directory;
  if (call.drain) json["drain"] = true;
  if (call.parallelism != 0) json["parallelism"] = call.parallelism;
  return Text(json);
}

Result<JobCall> DecodeCall(std::string_view line) {
  Json json = Parse(line);
  if (!json.is_object()) return BadRequest("the request is no JSON object");
  MR_RETURN_IF_ERROR(CheckVersion(json));
  std::string name = GetText(json, "op");
  if (name.empty()) return BadRequest("the request has no operation: \"op\":\"status\"");
  JobCall call;
  bool known = false;
  for (const OpName& op : kOps) {
    if (op.name != name) continue;
    call.op = op.op;
    known = true;
  }
  if (!known) return UnknownOp(name);
  if (json.contains("directory") && !json["directory"].is_string()) return BadRequest("\"directory\" must be a text");
  call.directory = GetText(json, "directory");
  if (!call.directory.empty() && !call.directory.starts_with('/')) {
    return BadRequest("\"directory\" must be an absolute path");
  }
  if (call.directory.find('\0') != std::string::npos) return BadRequest("\"directory\" holds a zero byte");
  if (json.contains("drain") && !json["drain"].is_boolean()) return BadRequest("\"drain\" must be true or false");
  call.drain = json.contains("drain") && json["drain"].get<bool>();
  int64_t parallelism = GetNumber(json, "parallelism");
  if (call.op == JobOp::kRescale && (parallelism < 1 || parallelism > INT32_MAX)) {
    return BadRequest("\"parallelism\" must be a whole number above zero");
  }
  call.parallelism = static_cast<int32_t>(parallelism);
  return call;
}

std::string EncodeAnswer(const JobAnswer& answer) {
  Json json{{"v", kProtocolVersion}, {"ok", !answer.error.has_value()}};
  if (answer.error) {
    json["error"] = {{"code", answer.error->code}, {"message", answer.error->message}, {"hint", answer.error->hint}};
  }
  if (!answer.path.empty()) json["path"] = answer.path;
  if (answer.job) json["job"] = WriteReport(*answer.job);
  return Text(json);
}

Result<JobAnswer> DecodeAnswer(std::string_view line) {
  Json json = Parse(line);
  if (!json.is_object() || !json.contains("ok") || !json["ok"].is_boolean()) {
    return ExternalError("protocol.answer", "what the job answered is no answer of the job protocol");
  }
  JobAnswer answer;
  answer.path = GetText(json, "path");
  if (!json["ok"].get<bool>()) {
    Json error = json.contains("error") && json["error"].is_object() ? json["error"] : Json::object();
    answer.error = UserError(GetText(error, "code"), GetText(error, "message"), GetText(error, "hint"));
  }
  if (auto job = json.find("job"); job != json.end() && job->is_object()) answer.job = ReadReport(*job);
  return answer;
}

std::string EncodeReport(const JobReport& report) { return Text(WriteReport(report)); }

Result<JobReport> DecodeReport(std::string_view text) {
  Json json = Parse(text);
  if (!json.is_object()) return ExternalError("protocol.answer", "this is no report of a job");
  return ReadReport(json);
}

}  // namespace millrace::executor
