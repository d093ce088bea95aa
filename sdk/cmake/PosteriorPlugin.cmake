# SPDX-License-Identifier: Apache-2.0
#
# Functions that build bundles. The engine's own build and a clinic's build use this same file.
#
#   posterior_add_plugin(NAME [SOURCES detector.cpp ...] [MANIFEST plugin.toml] [KNOWLEDGE ...]
#                        [CASES ...] [FILES ...] [FOLDER name] [DRAFTS id ...] [STATIC_RUNTIME OFF])
#     Builds detector.so and lays out a packed bundle: plugin.toml with path, SHA-256 and size of every
#     other file, the knowledge, cases/ and README.md. Without SOURCES the bundle has no code. Files are
#     given relative to the current folder and keep their place in the bundle. Left out: MANIFEST is
#     plugin.toml, KNOWLEDGE is knowledge.toml or knowledge/*.toml, CASES are cases/*.toml, FILES is
#     README.md if there is one, FOLDER is NAME. DRAFTS are the draft extensions that the code uses.
#     The library holds a note with id, version, ABI and the hash of the knowledge (ABI.md). STATIC_RUNTIME OFF
#     leaves the C++ library to the system that the detector runs on.
#     Targets: NAME (the library, only with SOURCES) and NAME-bundle (part of `all`).
#     Test: plugin-check-NAME runs `posterior plugin check` on the bundle, where the program posterior is found
#     in PATH or named by the variable POSTERIOR_PROGRAM, with a home of its own in the build folder.
#     An empty POSTERIOR_PROGRAM means none.
#
#   posterior_add_pack(NAME FILE name.pack.toml)
#     Lays out a data-only pack of one file. Target: NAME-bundle. Test: plugin-check-NAME, as above.
#
#   posterior_add_plugin_test(NAME PLUGIN plugin SOURCES detector_test.cpp [LIBRARIES ...])
#     An executable NAME of the plugin's sources and the test's, registered with CTest. To run it under
#     the sanitizers, configure a build of its own with them:
#       cmake -B build-asan -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS="-fsanitize=address,undefined"
#     The engine does not load what was built so: a sanitizer must be in the program from its start.
#
# Bundles go to ${POSTERIOR_BUNDLE_ROOT}, left out ${CMAKE_BINARY_DIR}/plugins: name that folder in
# POSTERIOR_PLUGIN_PATH to try them. `cmake --install` puts them into lib/posterior/plugins.

include_guard(GLOBAL)

# Reads `KEY = "value"` of the manifest's head into OUT; stops the configuration if there is none.
function(posterior_read_manifest_field manifest key out)
  file(STRINGS "${manifest}" lines REGEX "^${key}[ \t]*=[ \t]*\"[^\"]*\"")
  if(NOT lines)
    message(FATAL_ERROR "${manifest}: a line `${key} = \"...\"` was not found, must be there")
  endif()
  list(GET lines 0 line)
  string(REGEX REPLACE "^${key}[ \t]*=[ \t]*\"([^\"]*)\".*" "\\1" value "${line}")
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

# The folder that bundles are laid out in.
function(posterior_bundle_root out)
  if(POSTERIOR_BUNDLE_ROOT)
    set(${out} "${POSTERIOR_BUNDLE_ROOT}" PARENT_SCOPE)
  else()
    set(${out} "${CMAKE_BINARY_DIR}/plugins" PARENT_SCOPE)
  endif()
endfunction()

# The library itself: one exported symbol, nothing undefined, nothing writable that need not be.
function(posterior_add_detector_library name static_runtime)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE posterior::sdk)
  set_target_properties(${name} PROPERTIES
    PREFIX "" OUTPUT_NAME detector LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${name}.dir"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON SKIP_BUILD_RPATH ON LINK_DEPENDS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/posterior.map")
  target_link_options(${name} PRIVATE
    "LINKER:--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/posterior.map"
    LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack LINKER:--build-id=sha1 LINKER:--as-needed)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # STB_GNU_UNIQUE symbols would share state between plugins and pin the library.
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  endif()
  posterior_sanitized(sanitized)
  if(NOT sanitized)
    # clang leaves the sanitizers' symbols to the program that loads the library.
    target_link_options(${name} PRIVATE LINKER:-z,defs)
    if(static_runtime)
      # A detector then starts without loading the C++ library and runs on older systems too.
      target_link_options(${name} PRIVATE
        $<$<LINK_LANGUAGE:CXX>:-static-libstdc++> -static-libgcc LINKER:--exclude-libs,ALL)
    endif()
  endif()
