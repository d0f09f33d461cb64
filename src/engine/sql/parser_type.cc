// Data types and interval qualifiers.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

struct NamedType {
  Word word;
  TypeSpec::Name name;
};

// Types that are one word.
constexpr NamedType kPlainTypes[] = {
    {Word::kBOOLEAN, TypeSpec::Name::kBoolean},   {Word::kINTEGER, TypeSpec::Name::kInteger},
    {Word::kINT, TypeSpec::Name::kInteger},       {Word::kTINYINT, TypeSpec::Name::kTinyint},
    {Word::kSMALLINT, TypeSpec::Name::kSmallint}, {Word::kBIGINT, TypeSpec::Name::kBigint},
    {Word::kREAL, TypeSpec::Name::kReal},         {Word::kFLOAT, TypeSpec::Name::kFloat},
};

constexpr NamedType kDecimalTypes[] = {
    {Word::kDECIMAL, TypeSpec::Name::kDecimal},
    {Word::kDEC, TypeSpec::Name::kDecimal},
    {Word::kNUMERIC, TypeSpec::Name::kDecimal},
    {Word::kANY, TypeSpec::Name::kAny},
};

struct UnitWord {
  Word word;
  TimeUnit unit;
};

constexpr UnitWord kIntervalUnits[] = {
    {Word::kYEAR, TimeUnit::kYear},      {Word::kYEARS, TimeUnit::kYear},    {Word::kMONTH, TimeUnit::kMonth},
    {Word::kMONTHS, TimeUnit::kMonth},   {Word::kDAY, TimeUnit::kDay},       {Word::kDAYS, TimeUnit::kDay},
    {Word::kHOUR, TimeUnit::kHour},      {Word::kHOURS, TimeUnit::kHour},    {Word::kMINUTE, TimeUnit::kMinute},
    {Word::kMINUTES, TimeUnit::kMinute}, {Word::kSECOND, TimeUnit::kSecond}, {Word::kSECONDS, TimeUnit::kSecond},
};

constexpr UnitWord kUnits[] = {
    {Word::kMILLISECOND, TimeUnit::kMillisecond},
    {Word::kSECOND, TimeUnit::kSecond},
    {Word::kMINUTE, TimeUnit::kMinute},
    {Word::kHOUR, TimeUnit::kHour},
    {Word::kDAY, TimeUnit::kDay},
    {Word::kDOW, TimeUnit::kDow},
    {Word::kDOY, TimeUnit::kDoy},
    {Word::kISODOW, TimeUnit::kIsoDow},
    {Word::kISOYEAR, TimeUnit::kIsoYear},
    {Word::kWEEK, TimeUnit::kWeek},
    {Word::kMONTH, TimeUnit::kMonth},
    {Word::kQUARTER, TimeUnit::kQuarter},
    {Word::kYEAR, TimeUnit::kYear},
    {Word::kEPOCH, TimeUnit::kEpoch},
    {Word::kDECADE, TimeUnit::kDecade},
    {Word::kCENTURY, TimeUnit::kCentury},
    {Word::kMILLENNIUM, TimeUnit::kMillennium},
};

// Units of TIMESTAMPADD and TIMESTAMPDIFF, with JDBC's long names.
constexpr UnitWord kTimestampUnits[] = {
    {Word::kFRAC_SECOND, TimeUnit::kMicrosecond},
    {Word::kMICROSECOND, TimeUnit::kMicrosecond},
    {Word::kNANOSECOND, TimeUnit::kNanosecond},
    {Word::kSQL_TSI_FRAC_SECOND, TimeUnit::kNanosecond},
    {Word::kSQL_TSI_MICROSECOND, TimeUnit::kMicrosecond},
    {Word::kSECOND, TimeUnit::kSecond},
    {Word::kSQL_TSI_SECOND, TimeUnit::kSecond},
    {Word::kMINUTE, TimeUnit::kMinute},
    {Word::kSQL_TSI_MINUTE, TimeUnit::kMinute},
    {Word::kHOUR, TimeUnit::kHour},
    {Word::kSQL_TSI_HOUR, TimeUnit::kHour},
    {Word::kDAY, TimeUnit::kDay},
    {Word::kSQL_TSI_DAY, TimeUnit::kDay},
    {Word::kWEEK, TimeUnit::kWeek},
    {Word::kSQL_TSI_WEEK, TimeUnit::kWeek},
    {Word::kMONTH, TimeUnit::kMonth},
    {Word::kSQL_TSI_MONTH, TimeUnit::kMonth},
    {Word::kQUARTER, TimeUnit::kQuarter},
    {Word::kSQL_TSI_QUARTER, TimeUnit::kQuarter},
    {Word::kYEAR, TimeUnit::kYear},
    {Word::kSQL_TSI_YEAR, TimeUnit::kYear},
};

