// Drives an operator through a script of rows and watermarks, in all the ways that must give the same answer: row by
// row, in large chunks, without credit, and with a snapshot after any step, completed while the operator goes on, that
// is restored into one or two fresh instances.
//
// A script line is "+I 1 a null" (a row for input 0), "1: -D 7" (for input 1), "wm 100" or "time 100" (the wall clock
// moves there). Fields stand as text: integers, doubles, words, true/false, milliseconds for timestamps. Output rows
// come back in the same form.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/memory_pool.h"
#include "engine/operators/operator.h"
#include "engine/plan/physical.h"
#include "engine/state/snapshot.h"

namespace millrace::operators {

using Lines = std::vector<std::string>;

// Takes what an operator emits, as lines.
class LineOutput : public Output {
 public:
  explicit LineOutput(bool credit) : credit_(credit) {}
  void Emit(Chunk chunk) override;
  bool HasCredit() const override { return credit_; }
  Lines lines;

 private:
  bool credit_;
};

class OperatorHarness {
 public:
  using Factory = std::function<Result<std::unique_ptr<Operator>>(const plan::PhysicalNode&)>;
  struct Mode {
    int32_t chunk_rows = kDefaultChunkRows;
    bool credit = true;
    int32_t restore_after = -1;  // steps before a snapshot and restore; -1: none
    int32_t restored_instances = 1;
    bool batch = false;
    bool finish = true;
  };

  OperatorHarness(plan::PhysicalNode node, Factory factory, functions::EvalContext* eval = nullptr);
  ~OperatorHarness();

  // The output of a script in one mode. A failure is the line "error <code>".
  Lines Run(const Lines& script, const Mode& mode);

  // Runs the script in every mode and expects `expected` of each; where rows go to two instances the order may differ.
  void ExpectAlways(const Lines& script, const Lines& expected) { Expect(script, expected, false); }
  // The same where Flink promises no order either, as among the keys of a window.
  void ExpectInAnyOrder(const Lines& script, const Lines& expected) { Expect(script, expected, true); }

  static Lines Sorted(Lines lines);

 private:
  void Expect(const Lines& script, const Lines& expected, bool any_order);

  struct Instance {
    std::unique_ptr<Operator> op;
    state::KeyGroupRange range;
  };

  std::vector<Instance> Make(int32_t count);
  void RunSteps(const Lines& script, std::vector<Instance>& instances);
  // Lines [from, to) of the script; `between` is called between what operators are given.
  void RunLines(const Lines& script, size_t from, size_t to, const std::function<void()>& between);
  void Finish();
  void Drive(const std::function<Result<Progress>()>& step);
  void Advance(const std::string& line);
  Chunk ParseRows(int32_t input, const Lines& rows);
  void Send(int32_t input, Lines& rows);
  void Restore(const Lines& script, size_t next_line);

  plan::PhysicalNode node_;
  Factory factory_;
  functions::EvalContext* eval_;
  MemoryPool pool_{"test"};
  Mode mode_;
  std::unique_ptr<ManualClock> clock_;
  LineOutput* output_ = nullptr;
  std::vector<Instance>* instances_ = nullptr;
};

// A node over inputs of these types, spread by these keys.
plan::PhysicalNode NodeOver(plan::NodeSpec spec, const std::vector<std::vector<DataType>>& inputs,
                            const std::vector<std::vector<int32_t>>& hash_keys = {});

}  // namespace millrace::operators
