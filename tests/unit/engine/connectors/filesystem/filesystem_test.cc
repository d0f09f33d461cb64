#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "../connector_fixture.h"

namespace millrace::connectors {
namespace {

class FilesystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "filesystem_test_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    table_.name = "c.d.t";
    table_.physical = Schema{{{"id", DataType::Int(), ""}, {"name", DataType::String(), ""}}};
    table_.options = {{"connector", "filesystem"}, {"path", folder_}, {"format", "json"}};
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder_ + "/" + name).parent_path());
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::vector<std::string> Read(ConnectorContext context = {}) {
    std::string error;
    auto source = MakeSource(table_, &error);
    if (source == nullptr) return {"error: " + error};
    return ReadAll(*source, context);
  }
  // Names of all files in and below the folder.
  std::set<std::string> Files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) names.insert(std::filesystem::relative(entry.path(), folder_).string());
    }
    return names;
  }
  std::unique_ptr<SinkWriter> MakeWriter(ConnectorContext context = {}) {
    auto sink = FindConnector("filesystem").value()->make_sink(table_, context);
    EXPECT_TRUE(sink.ok()) << (sink.ok() ? "" : sink.error().message);
    if (!sink.ok()) return nullptr;
    sinks_.push_back(std::move(*sink));
    return sinks_.back()->MakeWriter(context).value();
  }

  std::string folder_;
  TableSpec table_;
  std::vector<std::unique_ptr<TableSink>> sinks_;  // outlive their writers
};

using Rows = std::vector<std::string>;

TEST_F(FilesystemTest, ReadsFilesOfAFolderAndSkipsHiddenOnes) {
  Write("a.json", "{\"id\":1,\"name\":\"a name longer than twelve bytes\"}\r\n\n{\"id\":2}");
  Write("sub/b.json", "{\"id\":3}\n");
  Write(".hidden", "{\"id\":4}\n");
  Write("_SUCCESS", "");
  Write("empty.json", "");
  EXPECT_EQ(Read(), Rows({"+I(1, a name longer than twelve bytes)", "+I(2, NULL)", "+I(3, NULL)"}));
  table_.options["path"] = "file://" + folder_ + "/a.json";
  EXPECT_EQ(Read().size(), 2U);
  table_.options["path"] = folder_ + "/*/?.json";
  EXPECT_EQ(Read(), Rows({"+I(3, NULL)"}));
  table_.options["path"] = folder_;
  table_.options["source.path.regex-pattern"] = ".*/b\\.json";
  EXPECT_EQ(Read(), Rows({"+I(3, NULL)"}));
}

TEST_F(FilesystemTest, ErrorsNameFileAndLine) {
  Write("a.json", "{\"id\":1}\n\n{\"id\":2}\n{\"id\":\"x\"}\n");
  Rows rows = Read();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_NE(rows[0].find("error: format.json.value: " + folder_ + "/a.json, line 4: "), std::string::npos) << rows[0];
  table_.options["path"] = folder_ + "/none";
  EXPECT_EQ(Read()[0].substr(0, 20), "error: file.missing:");
  table_.options["path"] = "s3://bucket/x";
  EXPECT_EQ(Read()[0], "error: option.value");
  table_.options["path"] = folder_;
  table_.options["json.ignore-parse-error"] = "true";
  EXPECT_EQ(Read()[0], "error: option.unknown");
  table_.options.erase("json.ignore-parse-error");
  table_.options.erase("format");
  EXPECT_EQ(Read()[0], "error: option.missing");
}

TEST_F(FilesystemTest, ReadsFilesLongerThanABlockInAnyChunkSize) {
  std::string text;
  constexpr int kRows = 40'000;
  for (int i = 0; i < kRows; ++i)
    text += "{\"id\":" + std::to_string(i) + ",\"name\":\"" + std::string(i % 100, 'x') + "\"}\n";
  text += "{\"id\":-1,\"name\":\"" + std::string(3'000'000, 'y') + "\"}\n{\"id\":-2}";
  Write("a.json", text);
  for (int32_t chunk_rows : {2048, 777}) {
    ConnectorContext context;
    context.chunk_rows = chunk_rows;
    Rows rows = Read(context);
    ASSERT_EQ(rows.size(), kRows + 2U);
    for (int i = 0; i < kRows; ++i) {
      ASSERT_EQ(rows[static_cast<size_t>(i)], "+I(" + std::to_string(i) + ", " + std::string(i % 100, 'x') + ")");
    }
    EXPECT_EQ(rows[kRows].size(), 3'000'000U + 8);
    EXPECT_EQ(rows[kRows + 1], "+I(-2, NULL)");
  }
}

