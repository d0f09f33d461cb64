#include "engine/connectors/blackhole/blackhole.h"

#include "engine/connectors/blackhole/row_checksum.h"
#include "engine/connectors/sink_mode.h"

namespace millrace::connectors {

BlackholeTotals& BlackholeTotals::Get() {
  static BlackholeTotals totals;
  return totals;
}

namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "sink.parallelism", .type = OptionType::kInt, .doc = "Parallelism of the sink"},
};

class BlackholeWriter final : public SinkWriter {
 public:
  Status Write(const Chunk& chunk) override {
    checksum_.Add(chunk);
    rows_ += chunk.row_count();
    return Status::Ok();
  }
  Result<std::string> Prepare(bool end_of_input) override {
    if (end_of_input) {
      BlackholeTotals::Get().checksum += checksum_.value();
      BlackholeTotals::Get().rows += rows_;
    }
    return std::string();
  }

 private:
  RowChecksum checksum_;
  int64_t rows_ = 0;
};

class BlackholeSink final : public TableSink {
 public:
  explicit BlackholeSink(TableSpec table) : table_(std::move(table)) {}
  Result<ChangelogMode> AcceptedMode(const ChangelogMode& query) const override {
    ChangelogMode mode = query;
    mode.update_before = false;  // nobody looks: as Flink's blackhole, it does not ask for -U
    return mode;
  }
  std::optional<int32_t> parallelism() const override { return SinkParallelism(table_); }
  Result<std::unique_ptr<SinkWriter>> MakeWriter(const ConnectorContext&) override {
    return std::unique_ptr<SinkWriter>(std::make_unique<BlackholeWriter>());
  }

 private:
  TableSpec table_;
};

Result<std::unique_ptr<TableSink>> MakeSink(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  return std::unique_ptr<TableSink>(std::make_unique<BlackholeSink>(table));
}

}  // namespace

extern const Connector kBlackhole;
const Connector kBlackhole{
    .name = "blackhole",
    .doc = "Swallows every row after reading all its columns; for benchmarks.",
    .options = kOptions,
    .make_sink = MakeSink,
};

}  // namespace millrace::connectors
