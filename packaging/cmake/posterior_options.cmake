# Flags for every target, and posterior_library(): one small static library a folder that links only what it may know.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1")

add_library(posterior_flags INTERFACE)
# Without -ffp-contract=off a compiler may fuse multiply and add, and the same case would give other bits elsewhere.
target_compile_options(posterior_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# g++ 13 and 14 see uninitialised strings in ordinary moves at -O2; g++ 12 and clang do not.
target_compile_options(posterior_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
target_include_directories(posterior_flags INTERFACE "${CMAKE_SOURCE_DIR}")

if(POSTERIOR_SANITIZE)
  add_compile_options(-fsanitize=${POSTERIOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${POSTERIOR_SANITIZE})
  if(POSTERIOR_SANITIZE_LESS)
    add_compile_options(-fno-sanitize=${POSTERIOR_SANITIZE_LESS})
  endif()
endif()

# posterior_library(NAME SOURCES a.cpp ... LINKS kb ...): target posterior_NAME.
function(posterior_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(posterior_${name} STATIC ${arg_SOURCES})
  target_link_libraries(posterior_${name} PUBLIC posterior_flags ${arg_LINKS} PRIVATE ${arg_PRIVATE_LINKS})
endfunction()

# posterior_test(NAME SOURCES a_test.cpp ... LINKS posterior_kb ... [LABELS unit fault slow]): one Catch2 program NAME_test, run as the test NAME.
# Tests are compiled without optimisation, which is half the work of building them, but for those that compute a lot themselves.
# Tests find their data through POSTERIOR_SOURCE_DIR and the staged programs through POSTERIOR_STAGE.
# unit_tests builds what the labels unit and fault need. memory_tests builds those of them that get the label memory: the tests of what
# reads foreign bytes or runs foreign code, and nothing above it. They run under the sanitizers every time, all of unit_tests only in
# the long tier, because building the rest once more takes longer than everything else (the inference alone a third of it).
add_custom_target(unit_tests)
add_custom_target(memory_tests)
function(posterior_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name}_test ${arg_SOURCES})
  target_link_libraries(${name}_test PRIVATE posterior_flags ${arg_LINKS} Catch2::Catch2WithMain)
  target_compile_definitions(${name}_test PRIVATE POSTERIOR_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                                  POSTERIOR_BINARY_DIR="${CMAKE_BINARY_DIR}" POSTERIOR_STAGE="${POSTERIOR_STAGE}")
  if(NOT CMAKE_CURRENT_SOURCE_DIR MATCHES "tests/(inference|oracle)$")
    target_compile_options(${name}_test PRIVATE -O0)
  endif()
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  if("slow" IN_LIST arg_LABELS)
    set_tests_properties(${name} PROPERTIES COST 50) # begins early, so that nothing long is left running alone
  endif()
  if(arg_LABELS MATCHES "unit|fault")
    add_dependencies(unit_tests ${name}_test)
    if(NOT "slow" IN_LIST arg_LABELS AND NOT "${arg_LINKS}" MATCHES "posterior_(inference|plan|assess|report|check|service|local|cli|daemon|detectors)|staged_program")
      add_dependencies(memory_tests ${name}_test)
      set_property(TEST ${name} APPEND PROPERTY LABELS memory)
    endif()
  endif()
endfunction()
