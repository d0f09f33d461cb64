# Warnings of our own code are errors. A module gets them through add_module().
add_library(millrace_warnings INTERFACE)
target_compile_options(millrace_warnings INTERFACE -Wall -Wextra -Werror -Wswitch-enum -Wno-maybe-uninitialized)
