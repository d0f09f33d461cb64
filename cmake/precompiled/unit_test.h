// The same for unit tests.
#include <gtest/gtest.h>

#include "foundation.h"
