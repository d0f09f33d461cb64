// fuzz-modules: executor
// Any line as a call to a running job, as its answer and as its report: what can be read can be written and read again,
// the rest gives a coded error.
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/executor/local/job_messages.h"

namespace {

// `encode` of what was read must be read again as the same.
template <typename Decoded, typename Encode, typename Decode>
void Check(const Decoded& decoded, const Encode& encode, const Decode& decode) {
  if (!decoded.ok()) {
    if (!decoded.error().code.starts_with("protocol.")) std::abort();
    return;
  }
  std::string line = encode(*decoded);
  if (line.find('\n') != std::string::npos) std::abort();
  auto again = decode(line);
  if (!again.ok() || encode(*again) != line) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace executor = millrace::executor;
  if (size == 0) return 0;
  std::string_view line(reinterpret_cast<const char*>(data), size);
  Check(executor::DecodeCall(line), executor::EncodeCall, executor::DecodeCall);
  Check(executor::DecodeAnswer(line), executor::EncodeAnswer, executor::DecodeAnswer);
  Check(executor::DecodeReport(line), executor::EncodeReport, executor::DecodeReport);
  return 0;
}