template <size_t N>
const UnitWord* FindUnit(const UnitWord (&units)[N], Word word) {
  const UnitWord* found =
      std::find_if(std::begin(units), std::end(units), [&](const UnitWord& unit) { return unit.word == word; });
  return found == std::end(units) ? nullptr : found;
}

// Which units may follow TO.
bool MayEnd(TimeUnit start, TimeUnit end) {
  if (start == TimeUnit::kYear) return end == TimeUnit::kMonth;
  bool day_time = end == TimeUnit::kHour || end == TimeUnit::kMinute || end == TimeUnit::kSecond;
  return day_time && start >= TimeUnit::kDay && start < TimeUnit::kSecond && end > start;
}

}  // namespace

std::string_view TimeUnitName(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kYear:
      return "YEAR";
    case TimeUnit::kQuarter:
      return "QUARTER";
    case TimeUnit::kMonth:
      return "MONTH";
    case TimeUnit::kWeek:
      return "WEEK";
    case TimeUnit::kDay:
      return "DAY";
    case TimeUnit::kHour:
      return "HOUR";
    case TimeUnit::kMinute:
      return "MINUTE";
    case TimeUnit::kSecond:
      return "SECOND";
    case TimeUnit::kMillisecond:
      return "MILLISECOND";
    case TimeUnit::kMicrosecond:
      return "MICROSECOND";
    case TimeUnit::kNanosecond:
      return "NANOSECOND";
    case TimeUnit::kDow:
      return "DOW";
    case TimeUnit::kDoy:
      return "DOY";
    case TimeUnit::kIsoDow:
      return "ISODOW";
    case TimeUnit::kIsoYear:
      return "ISOYEAR";
    case TimeUnit::kEpoch:
      return "EPOCH";
    case TimeUnit::kDecade:
      return "DECADE";
    case TimeUnit::kCentury:
      return "CENTURY";
    case TimeUnit::kMillennium:
      return "MILLENNIUM";
  }
  return "";
}

Status Parser::PrecisionOpt(std::optional<int32_t>* precision) {
  if (!Accept(TokenType::kLeftParen)) return Status::Ok();
  MR_ASSIGN(*precision, UnsignedInt());
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return Status::Ok();
}

Status Parser::Nullability(TypeSpec* type) {
  if (Accept(Word::kNULL)) {
    type->nullability_written = true;
  } else if (Accept(Word::kNOT)) {
    MR_RETURN_IF_ERROR(Expect(Word::kNULL));
    type->nullable = false;
    type->nullability_written = true;
  }
  return Status::Ok();
}

// Calcite's form, as in CAST: the type may be followed by ARRAY and MULTISET, never by NOT NULL.
Result<std::shared_ptr<TypeSpec>> Parser::DataType() {
  SourceRange start = RangeHere();
  MR_ASSIGN(std::shared_ptr<TypeSpec> type, TypeName());
  while (Is(Word::kARRAY) || Is(Word::kMULTISET)) {
    auto collection = std::make_shared<TypeSpec>();
    collection->name = Take().word == Word::kARRAY ? TypeSpec::Name::kArray : TypeSpec::Name::kMultiset;
    collection->standard_syntax = true;
    collection->elements.push_back(std::move(type));
    MR_RETURN_IF_ERROR(AddChain(1));
    type = std::move(collection);
    type->range = RangeFrom(start);
  }
  return type;
}

