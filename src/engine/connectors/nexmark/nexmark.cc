// nexmark: the event stream of the Nexmark benchmark, made on the spot from a seed.
#include <fmt/format.h>

#include "engine/connectors/connector.h"
#include "engine/connectors/nexmark/event_generator.h"
#include "engine/connectors/numbered_splits.h"

namespace millrace::connectors {
namespace nexmark {
namespace {

const OptionSpec kOptions[] = {
    {.key = "connector", .required = true},
    {.key = "events.num", .type = OptionType::kLong, .default_value = "0", .doc = "How many events; 0: without end"},
    {.key = "seed",
     .type = OptionType::kLong,
     .default_value = "1",
     .doc = "Equal seeds give equal events (ours; Nexmark itself has none)"},
    {.key = "base-time",
     .type = OptionType::kLong,
     .default_value = "1704067200000",
     .doc = "Event time of the first event, ms since 1970 (ours)"},
    {.key = "first-event.rate",
     .type = OptionType::kLong,
     .default_value = "10000",
     .doc = "Events a second of event time"},
    {.key = "next-event.rate",
     .type = OptionType::kLong,
     .default_value = "10000",
     .doc = "Read, not used, as in Nexmark"},
    {.key = "rate.shape", .default_value = "SQUARE", .doc = "Read, not used, as in Nexmark"},
    {.key = "rate.period",
     .type = OptionType::kDuration,
     .default_value = "600 s",
     .doc = "Read, not used, as in Nexmark"},
    {.key = "rate.limited",
     .type = OptionType::kBoolean,
     .default_value = "false",
     .doc = "Read, not used: events come as fast as they are taken"},
    {.key = "keep-alive", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "stop-at", .type = OptionType::kLong, .default_value = "-1"},
    {.key = "max-emit-speed", .type = OptionType::kBoolean, .default_value = "true"},
    {.key = "person.proportion", .type = OptionType::kInt, .default_value = "1"},
    {.key = "auction.proportion", .type = OptionType::kInt, .default_value = "3"},
    {.key = "bid.proportion", .type = OptionType::kInt, .default_value = "46"},
    {.key = "person.avg-size", .type = OptionType::kMemorySize, .default_value = "200"},
    {.key = "auction.avg-size", .type = OptionType::kMemorySize, .default_value = "500"},
    {.key = "bid.avg-size", .type = OptionType::kMemorySize, .default_value = "100"},
    {.key = "bid.hot-ratio.auctions", .type = OptionType::kInt, .default_value = "2"},
    {.key = "bid.hot-ratio.bidders", .type = OptionType::kInt, .default_value = "4"},
    {.key = "auction.hot-ratio.sellers", .type = OptionType::kInt, .default_value = "4"},
};

Result<int64_t> Number(const TableSpec& table, std::string_view key) {
  for (const OptionSpec& spec : kOptions) {
    if (spec.key != key) continue;
    std::string text = GetString(table.options, spec).value_or("0");
    return spec.type == OptionType::kMemorySize ? ParseMemorySize(text) : ParseLong(text);
  }
  return InternalError("unknown nexmark option");
}

struct Plan {
  GeneratorOptions options;
  int64_t events = 0;
};

Result<Plan> ReadPlan(const TableSpec& table) {
  Plan plan;
  GeneratorOptions& o = plan.options;
  MR_ASSIGN(plan.events, Number(table, "events.num"));
  MR_ASSIGN(int64_t stop_at, Number(table, "stop-at"));
  if (stop_at >= 0 && (plan.events == 0 || stop_at < plan.events)) plan.events = stop_at;
  MR_ASSIGN(int64_t seed, Number(table, "seed"));
  o.seed = static_cast<uint64_t>(seed);
  MR_ASSIGN(o.base_time_millis, Number(table, "base-time"));
  MR_ASSIGN(o.events_per_second, Number(table, "first-event.rate"));
  MR_ASSIGN(o.person_proportion, Number(table, "person.proportion"));
  MR_ASSIGN(o.auction_proportion, Number(table, "auction.proportion"));
  MR_ASSIGN(o.bid_proportion, Number(table, "bid.proportion"));
  MR_ASSIGN(o.person_bytes, Number(table, "person.avg-size"));
  MR_ASSIGN(o.auction_bytes, Number(table, "auction.avg-size"));
  MR_ASSIGN(o.bid_bytes, Number(table, "bid.avg-size"));
  MR_ASSIGN(o.hot_auction_ratio, Number(table, "bid.hot-ratio.auctions"));
  MR_ASSIGN(o.hot_bidder_ratio, Number(table, "bid.hot-ratio.bidders"));
  MR_ASSIGN(o.hot_seller_ratio, Number(table, "auction.hot-ratio.sellers"));
  bool sensible = o.events_per_second > 0 && o.person_proportion > 0 && o.auction_proportion > 0 &&
                  o.bid_proportion >= 0 && o.hot_auction_ratio > 0 && o.hot_bidder_ratio > 0 && o.hot_seller_ratio > 0;
  if (!sensible)
    return UserError("option.value",
                     fmt::format("rates, proportions and ratios of table {} must be positive", table.name));
  return plan;
}

Timestamp At(int64_t millis) { return {millis, 0, 0}; }

void AppendPerson(const Person& person, ColumnBuilder& out) {
  out.child(0).Append(person.id);
  out.child(1).AppendString(person.name);
  out.child(2).AppendString(person.email);
  out.child(3).AppendString(person.credit_card);
  out.child(4).AppendString(person.city);
  out.child(5).AppendString(person.state);
  out.child(6).Append(At(person.time_millis));
  out.child(7).AppendString(person.extra);
  out.CloseRow();
}

void AppendAuction(const Auction& auction, ColumnBuilder& out) {
  out.child(0).Append(auction.id);
  out.child(1).AppendString(auction.item_name);
  out.child(2).AppendString(auction.description);
  out.child(3).Append(auction.initial_bid);
  out.child(4).Append(auction.reserve);
  out.child(5).Append(At(auction.time_millis));
  out.child(6).Append(At(auction.expires_millis));
  out.child(7).Append(auction.seller);
  out.child(8).Append(auction.category);
  out.child(9).AppendString(auction.extra);
  out.CloseRow();
}

void AppendBid(const Bid& bid, ColumnBuilder& out) {
  out.child(0).Append(bid.auction);
  out.child(1).Append(bid.bidder);
  out.child(2).Append(bid.price);
  out.child(3).AppendString(bid.channel);
  out.child(4).AppendString(bid.url);
  out.child(5).Append(At(bid.time_millis));
  out.child(6).AppendString(bid.extra);
  out.CloseRow();
}

class NexmarkReader final : public SourceReader {
 public:
  NexmarkReader(const Plan& plan, std::vector<int32_t> columns, std::vector<DataType> types,
                const ConnectorContext& context)
      : plan_(plan),
        generator_(plan.options),
        columns_(std::move(columns)),
        types_(std::move(types)),
        context_(context) {}

