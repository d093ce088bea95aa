# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P) that lays out one packed bundle.
#   BUNDLE    folder to make; what it held before is removed
#   SOURCE    folder that FILES are relative to
#   MANIFEST  plugin.toml without [[file]] entries
#   FILES     names divided by |
#   LIBRARY   the built detector, if there is one; becomes detector.so
#   STRIP     program that takes debug information out of the copy; the build keeps it

cmake_minimum_required(VERSION 3.25)

file(READ "${MANIFEST}" manifest)
if(manifest MATCHES "(^|\n)[ \t]*\\[\\[file\\]\\]")
  message(FATAL_ERROR "${MANIFEST}: a [[file]] entry was found, must be left to the build")
endif()

string(REPLACE "|" ";" names "${FILES}")
file(REMOVE_RECURSE "${BUNDLE}")
file(MAKE_DIRECTORY "${BUNDLE}")
foreach(name IN LISTS names)
  if(IS_ABSOLUTE "${name}" OR name MATCHES "(^|/)\\.\\.(/|$)")
    message(FATAL_ERROR "${MANIFEST}: file `${name}` was given, must lie below ${SOURCE}")
  endif()
  get_filename_component(folder "${name}" DIRECTORY)
  file(COPY "${SOURCE}/${name}" DESTINATION "${BUNDLE}/${folder}")
endforeach()
if(LIBRARY)
  file(COPY_FILE "${LIBRARY}" "${BUNDLE}/detector.so")
  if(STRIP)
    execute_process(COMMAND "${STRIP}" --strip-unneeded "${BUNDLE}/detector.so" COMMAND_ERROR_IS_FATAL ANY)
  endif()
  list(APPEND names detector.so)
endif()

list(SORT names)
if(NOT manifest MATCHES "\n$")
  string(APPEND manifest "\n")
endif()
foreach(name IN LISTS names)
  file(SHA256 "${BUNDLE}/${name}" hash)
  file(SIZE "${BUNDLE}/${name}" size)
  string(APPEND manifest "\n[[file]]\npath = \"${name}\"\nsha256 = \"${hash}\"\nsize = ${size}\n")
endforeach()
file(WRITE "${BUNDLE}/plugin.toml" "${manifest}")

# Whatever the umask is: code that others can change is not run.
set(modes OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(CHMOD_RECURSE "${BUNDLE}" FILE_PERMISSIONS ${modes}
     DIRECTORY_PERMISSIONS ${modes} OWNER_EXECUTE GROUP_EXECUTE WORLD_EXECUTE)
