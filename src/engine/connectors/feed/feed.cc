// feed: the source of the SQL tests. A test gives rows, watermarks and idleness while the job runs (FeedStore).
#include <fmt/format.h>

#include <algorithm>

#include "engine/connectors/connector.h"
#include "engine/connectors/feed/feed_store.h"
#include "engine/connectors/watermark_giver.h"

namespace millrace::connectors {
namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "changelog-mode", .default_value = "I", .doc = "Kinds of changes that the source declares: I,UB,UA,D"},
    {.key = "source-watermark",
     .type = OptionType::kBoolean,
     .default_value = "false",
     .doc = "Watermarks are those of the feed, for WATERMARK FOR … AS SOURCE_WATERMARK()"},
};

Result<ChangelogMode> ParseMode(const std::string& text) {
  ChangelogMode mode{false, false, false, false};
  for (size_t start = 0; start <= text.size();) {
    size_t comma = std::min(text.find(',', start), text.size());
    std::string word = text.substr(start, comma - start);
    bool* flag = word == "I"    ? &mode.insert
                 : word == "UB" ? &mode.update_before
                 : word == "UA" ? &mode.update_after
                 : word == "D"  ? &mode.remove
                                : nullptr;
    if (flag == nullptr) {
      return UserError("option.value", fmt::format("'changelog-mode' takes I, UB, UA and D, not '{}'", word));
    }
    *flag = true;
    start = comma + 1;
  }
  return mode;
}

class FeedReader final : public SourceReader, public WatermarkGiver {
 public:
  FeedReader(std::string table, std::vector<int32_t> columns, std::vector<DataType> types,
             const ConnectorContext& context)
      : table_(std::move(table)), columns_(std::move(columns)), types_(std::move(types)), context_(context) {}

  Status AddSplit(const Split& split) override {
    split_ = split;
    next_ = 0;
    if (!split.state.empty()) {
      MR_ASSIGN(int64_t position, ParseLong(split.state));
      next_ = static_cast<size_t>(position);
    }
    return Status::Ok();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    if (split_.id.empty()) {
      result.status = PollStatus::kEnd;
      return result;
    }
    bool closed = FeedStore::Get().closed();  // asked first: what is not there now will not come
    auto entries = FeedStore::Get().Read(table_, next_, static_cast<size_t>(context_.chunk_rows));
    if (entries.empty()) {
      result.status = closed ? PollStatus::kEnd : PollStatus::kNothing;
      return result;
    }
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    for (const FeedEntry& entry : entries) {
      ++next_;
      if (entry.kind != FeedEntry::Kind::kRow) {  // a mark ends the rows before it
        Mark(entry);
        break;
      }
      ValueRow row;
      for (int32_t column : columns_) row.push_back(entry.values[static_cast<size_t>(column)]);
      builder.AppendRow(entry.row_kind, row);
      idle_ = false;
    }
    result.status = builder.empty() ? PollStatus::kNothing : PollStatus::kRows;
    if (!builder.empty()) result.chunk = builder.Finish();
    return result;
  }

  std::vector<Split> SnapshotSplits() override {
    if (split_.id.empty()) return {};
    return {{split_.id, std::to_string(next_)}};
  }

  std::optional<int64_t> TakeWatermark() override { return std::exchange(watermark_, std::nullopt); }
  bool Idle() const override { return idle_; }

 private:
  void Mark(const FeedEntry& entry) {
    switch (entry.kind) {
      case FeedEntry::Kind::kRow:
        break;
      case FeedEntry::Kind::kWatermark:
        watermark_ = entry.watermark;
        break;
      case FeedEntry::Kind::kIdle:
        idle_ = true;
        break;
      case FeedEntry::Kind::kActive:
        idle_ = false;
        break;
    }
  }

  std::string table_;
  std::vector<int32_t> columns_;
  std::vector<DataType> types_;
  ConnectorContext context_;
  Split split_;
  size_t next_ = 0;
  std::optional<int64_t> watermark_;
  bool idle_ = false;
};

class FeedSource final : public TableSource {
 public:
  FeedSource(TableSpec table, ChangelogMode mode, bool watermarks)
      : table_(std::move(table)), mode_(mode), watermarks_(watermarks) {
    for (size_t i = 0; i < table_.physical.size(); ++i) columns_.push_back(static_cast<int32_t>(i));
  }
  ChangelogMode changelog_mode() const override { return mode_; }
  bool bounded() const override { return true; }
  bool watermark_per_split() const override { return watermarks_; }
  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>&) override {
    columns_ = physical;
    return true;
  }
  Result<std::vector<Split>> EnumerateSplits(int32_t) override { return std::vector<Split>{{table_.name, ""}}; }
  bool one_split_at_a_time() const override { return true; }
  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    std::vector<DataType> types;
    for (int32_t column : columns_) types.push_back(table_.physical[static_cast<size_t>(column)].type);
    return std::unique_ptr<SourceReader>(
        std::make_unique<FeedReader>(table_.name, columns_, std::move(types), context));
  }

 private:
  TableSpec table_;
  ChangelogMode mode_;
  bool watermarks_;
  std::vector<int32_t> columns_;
};

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  auto mode_text = table.options.find("changelog-mode");
  MR_ASSIGN(ChangelogMode mode, ParseMode(mode_text == table.options.end() ? "I" : mode_text->second));
  auto flag = table.options.find("source-watermark");
  bool watermarks = false;
  if (flag != table.options.end()) {
    MR_ASSIGN(watermarks, ParseBooleanOption(flag->second));
  }
  return std::unique_ptr<TableSource>(std::make_unique<FeedSource>(table, mode, watermarks));
}

}  // namespace

extern const Connector kFeed;
const Connector kFeed{
    .name = "feed",
    .doc = "Rows and watermarks that a test gives while the job runs.",
    .options = kOptions,
    .make_source = MakeSource,
};

}  // namespace millrace::connectors
