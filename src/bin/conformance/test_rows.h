// Rows for tables of the `values` connector, and what its sinks have received.
#pragma once

#include <string>
#include <vector>

#include "types/physical.h"
#include "types/value.h"

namespace millrace::conformance {

struct TestRow {
  RowKind kind = RowKind::kInsert;
  ValueRow values;
};

void RegisterTestRows(const std::string& data_id, const std::vector<TestRow>& rows);
void ClearTestRows();

}  // namespace millrace::conformance
