// What a conformance suite found.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace millrace::conformance {

struct SuiteCount {
  int pass = 0;
  int fail = 0;
  int unsupported = 0;
  int total() const { return pass + fail + unsupported; }
};

struct SuiteFailure {
  std::string id;
  std::string why;
};

struct SuiteResult {
  SuiteCount count;
  std::map<std::string, SuiteCount> per_file;
  std::vector<SuiteFailure> failures;
};

}  // namespace millrace::conformance
