// DropUpdateBefore: leaves out -U rows where nobody downstream wants them.
#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

class DropUpdateBefore final : public Operator {
 public:
  Status Open(const OperatorContext&) override { return Status::Ok(); }
  bool HandlesMarks() const override { return true; }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    if (!chunk.kinds) {
      output.Emit(chunk);
      return Progress::kDone;
    }
    auto kept = std::make_shared<std::vector<int32_t>>();
    chunk.rows().ForEach([&](int32_t row) {
      if (chunk.kind(row) != RowKind::kUpdateBefore) kept->push_back(row);
    });
    Chunk rest = chunk;
    rest.selection = std::move(kept);
    output.Emit(std::move(rest));
    return Progress::kDone;
  }
};

}  // namespace

OperatorResult Make(const plan::DropUpdateBeforeSpec&, const plan::PhysicalNode&) {
  return std::unique_ptr<Operator>(std::make_unique<DropUpdateBefore>());
}

}  // namespace millrace::operators
