// print: every row as a line, as Flink's print connector writes it: `identifier:subtask> +I[1, a]`.
#include <fmt/format.h>

#include <cstdio>

#include "engine/connectors/sink_mode.h"
#include "types/cast.h"

namespace millrace::connectors {
namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "print-identifier", .doc = "A text in front of every line"},
    {.key = "standard-error", .type = OptionType::kBoolean, .default_value = "false", .doc = "Write to standard error"},
    {.key = "sink.parallelism", .type = OptionType::kInt, .doc = "Parallelism of the sink"},
};

class PrintWriter final : public SinkWriter {
 public:
  PrintWriter(const TableSpec& table, const ConnectorContext& context) : context_(context) {
    for (const Field& field : table.physical.fields) types_.push_back(field.type);
    auto identifier = GetString(table.options, kOptions[1]).value_or("");
    auto error = ParseBooleanOption(GetString(table.options, kOptions[2]).value_or("false"));
    standard_error_ = error.ok() && *error;
    prefix_ = identifier;
    if (context.parallelism > 1) prefix_ += (identifier.empty() ? "" : ":") + std::to_string(context.subtask + 1);
    if (!prefix_.empty()) prefix_ += "> ";
  }

  Status Write(const Chunk& chunk) override {
    std::string lines;
    chunk.rows().ForEach([&](int32_t row) {
      std::string line = prefix_;
      line += RowKindText(chunk.kind(row));
      line += '[';
      for (size_t c = 0; c < chunk.columns.size(); ++c) {
        if (c > 0) line += ", ";
        Value value = chunk.columns[c]->GetValue(row);
        line += value.IsNull() ? "null" : ToRowText(value, types_[c]);
      }
      line += ']';
      if (context_.print_line && !standard_error_) {
        context_.print_line(line);
      } else {
        lines += line + '\n';
      }
    });
    if (lines.empty()) return Status::Ok();
    std::FILE* stream = standard_error_ ? stderr : stdout;
    bool written = std::fwrite(lines.data(), 1, lines.size(), stream) == lines.size() && std::fflush(stream) == 0;
    if (!written) return ExternalError("output.closed", "the output that 'print' writes to was closed by its reader");
    return Status::Ok();
  }
  Result<std::string> Prepare(bool) override { return std::string(); }

 private:
  ConnectorContext context_;
  std::vector<DataType> types_;
  std::string prefix_;
  bool standard_error_ = false;
};

class PrintSink final : public TableSink {
 public:
  explicit PrintSink(TableSpec table) : table_(std::move(table)) {}
  Result<ChangelogMode> AcceptedMode(const ChangelogMode& query) const override { return query; }
  std::optional<int32_t> parallelism() const override { return SinkParallelism(table_); }
  Result<std::unique_ptr<SinkWriter>> MakeWriter(const ConnectorContext& context) override {
    return std::unique_ptr<SinkWriter>(std::make_unique<PrintWriter>(table_, context));
  }

 private:
  TableSpec table_;
};

Result<std::unique_ptr<TableSink>> MakeSink(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  return std::unique_ptr<TableSink>(std::make_unique<PrintSink>(table));
}

}  // namespace

extern const Connector kPrint;
const Connector kPrint{
    .name = "print",
    .doc = "Writes every row as a line to standard output or standard error.",
    .options = kOptions,
    .make_sink = MakeSink,
};

}  // namespace millrace::connectors
