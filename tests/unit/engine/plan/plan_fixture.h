// Plans from SQL for tests of the planner.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/plan/planner.h"
#include "engine/sql/binder.h"
#include "engine/sql/parser.h"

namespace millrace::plan {

class PlanTest : public ::testing::Test {
 protected:
  // CREATE TABLE or CREATE VIEW.
  void Declare(const std::string& text) {
    auto statement = sql::ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << statement.error().ToString();
    sql::BindContext context{&catalogs_, &config_, &eval_, text};
    const auto* view = sql::As<sql::CreateView>(statement->get());
    auto table = view != nullptr ? sql::BindCreateView(*view, context)
                                 : sql::BindCreateTable(*sql::As<sql::CreateTable>(statement->get()), context);
    ASSERT_TRUE(table.ok()) << table.error().ToString();
    Status created = catalogs_.CreateTable(*table, false);
    ASSERT_TRUE(created.ok()) << created.error().ToString();
  }
  // A `values` table of these columns that gives changes of this mode.
  void Source(const std::string& name, const std::string& columns, const std::string& mode = "I") {
    Declare(fmt::format("CREATE TABLE {} ({}) WITH ('connector' = 'values', 'changelog-mode' = '{}')", name, columns,
                        mode));
  }
  void Sink(const std::string& name, const std::string& columns, const std::string& mode) {
    Declare(
        fmt::format("CREATE TABLE {} ({}) WITH ('connector' = 'values', 'sink-insert-only' = 'false', "
                    "'sink-changelog-mode-enforced' = '{}')",
                    name, columns, mode));
  }

  Result<PhysicalPlan> TryPlan(const std::vector<std::string>& statements, bool explain = true) {
    std::vector<sql::RelationPtr> roots;
    for (const std::string& text : statements) {
      MR_ASSIGN(sql::StatementPtr statement, sql::ParseStatement(text));
      sql::BindContext context{&catalogs_, &config_, &eval_, text};
      const auto* insert = sql::As<sql::Insert>(statement.get());
      const auto* query = sql::As<sql::QueryStatement>(statement.get());
      auto root = insert != nullptr ? sql::BindInsert(*insert, context) : sql::BindQuery(*query->query, context);
      if (!root.ok()) return root.error();
      roots.push_back(*root);
    }
    PlanContext context;
    context.config = &config_;
    context.eval = &eval_;
    context.explain = explain;
    return plan::Plan(roots, context);
  }
  PhysicalPlan Plan(const std::vector<std::string>& statements, bool explain = true) {
    auto planned = TryPlan(statements, explain);
    EXPECT_TRUE(planned.ok()) << planned.error().ToString();
    return planned.ok() ? *planned : PhysicalPlan{};
  }
  // The nodes from the sink down with what they give, without Calc and the caller's sink: "Join[I,UA](A[I] B[I])".
  static std::string Modes(const PhysicalNode& node) {
    std::string inputs;
    for (const PhysicalInput& input : node.inputs) {
      std::string text = Modes(*input.node);
      inputs += (inputs.empty() ? "" : " ") + text;
    }
    const auto* sink = std::get_if<SinkSpec>(&node.spec);
    bool passes = std::holds_alternative<CalcSpec>(node.spec) || (sink != nullptr && sink->sink == nullptr);
    if (passes) return inputs;
    std::string text(NodeName(node.spec));
    if (sink == nullptr) text += fmt::format("[{}]", node.mode.ToString());
    return inputs.empty() ? text : fmt::format("{}({})", text, inputs);
  }
  std::string Modes(const std::string& statement) {
    PhysicalPlan plan = Plan({statement});
    return plan.sinks.empty() ? "" : Modes(*plan.sinks[0]);
  }
  // The first node of this kind, from the sinks down.
  template <typename Spec>
  static const PhysicalNode* Find(const PhysicalPlan& plan) {
    for (const PhysicalPtr& sink : plan.sinks) {
      if (const PhysicalNode* found = FindIn<Spec>(*sink); found != nullptr) return found;
    }
    return nullptr;
  }
  template <typename Spec>
  static const PhysicalNode* FindIn(const PhysicalNode& node) {
    if (std::holds_alternative<Spec>(node.spec)) return &node;
    for (const PhysicalInput& input : node.inputs) {
      if (const PhysicalNode* found = FindIn<Spec>(*input.node); found != nullptr) return found;
    }
    return nullptr;
  }

  catalog::Catalogs catalogs_;
  OptionMap config_;
  functions::EvalContext eval_;
};

}  // namespace millrace::plan
