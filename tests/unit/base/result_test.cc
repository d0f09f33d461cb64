#include "base/result.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

Result<int> Half(int x) {
  if (x % 2 != 0) return UserError("test.odd", "the number is odd");
  return x / 2;
}

Result<int> Quarter(int x) {
  MR_ASSIGN(int half, Half(x));
  return Half(half);
}

TEST(Result, CarriesValueOrError) {
  EXPECT_EQ(*Quarter(8), 2);
  ASSERT_FALSE(Quarter(6).ok());
  EXPECT_EQ(Quarter(6).error().code, "test.odd");
}

TEST(Status, CopiesAndMovesItsError) {
  Status bad = UserError("test.bad", "bad", "do better", {.line = 2, .column = 3});
  Status copy = bad;
  EXPECT_FALSE(copy.ok());
  EXPECT_EQ(copy.error().ToString(), "line 2, column 3: bad (do better)");
  EXPECT_TRUE(Status().ok());
}

}  // namespace
}  // namespace millrace
