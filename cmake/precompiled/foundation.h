// What most sources include, parsed once for all of them (cmake/precompiled.cmake). Nothing may rely on it: every
// source includes what it uses, and the preset `fuzz` builds the modules without it.
#include <fmt/format.h>

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

#include "base/result.h"
#include "types/chunk.h"
#include "types/data_type.h"
#include "types/value.h"
