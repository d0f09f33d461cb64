// What the changelog modes of two physical plans have in common.
#pragma once

#include <optional>
#include <string>

namespace millrace::conformance {

// Compares plans printed with changelogMode=[…]. Nothing when they agree; else what differs. They agree when, from the
// root down, both have the same nodes in the same order with the same modes, not counting:
//   - nodes that only pass changes on: Exchange, Calc, WatermarkAssigner, MiniBatchAssigner, Expand; but the mode in
//   which
//     the root's rows come out is compared whatever the root is;
//   - the local and incremental halves of two-phase aggregation: the global half counts as the aggregate;
//   - whether a scan or sink has a legacy interface (LegacyTableSourceScan, DataStreamScan, LegacySink);
//   - the mode of a sink, which has no output.
std::optional<std::string> CompareModes(const std::string& ours, const std::string& flink);

}  // namespace millrace::conformance
