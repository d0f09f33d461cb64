// The format 'raw': the record is the value of the single column, as text, bytes or a fixed-width number.
#pragma once

#include "engine/formats/format.h"

namespace millrace::formats {

const Format& RawFormat();

}  // namespace millrace::formats