endfunction()

# TRUE in OUT if the build's flags ask for a sanitizer.
function(posterior_sanitized out)
  set(${out} FALSE PARENT_SCOPE)
  get_directory_property(options COMPILE_OPTIONS)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  if("${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${options}" MATCHES "-fsanitize")
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

# Puts the note into the library. ARGN: the bundle's files.
function(posterior_add_note name manifest drafts)
  foreach(key id version abi)
    posterior_read_manifest_field("${manifest}" ${key} ${key})
  endforeach()
  get_target_property(sources ${name} SOURCES)
  set(note "${CMAKE_CURRENT_BINARY_DIR}/${name}.note.cpp")
  if(NOT sources MATCHES "\\.(cpp|cc|cxx|C|c\\+\\+)(;|$)")
    set(note "${CMAKE_CURRENT_BINARY_DIR}/${name}.note.c")
  endif()
  list(JOIN ARGN "|" files)
  list(JOIN drafts "|" draft_ids)
  add_custom_command(OUTPUT "${note}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${note}" "-DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}" "-DFILES=${files}"
            "-DID=${id}" "-DVERSION=${version}" "-DABI=${abi}" "-DDRAFTS=${draft_ids}"
            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PosteriorNote.cmake"
    DEPENDS ${ARGN} "${manifest}" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PosteriorNote.cmake"
    COMMENT "Note of ${name}" VERBATIM)
  target_sources(${name} PRIVATE "${note}")
  target_compile_definitions(${name} PRIVATE
    POSTERIOR_BUNDLE_ID="${id}" POSTERIOR_BUNDLE_VERSION="${version}")
  if(drafts)
    target_compile_definitions(${name} PRIVATE POSTERIOR_USE_DRAFTS=1)
  endif()
endfunction()

