// Query hints: /*+ STATE_TTL('t' = '1d'), LOOKUP('table' = 't', …), BROADCAST(t) */ behind SELECT, and OPTIONS behind a
// table. The rules are those of Flink's hint strategies and of its hint resolver.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/options.h"
#include "engine/catalog/catalog.h"
#include "engine/sql/ast.h"

namespace millrace::sql {

// The name of a hint in upper case, as hints are known.
std::string HintName(const Hint& hint);

// The key = value pairs of a hint, as texts. Fails when it has another form.
Result<OptionMap> KeyValuesOf(const Hint& hint);

// Whether each hint exists, has the form it must have, and holds values that can be read.
Status CheckHints(const std::vector<Hint>& hints);

// Whether the tables that the hints of a SELECT name are inputs of its joins (or of its aggregate). Hints that find
// nothing to stand on (no join, no aggregate) are ignored, as Flink ignores them.
Status CheckHintedTables(const Select& select, bool aggregated, const catalog::Catalogs& catalogs);

// The STATE_TTL that the hints of a SELECT give to an input, in milliseconds; -1 when they give none.
int64_t HintedTtl(const std::vector<Hint>& hints, const TableRef& input, const catalog::Catalogs& catalogs);

// Whether the hints give OPTIONS.
bool HasOptionsHint(const std::vector<Hint>& hints);

}  // namespace millrace::sql
