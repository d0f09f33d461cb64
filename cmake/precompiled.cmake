# Precompiled headers that the compiler cache does not see. GCC takes an include "x.h" from x.h.gch when an earlier
# folder of the include path holds that; when it only preprocesses, which is what ccache hashes, it reads x.h itself.
# So a cached object is found in every checkout, and only a real compilation reads the precompiled form.
# cmake/README.md has figures.
set(MILLRACE_PRECOMPILED_SOURCES ${CMAKE_SOURCE_DIR}/cmake/precompiled)

# add_precompiled_header(NAME name HEADER file OPTIONS compiler options... LIBS targets...): GCC takes it only where the
# options are the same.
function(add_precompiled_header)
  cmake_parse_arguments(P "" "NAME;HEADER" "OPTIONS;LIBS" ${ARGN})
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  set(target precompiled_${P_NAME})
  add_library(${target} OBJECT ${MILLRACE_PRECOMPILED_SOURCES}/${P_HEADER})
  set_source_files_properties(${MILLRACE_PRECOMPILED_SOURCES}/${P_HEADER} PROPERTIES LANGUAGE CXX)
  set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER "")
  target_compile_options(${target} PRIVATE ${P_OPTIONS} -x c++-header)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE ${P_LIBS} millrace_warnings)

  # The folder <name>/<header>.gch holds it; GCC tries every file of such a folder.
  set(folder ${CMAKE_BINARY_DIR}/precompiled/${P_NAME}/${P_HEADER}.gch)
  add_custom_command(
    OUTPUT ${folder}/precompiled
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${folder}/precompiled
    COMMAND ${CMAKE_COMMAND} -E create_hardlink $<TARGET_OBJECTS:${target}> ${folder}/precompiled
    DEPENDS ${target} $<TARGET_OBJECTS:${target}>
    COMMENT "Precompiled header ${P_NAME}"
    VERBATIM)
  add_custom_target(${target}_ready DEPENDS ${folder}/precompiled)
  set(${target}_header ${P_HEADER} CACHE INTERNAL "")
endfunction()

# use_precompiled_header(target name)
function(use_precompiled_header TARGET NAME)
  if(NOT TARGET precompiled_${NAME})
    return()
  endif()
  target_include_directories(${TARGET} BEFORE PRIVATE ${CMAKE_BINARY_DIR}/precompiled/${NAME})
  target_include_directories(${TARGET} PRIVATE ${MILLRACE_PRECOMPILED_SOURCES})
  target_compile_options(${TARGET} PRIVATE -include ${precompiled_${NAME}_header} -fpch-deps -Winvalid-pch
                         -Wno-error=invalid-pch)
  add_dependencies(${TARGET} precompiled_${NAME}_ready)
endfunction()

set(options_of_cold_code $<$<CONFIG:Release>:-O1>)
set(options_of_tests $<IF:$<CONFIG:Release>,-O1,-O0>)
add_precompiled_header(NAME hot HEADER foundation.h LIBS fmt::fmt)
add_precompiled_header(NAME cold HEADER statement.h OPTIONS ${options_of_cold_code} LIBS fmt::fmt)
add_precompiled_header(NAME tests HEADER unit_test.h OPTIONS ${options_of_tests} LIBS fmt::fmt GTest::gtest)
if(TARGET precompiled_tests)
  set_target_properties(precompiled_tests PROPERTIES POSITION_INDEPENDENT_CODE OFF)
endif()
