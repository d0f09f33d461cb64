// Which splits go to which reader, and which of them a snapshot must hold for no reader.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/runtime/job_shared.h"

namespace millrace::runtime {
namespace {

class FixedSplits final : public connectors::TableSource {
 public:
  FixedSplits(std::vector<std::string> ids, bool one_at_a_time) : ids_(std::move(ids)), one_(one_at_a_time) {}
  connectors::ChangelogMode changelog_mode() const override { return connectors::ChangelogMode::InsertOnly(); }
  bool bounded() const override { return true; }
  bool ApplyProjection(const std::vector<int32_t>&, const std::vector<int32_t>&) override { return false; }
  Result<std::vector<connectors::Split>> EnumerateSplits(int32_t) override {
    std::vector<connectors::Split> splits;
    for (const std::string& id : ids_) splits.push_back({id, ""});
    return splits;
  }
  void Add(const std::string& id) { ids_.push_back(id); }
  bool one_split_at_a_time() const override { return one_; }
  Result<std::unique_ptr<connectors::SourceReader>> MakeReader(const connectors::ConnectorContext&) override {
    return InternalError("not asked for");
  }

 private:
  std::vector<std::string> ids_;
  bool one_;
};

std::string IdOf(const std::optional<connectors::Split>& split) { return split ? split->id : "none"; }

std::vector<std::string> Texts(const std::vector<connectors::Split>& splits) {
  std::vector<std::string> texts;
  for (const connectors::Split& split : splits) texts.push_back(split.id + split.state);
  return texts;
}

using Names = std::vector<std::string>;

TEST(SplitAssigner, ResumedSplitsComeFirstAndFinishedOnesNoMore) {
  SplitAssigner assigner(std::make_shared<FixedSplits>(Names{"a", "b", "c"}, true));
  ASSERT_TRUE(assigner.Enumerate(2, {"a", "b"}, {{"b", "@7"}}).ok());
  EXPECT_EQ(assigner.ReaderLimit(), 2);
  EXPECT_EQ(assigner.asked_parallelism(), 2);
  assigner.SetReaders(2);
  EXPECT_EQ(Texts({*assigner.Next(0, 0)}), Names{"b@7"});
  EXPECT_EQ(IdOf(assigner.Next(1, 0)), "c");
  EXPECT_EQ(IdOf(assigner.Next(1, 0)), "none");
}

TEST(SplitAssigner, SplitsThatNoReaderHasYetWait) {
  SplitAssigner assigner(std::make_shared<FixedSplits>(Names{"a", "b", "c"}, true));
  ASSERT_TRUE(assigner.Enumerate(1, {"b"}, {{"b", "@7"}}).ok());
  assigner.SetReaders(1);
  EXPECT_EQ(Texts(assigner.Waiting(1)), (Names{"b@7", "a", "c"}));
  EXPECT_EQ(IdOf(assigner.Next(0, 1)), "b");
  EXPECT_EQ(Texts(assigner.Waiting(2)), (Names{"a", "c"}));
}

TEST(SplitAssigner, WhatAReaderTakesBehindItsBarrierWaits) {
  SplitAssigner assigner(std::make_shared<FixedSplits>(Names{"a", "b", "c"}, true));
  ASSERT_TRUE(assigner.Enumerate(2, {}, {}).ok());
  assigner.SetReaders(2);
  EXPECT_EQ(IdOf(assigner.Next(1, 0)), "a");  // before the barrier: the reader itself tells it
  EXPECT_EQ(IdOf(assigner.Next(1, 1)), "b");  // behind it
  EXPECT_EQ(Texts(assigner.Waiting(1)), (Names{"c", "b"}));
  EXPECT_EQ(Texts(assigner.Waiting(2)), Names{"c"});
}

TEST(SplitAssigner, AllAtOnceGoesRoundRobin) {
  SplitAssigner assigner(std::make_shared<FixedSplits>(Names{"a", "b", "c"}, false));
  ASSERT_TRUE(assigner.Enumerate(2, {}, {}).ok());
  assigner.SetReaders(2);
  EXPECT_EQ(IdOf(assigner.Next(1, 0)), "b");
  EXPECT_EQ(Texts(assigner.Waiting(1)), (Names{"a", "c"}));
  EXPECT_EQ(IdOf(assigner.Next(0, 0)), "a");
  EXPECT_EQ(IdOf(assigner.Next(0, 0)), "c");
  EXPECT_EQ(IdOf(assigner.Next(0, 0)), "none");
}

TEST(SplitAssigner, WhatIsFoundLaterGoesToReadersOnceAndWaits) {
  auto source = std::make_shared<FixedSplits>(Names{"a", "b"}, false);
  SplitAssigner assigner(source);
  ASSERT_TRUE(assigner.Enumerate(2, {"old"}, {}).ok());
  assigner.SetReaders(2);
  ASSERT_TRUE(assigner.Discover().ok());
  EXPECT_EQ(assigner.discovered(), 0);
  source->Add("old");
  source->Add("c");
  source->Add("d");
  ASSERT_TRUE(assigner.Discover().ok());
  ASSERT_TRUE(assigner.Discover().ok());
  EXPECT_EQ(assigner.discovered(), 2);
  EXPECT_EQ(Texts(assigner.Waiting(1)), (Names{"a", "c", "b", "d"}));
  EXPECT_EQ(IdOf(assigner.Next(0, 1)), "a");
  EXPECT_EQ(IdOf(assigner.Next(0, 1)), "c");
  EXPECT_EQ(IdOf(assigner.Next(1, 1)), "b");
  EXPECT_EQ(Texts(assigner.Waiting(2)), Names{"d"});
}

}  // namespace
}  // namespace millrace::runtime