// Flink's form, as in CREATE TABLE: NULL or NOT NULL may follow the type and each element type.
Result<TypeSpecPtr> Parser::ExtendedDataType() {
  SourceRange start = RangeHere();
  MR_ASSIGN(std::shared_ptr<TypeSpec> type, TypeName());
  static constexpr WordSet kCollections = {Word::kARRAY, Word::kMULTISET};
  for (;;) {
    size_t nullability = Is(Word::kNULL) ? 1 : Is(Word::kNOT) && Is(Word::kNULL, 1) ? 2 : 0;
    if (!IsAny(kCollections, nullability)) break;
    MR_RETURN_IF_ERROR(Nullability(type.get()));
    auto collection = std::make_shared<TypeSpec>();
    collection->name = Take().word == Word::kARRAY ? TypeSpec::Name::kArray : TypeSpec::Name::kMultiset;
    collection->standard_syntax = true;
    collection->extended = true;
    collection->elements.push_back(std::move(type));
    MR_RETURN_IF_ERROR(AddChain(1));
    type = std::move(collection);
    type->range = RangeFrom(start);
  }
  MR_RETURN_IF_ERROR(Nullability(type.get()));
  type->range = RangeFrom(start);
  return type;
}

Result<std::shared_ptr<TypeSpec>> Parser::TypeName() {
  Scope scope(this);
  MR_RETURN_IF_ERROR(scope.Check());
  auto type = std::make_shared<TypeSpec>();
  SourceRange start = RangeHere();
  MR_ASSIGN(bool simple, SimpleTypeName(type.get()));
  if (!simple) {
    bool bracket = Is(TokenType::kLess, 1);
    if ((Is(Word::kARRAY) || Is(Word::kMULTISET) || Is(Word::kMAP)) && bracket) {
      MR_RETURN_IF_ERROR(BracketTypeName(type.get()));
    } else if (Is(Word::kRAW) && Is(TokenType::kLeftParen, 1)) {
      MR_RETURN_IF_ERROR(RawTypeName(type.get()));
    } else if (Is(Word::kROW)) {
      MR_RETURN_IF_ERROR(RowTypeName(type.get()));
    } else if (IsIdentifier()) {
      type->name = TypeSpec::Name::kUserDefined;
      MR_ASSIGN(type->user_defined, CompoundIdentifier());
    } else {
      return Unexpected("a data type");
    }
  }
  type->range = RangeFrom(start);
  return type;
}

// Types that hold no other type. False: none stands here.
Result<bool> Parser::SimpleTypeName(TypeSpec* type) {
  static constexpr WordSet kCharacter = {Word::kCHARACTER, Word::kCHAR, Word::kVARCHAR};
  static constexpr WordSet kDateTime = {Word::kDATE, Word::kTIME, Word::kTIMESTAMP, Word::kTIMESTAMP_LTZ};
  if (IsAny(kCharacter)) {
    MR_RETURN_IF_ERROR(CharacterTypeName(type));
    return true;
  }
  if (IsAny(kDateTime)) {
    MR_RETURN_IF_ERROR(DateTimeTypeName(type));
    return true;
  }
  if (Is(Word::kSTRING) || Is(Word::kBYTES)) {
    type->name = Is(Word::kSTRING) ? TypeSpec::Name::kString : TypeSpec::Name::kBytes;
    type->alias = std::string(Text(Take()));
    return true;
  }
  if (Is(Word::kBINARY) || Is(Word::kVARBINARY)) {
    type->name = Take().word == Word::kVARBINARY || Accept(Word::kVARYING) ? TypeSpec::Name::kVarbinary
                                                                           : TypeSpec::Name::kBinary;
    MR_RETURN_IF_ERROR(PrecisionOpt(&type->precision));
    return true;
  }
  return PlainTypeName(type);
}

Result<bool> Parser::PlainTypeName(TypeSpec* type) {
  for (const NamedType& plain : kPlainTypes) {
    if (!Accept(plain.word)) continue;
    type->name = plain.name;
    return true;
  }
  if (Accept(Word::kDOUBLE)) {
    type->name = TypeSpec::Name::kDouble;
    Accept(Word::kPRECISION);
    return true;
  }
  for (const NamedType& decimal : kDecimalTypes) {
    if (!Accept(decimal.word)) continue;
    type->name = decimal.name;
    if (!Accept(TokenType::kLeftParen)) return true;
    MR_ASSIGN(type->precision, UnsignedInt());
    if (Accept(TokenType::kComma)) {
      MR_ASSIGN(type->scale, UnsignedInt());
    }
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    return true;
  }
  if (Accept(Word::kGEOMETRY)) return ErrorAtLast("the type GEOMETRY is not supported");
  return false;
}

