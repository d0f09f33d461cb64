// The same for unit tests.
#include "common.h"

#include <gtest/gtest.h>
