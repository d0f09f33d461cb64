// The format 'csv': one line of separated values for each row. Options and leniency are those of Flink and its CSV
// library.
#pragma once

#include "engine/formats/format.h"

namespace millrace::formats {

const Format& CsvFormat();

}  // namespace millrace::formats
