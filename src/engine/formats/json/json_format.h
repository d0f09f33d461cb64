// The format 'json': one JSON object for each row. Options and leniency are Flink's.
#pragma once

#include "engine/formats/format.h"

namespace millrace::formats {

const Format& JsonFormat();

}  // namespace millrace::formats
