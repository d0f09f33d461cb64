// Texts of DATE, TIME and TIMESTAMP literals.
#include "engine/sql/datetime_literal.h"

#include <fmt/format.h>

namespace millrace::sql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads fields from the front of a text; once something does not fit, ok() is false for good.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : text_(text) {}

  int Number(int least, int most) {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\t')) ++position_;
    int value = 0;
    size_t digits = 0;
    for (; position_ < text_.size() && IsDigit(text_[position_]) && value <= most; ++position_, ++digits) {
      value = value * 10 + (text_[position_] - '0');
    }
    if (digits == 0 || value < least || value > most) ok_ = false;
    return value;
  }
  void Char(char c) {
    if (position_ < text_.size() && text_[position_] == c) {
      ++position_;
    } else {
      ok_ = false;
    }
  }
  // The rest: nothing, or a point and digits.
  std::string_view Fraction() {
    if (position_ == text_.size()) return {};
    Char('.');
    std::string_view digits = ok_ ? text_.substr(position_) : std::string_view();
    for (char c : digits) {
      if (!IsDigit(c)) ok_ = false;
    }
    return digits;
  }
  bool ok() const { return ok_; }
  bool AtEnd() const { return position_ == text_.size(); }

 private:
  std::string_view text_;
  size_t position_ = 0;
  bool ok_ = true;
};

int DaysOf(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

std::string ReadDate(FieldReader* reader) {
  int year = reader->Number(1, 9999);
  reader->Char('-');
  int month = reader->Number(1, 12);
  reader->Char('-');
  int day = reader->Number(1, reader->ok() ? DaysOf(year, month) : 31);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string ReadTime(FieldReader* reader) {
  int hour = reader->Number(0, 23);
  reader->Char(':');
  int minute = reader->Number(0, 59);
  reader->Char(':');
  int second = reader->Number(0, 59);
  return fmt::format("{:02}:{:02}:{:02}", hour, minute, second);
}

std::optional<DateTimeText> WithFraction(std::string text, FieldReader* reader) {
  std::string_view fraction = reader->Fraction();
  if (!reader->ok()) return std::nullopt;
  if (!fraction.empty()) text += fmt::format(".{}", fraction);
  return DateTimeText{std::move(text), static_cast<int32_t>(fraction.size())};
}

}  // namespace

std::optional<DateTimeText> ParseDateText(std::string_view text) {
  FieldReader reader(text);
  std::string date = ReadDate(&reader);
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return DateTimeText{std::move(date), 0};
}

std::optional<DateTimeText> ParseTimeText(std::string_view text) {
  FieldReader reader(text);
  std::string time = ReadTime(&reader);
  return WithFraction(std::move(time), &reader);
}

std::optional<DateTimeText> ParseTimestampText(std::string_view text) {
  FieldReader reader(text);
  std::string date = ReadDate(&reader);
  FieldReader date_only = reader;
  reader.Char(' ');
  std::string time = ReadTime(&reader);
  if (reader.ok()) return WithFraction(date + " " + time, &reader);
  return WithFraction(date + " 00:00:00", &date_only);
}

}  // namespace millrace::sql
