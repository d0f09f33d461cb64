// What a reader is, beside a SourceReader, when its source brings watermarks of its own
// (WATERMARK FOR ts AS SOURCE_WATERMARK()).
#pragma once

#include <cstdint>
#include <optional>

namespace millrace::connectors {

// Used by the reader's thread, after each Poll().
class WatermarkGiver {
 public:
  virtual ~WatermarkGiver() = default;
  // The watermark that follows the rows of the last Poll; milliseconds. Nothing: as before.
  virtual std::optional<int64_t> TakeWatermark() = 0;
  // Whether the source says that it is idle now.
  virtual bool Idle() const = 0;
};

}  // namespace millrace::connectors
