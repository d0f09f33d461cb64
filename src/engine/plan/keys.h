// Which columns identify the rows of a node, and by which columns its changes can be ordered.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/physical.h"

namespace millrace::plan {

// Sets of output columns, each sorted. The empty set is a key too: of a node that gives one row at most.
using KeySets = std::vector<std::vector<int32_t>>;

bool ContainsAll(const std::vector<int32_t>& all, const std::vector<int32_t>& some);

// Sets unique_keys and upsert_keys of a node from those of its inputs. A unique key is one whose values occur once in
// the materialised table; an upsert key is a unique key whose changes also arrive in order, which a shuffle by other
// columns undoes. Nodes without inputs keep what they have. The rules are those of Flink 1.20's metadata.
void DeriveKeys(PhysicalNode& node);

// The upsert keys of an input as an operator sees them that is keyed by `keys` (columns of the input): its own shuffle
// does not count, since rows of one key meet in the operator anyway.
KeySets UpsertKeysWithin(const PhysicalInput& input, const std::vector<int32_t>& keys);

}  // namespace millrace::plan
