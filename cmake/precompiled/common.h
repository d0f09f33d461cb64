// Parsed once for a module instead of once for each of its sources (cmake/precompiled.cmake): what most sources include.
// Nothing may rely on it: every source includes what it uses, and the preset `fuzz` builds without this file.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"
#include "types/chunk.h"
#include "types/data_type.h"
#include "types/value.h"
