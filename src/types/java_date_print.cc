// Formats by a DateTimeFormatter pattern.
#include <charconv>

#include "types/date_time.h"
#include "types/java_date_format.h"
#include "types/java_date_pattern.h"

namespace millrace {
namespace {

using Kind = DateNode::Kind;

// The fields of a local date and time; what is rarely asked for is worked out when it is.
class Fields {
 public:
  explicit Fields(Timestamp local) : days_(FloorDiv(local.millis, kMillisPerDay)), civil_(CivilFromTimestamp(local)) {}

  int64_t Get(DateField field) const {
    switch (field) {
      case DateField::kEra:
        return civil_.year >= 1 ? 1 : 0;
      case DateField::kYear:
        return civil_.year;
      case DateField::kYearOfEra:
        return civil_.year >= 1 ? civil_.year : 1 - civil_.year;
      case DateField::kQuarter:
        return (civil_.month + 2) / 3;
      case DateField::kMonth:
        return civil_.month;
      case DateField::kDayOfMonth:
        return civil_.day;
      case DateField::kDayOfYear:
        return days_ - DaysFromCivil(civil_.year, 1, 1) + 1;
      case DateField::kDayOfWeek:
        return FloorMod(days_ + 3, 7) + 1;
      case DateField::kLocalDayOfWeek:
        return FloorMod(days_ + 4, 7) + 1;
      case DateField::kWeekYear:
        return LocalWeekOf(days_).year;
      case DateField::kWeekOfYear:
        return LocalWeekOf(days_).week;
      case DateField::kWeekOfMonth: {
        int64_t first = days_ - civil_.day + 1;
        return (civil_.day - 1 + FloorMod(first + 4, 7)) / 7 + 1;
      }
      case DateField::kAlignedDayOfWeekInMonth:
        return (civil_.day - 1) % 7 + 1;
      case DateField::kAmPm:
        return civil_.hour / 12;
      case DateField::kHourOfAmPm:
        return civil_.hour % 12;
      case DateField::kClockHourOfAmPm:
        return civil_.hour % 12 == 0 ? 12 : civil_.hour % 12;
      case DateField::kHourOfDay:
        return civil_.hour;
      case DateField::kClockHourOfDay:
        return civil_.hour == 0 ? 24 : civil_.hour;
      case DateField::kMinute:
        return civil_.minute;
      case DateField::kSecond:
        return civil_.second;
      case DateField::kNano:
        return civil_.nano;
      case DateField::kMilliOfDay:
        return NanoOfDay() / 1000000;
      case DateField::kNanoOfDay:
        return NanoOfDay();
    }
    return 0;
  }

 private:
  int64_t NanoOfDay() const {
    return (civil_.hour * int64_t{3600} + civil_.minute * 60 + civil_.second) * 1000000000 + civil_.nano;
  }
  int64_t days_;
  CivilTime civil_;
};

Error CannotPrint(const std::string& what) {
  return UserError("date_format.field", what, "a TIMESTAMP has no time zone and years of at most the pattern's width");
}

Status AppendNumber(const DateNode& node, int64_t value, std::string* out) {
  char digits[24];
  uint64_t magnitude = value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  auto count = static_cast<int32_t>(std::to_chars(digits, digits + sizeof(digits), magnitude).ptr - digits);
  if (count > node.max_width) {
    return CannotPrint("a date's field has more digits than its pattern allows");
  }
  if (value < 0) {
    if (node.sign == SignStyle::kNotNegative)
      return CannotPrint("a date's field is negative where its pattern does not allow it");
    out->push_back('-');
  } else if (node.sign == SignStyle::kExceedsPad && count > node.min_width) {
    out->push_back('+');
  }
  for (int32_t i = count; i < node.min_width; ++i) out->push_back('0');
  out->append(digits, static_cast<size_t>(count));
  return Status::Ok();
}

void AppendFraction(const DateNode& node, int64_t nano, std::string* out) {
  char digits[9];
  for (int32_t i = 8; i >= 0; --i) {
    digits[i] = static_cast<char>('0' + nano % 10);
    nano /= 10;
  }
  out->append(digits, static_cast<size_t>(node.max_width));
}

int32_t NameIndex(DateField field, int64_t value) {
  return static_cast<int32_t>(field == DateField::kAmPm || field == DateField::kEra ? value : value - 1);
}

Status AppendNode(const DateNode& node, const Fields& fields, std::string* out);

Status AppendNodes(const std::vector<DateNode>& nodes, const Fields& fields, std::string* out) {
  for (const DateNode& node : nodes) {
    size_t start = out->size();
    MR_RETURN_IF_ERROR(AppendNode(node, fields, out));
    if (node.pad_width == 0) continue;
    size_t length = out->size() - start;
    auto width = static_cast<size_t>(node.pad_width);
    if (length > width) return CannotPrint("a date's field is longer than its padding");
    out->insert(start, width - length, ' ');
  }
  return Status::Ok();
}

Status AppendNode(const DateNode& node, const Fields& fields, std::string* out) {
  switch (node.kind) {
    case Kind::kLiteral:
      out->append(node.literal);
      return Status::Ok();
    case Kind::kNumber:
      return AppendNumber(node, fields.Get(node.field), out);
    case Kind::kTwoDigitYear:
      return AppendNumber(node, std::abs(fields.Get(node.field)) % 100, out);
    case Kind::kFraction:
      AppendFraction(node, fields.Get(node.field), out);
      return Status::Ok();
    case Kind::kName:
      out->append(DateName(node.field, node.style, NameIndex(node.field, fields.Get(node.field))));
      return Status::Ok();
    case Kind::kZone:
      return CannotPrint("the pattern's '" + node.literal + "' asks for a time zone");
    case Kind::kOptional: {
      size_t start = out->size();
      if (!AppendNodes(node.children, fields, out).ok()) out->resize(start);
      return Status::Ok();
    }
  }
  return Status::Ok();
}

}  // namespace

Status JavaDateFormat::Format(Timestamp local, std::string* out) const {
  return AppendNodes(pattern_->nodes, Fields(local), out);
}

}  // namespace millrace