Status Parser::CharacterTypeName(TypeSpec* type) {
  bool varying = Take().word == Word::kVARCHAR || Accept(Word::kVARYING);
  type->name = varying ? TypeSpec::Name::kVarchar : TypeSpec::Name::kChar;
  MR_RETURN_IF_ERROR(PrecisionOpt(&type->precision));
  if (Accept(Word::kCHARACTER)) {
    MR_RETURN_IF_ERROR(Expect(Word::kSET));
    MR_ASSIGN(Identifier::Part charset, IdentifierSegment());
    type->charset = std::move(charset.name);
  }
  return Status::Ok();
}

Status Parser::DateTimeTypeName(TypeSpec* type) {
  Token word = Take();
  if (word.word == Word::kDATE) {
    type->name = TypeSpec::Name::kDate;
    return Status::Ok();
  }
  MR_RETURN_IF_ERROR(PrecisionOpt(&type->precision));
  bool time = word.word == Word::kTIME;
  if (word.word == Word::kTIMESTAMP_LTZ) {
    type->name = TypeSpec::Name::kTimestampLtz;
    type->alias = std::string(Text(word));
    return Status::Ok();
  }
  bool local = false;
  if (Is(Word::kWITHOUT) && Is(Word::kTIME, 1) && Is(Word::kZONE, 2)) {
    Take();
    Take();
    Take();
  } else if (Is(Word::kWITH)) {
    Take();
    MR_RETURN_IF_ERROR(Expect(Word::kLOCAL));
    MR_RETURN_IF_ERROR(Expect(Word::kTIME));
    MR_RETURN_IF_ERROR(Expect(Word::kZONE));
    local = true;
  }
  if (time) {
    type->name = local ? TypeSpec::Name::kTimeLtz : TypeSpec::Name::kTime;
  } else {
    type->name = local ? TypeSpec::Name::kTimestampLtz : TypeSpec::Name::kTimestamp;
  }
  return Status::Ok();
}

Status Parser::RowTypeName(TypeSpec* type) {
  Take();
  type->name = TypeSpec::Name::kRow;
  if (Accept(TokenType::kNotEquals)) return Status::Ok();  // ROW<>
  if (Accept(TokenType::kLess)) return RowFields(type, TokenType::kGreater);
  if (!Accept(TokenType::kLeftParen)) return Unexpected("'<' or '('");
  type->standard_syntax = true;
  return RowFields(type, TokenType::kRightParen);
}

Status Parser::RowFields(TypeSpec* type, TokenType close) {
  while (!Is(close) || !type->fields.empty()) {
    if (!type->fields.empty()) {
      if (!Is(TokenType::kComma)) break;
      Take();
    }
    TypeSpec::Field field;
    MR_ASSIGN(field.name, SimpleIdentifier());
    MR_ASSIGN(field.type, ExtendedDataType());
    if (Is(TokenType::kString)) {
      MR_ASSIGN(field.comment, QuotedString());
    }
    type->fields.push_back(std::move(field));
  }
  MR_RETURN_IF_ERROR(Expect(close));
  return Status::Ok();
}

// ARRAY<t>, MULTISET<t>, MAP<k, v>
Status Parser::BracketTypeName(TypeSpec* type) {
  Word word = Take().word;
  type->extended = true;
  MR_RETURN_IF_ERROR(Expect(TokenType::kLess));
  if (word == Word::kMAP) {
    type->name = TypeSpec::Name::kMap;
    MR_ASSIGN(TypeSpecPtr key, ExtendedDataType());
    MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
    MR_ASSIGN(TypeSpecPtr value, ExtendedDataType());
    type->elements = {std::move(key), std::move(value)};
  } else {
    type->name = word == Word::kARRAY ? TypeSpec::Name::kArray : TypeSpec::Name::kMultiset;
    MR_ASSIGN(std::shared_ptr<TypeSpec> element, TypeName());
    MR_RETURN_IF_ERROR(Nullability(element.get()));
    type->elements.push_back(std::move(element));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kGreater));
  return Status::Ok();
}

