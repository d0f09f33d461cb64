// Compiles DateTimeFormatter patterns.
#include "types/java_date_pattern.h"

#include <algorithm>
#include <cctype>

#include "types/date_time.h"
#include "types/java_date_format.h"

namespace millrace {
namespace {

using Kind = DateNode::Kind;

Error BadPattern(std::string_view pattern, const std::string& why) {
  return UserError("date_format.pattern", "invalid date pattern '" + std::string(pattern) + "': " + why,
                   "patterns follow java.time.format.DateTimeFormatter, e.g. 'yyyy-MM-dd HH:mm:ss'");
}

// Nodes of one level, and which number takes the digits of the fixed-width numbers that follow it.
struct Level {
  std::vector<DateNode> nodes;
  int32_t open_number = -1;
};

class Compiler {
 public:
  explicit Compiler(std::string_view pattern) : pattern_(pattern) { levels_.emplace_back(); }

  Result<DatePattern> Run() {
    for (size_t at = 0; at < pattern_.size();) {
      char c = pattern_[at];
      if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
        MR_RETURN_IF_ERROR(Letters(&at));
      } else if (c == '\'') {
        MR_RETURN_IF_ERROR(Quoted(&at));
      } else {
        MR_RETURN_IF_ERROR(Symbol(c));
        ++at;
      }
    }
    while (levels_.size() > 1) CloseOptional();
    return DatePattern{std::move(levels_[0].nodes)};
  }

 private:
  void Add(DateNode node) {
    node.pad_width = std::exchange(pad_width_, 0);
    levels_.back().open_number = -1;
    levels_.back().nodes.push_back(std::move(node));
  }

  // A number joins the digits-in-a-row rule: "yyyyMMdd" gives the year what the fixed-width fields leave.
  void AddNumber(DateNode node) {
    Level& level = levels_.back();
    bool fixed = node.min_width == node.max_width && node.sign == SignStyle::kNotNegative;
    int32_t open = pad_width_ > 0 ? -1 : level.open_number;
    if (open >= 0) {
      DateNode& base = level.nodes[static_cast<size_t>(open)];
      if (fixed) {
        base.subsequent_width += node.max_width;
        node.subsequent_width = -1;
        Add(std::move(node));
        level.open_number = open;
        return;
      }
      base.subsequent_width = -1;
    }
    Add(std::move(node));
    level.open_number = static_cast<int32_t>(level.nodes.size()) - 1;
  }

  void Literal(std::string text) {
    DateNode node{Kind::kLiteral};
    node.literal = std::move(text);
    Add(std::move(node));
  }

  void CloseOptional() {
    DateNode node{Kind::kOptional};
    node.children = std::move(levels_.back().nodes);
    levels_.pop_back();
    levels_.back().open_number = -1;
    levels_.back().nodes.push_back(std::move(node));
  }

  Status Symbol(char c) {
    if (c == '[') {
      levels_.back().open_number = -1;
      levels_.emplace_back();
    } else if (c == ']') {
      if (levels_.size() == 1) return BadPattern(pattern_, "']' without '['");
      CloseOptional();
    } else if (c == '{' || c == '}' || c == '#') {
      return BadPattern(pattern_, std::string("'") + c + "' is reserved");
    } else {
      Literal(std::string(1, c));
    }
    return Status::Ok();
  }

  Status Quoted(size_t* at) {
    size_t start = ++*at;
    std::string text;
    for (;; ++*at) {
      if (*at >= pattern_.size()) return BadPattern(pattern_, "a quote is not closed");
      if (pattern_[*at] != '\'') {
        text += pattern_[*at];
      } else if (*at + 1 < pattern_.size() && pattern_[*at + 1] == '\'') {
        text += '\'';
        ++*at;
      } else {
        break;
      }
    }
    Literal(*at == start ? "'" : text);
    ++*at;
    return Status::Ok();
  }

  Status Letters(size_t* at) {
    char letter = pattern_[*at];
    size_t start = *at;
    while (*at < pattern_.size() && pattern_[*at] == letter) ++*at;
    auto count = static_cast<int32_t>(*at - start);
    if (letter == 'p') {
      if (*at >= pattern_.size() || std::isalpha(static_cast<unsigned char>(pattern_[*at])) == 0) {
        return BadPattern(pattern_, "the pad letter 'p' must be followed by a field");
      }
      pad_width_ = count;
      return Letters(at);
    }
    return Field(letter, count);
  }

