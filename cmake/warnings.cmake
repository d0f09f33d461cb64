# Warnings of our own code are errors. A module gets them through add_module(); third-party headers come in as SYSTEM.
add_library(millrace_warnings INTERFACE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees uninitialised std::optional and std::variant members where there are none.
  target_compile_options(millrace_warnings INTERFACE -Wall -Wextra -Werror -Wswitch-enum -Wno-maybe-uninitialized)
else()
  # GCC decides. Clang builds the fuzz targets and only reports what it sees beyond that.
  target_compile_options(millrace_warnings INTERFACE -Wall -Wextra)
endif()