Status Parser::RawTypeName(TypeSpec* type) {
  Take();
  type->name = TypeSpec::Name::kRaw;
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(type->raw_class, StringLiteral());
  MR_RETURN_IF_ERROR(Expect(TokenType::kComma));
  MR_ASSIGN(type->raw_serializer, StringLiteral());
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return Status::Ok();
}

bool Parser::StartsIntervalQualifier() { return FindUnit(kIntervalUnits, Peek().word) != nullptr; }

Result<std::shared_ptr<const IntervalQualifier>> Parser::ParseIntervalQualifier() {
  if (!StartsIntervalQualifier()) return Unexpected("YEAR, MONTH, DAY, HOUR, MINUTE or SECOND");
  auto qualifier = std::make_shared<IntervalQualifier>();
  Token start = Take();
  qualifier->start = FindUnit(kIntervalUnits, start.word)->unit;
  if (qualifier->start == TimeUnit::kSecond) {
    if (Accept(TokenType::kLeftParen)) {
      MR_ASSIGN(qualifier->start_precision, UnsignedInt());
      if (Accept(TokenType::kComma)) {
        MR_ASSIGN(qualifier->fractional_precision, UnsignedInt());
      }
      MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
    }
  } else {
    MR_RETURN_IF_ERROR(PrecisionOpt(&qualifier->start_precision));
    MR_RETURN_IF_ERROR(IntervalQualifierEnd(qualifier.get()));
  }
  qualifier->range = RangeFrom(start.range);
  return qualifier;
}

Status Parser::IntervalQualifierEnd(IntervalQualifier* qualifier) {
  const UnitWord* end = Is(Word::kTO) ? FindUnit(kIntervalUnits, Peek(1).word) : nullptr;
  if (end == nullptr || !MayEnd(qualifier->start, end->unit)) return Status::Ok();
  Take();
  Take();
  qualifier->end = end->unit;
  if (end->unit == TimeUnit::kSecond) return PrecisionOpt(&qualifier->fractional_precision);
  return Status::Ok();
}

// One unit with its precision, no TO: behind INTERVAL and an expression.
Result<std::shared_ptr<const IntervalQualifier>> Parser::IntervalQualifierStart() {
  if (!StartsIntervalQualifier()) return Unexpected("YEAR, MONTH, DAY, HOUR, MINUTE or SECOND");
  auto qualifier = std::make_shared<IntervalQualifier>();
  Token start = Take();
  qualifier->start = FindUnit(kIntervalUnits, start.word)->unit;
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(qualifier->start_precision, UnsignedInt());
    if (qualifier->start == TimeUnit::kSecond && Accept(TokenType::kComma)) {
      MR_ASSIGN(qualifier->fractional_precision, UnsignedInt());
    }
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  qualifier->range = RangeFrom(start.range);
  return qualifier;
}

Result<std::shared_ptr<const IntervalQualifier>> Parser::TimeUnitQualifier(bool extract) {
  auto qualifier = std::make_shared<IntervalQualifier>();
  Word word = Peek().word;
  if (const UnitWord* unit = FindUnit(kUnits, word)) {
    qualifier->start = unit->unit;
  } else if (extract && (word == Word::kNANOSECOND || word == Word::kMICROSECOND)) {
    qualifier->start = word == Word::kNANOSECOND ? TimeUnit::kNanosecond : TimeUnit::kMicrosecond;
  } else if (IsIdentifier()) {
    return ErrorAt(Peek().range, fmt::format("{} is no time unit", Text(Peek())),
                   "use YEAR, MONTH, DAY, HOUR, MINUTE, SECOND or the like");
  } else {
    return Unexpected("a time unit such as YEAR or DAY");
  }
  qualifier->range = Take().range;
  return qualifier;
}

Result<LiteralPtr> Parser::TimestampInterval() {
  const UnitWord* unit = FindUnit(kTimestampUnits, Peek().word);
  if (unit == nullptr) return Unexpected("a time unit such as YEAR or DAY");
  Token token = Take();
  return Symbol(std::string(TimeUnitName(unit->unit)), token.range);
}

}  // namespace millrace::sql
