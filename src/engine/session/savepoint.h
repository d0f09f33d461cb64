// Folders of savepoints: their names, where they may be, and how they are thrown away.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::engine {

// The path where it may be used: itself without a root; with one, its real form, which lies in the root. Errors:
// "savepoint.outside_root" (also for any "..", and for links that lead out), before anything is written.
Result<std::string> ConfinedPath(const std::string& root, const std::string& path);

// Makes the folder of a new savepoint, savepoint-<6 hex of the job>-<12 hex>, in `directory`, as Flink names them.
Result<std::string> MakeSavepointFolder(const std::string& root, const std::string& directory, std::string_view job_id);

// Removes a savepoint or a checkpoint: the files that its manifest names, the manifest first, and the folder if nothing
// else is in it. Errors: "snapshot.missing" (it is none), "checkpoint.directory_in_use" (a running job's).
Status DisposeSavepoint(const std::string& path);

// Removes what belongs to a snapshot that may be complete or not: every file of its folder, the manifest first.
void RemoveSnapshotFolder(const std::string& folder);
// The bytes of the files in a folder.
int64_t FolderBytes(const std::string& folder);

// 32 hex digits, as Flink's job ids.
std::string MakeJobId(uint64_t seed);

}  // namespace millrace::engine