  Status AddSplit(const Split& split) override { return splits_.Add(split); }

  Result<PollResult> Poll() override {
    PollResult result;
    int32_t split = splits_.Turn(End());
    if (split < 0) {
      result.status = PollStatus::kEnd;
      return result;
    }
    splits_.EndTurn();
    result.split = split;
    NumberedSplits::Position& position = splits_[split];
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    while (!builder.full() && position.next < End()) {
      Append(generator_.Make(position.next), builder);
      position.next += position.step;
    }
    result.status = PollStatus::kRows;
    result.chunk = builder.Finish();
    return result;
  }

  std::vector<Split> SnapshotSplits() override { return splits_.Snapshot(); }

 private:
  int64_t End() const { return plan_.events > 0 ? plan_.events : INT64_MAX; }

  void Append(EventKind kind, ChunkBuilder& builder) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      ColumnBuilder& out = builder.column(i);
      switch (columns_[i]) {
        case 0:
          out.Append(static_cast<int32_t>(kind));
          break;
        case 1:
          kind == EventKind::kPerson ? AppendPerson(generator_.person(), out) : out.AppendNull();
          break;
        case 2:
          kind == EventKind::kAuction ? AppendAuction(generator_.auction(), out) : out.AppendNull();
          break;
        default:
          kind == EventKind::kBid ? AppendBid(generator_.bid(), out) : out.AppendNull();
          break;
      }
    }
    builder.EndRow(RowKind::kInsert);
  }

  Plan plan_;
  EventGenerator generator_;
  std::vector<int32_t> columns_;
  std::vector<DataType> types_;
  ConnectorContext context_;
  NumberedSplits splits_;
};

class NexmarkSource final : public TableSource {
 public:
  NexmarkSource(TableSpec table, Plan plan) : table_(std::move(table)), plan_(plan), columns_{0, 1, 2, 3} {}
  ChangelogMode changelog_mode() const override { return ChangelogMode::InsertOnly(); }
  bool bounded() const override { return plan_.events > 0; }
  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>&) override {
    columns_ = physical;
    return true;
  }
  Result<std::vector<Split>> EnumerateSplits(int32_t parallelism) override {
    return NumberedSplits::Enumerate(parallelism);
  }
  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    std::vector<DataType> types;
    for (int32_t column : columns_) types.push_back(table_.physical[static_cast<size_t>(column)].type);
    return std::unique_ptr<SourceReader>(std::make_unique<NexmarkReader>(plan_, columns_, std::move(types), context));
  }

 private:
  TableSpec table_;
  Plan plan_;
  std::vector<int32_t> columns_;
};

// The columns that the table must have, in this order.
Status CheckColumns(const TableSpec& table) {
  auto row_of = [&](size_t column, size_t fields) {
    return table.physical[column].type.Is(TypeKind::kRow) && table.physical[column].type.fields().size() == fields;
  };
  bool fits = table.physical.size() == 4 && table.physical[0].type.Is(TypeKind::kInt) && row_of(1, 8) &&
              row_of(2, 10) && row_of(3, 7);
  if (fits) return Status::Ok();
  return UserError(
      "table.columns",
      fmt::format(
          "table {} must have the columns of Nexmark: event_type INT, person ROW<…>, auction ROW<…>, bid ROW<…>",
          table.name),
      "take the DDL of bench/nexmark");
}

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext&) {
  MR_RETURN_IF_ERROR(CheckOptions(table.options, kOptions, table.name));
  MR_RETURN_IF_ERROR(CheckColumns(table));
  MR_ASSIGN(Plan plan, ReadPlan(table));
  return std::unique_ptr<TableSource>(std::make_unique<NexmarkSource>(table, plan));
}

}  // namespace
}  // namespace nexmark

extern const Connector kNexmark;
const Connector kNexmark{
    .name = "nexmark",
    .doc = "The event stream of the Nexmark benchmark, from a seed.",
    .options = nexmark::kOptions,
    .make_source = nexmark::MakeSource,
};

}  // namespace millrace::connectors
