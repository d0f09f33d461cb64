// Aggregate functions: a fixed-width accumulator in state, updated by columns.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/functions/scalar_function.h"
#include "types/chunk.h"
#include "types/column.h"

namespace millrace::functions {

struct AggregateFunction;

// One aggregate of a query, bound: COUNT(DISTINCT x) FILTER (WHERE …). Arguments are columns of the aggregate's input.
struct AggregateCall {
  const AggregateFunction* function = nullptr;
  std::vector<int32_t> args;  // input columns
  std::vector<DataType> arg_types;
  std::vector<Value> literals;  // per argument: its value when it is a literal (LISTAGG separator), else NULL
  bool distinct = false;
  bool ignore_nulls = false;
  int32_t filter = -1;  // BOOLEAN input column, or -1
  DataType type;        // of the result
  std::string name;     // output column
};

// How an aggregate behaves where it is bound: which variant of the accumulator is needed.
struct AggregateMode {
  bool retract = false;  // the input has -U or -D rows
  bool merge = false;    // accumulators are merged (two-phase, session windows, slices)
};

// The running form of one aggregate call. Stateless itself: all state is in slots, so one serves every key. A slot is
// slot_bytes() of memory, 16-byte aligned, trivially movable (memcpy); what does not fit hangs off it by an owned
// pointer.
class Aggregator {
 public:
  virtual ~Aggregator() = default;
  virtual int32_t slot_bytes() const = 0;
  virtual void Init(uint8_t* slot) const = 0;
  // Frees what the slot owns. Init is needed before the slot is used again.
  virtual void Destroy(uint8_t* slot) const { static_cast<void>(slot); }
  // For each i: row rows[i] goes into slots[i] + offset. Rows of kind -U or -D are taken away. FILTER and DISTINCT were
  // applied before.
  virtual Status Accumulate(uint8_t* const* slots, int32_t offset, RowSet rows, std::span<const ColumnPtr> args,
                            const std::vector<RowKind>* kinds) const = 0;
  // Adds the accumulator `from` to `to`; `from` stays valid.
  virtual Status Merge(uint8_t* to, const uint8_t* from) const = 0;
  // Appends the result of each slot + offset.
  virtual Status Emit(uint8_t* const* slots, int32_t offset, int32_t count, ColumnBuilder& out) const = 0;
  // The canonical record of a slot for snapshots, and back (into an Init'ed slot).
  virtual void Save(const uint8_t* slot, std::string& out) const = 0;
  virtual Status Load(uint8_t* slot, std::string_view record) const = 0;
};

struct AggregateFunction {
  std::string_view name;
  std::vector<std::string_view> aliases = {};
  std::string_view signature;
  std::string_view doc;
  std::string_view example = {};  // a query: "SELECT SUM(x) FROM (VALUES (1), (2)) AS t(x)"
  std::string_view example_result = {};
  // Type of the result over a group of at least one row. Over a global group, or under FILTER, it is nullable unless
  // never_null.
  Result<DataType> (*infer)(CallTypes& call) = nullptr;
  bool count_star = false;   // takes no arguments or *
  bool never_null = false;   // gives 0, [] or {} over no rows
  bool needs_order = false;  // FIRST_VALUE, LAST_VALUE, LISTAGG …: the answer depends on arrival order
  bool retractable = true;
  std::unique_ptr<Aggregator> (*make)(const AggregateCall& call, AggregateMode mode, MemoryPool* pool) = nullptr;
};

const AggregateFunction* FindAggregateFunction(std::string_view name);
std::span<const AggregateFunction* const> AllAggregateFunctions();

}  // namespace millrace::functions
