# ccache, mold, path mapping and sanitizers. What each choice buys is measured in cmake/README.md.

# Only two settings are ours (a build in another checkout must hit); folder and size of the cache stay the user's.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT MILLRACE_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

# __FILE__ and debug information name files from the checkout's root ("src/base/check.cc"), whether the compiler was
# given the absolute path or the relative one that ccache makes of it.
file(RELATIVE_PATH MILLRACE_ROOT_FROM_BUILD ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR}/)
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=${MILLRACE_ROOT_FROM_BUILD}=)

set(MILLRACE_SANITIZE "" CACHE STRING "address (with undefined), thread, or empty")
set_property(CACHE MILLRACE_SANITIZE PROPERTY STRINGS "" address thread)
if(MILLRACE_SANITIZE STREQUAL "address")
  # Copying no bytes from a null pointer (an empty string_view) is well defined in the next C (N3322).
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=nonnull-attribute -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(MILLRACE_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
  add_library(thread_sanitizer OBJECT ${CMAKE_SOURCE_DIR}/cmake/thread_sanitizer.cc)
  link_libraries($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:thread_sanitizer>)
elseif(MILLRACE_SANITIZE)
  message(FATAL_ERROR "MILLRACE_SANITIZE is '${MILLRACE_SANITIZE}': address, thread or empty are possible")
endif()

option(MILLRACE_FUZZ "Build the libFuzzer targets of fuzz/ (clang only; preset fuzz)" OFF)
if(MILLRACE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "the fuzz targets need clang: use the preset 'fuzz'")
  endif()
  # Every module is instrumented for coverage; only the fuzz programs link libFuzzer's main (fuzz/CMakeLists.txt).
  add_compile_options(-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address)
endif()
