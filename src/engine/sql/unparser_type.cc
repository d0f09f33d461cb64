// Data types.
#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

std::string_view NameOf(TypeSpec::Name name) {
  switch (name) {
    case TypeSpec::Name::kBoolean:
      return "BOOLEAN";
    case TypeSpec::Name::kTinyint:
      return "TINYINT";
    case TypeSpec::Name::kSmallint:
      return "SMALLINT";
    case TypeSpec::Name::kInteger:
      return "INTEGER";
    case TypeSpec::Name::kBigint:
      return "BIGINT";
    case TypeSpec::Name::kReal:
      return "REAL";
    case TypeSpec::Name::kFloat:
      return "FLOAT";
    case TypeSpec::Name::kDouble:
      return "DOUBLE";
    case TypeSpec::Name::kDecimal:
      return "DECIMAL";
    case TypeSpec::Name::kChar:
      return "CHAR";
    case TypeSpec::Name::kVarchar:
      return "VARCHAR";
    case TypeSpec::Name::kBinary:
      return "BINARY";
    case TypeSpec::Name::kVarbinary:
      return "VARBINARY";
    case TypeSpec::Name::kString:
      return "STRING";
    case TypeSpec::Name::kBytes:
      return "BYTES";
    case TypeSpec::Name::kDate:
      return "DATE";
    case TypeSpec::Name::kTime:
    case TypeSpec::Name::kTimeLtz:
      return "TIME";
    case TypeSpec::Name::kTimestamp:
    case TypeSpec::Name::kTimestampLtz:
      return "TIMESTAMP";
    case TypeSpec::Name::kInterval:
      return "INTERVAL";
    case TypeSpec::Name::kAny:
      return "ANY";
    case TypeSpec::Name::kRaw:
      return "RAW";
    case TypeSpec::Name::kArray:
      return "ARRAY";
    case TypeSpec::Name::kMultiset:
      return "MULTISET";
    case TypeSpec::Name::kMap:
      return "MAP";
    case TypeSpec::Name::kRow:
      return "ROW";
    case TypeSpec::Name::kUserDefined:
      return "";
  }
  return "";
}

}  // namespace

void Unparser::Type(const TypeSpec& type) {
  using Name = TypeSpec::Name;
  if (type.name == Name::kArray || type.name == Name::kMultiset || type.name == Name::kMap) return CollectionType(type);
  if (type.name == Name::kRow) return RowType(type);
  if (type.name == Name::kRaw) return RawType(type);
  if (type.name == Name::kUserDefined) return this->Name(type.user_defined);
  if (type.name != Name::kInterval) return BasicType(type);
  writer_.Keyword("INTERVAL");
  Qualifier(*type.interval);
}

void Unparser::CollectionType(const TypeSpec& type) {
  if (type.standard_syntax) {
    TypeAndNullability(*type.elements[0]);
    return writer_.Keyword(NameOf(type.name));
  }
  writer_.Keyword(NameOf(type.name));
  writer_.Start(FrameType::kFunctionCall, "<", ">");
  for (const TypeSpecPtr& element : type.elements) {
    if (type.elements.size() > 1) writer_.Separator(",");
    TypeAndNullability(*element);
  }
  writer_.End();
}

void Unparser::RawType(const TypeSpec& type) {
  writer_.Keyword("RAW");
  writer_.Start(FrameType::kFunctionCall, "(", ")");
  writer_.Separator(",");
  Any(*type.raw_class);
  writer_.Separator(",");
  Any(*type.raw_serializer);
  writer_.End();
}

void Unparser::TypeAndNullability(const TypeSpec& type) {
  Type(type);
  if (!type.nullable) writer_.Keyword("NOT NULL");
}

void Unparser::RowType(const TypeSpec& type) {
  writer_.Print("ROW");
  if (type.fields.empty()) return writer_.Print(type.standard_syntax ? "()" : "<>");
  writer_.Start(FrameType::kFunctionCall, type.standard_syntax ? "(" : "<", type.standard_syntax ? ")" : ">");
  for (const TypeSpec::Field& field : type.fields) {
    writer_.Separator(",");
    this->Name(field.name);
    TypeAndNullability(*field.type);
    if (field.comment) Literals(*field.comment, 0, 0);
  }
  writer_.End();
}

void Unparser::BasicType(const TypeSpec& type) {
  bool ltz_alias = type.name == TypeSpec::Name::kTimestampLtz && !type.alias.empty();
  writer_.Keyword(ltz_alias ? "TIMESTAMP_LTZ" : NameOf(type.name));
  if (type.precision) {
    writer_.Start(FrameType::kFunctionCall, "(", ")");
    writer_.Print(std::to_string(*type.precision));
    if (type.scale) {
      writer_.Separator(",", true);
      writer_.Print(std::to_string(*type.scale));
    }
    writer_.End();
  }
  if (type.name == TypeSpec::Name::kTimeLtz || (type.name == TypeSpec::Name::kTimestampLtz && !ltz_alias)) {
    writer_.Keyword("WITH LOCAL TIME ZONE");
  }
  if (!type.charset.empty()) {
    writer_.Keyword("CHARACTER SET");
    writer_.QuotedIdentifier(type.charset);
  }
}

}  // namespace millrace::sql