# The validator as a test, where there is the program; not for a build with sanitizers, which the program's worker
# cannot load. It looks only when it runs whether the command is there.
function(posterior_add_check_test name)
  if(NOT DEFINED POSTERIOR_PROGRAM OR POSTERIOR_PROGRAM MATCHES "NOTFOUND$")
    find_program(POSTERIOR_PROGRAM posterior DOC "The program posterior, for the tests plugin-check-*")
  endif()
  posterior_sanitized(sanitized)
  if(NOT POSTERIOR_PROGRAM OR sanitized)
    return()
  endif()
  get_target_property(bundle ${name}-bundle POSTERIOR_BUNDLE)
  add_test(NAME plugin-check-${name}
    COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=${POSTERIOR_PROGRAM}" "-DBUNDLE=${bundle}"
            "-DHOME=${CMAKE_CURRENT_BINARY_DIR}/${name}.home"
            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PosteriorCheck.cmake")
  set_tests_properties(plugin-check-${name} PROPERTIES LABELS plugin SKIP_REGULAR_EXPRESSION "skipped: ")
endfunction()

# Lays the files out as a bundle at build time, with the hashes of what was really built.
function(posterior_add_bundle_target name folder manifest)
  posterior_bundle_root(root)
  set(bundle "${root}/${folder}")
  set(stamp "${CMAKE_CURRENT_BINARY_DIR}/${name}.bundle")
  set(library "")
  if(TARGET ${name})
    set(library "-DLIBRARY=$<TARGET_FILE:${name}>" "-DSTRIP=${CMAKE_STRIP}")
  endif()
  list(JOIN ARGN "|" files)
  add_custom_command(OUTPUT "${stamp}"
    COMMAND "${CMAKE_COMMAND}" "-DBUNDLE=${bundle}" "-DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}"
            "-DMANIFEST=${manifest}" "-DFILES=${files}" ${library}
            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PosteriorBundle.cmake"
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS ${ARGN} "${manifest}" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PosteriorBundle.cmake"
            $<$<TARGET_EXISTS:${name}>:$<TARGET_NAME_IF_EXISTS:${name}>>
    COMMENT "Bundle ${folder}" VERBATIM)
  add_custom_target(${name}-bundle ALL DEPENDS "${stamp}")
  set_target_properties(${name}-bundle PROPERTIES POSTERIOR_BUNDLE "${bundle}" POSTERIOR_BUNDLE_STAMP "${stamp}")
  install(DIRECTORY "${bundle}" DESTINATION lib/posterior/plugins COMPONENT plugins)
endfunction()

function(posterior_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MANIFEST;FOLDER;STATIC_RUNTIME" "SOURCES;KNOWLEDGE;CASES;FILES;DRAFTS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "posterior_add_plugin(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_MANIFEST)
    set(arg_MANIFEST plugin.toml)
  endif()
  if(NOT arg_KNOWLEDGE AND EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/knowledge.toml")
    set(arg_KNOWLEDGE knowledge.toml)
  elseif(NOT arg_KNOWLEDGE)
    file(GLOB arg_KNOWLEDGE RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" CONFIGURE_DEPENDS knowledge/*.toml)
  endif()
  if(NOT arg_KNOWLEDGE)
    message(FATAL_ERROR "posterior_add_plugin(${name}): no knowledge was found, "
                        "must be given as KNOWLEDGE, knowledge.toml or knowledge/*.toml")
  endif()
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${name})
  endif()
  if(NOT DEFINED arg_STATIC_RUNTIME)
    set(arg_STATIC_RUNTIME ON)
  endif()
  if(NOT arg_CASES)
    file(GLOB arg_CASES RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" CONFIGURE_DEPENDS cases/*.toml)
  endif()
  if(NOT arg_FILES AND EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/README.md")
    set(arg_FILES README.md)
  endif()
  get_filename_component(manifest "${arg_MANIFEST}" ABSOLUTE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${manifest}")
  if(arg_SOURCES)
    posterior_add_detector_library(${name} ${arg_STATIC_RUNTIME} ${arg_SOURCES})
    posterior_add_note(${name} "${manifest}" "${arg_DRAFTS}" ${arg_KNOWLEDGE} ${arg_CASES} ${arg_FILES})
  endif()
  posterior_add_bundle_target(${name} ${arg_FOLDER} "${manifest}"
    ${arg_KNOWLEDGE} ${arg_CASES} ${arg_FILES})
  posterior_add_check_test(${name})
endfunction()

function(posterior_add_pack name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILE" "")
  if(NOT arg_FILE OR NOT arg_FILE MATCHES "\\.pack\\.toml$")
    message(FATAL_ERROR "posterior_add_pack(${name}): FILE was `${arg_FILE}`, must be NAME.pack.toml")
  endif()
  posterior_bundle_root(root)
  get_filename_component(source "${arg_FILE}" ABSOLUTE)
  get_filename_component(file_name "${arg_FILE}" NAME)
  add_custom_command(OUTPUT "${root}/${file_name}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${root}"
    COMMAND "${CMAKE_COMMAND}" -E copy "${source}" "${root}/${file_name}"
    DEPENDS "${source}" COMMENT "Pack ${file_name}" VERBATIM)
  add_custom_target(${name}-bundle ALL DEPENDS "${root}/${file_name}")
  set_target_properties(${name}-bundle PROPERTIES POSTERIOR_BUNDLE "${root}/${file_name}")
  install(FILES "${root}/${file_name}" DESTINATION lib/posterior/plugins COMPONENT plugins)
  posterior_add_check_test(${name})
endfunction()

function(posterior_add_plugin_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PLUGIN" "SOURCES;LIBRARIES")
  get_target_property(sources ${arg_PLUGIN} SOURCES)
  list(FILTER sources EXCLUDE REGEX "\\.note\\.c(pp)?$")
  get_target_property(definitions ${arg_PLUGIN} COMPILE_DEFINITIONS)
  add_executable(${name} ${sources} ${arg_SOURCES})
  target_compile_definitions(${name} PRIVATE ${definitions})
  target_link_libraries(${name} PRIVATE posterior::sdk ${arg_LIBRARIES})
  add_test(NAME ${name} COMMAND ${name})
endfunction()
