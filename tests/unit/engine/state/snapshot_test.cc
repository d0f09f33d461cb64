#include "engine/state/snapshot.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "engine/state/crc32c.h"

namespace millrace::state {
namespace {

class SnapshotTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "/snapshot_" + std::to_string(::getpid()) + "_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static JobSnapshot Example() {
    JobSnapshot snapshot;
    for (int32_t subtask = 0; subtask < 2; ++subtask) {
      auto writer = snapshot.Writer("agg");
      EXPECT_TRUE(writer->BeginState("groups", 3).ok());
      for (int32_t group = subtask * 64; group < subtask * 64 + 64; ++group) {
        EXPECT_TRUE(writer->KeyedRecord(group, "key" + std::to_string(group), std::string("v\0", 2)).ok());
      }
      EXPECT_TRUE(writer->BeginState("watermark", 1).ok());
      EXPECT_TRUE(writer->BroadcastRecord("w" + std::to_string(subtask)).ok());
    }
    snapshot.SetMetadata("sql", "SELECT 1\n");
    return snapshot;
  }

  static std::vector<std::string> Keys(const JobSnapshot& snapshot, KeyGroupRange range) {
    std::vector<std::string> keys;
    auto reader = snapshot.Reader("agg", range);
    EXPECT_TRUE(reader
                    ->ForEach("groups",
                              [&](const SnapshotRecord& record) {
                                keys.emplace_back(record.key);
                                EXPECT_EQ(record.value, std::string_view("v\0", 2));
                                return Status::Ok();
                              })
                    .ok());
    return keys;
  }

  std::string ErrorCode() const {
    auto read = JobSnapshot::ReadFrom(directory_);
    if (read.ok()) return "";
    EXPECT_NE(read.error().message.find(directory_), std::string::npos);
    return read.error().code;
  }

  std::string ReadAll(const std::string& name) const {
    std::ifstream in(directory_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void WriteAll(const std::string& name, const std::string& bytes) const {
    std::ofstream(directory_ + "/" + name, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string directory_;
};

TEST_F(SnapshotTest, RescalesByKeyGroup) {
  JobSnapshot snapshot = Example();
  EXPECT_EQ(Keys(snapshot, {0, 127}).size(), 128U);
  EXPECT_EQ(Keys(snapshot, {60, 69}).size(), 10U);
  EXPECT_EQ(snapshot.Reader("other", {0, 127}), nullptr);
  auto reader = snapshot.Reader("agg", {0, 0});
  EXPECT_EQ(reader->StateVersion("groups"), 3);
  EXPECT_EQ(reader->StateVersion("nothing"), -1);
  std::vector<std::string> marks;
  ASSERT_TRUE(reader
                  ->ForEach("watermark",
                            [&](const SnapshotRecord& record) {
                              EXPECT_EQ(record.key_group, -1);
                              marks.emplace_back(record.value);
                              return Status::Ok();
                            })
                  .ok());
  EXPECT_EQ(marks, (std::vector<std::string>{"w0", "w1"}));
}

TEST_F(SnapshotTest, ComesBackFromFiles) {
  ASSERT_TRUE(Example().WriteTo(directory_).ok());
  auto back = JobSnapshot::ReadFrom(directory_);
  ASSERT_TRUE(back.ok()) << back.error().ToString();
  EXPECT_EQ(Keys(*back, {0, 127}), Keys(Example(), {0, 127}));
  EXPECT_EQ(back->Metadata("sql"), "SELECT 1\n");
  EXPECT_EQ(back->OperatorIds(), std::vector<std::string>{"agg"});
  EXPECT_EQ(Example().WriteTo(directory_).error().code, "snapshot.io");
}

TEST_F(SnapshotTest, EveryFlippedOrMissingByteIsFound) {
  ASSERT_TRUE(Example().WriteTo(directory_).ok());
  for (const std::string name : {"MANIFEST", "state-00001.mrs", "metadata.mrs"}) {
    std::string good = ReadAll(name);
    for (size_t at = 0; at < good.size(); at += name == "state-00001.mrs" ? 37 : 1) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x41);
      WriteAll(name, bad);
      EXPECT_NE(ErrorCode(), "") << name << " flipped at " << at;
      WriteAll(name, good.substr(0, at));
      EXPECT_EQ(ErrorCode(), "snapshot.corrupt") << name << " cut at " << at;
    }
    WriteAll(name, good);
    EXPECT_EQ(ErrorCode(), "");
  }
}

TEST_F(SnapshotTest, ForeignNewerAndMissingFilesAreRefused) {
  ASSERT_TRUE(Example().WriteTo(directory_).ok());
  std::string good = ReadAll("state-00000.mrs");
  WriteAll("state-00000.mrs", ReadAll("state-00001.mrs"));
  EXPECT_EQ(ErrorCode(), "snapshot.corrupt");
  std::string newer = good;
  newer[8] = 99;
  WriteAll("state-00000.mrs", newer);
  EXPECT_EQ(ErrorCode(), "snapshot.version");
  std::filesystem::remove(directory_ + "/state-00000.mrs");
  EXPECT_EQ(ErrorCode(), "snapshot.io");
  WriteAll("state-00000.mrs", good);
  WriteAll("MANIFEST", "millrace snapshot 2\nend 00000000\n");
  EXPECT_EQ(ErrorCode(), "snapshot.version");
  std::filesystem::remove(directory_ + "/MANIFEST");
  EXPECT_EQ(ErrorCode(), "snapshot.io");
}

TEST(Crc32c, KnownValues) {
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(Crc32c(""), 0U);
  EXPECT_EQ(Crc32c("6789", Crc32c("12345")), 0xE3069283U);
}

}  // namespace
}  // namespace millrace::state
