#include "base/file_system.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace millrace {
namespace {

class FileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "file_system_test_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(files_->MakeDirectories(folder_).ok());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(std::string_view name) const { return JoinPath(folder_, name); }
  void Write(std::string_view name, std::string_view text, bool append = false) {
    auto file = files_->OpenForWrite(Path(name), append);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append(text).ok());
    ASSERT_TRUE((*file)->Sync().ok());
    ASSERT_TRUE((*file)->Close().ok());
  }

  FileSystem* files_ = FileSystem::Local();
  std::string folder_;
};

TEST_F(FileSystemTest, WritesAppendsAndReads) {
  Write("a", "hello");
  Write("a", " world", true);
  EXPECT_EQ(*ReadFile(*files_, Path("a")), "hello world");
  auto file = files_->OpenForRead(Path("a"));
  ASSERT_TRUE(file.ok());
  char text[32];
  EXPECT_EQ(*(*file)->ReadAt(6, text, sizeof(text)), 5U);
  EXPECT_EQ(std::string_view(text, 5), "world");
  EXPECT_EQ(*(*file)->ReadAt(11, text, sizeof(text)), 0U);
  Write("a", "x");
  EXPECT_EQ(*ReadFile(*files_, Path("a")), "x");
}

TEST_F(FileSystemTest, ReadsFilesLongerThanOneStep) {
  std::string text(200'001, 'x');
  text.back() = 'y';
  Write("long", text);
  EXPECT_EQ(*ReadFile(*files_, Path("long")), text);
}

TEST_F(FileSystemTest, ListsSortedAndTellsDirectoriesFromFiles) {
  Write("b", "12");
  Write("a", "1");
  ASSERT_TRUE(files_->MakeDirectories(Path("c/d/e")).ok());
  ASSERT_TRUE(files_->MakeDirectories(Path("c/d/e")).ok());
  auto entries = files_->List(folder_);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ(FileNameOf((*entries)[0].path), "a");
  EXPECT_EQ((*entries)[1].size_bytes, 2);
  EXPECT_GT((*entries)[1].modified_millis, 1'500'000'000'000);
  EXPECT_TRUE((*entries)[2].is_directory);
}

TEST_F(FileSystemTest, RenamesAndRemoves) {
  Write("a", "1");
  Write("b", "2");
  ASSERT_TRUE(files_->Rename(Path("a"), Path("b")).ok());
  EXPECT_FALSE(files_->Exists(Path("a")));
  EXPECT_EQ(*ReadFile(*files_, Path("b")), "1");
  ASSERT_TRUE(files_->Remove(Path("b")).ok());
  ASSERT_TRUE(files_->Remove(Path("b")).ok());
  EXPECT_FALSE(files_->Exists(Path("b")));
  EXPECT_TRUE(files_->SyncDirectory(folder_).ok());
}

TEST_F(FileSystemTest, ErrorsNameThePathAndTheReason) {
  auto file = files_->OpenForRead(Path("nothing"));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, "file.missing");
  EXPECT_NE(file.error().message.find("nothing"), std::string::npos);
  EXPECT_EQ(files_->List(Path("nothing")).error().code, "file.missing");
  EXPECT_FALSE(files_->OpenForWrite(Path("no/such/directory")).ok());
  Write("plain", "");
  EXPECT_FALSE(files_->MakeDirectories(Path("plain/below")).ok());
}

TEST_F(FileSystemTest, WritesAtomically) {
  ASSERT_TRUE(WriteFileAtomically(*files_, Path("state"), "one").ok());
  ASSERT_TRUE(WriteFileAtomically(*files_, Path("state"), "two").ok());
  EXPECT_EQ(*ReadFile(*files_, Path("state")), "two");
  EXPECT_EQ(files_->List(folder_)->size(), 1U);
}

TEST(PathTest, TakesPathsApart) {
  EXPECT_EQ(JoinPath("a/b", "c"), "a/b/c");
  EXPECT_EQ(JoinPath("a/", "c"), "a/c");
  EXPECT_EQ(JoinPath("a", "/c"), "/c");
  EXPECT_EQ(DirectoryOf("a/b/c"), "a/b");
  EXPECT_EQ(DirectoryOf("c"), ".");
  EXPECT_EQ(DirectoryOf("/c"), "/");
  EXPECT_EQ(FileNameOf("a/b/c"), "c");
  EXPECT_EQ(FileNameOf("c"), "c");
}

}  // namespace
}  // namespace millrace
