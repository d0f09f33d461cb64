// Where savepoints may be, and how they are thrown away.
#include "engine/session/savepoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/session/checkpointer.h"
#include "engine/state/snapshot.h"

namespace millrace::engine {
namespace {

namespace fs = std::filesystem;

class SavepointTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "millrace_savepoint_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = fs::canonical(name);
    fs::create_directories(folder_ / "root" / "inside");
    fs::create_directories(folder_ / "outside");
    fs::create_directories(folder_ / "root2");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string In(const std::string& name) const { return (folder_ / name).string(); }

  std::string MakeSnapshot(const std::string& name) const {
    state::JobSnapshot snapshot;
    snapshot.SetMetadata("job", "1");
    EXPECT_TRUE(snapshot.WriteTo(In(name)).ok());
    return In(name);
  }

  fs::path folder_;
};

TEST_F(SavepointTest, WithoutARootAnyPathWillDo) { EXPECT_EQ(*ConfinedPath("", "../anywhere"), "../anywhere"); }

TEST_F(SavepointTest, WhatLiesInTheRootMayBeUsed) {
  EXPECT_EQ(*ConfinedPath(In("root"), In("root")), In("root"));
  EXPECT_EQ(*ConfinedPath(In("root"), In("root/inside/new/deep")), In("root/inside/new/deep"));
  fs::create_directory_symlink("inside", folder_ / "root" / "link");
  EXPECT_EQ(*ConfinedPath(In("root"), In("root/link/new")), In("root/inside/new"));
  fs::create_directory_symlink(folder_ / "root", folder_ / "other_name");
  EXPECT_EQ(*ConfinedPath(In("other_name"), In("root/new")), In("root/new"));
}

TEST_F(SavepointTest, WhatLeadsOutIsRefusedAndNothingIsWritten) {
  fs::create_directory_symlink(folder_ / "outside", folder_ / "root" / "out");
  fs::create_directory_symlink(folder_ / "nowhere", folder_ / "root" / "dangling");
  fs::create_directory_symlink("loop", folder_ / "root" / "loop");
  for (const char* path :
       {"outside", "outside/new", "root2", "root2/new", "root/../outside", "root/inside/../inside", "root/..",
        "root/out", "root/out/new", "root/dangling", "root/dangling/new", "root/loop/x"}) {
    auto confined = ConfinedPath(In("root"), In(path));
    ASSERT_FALSE(confined.ok()) << path << " → " << *confined;
    EXPECT_EQ(confined.error().code, "savepoint.outside_root") << path;
    EXPECT_EQ(MakeSavepointFolder(In("root"), In(path), "abcdef0123").error().code, "savepoint.outside_root") << path;
  }
  EXPECT_FALSE(ConfinedPath(In("no_such_root"), In("no_such_root/x")).ok() && fs::exists(folder_ / "no_such_root"));
  EXPECT_TRUE(fs::is_empty(folder_ / "outside"));
  EXPECT_TRUE(fs::is_empty(folder_ / "root2"));
  EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
}

TEST_F(SavepointTest, FoldersAreNamedAsFlinkNamesThem) {
  std::string id = MakeJobId(7);
  EXPECT_EQ(id.size(), 32U);
  auto first = MakeSavepointFolder("", In("saves"), id);
  auto second = MakeSavepointFolder("", In("saves"), id);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(*first, *second);
  std::string name = fs::path(*first).filename();
  EXPECT_EQ(name.size(), std::string("savepoint-123456-123456789012").size()) << name;
  EXPECT_TRUE(name.starts_with("savepoint-" + id.substr(0, 6) + "-")) << name;
  EXPECT_TRUE(fs::is_directory(*first));
}

TEST_F(SavepointTest, DisposeRemovesWhatTheManifestNames) {
  std::string path = MakeSnapshot("save");
  ASSERT_TRUE(DisposeSavepoint(path).ok());
  EXPECT_FALSE(fs::exists(path));
  path = MakeSnapshot("save2");
  std::ofstream(fs::path(path) / "notes.txt") << "of someone else";
  ASSERT_TRUE(DisposeSavepoint(path).ok());
  EXPECT_TRUE(fs::exists(fs::path(path) / "notes.txt"));
  EXPECT_FALSE(fs::exists(fs::path(path) / "MANIFEST"));
}

TEST_F(SavepointTest, DisposeTouchesNothingElse) {
  std::ofstream(folder_ / "outside" / "file") << "x";
  EXPECT_EQ(DisposeSavepoint(In("outside")).error().code, "snapshot.missing");
  EXPECT_EQ(DisposeSavepoint(In("nowhere")).error().code, "snapshot.missing");
  std::ofstream(folder_ / "outside" / "MANIFEST") << "file ../root 1 00000000\n";
  EXPECT_EQ(DisposeSavepoint(In("outside")).error().code, "snapshot.missing");
  EXPECT_TRUE(fs::exists(folder_ / "outside" / "file"));
}

TEST_F(SavepointTest, ACheckpointOfARunningJobIsNotDisposed) {
  auto lock = LockCheckpoints(In("state"));
  ASSERT_TRUE(lock.ok());
  std::string path = MakeSnapshot("state/chk-1");
  EXPECT_EQ(DisposeSavepoint(path).error().code, "checkpoint.directory_in_use");
  lock->reset();
  EXPECT_TRUE(DisposeSavepoint(path).ok());
}

}  // namespace
}  // namespace millrace::engine
