#include "engine/operators/factories.h"

namespace millrace::operators {

std::vector<DataType> TypesOf(const Schema& schema) {
  std::vector<DataType> types;
  types.reserve(schema.size());
  for (const Field& field : schema.fields) types.push_back(field.type);
  return types;
}

std::vector<DataType> InputTypes(const plan::PhysicalNode& node, size_t input) {
  return TypesOf(node.inputs[input].node->output);
}

std::vector<DataType> TypesAt(const std::vector<DataType>& types, const std::vector<int32_t>& columns) {
  std::vector<DataType> chosen;
  chosen.reserve(columns.size());
  for (int32_t column : columns) chosen.push_back(types[static_cast<size_t>(column)]);
  return chosen;
}

}  // namespace millrace::operators
