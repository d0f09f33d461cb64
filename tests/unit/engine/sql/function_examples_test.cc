// Every scalar function's example is run and gives what the function says it gives.
#include <gtest/gtest.h>

#include "engine/functions/evaluator.h"
#include "engine/functions/scalar_function.h"
#include "engine/sql/binder.h"
#include "engine/sql/parser.h"
#include "types/cast.h"

namespace millrace::sql {
namespace {

// The text of a SQL expression's value, or the error.
std::string Evaluate(std::string_view expression) {
  auto tree = ParseExpression(expression);
  if (!tree.ok()) return tree.error().ToString();
  catalog::Catalogs catalogs;
  OptionMap config;
  functions::EvalContext eval;
  BindContext context{&catalogs, &config, &eval, expression};
  auto bound = BindScalar(**tree, Schema{}, context);
  if (!bound.ok()) return bound.error().ToString();
  auto value = functions::EvaluateConstant(*bound, eval);
  if (!value.ok()) return value.error().ToString();
  return ToText(*value, (*bound)->type);
}

TEST(ScalarFunctions, ExamplesGiveWhatTheySay) {
  for (const functions::ScalarFunction* function : functions::AllScalarFunctions()) {
    if (function->example.empty()) continue;
    EXPECT_EQ(Evaluate(function->example), function->example_result) << function->name << ": " << function->example;
  }
}

TEST(ScalarFunctions, AreDeclaredWhole) {
  std::string_view last;
  for (const functions::ScalarFunction* function : functions::AllScalarFunctions()) {
    EXPECT_LT(last, function->name) << "two functions of one name";
    last = function->name;
    EXPECT_FALSE(function->signature.empty()) << function->name;
    EXPECT_FALSE(function->doc.empty()) << function->name;
    EXPECT_NE(function->infer, nullptr) << function->name;
    EXPECT_NE(function->kernel == nullptr, function->row == nullptr) << function->name << " has one of kernel and row";
    for (std::string_view alias : function->aliases) {
      EXPECT_EQ(functions::FindScalarFunction(alias), function) << "the alias " << alias << " is taken";
    }
  }
}

}  // namespace
}  // namespace millrace::sql
