#include "engine/functions/unicode_version.h"

#include <unicode/uversion.h>

namespace millrace::functions {

std::string UnicodeLibraryVersion() {
  UVersionInfo version;
  u_getVersion(version);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(version, text);
  return text;
}

}  // namespace millrace::functions