TEST_F(FilesystemTest, GoesOnFromASnapshot) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "{\"id\":" + std::to_string(i) + "}\n";
  Write("a.json", text);
  Write("b.json", "{\"id\":100}\n{\"id\":\"bad\"}\n");
  auto source = MakeSource(table_);
  ConnectorContext context;
  context.chunk_rows = 10;
  std::vector<Split> state;
  Rows first = ReadAll(*source, context, &state, 30);
  ASSERT_EQ(first.size(), 30U);
  ASSERT_EQ(state.size(), 2U);
  Rows second = ReadAll(*source, context, &state);
  ASSERT_EQ(second.size(), 72U - 1);
  EXPECT_EQ(second[0], "+I(30, NULL)");
  EXPECT_NE(second.back().find("b.json, line 2"), std::string::npos) << second.back();
}

TEST_F(FilesystemTest, ASecondFileHasAPositionOfItsOwn) {
  Write("a.json", "{\"id\":1}\n");
  Write("b.json", "{\"id\":2}\n{\"id\":3}\n");
  auto source = MakeSource(table_);
  auto splits = source->EnumerateSplits(1);
  ASSERT_TRUE(splits.ok() && splits->size() == 2);
  ConnectorContext context;
  context.chunk_rows = 1;
  auto reader = source->MakeReader(context);
  ASSERT_TRUE((*reader)->AddSplit((*splits)[0]).ok());
  EXPECT_EQ((*reader)->Poll()->status, PollStatus::kRows);
  EXPECT_EQ((*reader)->Poll()->status, PollStatus::kEnd);
  EXPECT_TRUE((*reader)->SnapshotSplits().empty());  // a finished file needs none
  ASSERT_TRUE((*reader)->AddSplit((*splits)[1]).ok());
  EXPECT_EQ((*reader)->Poll()->status, PollStatus::kRows);
  std::vector<Split> position = (*reader)->SnapshotSplits();
  ASSERT_EQ(position.size(), 1U);
  EXPECT_EQ(position[0].id, (*splits)[1].id);
  EXPECT_EQ(ReadAll(*source, context, &position), Rows({"+I(3, NULL)"}));
}

TEST_F(FilesystemTest, PartitionsAndMetadataAreColumns) {
  Write("dt=2024-01-05/h=7/f.json", "{\"id\":1,\"name\":\"x\"}\n");
  Write("dt=a%3Db/h=__DEFAULT_PARTITION__/f.json", "{\"id\":2}\n");
  table_.physical.fields.push_back({"dt", DataType::String(), ""});
  table_.physical.fields.push_back({"h", DataType::Int(), ""});
  table_.partition_keys = {"dt", "h"};
  table_.metadata = {{"file.name", DataType::String()}, {"file.size", DataType::Bigint()}};
  EXPECT_EQ(Read(), Rows({"+I(1, x, 2024-01-05, 7, f.json, 20)", "+I(2, NULL, a=b, NULL, f.json, 9)"}));
  auto source = MakeSource(table_);
  ASSERT_TRUE(source->ApplyProjection({3, 0}, {1}));
  EXPECT_EQ(ReadAll(*source), Rows({"+I(7, 1, 20)", "+I(NULL, 2, 9)"}));
  ASSERT_TRUE(source->ApplyProjection({}, {}));
  EXPECT_EQ(ReadAll(*source), Rows({"+I()", "+I()"}));
}

TEST_F(FilesystemTest, NestedProjectionReachesTheFormat) {
  table_.physical = Schema{{{"r", DataType::Row({{"x", DataType::Int(), ""}, {"y", DataType::String(), ""}}), ""}}};
  Write("a.json", "{\"r\":{\"x\":1,\"y\":\"why\"}}\n{\"r\":null}\n");
  auto source = MakeSource(table_);
  ASSERT_TRUE(source->ApplyNestedProjection({{0, 1}}));
  EXPECT_EQ(ReadAll(*source), Rows({"+I(why)", "+I(NULL)"}));
  table_.options["format"] = "csv";
  source = MakeSource(table_);
  ASSERT_NE(source, nullptr);
  EXPECT_FALSE(source->ApplyNestedProjection({{0, 1}}));
}

TEST_F(FilesystemTest, CsvRecordsMaySpanLines) {
  table_.options["format"] = "csv";
  Write("a.csv", "1,\"two\nlines\"\n2,b\nx,c\n");
  Rows rows = Read();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_NE(rows[0].find("a.csv, line 4"), std::string::npos) << rows[0];
  table_.options["csv.ignore-parse-errors"] = "true";
  EXPECT_EQ(Read(), Rows({"+I(1, two\nlines)", "+I(2, b)", "+I(NULL, c)"}));
}

TEST_F(FilesystemTest, WrittenRowsAppearWithTheCommit) {
  auto writer = MakeWriter();
  ASSERT_TRUE(
      writer->Write(MakeChunk(table_.physical, {{Value::Int(1), Value::String("a")}, {Value::Int(2), Value::Null()}}))
          .ok());
  auto token = writer->Prepare(false);
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(Read(), Rows());
  ASSERT_TRUE(writer->Commit(*token).ok());
  EXPECT_EQ(Read(), Rows({"+I(1, a)", "+I(2, NULL)"}));
  ASSERT_TRUE(writer->Commit(*token).ok()) << "a second commit of the same token has no effect";
  ASSERT_TRUE(writer->Write(MakeChunk(table_.physical, {{Value::Int(3), Value::Null()}})).ok());
  token = writer->Prepare(true);
  ASSERT_TRUE(MakeWriter()->Commit(*token).ok()) << "another writer commits after a restart";
  EXPECT_EQ(Read().size(), 3U);
  std::set<std::string> files = Files();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_TRUE(files.begin()->starts_with("part-")) << *files.begin();
}