  // `count` letters of a number that is written as it is, or with two digits.
  Status OneOrTwo(char letter, DateField field, int32_t count) {
    if (count > 2) return TooMany(letter);
    if (count == 1) {
      AddNumber({.kind = Kind::kNumber, .field = field});
    } else {
      AddNumber(
          {.kind = Kind::kNumber, .field = field, .min_width = 2, .max_width = 2, .sign = SignStyle::kNotNegative});
    }
    return Status::Ok();
  }

  // Numbers of weeks never have a sign.
  Status Week(char letter, DateField field, int32_t count, int32_t max_width) {
    if (count > 2) return TooMany(letter);
    AddNumber({.kind = Kind::kNumber,
               .field = field,
               .min_width = count,
               .max_width = max_width,
               .sign = SignStyle::kNotNegative});
    return Status::Ok();
  }

  Status TooMany(char letter) { return BadPattern(pattern_, std::string("too many letters '") + letter + "'"); }

  Status Year(DateField field, int32_t count) {
    if (count > 19) return BadPattern(pattern_, "more than 19 letters of a year");
    if (count == 2) {
      AddNumber({.kind = Kind::kTwoDigitYear,
                 .field = field,
                 .min_width = 2,
                 .max_width = 2,
                 .sign = SignStyle::kNotNegative});
    } else {
      SignStyle sign = count < 4 ? SignStyle::kNormal : SignStyle::kExceedsPad;
      AddNumber({.kind = Kind::kNumber, .field = field, .min_width = count, .max_width = 19, .sign = sign});
    }
    return Status::Ok();
  }

  Status Name(char letter, DateField field, int32_t count) {
    if (count > 5) return TooMany(letter);
    NameStyle style = count <= 3 ? NameStyle::kShort : (count == 4 ? NameStyle::kFull : NameStyle::kNarrow);
    Add({.kind = Kind::kName, .field = field, .style = style});
    return Status::Ok();
  }

  Status Zone(char letter, int32_t count) {
    int32_t most = letter == 'z' || letter == 'v' ? 4 : (letter == 'V' ? 2 : (letter == 'O' ? 4 : 5));
    if (count > most || (letter == 'V' && count != 2) ||
        ((letter == 'O' || letter == 'v') && count != 1 && count != 4)) {
      return BadPattern(pattern_, std::string("wrong number of letters '") + letter + "'");
    }
    DateNode node{Kind::kZone};
    node.literal = std::string(static_cast<size_t>(count), letter);
    Add(std::move(node));
    return Status::Ok();
  }

  Status Field(char letter, int32_t count);
  Status RareField(char letter, int32_t count);

