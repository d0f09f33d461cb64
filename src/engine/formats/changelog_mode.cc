// The text of a changelog mode, as Flink prints it.
#include "engine/formats/format.h"

namespace millrace::formats {

std::string ChangelogMode::ToString() const {
  std::string text;
  auto add = [&text](bool has, std::string_view name) {
    if (!has) return;
    if (!text.empty()) text += ',';
    text += name;
  };
  add(insert, "I");
  add(update_before, "UB");
  add(update_after, "UA");
  add(remove, "D");
  return text.empty() ? "NONE" : text;
}

}  // namespace millrace::formats
