#include "operator_harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "engine/state/key_encoder.h"
#include "engine/state/snapshot.h"

namespace millrace::operators {
namespace {

Value ParseField(const DataType& type, const std::string& text) {
  if (text == "null") return Value::Null();
  switch (type.physical()) {
    case PhysicalKind::kBool:
      return Value::Bool(text == "true");
    case PhysicalKind::kFloat:
      return Value::Float(std::stof(text));
    case PhysicalKind::kDouble:
      return Value::Double(std::stod(text));
    case PhysicalKind::kInt128:
      return Value::Decimal(std::stoll(text));
    case PhysicalKind::kTimestamp:
      return Value::Time({std::stoll(text), 0, 0});
    case PhysicalKind::kString:
      return Value::String(text == "''" ? "" : text);
    case PhysicalKind::kList: {
      Value::List items;
      std::istringstream in(text.substr(1, text.size() - 2));
      std::string item;
      while (std::getline(in, item, ',')) items.push_back(ParseField(type.fields()[0].type, item));
      return Value::Nested(std::move(items));
    }
    case PhysicalKind::kNone:
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
    case PhysicalKind::kRow:
      return Value::Int(std::stoll(text));
  }
  return Value::Null();
}

std::string FieldText(const DataType& type, const Value& value) {
  if (value.IsNull()) return "null";
  std::ostringstream out;
  switch (type.physical()) {
    case PhysicalKind::kBool:
      return value.AsBool() ? "true" : "false";
    case PhysicalKind::kFloat:
      out << value.AsFloat();
      return out.str();
    case PhysicalKind::kDouble:
      out << value.AsDouble();
      return out.str();
    case PhysicalKind::kInt128:
      return std::to_string(static_cast<int64_t>(value.AsDecimal()));
    case PhysicalKind::kTimestamp:
      return std::to_string(value.AsTimestamp().millis);
    case PhysicalKind::kString:
      return value.AsString().empty() ? "''" : value.AsString();
    case PhysicalKind::kList: {
      std::string text = "[";
      for (const Value& item : value.AsList()) {
        text += (text.size() > 1 ? "," : "") + FieldText(type.fields()[0].type, item);
      }
      return text + "]";
    }
    case PhysicalKind::kNone:
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
    case PhysicalKind::kRow:
      return std::to_string(value.AsInt());
  }
  return "?";
}

RowKind ParseKind(const std::string& text) {
  if (text == "-U") return RowKind::kUpdateBefore;
  if (text == "+U") return RowKind::kUpdateAfter;
  if (text == "-D") return RowKind::kDelete;
  return RowKind::kInsert;
}

}  // namespace

void LineOutput::Emit(Chunk chunk) {
  auto add_mark = [&](const WatermarkMark& mark) { lines.push_back("wm " + std::to_string(mark.watermark)); };
  size_t mark = 0;
  RowSet rows = chunk.rows();
  for (int32_t i = 0; i < rows.count(); ++i) {
    for (; mark < chunk.marks.size() && chunk.marks[mark].row <= rows[i]; ++mark) add_mark(chunk.marks[mark]);
    std::string line(RowKindText(chunk.kind(rows[i])));
    ValueRow row = chunk.GetRow(rows[i]);
    for (size_t k = 0; k < row.size(); ++k) line += " " + FieldText(chunk.columns[k]->type(), row[k]);
    lines.push_back(std::move(line));
  }
  for (; mark < chunk.marks.size(); ++mark) add_mark(chunk.marks[mark]);
}

OperatorHarness::OperatorHarness(plan::PhysicalNode node, Factory factory, functions::EvalContext* eval)
    : node_(std::move(node)), factory_(std::move(factory)), eval_(eval) {}
OperatorHarness::~OperatorHarness() = default;

Lines OperatorHarness::Run(const Lines& script, const Mode& mode) {
  mode_ = mode;
  clock_ = std::make_unique<ManualClock>();
  LineOutput output(mode.credit);
  output_ = &output;
  {
    std::vector<Instance> instances = Make(1);
    RunSteps(script, instances);
    instances_ = nullptr;
  }
  EXPECT_EQ(pool_.used_bytes(), 0) << "state is not given back";
  return output.lines;
}

Lines OperatorHarness::Sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::remove_if(lines.begin(), lines.end(), [](const std::string& l) { return l.starts_with("wm "); }),
              lines.end());
  return lines;
}