  std::string_view pattern_;
  std::vector<Level> levels_;
  int32_t pad_width_ = 0;
};

Status Compiler::Field(char letter, int32_t count) {
  switch (letter) {
    case 'u':
      return Year(DateField::kYear, count);
    case 'y':
      return Year(DateField::kYearOfEra, count);
    case 'Y':
      return Year(DateField::kWeekYear, count);
    case 'M':
    case 'L':
      return count <= 2 ? OneOrTwo(letter, DateField::kMonth, count) : Name(letter, DateField::kMonth, count);
    case 'Q':
    case 'q':
      return count <= 2 ? OneOrTwo(letter, DateField::kQuarter, count) : Name(letter, DateField::kQuarter, count);
    case 'd':
      return OneOrTwo(letter, DateField::kDayOfMonth, count);
    case 'H':
      return OneOrTwo(letter, DateField::kHourOfDay, count);
    case 'h':
      return OneOrTwo(letter, DateField::kClockHourOfAmPm, count);
    case 'K':
      return OneOrTwo(letter, DateField::kHourOfAmPm, count);
    case 'k':
      return OneOrTwo(letter, DateField::kClockHourOfDay, count);
    case 'm':
      return OneOrTwo(letter, DateField::kMinute, count);
    case 's':
      return OneOrTwo(letter, DateField::kSecond, count);
    case 'w':
      return Week(letter, DateField::kWeekOfYear, count, 2);
    case 'S':
      if (count > 9) return TooMany(letter);
      AddNumber({.kind = Kind::kFraction,
                 .field = DateField::kNano,
                 .min_width = count,
                 .max_width = count,
                 .sign = SignStyle::kNotNegative});
      return Status::Ok();
    case 'a':
      if (count > 1) return TooMany(letter);
      return Name(letter, DateField::kAmPm, count);
    case 'E':
      return Name(letter, DateField::kDayOfWeek, count);
    case 'G':
      return Name(letter, DateField::kEra, count);
    default:
      return RareField(letter, count);  // a letter, not an enum
  }
}

Status Compiler::RareField(char letter, int32_t count) {
  auto wide = [&](DateField field) {
    AddNumber(
        {.kind = Kind::kNumber, .field = field, .min_width = count, .max_width = 19, .sign = SignStyle::kNotNegative});
    return Status::Ok();
  };
  switch (letter) {
    case 'D':
      if (count > 3) return TooMany(letter);
      if (count == 1) return OneOrTwo(letter, DateField::kDayOfYear, 1);
      AddNumber({.kind = Kind::kNumber,
                 .field = DateField::kDayOfYear,
                 .min_width = count,
                 .max_width = 3,
                 .sign = SignStyle::kNotNegative});
      return Status::Ok();
    case 'F':
      if (count > 1) return TooMany(letter);
      return OneOrTwo(letter, DateField::kAlignedDayOfWeekInMonth, 1);
    case 'W':
      if (count > 1) return TooMany(letter);
      return Week(letter, DateField::kWeekOfMonth, 1, 1);
    case 'e':
    case 'c':
      if (letter == 'c' && count == 2) return BadPattern(pattern_, "'cc' is not allowed");
      if (count <= 2) return Week(letter, DateField::kLocalDayOfWeek, count, count);
      return Name(letter, DateField::kDayOfWeek, count);
    case 'A':
      return wide(DateField::kMilliOfDay);
    case 'n':
      return wide(DateField::kNano);
    case 'N':
      return wide(DateField::kNanoOfDay);
    case 'V':
    case 'v':
    case 'z':
    case 'O':
    case 'X':
    case 'x':
    case 'Z':
      return Zone(letter, count);
    default:
      return BadPattern(pattern_, std::string("unknown letter '") + letter + "'");
  }
}

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 4> kQuarters = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
constexpr std::array<std::string_view, 4> kShortQuarters = {"Q1", "Q2", "Q3", "Q4"};
constexpr std::array<std::string_view, 4> kNarrowQuarters = {"1", "2", "3", "4"};

}  // namespace

int32_t DateNameCount(DateField field) {
  if (field == DateField::kMonth) return 12;
  if (field == DateField::kDayOfWeek) return 7;
  if (field == DateField::kQuarter) return 4;
  return field == DateField::kAmPm || field == DateField::kEra ? 2 : 0;
}

std::string_view DateName(DateField field, NameStyle style, int32_t index) {
  auto i = static_cast<size_t>(index);
  size_t length = style == NameStyle::kFull ? std::string_view::npos : (style == NameStyle::kShort ? 3 : 1);
  if (field == DateField::kMonth) return kMonths[i].substr(0, length);
  if (field == DateField::kDayOfWeek) return kDays[i].substr(0, length);
  if (field == DateField::kQuarter) {
    return style == NameStyle::kFull ? kQuarters[i]
                                     : (style == NameStyle::kShort ? kShortQuarters[i] : kNarrowQuarters[i]);
  }
  if (field == DateField::kAmPm) return index == 0 ? "AM" : "PM";
  if (style == NameStyle::kFull) return index == 0 ? "Before Christ" : "Anno Domini";
  return index == 0 ? std::string_view("BC").substr(0, style == NameStyle::kNarrow ? 1 : 2)
                    : std::string_view("AD").substr(0, style == NameStyle::kNarrow ? 1 : 2);
}

LocalWeek LocalWeekOf(int64_t days) {
  int64_t sunday = days - FloorMod(days + 4, 7);
  int32_t year = CivilFromDays(sunday + 6).year;  // the week belongs to the year of its Saturday
  int64_t first = DaysFromCivil(year, 1, 1);
  int64_t first_sunday = first - FloorMod(first + 4, 7);
  return {year, static_cast<int32_t>((sunday - first_sunday) / 7 + 1)};
}

Result<JavaDateFormat> JavaDateFormat::Compile(std::string_view pattern) {
  MR_ASSIGN(DatePattern compiled, Compiler(pattern).Run());
  return JavaDateFormat(std::make_shared<const DatePattern>(std::move(compiled)));
}

}  // namespace millrace
