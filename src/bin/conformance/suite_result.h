// What a conformance suite found.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace millrace::conformance {

// The answer to one case. `why` is empty exactly for kPass.
struct Verdict {
  enum class Kind { kPass, kFail, kUnsupported };
  Kind kind = Kind::kPass;
  std::string why;

  static Verdict Pass() { return {}; }
  static Verdict Fail(std::string why) { return {Kind::kFail, std::move(why)}; }
  // Something that the engine, or this program, cannot do and does not claim to.
  static Verdict Unsupported(std::string why) { return {Kind::kUnsupported, std::move(why)}; }
};

struct SuiteCount {
  int pass = 0;
  int fail = 0;
  int unsupported = 0;
  int total() const { return pass + fail + unsupported; }
  void Add(const Verdict& verdict) {
    pass += verdict.kind == Verdict::Kind::kPass ? 1 : 0;
    fail += verdict.kind == Verdict::Kind::kFail ? 1 : 0;
    unsupported += verdict.kind == Verdict::Kind::kUnsupported ? 1 : 0;
  }
};

struct SuiteFailure {
  std::string id;
  std::string why;
};

struct SuiteResult {
  SuiteCount count;
  std::map<std::string, SuiteCount> per_file;
  std::vector<SuiteFailure> failures;  // what failed and what is unsupported

  void Count(const Verdict& verdict) { count.Add(verdict); }
  void Add(const std::string& file, const std::string& id, const Verdict& verdict) {
    count.Add(verdict);
    per_file[file].Add(verdict);
    if (verdict.kind == Verdict::Kind::kPass) return;
    std::string prefix = verdict.kind == Verdict::Kind::kUnsupported ? "unsupported: " : "";
    failures.push_back({id, prefix + verdict.why});
  }
};

// Suites by name, in the order in which they are printed.
using SuiteResults = std::vector<std::pair<std::string, SuiteResult>>;

}  // namespace millrace::conformance