void OperatorHarness::Expect(const Lines& script, const Lines& expected, bool any_order) {
  Lines wanted = any_order ? Sorted(expected) : expected;
  auto run = [&](const Mode& mode) { return any_order ? Sorted(Run(script, mode)) : Run(script, mode); };
  EXPECT_EQ(run({}), wanted) << "large chunks";
  EXPECT_EQ(run({.chunk_rows = 1}), wanted) << "chunk size 1";
  EXPECT_EQ(run({.chunk_rows = 3}), wanted) << "chunk size 3";
  EXPECT_EQ(run({.chunk_rows = 2, .credit = false}), wanted) << "without credit";
  for (int32_t step = 0; step <= static_cast<int32_t>(script.size()); ++step) {
    EXPECT_EQ(run({.restore_after = step}), wanted) << "restored after step " << step;
    EXPECT_EQ(Sorted(Run(script, {.restore_after = step, .restored_instances = 2})), Sorted(expected))
        << "restored into two after step " << step;
  }
}

std::vector<OperatorHarness::Instance> OperatorHarness::Make(int32_t count) {
  std::vector<Instance> instances;
  for (int32_t i = 0; i < count; ++i) {
    auto made = factory_(node_);
    EXPECT_TRUE(made.ok());
    OperatorContext context;
    context.pool = &pool_;
    context.clock = clock_.get();
    context.eval = eval_;
    context.key_groups = state::KeyGroupsOf(i, count, state::kDefaultMaxParallelism);
    context.subtask = i;
    context.parallelism = count;
    context.chunk_rows = mode_.chunk_rows;
    context.batch = mode_.batch;
    instances.push_back({std::move(made).value(), context.key_groups});
    EXPECT_TRUE(instances.back().op->Open(context).ok());
  }
  return instances;
}

void OperatorHarness::RunSteps(const Lines& script, std::vector<Instance>& instances) {
  instances_ = &instances;
  auto restore_at = static_cast<size_t>(mode_.restore_after < 0 ? script.size() + 1 : mode_.restore_after);
  RunLines(script, 0, std::min(restore_at, script.size()), nullptr);
  if (restore_at <= script.size()) {
    Restore(script, restore_at);
    RunLines(script, restore_at, script.size(), nullptr);
  }
  Finish();
}

void OperatorHarness::Finish() {
  if (!mode_.finish) return;
  for (Instance& instance : *instances_) Drive([&] { return instance.op->Finish(*output_); });
}

void OperatorHarness::RunLines(const Lines& script, size_t from, size_t to, const std::function<void()>& between) {
  Lines rows;
  int32_t input = 0;
  for (size_t i = from; i < to; ++i) {
    if (between && rows.empty()) between();
    const std::string& line = script[i];
    if (line.starts_with("wm ") || line.starts_with("time ")) {
      Send(input, rows);
      Advance(line);
      continue;
    }
    int32_t to_input = line.size() > 1 && line[1] == ':' ? line[0] - '0' : 0;
    if (to_input != input || static_cast<int32_t>(rows.size()) >= mode_.chunk_rows) Send(input, rows);
    input = to_input;
    rows.push_back(line.size() > 1 && line[1] == ':' ? line.substr(3) : line);
  }
  Send(input, rows);
}

void OperatorHarness::Drive(const std::function<Result<Progress>()>& step) {
  for (int guard = 0; guard < 100000; ++guard) {
    Result<Progress> progress = step();
    if (!progress.ok()) {
      output_->lines.push_back("error " + progress.error().code);
      return;
    }
    if (*progress == Progress::kDone) return;
  }
  ADD_FAILURE() << "kMore without end";
}

void OperatorHarness::Advance(const std::string& line) {
  int64_t value = std::stoll(line.substr(line.find(' ') + 1));
  if (line.starts_with("wm ")) {
    if (eval_ != nullptr) eval_->current_watermark = value;
    for (Instance& instance : *instances_) Drive([&] { return instance.op->OnWatermark(value, *output_); });
    return;
  }
  clock_->Advance(value - clock_->NowMillis());
  for (Instance& instance : *instances_) {
    for (int guard = 0; guard < 1000 && instance.op->NextProcessingTime() <= value; ++guard) {
      Drive([&] { return instance.op->OnProcessingTime(value, *output_); });
    }
  }
}

