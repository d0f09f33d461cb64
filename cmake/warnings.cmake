# Warnings of our own code are errors. A module gets them through add_module(); third-party headers come in as SYSTEM.
add_library(millrace_warnings INTERFACE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees uninitialised std::optional and std::variant members where there are none.
  target_compile_options(millrace_warnings INTERFACE -Wall -Wextra -Werror -Wswitch-enum -Wno-maybe-uninitialized)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" OR MILLRACE_SANITIZE)
    # Inlining and instrumentation make it see overlaps and overflows in std::string and std::vector (GCC bug 105329 and
    # its
    # kin). The preset dev, whose warnings are true, keeps them on.
    target_compile_options(millrace_warnings INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow
                                                       -Wno-stringop-overread)
  endif()
else()
  # GCC decides. Clang builds the fuzz targets and only reports what it sees beyond that.
  target_compile_options(millrace_warnings INTERFACE -Wall -Wextra)
endif()