TEST_F(FilesystemTest, AbortLeavesNothingButWhatACheckpointNames) {
  auto sink = FindConnector("filesystem").value()->make_sink(table_, ConnectorContext()).value();
  auto writer = sink->MakeWriter(ConnectorContext()).value();
  Chunk chunk = MakeChunk(table_.physical, {{Value::Int(1), Value::String("a")}});
  ASSERT_TRUE(writer->Write(chunk).ok());
  EXPECT_EQ(Files().size(), 1U);
  writer->Abort();
  EXPECT_EQ(Files().size(), 0U);
  ASSERT_TRUE(writer->Write(chunk).ok());
  ASSERT_TRUE(writer->Prepare(true).ok());
  writer->Abort();
  EXPECT_EQ(Files().size(), 0U) << "the end of input alone is in no checkpoint";
  ASSERT_TRUE(writer->Write(chunk).ok());
  auto token = writer->Prepare(false);
  ASSERT_TRUE(token.ok());
  writer->Abort();
  auto restored = sink->MakeWriter(ConnectorContext()).value();
  ASSERT_TRUE(restored->Commit(*token).ok());
  EXPECT_EQ(Read(), Rows({"+I(1, a)"}));
}

TEST_F(FilesystemTest, ARestartedWriterKeepsItsPredecessorsFiles) {
  ConnectorContext context;
  context.seed = 5;
  auto sink = FindConnector("filesystem").value()->make_sink(table_, context).value();
  for (int64_t life = 1; life <= 2; ++life) {
    auto writer = sink->MakeWriter(context).value();
    ASSERT_TRUE(writer->Write(MakeChunk(table_.physical, {{Value::Int(life), Value::Null()}})).ok());
    ASSERT_TRUE(writer->Commit(writer->Prepare(false).value()).ok());
  }
  EXPECT_EQ(Read(), Rows({"+I(1, NULL)", "+I(2, NULL)"}));
}

TEST_F(FilesystemTest, ATokenThatWentAstrayIsInTheNextOne) {
  auto writer = MakeWriter();
  ASSERT_TRUE(writer->Write(MakeChunk(table_.physical, {{Value::Int(1), Value::Null()}})).ok());
  ASSERT_TRUE(writer->Prepare(false).ok());
  ASSERT_TRUE(writer->Write(MakeChunk(table_.physical, {{Value::Int(2), Value::Null()}})).ok());
  ASSERT_TRUE(writer->Commit(writer->Prepare(false).value()).ok());
  EXPECT_EQ(Read().size(), 2U);
}

TEST_F(FilesystemTest, WritesPartitions) {
  table_.physical.fields.push_back({"dt", DataType::Date(), ""});
  table_.partition_keys = {"dt", "name"};
  table_.options["sink.partition-commit.policy.kind"] = "success-file";
  auto writer = MakeWriter();
  ASSERT_TRUE(writer
                  ->Write(MakeChunk(table_.physical, {{Value::Int(1), Value::String("a/b"), Value::Int(19'727)},
                                                      {Value::Int(2), Value::Null(), Value::Int(19'727)},
                                                      {Value::Int(3), Value::String("a/b"), Value::Int(19'727)}}))
                  .ok());
  ASSERT_TRUE(writer->Commit(*writer->Prepare(true)).ok());
  EXPECT_TRUE(Files().contains("dt=2024-01-05/name=a%2Fb/_SUCCESS"));
  EXPECT_EQ(Read(), Rows({"+I(2, NULL, 2024-01-05)", "+I(1, a/b, 2024-01-05)", "+I(3, a/b, 2024-01-05)"}));
}

TEST_F(FilesystemTest, LargePartsAreRolled) {
  table_.options["sink.rolling-policy.file-size"] = "10 b";
  auto writer = MakeWriter();
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(writer->Write(MakeChunk(table_.physical, {{Value::Int(i), Value::Null()}})).ok());
  ASSERT_TRUE(writer->Commit(*writer->Prepare(true)).ok());
  EXPECT_EQ(Files().size(), 3U);
  EXPECT_EQ(Read().size(), 3U);
}

TEST_F(FilesystemTest, RefusesUpdates) {
  auto sink = FindConnector("filesystem").value()->make_sink(table_, ConnectorContext());
  ASSERT_TRUE(sink.ok());
  EXPECT_TRUE((*sink)->AcceptedMode(ChangelogMode::InsertOnly()).ok());
  EXPECT_EQ((*sink)->AcceptedMode(ChangelogMode::All()).error().code, "sink.changelog");
}

}  // namespace
}  // namespace millrace::connectors