Chunk OperatorHarness::ParseRows(int32_t input, const Lines& rows) {
  std::vector<DataType> types;
  for (const Field& field : node_.inputs[static_cast<size_t>(input)].node->output.fields) types.push_back(field.type);
  ChunkBuilder builder(types, &pool_);
  for (const std::string& line : rows) {
    std::istringstream in(line);
    std::string word;
    in >> word;
    RowKind kind = ParseKind(word);
    ValueRow row;
    while (in >> word) row.push_back(ParseField(types[row.size()], word));
    EXPECT_EQ(row.size(), types.size()) << line;
    row.resize(types.size());
    builder.AppendRow(kind, row);
  }
  return builder.Finish();
}

void OperatorHarness::Send(int32_t input, Lines& rows) {
  if (rows.empty()) return;
  Chunk chunk = ParseRows(input, rows);
  rows.clear();
  if (instances_->size() == 1) {
    Drive([&] { return instances_->front().op->Process(input, chunk, *output_); });
    return;
  }
  std::vector<int32_t> groups;
  state::ComputeKeyGroups(chunk, node_.inputs[static_cast<size_t>(input)].hash_keys, state::kDefaultMaxParallelism,
                          groups);
  for (Instance& instance : *instances_) {
    auto mine = std::make_shared<std::vector<int32_t>>();
    for (int32_t i = 0; i < chunk.size; ++i) {
      if (instance.range.Contains(groups[static_cast<size_t>(i)])) mine->push_back(i);
    }
    Chunk part = chunk;
    part.selection = mine;
    Drive([&] { return instance.op->Process(input, part, *output_); });
  }
}

// The snapshot is completed while its instances already go on with the rest of the script, as a running job's do.
void OperatorHarness::Restore(const Lines& script, size_t next_line) {
  state::JobSnapshot snapshot;
  std::vector<state::TableSaves> saves(instances_->size());
  for (size_t i = 0; i < saves.size(); ++i) {
    Operator& op = *(*instances_)[i].op;
    Drive([&] { return op.BeforeBarrier(*output_); });
    auto writer = snapshot.Writer("op", &saves[i]);
    EXPECT_TRUE(op.Snapshot(*writer).ok());
  }
  int64_t now = clock_->NowMillis();
  int64_t watermark = eval_ != nullptr ? eval_->current_watermark : 0;
  LineOutput* output = std::exchange(output_, nullptr);
  LineOutput unwanted(mode_.credit);
  output_ = &unwanted;
  RunLines(script, next_line, script.size(), [&saves] {
    for (state::TableSaves& save : saves) save.SaveMore(1);
  });
  Finish();
  for (state::TableSaves& save : saves) EXPECT_TRUE(save.SaveMore(INT32_MAX));
  output_ = output;
  clock_->Advance(now - clock_->NowMillis());
  if (eval_ != nullptr) eval_->current_watermark = watermark;
  std::vector<Instance> fresh = Make(mode_.restored_instances);
  for (Instance& instance : fresh) {
    auto reader = snapshot.Reader("op", instance.range);
    Status restored = instance.op->Restore(*reader);
    EXPECT_TRUE(restored.ok()) << restored.error().ToString();
  }
  *instances_ = std::move(fresh);
}

plan::PhysicalNode NodeOver(plan::NodeSpec spec, const std::vector<std::vector<DataType>>& inputs,
                            const std::vector<std::vector<int32_t>>& hash_keys) {
  plan::PhysicalNode node;
  node.spec = std::move(spec);
  for (size_t i = 0; i < inputs.size(); ++i) {
    auto child = std::make_shared<plan::PhysicalNode>();
    for (const DataType& type : inputs[i]) child->output.fields.push_back({"f", type, ""});
    plan::PhysicalInput input;
    input.node = std::move(child);
    input.distribution = plan::Distribution::kHash;
    if (i < hash_keys.size()) input.hash_keys = hash_keys[i];
    node.inputs.push_back(std::move(input));
  }
  return node;
}

}  // namespace millrace::operators
