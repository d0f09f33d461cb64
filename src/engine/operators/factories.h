// Makes the operator of one kind of node; private to this folder. Each Make() stands in its operator's folder.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "engine/operators/operator.h"
#include "engine/plan/physical.h"

namespace millrace::operators {

using OperatorResult = Result<std::unique_ptr<Operator>>;

#define MR_OPERATOR(Spec) OperatorResult Make(const plan::Spec& spec, const plan::PhysicalNode& node);
#include "engine/operators/operators.inc"
#undef MR_OPERATOR

std::vector<DataType> TypesOf(const Schema& schema);
// Types of input `input` of a node.
std::vector<DataType> InputTypes(const plan::PhysicalNode& node, size_t input = 0);
// Types of some columns.
std::vector<DataType> TypesAt(const std::vector<DataType>& types, const std::vector<int32_t>& columns);

}  // namespace millrace::operators
