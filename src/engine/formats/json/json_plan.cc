#include "engine/formats/json/json_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.h"

namespace millrace::formats::json {
namespace {

KeyToken MakeToken(const std::string& token) {
  KeyToken key;
  key.size = static_cast<uint32_t>(token.size());
  size_t compared = std::min(token.size(), KeyToken::kBytes);
  std::memcpy(key.bytes, token.data(), compared);
  key.mask = compared == KeyToken::kBytes ? ~uint32_t{0} : (uint32_t{1} << compared) - 1;
  return key;
}

class Planner {
 public:
  explicit Planner(DecodePlan* plan) : plan_(plan) {}

  void AddPath(const Schema& schema, const FieldPath& path) {
    ObjectPlan* object = &plan_->root;
    const std::vector<Field>* fields = &schema.fields;
    std::string prefix;
    for (size_t step = 0; step + 1 < path.size(); ++step) {
      const Field& field = (*fields)[static_cast<size_t>(path[step])];
      uint16_t position = AddField(object, field, prefix);
      FieldPlan& plan = object->fields[position];
      if (plan.object == nullptr) {
        plan.kind = ValueKind::kObject;
        plan.object = AddChild(object);
      }
      object = object->fields[position].object;
      prefix += field.name + ".";
      fields = &field.type.fields();
    }
    plan_->outputs.push_back(AddLeaf(object, (*fields)[static_cast<size_t>(path.back())], prefix));
  }

  // The slots of nested objects were given out in the order of the paths; gives each object the range that holds all of
  // its own.
  static void SetRanges(ObjectPlan* object) {
    object->first_slot = INT32_MAX;
    object->last_slot = 0;
    auto include = [object](int32_t first, int32_t last) {
      object->first_slot = std::min(object->first_slot, first);
      object->last_slot = std::max(object->last_slot, last);
    };
    for (const auto& child : object->children) SetRanges(child.get());
    for (const FieldPlan& field : object->fields) {
      if (field.slot >= 0) include(field.slot, field.slot + 1);
      if (field.object != nullptr) include(field.object->first_slot, field.object->last_slot);
    }
    object->first_slot = std::min(object->first_slot, object->last_slot);
    object->wanted = static_cast<int32_t>(object->fields.size());
    for (size_t i = 0; i < object->fields.size(); ++i) {
      object->fields[i].next = static_cast<uint16_t>((i + 1) % object->fields.size());
    }
  }

 private:
  static ObjectPlan* AddChild(ObjectPlan* object) {
    object->children.push_back(std::make_unique<ObjectPlan>());
    return object->children.back().get();
  }

  static uint16_t AddField(ObjectPlan* object, const Field& field, const std::string& prefix) {
    if (auto it = object->by_name.find(field.name); it != object->by_name.end()) return it->second;
    auto position = static_cast<uint16_t>(object->fields.size());
    std::string token;
    AppendJsonString(&token, field.name);
    object->by_name.emplace(field.name, position);
    FieldPlan plan;
    plan.token = MakeToken(token);
    object->fields.push_back(plan);
    object->texts.push_back({std::move(token), prefix + field.name, field.type});
    return position;
  }

  OutputPlan AddLeaf(ObjectPlan* object, const Field& field, const std::string& prefix) {
    uint16_t position = AddField(object, field, prefix);
    OutputPlan output;
    output.slot = plan_->slots++;
    output.physical = field.type.physical();
    object->fields[position].slot = output.slot;
    object->fields[position].kind = ValueKindOf(field.type);
    if (field.type.Is(TypeKind::kRow)) {
      ObjectPlan* child = AddChild(object);
      object->fields[position].object = child;
      for (const Field& nested : field.type.fields()) {
        output.children.push_back(AddLeaf(child, nested, prefix + field.name + "."));
      }
    }
    return output;
  }

  DecodePlan* plan_;
};

Error UnsupportedType(const DataType& type, std::string_view why) {
  return UserError("format.json.type", fmt::format("The format 'json' does not support the type {}", type.ToString()),
                   std::string(why));
}

}  // namespace

uint16_t ObjectPlan::Learn(std::string_view name) {
  std::string token;
  AppendJsonString(&token, name);
  bool room = fields.size() < kLearnedFieldsMax + static_cast<size_t>(wanted);
  if (!room) return static_cast<uint16_t>(fields.size() - 1);
  auto position = static_cast<uint16_t>(fields.size());
  FieldPlan plan;
  plan.token = MakeToken(token);
  plan.next = first;
  fields.push_back(plan);
  texts.push_back({std::move(token), std::string(name), DataType::Null()});
  by_name.emplace(name, position);
  return position;
}

ValueKind ValueKindOf(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return ValueKind::kNull;
    case TypeKind::kBoolean:
      return ValueKind::kBoolean;
    case TypeKind::kTinyint:
      return ValueKind::kInt8;
    case TypeKind::kSmallint:
      return ValueKind::kInt16;
    case TypeKind::kInt:
    case TypeKind::kIntervalYearMonth:
      return ValueKind::kInt32;
    case TypeKind::kBigint:
    case TypeKind::kIntervalDayTime:
      return ValueKind::kInt64;
    case TypeKind::kFloat:
      return ValueKind::kFloat;
    case TypeKind::kDouble:
      return ValueKind::kDouble;
    case TypeKind::kDecimal:
      return ValueKind::kDecimal;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return ValueKind::kString;
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return ValueKind::kBytes;
    case TypeKind::kDate:
      return ValueKind::kDate;
    case TypeKind::kTime:
      return ValueKind::kTime;
    case TypeKind::kTimestamp:
      return ValueKind::kTimestamp;
    case TypeKind::kTimestampLtz:
      return ValueKind::kTimestampLtz;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      return ValueKind::kCollection;
    case TypeKind::kRow:
      return ValueKind::kObject;
  }
  return ValueKind::kNull;
}

Status CheckType(const DataType& type) {
  if (type.Is(TypeKind::kRaw)) return UnsupportedType(type, "");
  if (type.Is(TypeKind::kMap) && !type.key().IsString()) return UnsupportedType(type, "the keys of a map must be text");
  if (type.Is(TypeKind::kMultiset) && !type.element().IsString()) {
    return UnsupportedType(type, "the elements of a multiset must be text");
  }
  for (const Field& field : type.fields()) MR_RETURN_IF_ERROR(CheckType(field.type));
  return Status::Ok();
}

Result<std::unique_ptr<DecodePlan>> MakeDecodePlan(const Schema& schema, const std::vector<FieldPath>& wanted) {
  for (const Field& field : schema.fields) MR_RETURN_IF_ERROR(CheckType(field.type));
  auto plan = std::make_unique<DecodePlan>();
  Planner planner(plan.get());
  for (const FieldPath& path : wanted) planner.AddPath(schema, path);
  Planner::SetRanges(&plan->root);
  return plan;
}

}  // namespace millrace::formats::json
