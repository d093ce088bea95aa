# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P) that writes the source of the note .note.posterior; ABI.md says what stands in it.
#   OUTPUT   file to write, C and C++ alike
#   SOURCE   folder that FILES are relative to
#   FILES    the bundle's files divided by |, of which the knowledge is hashed
#   ID, VERSION, ABI   as in the manifest
#   DRAFTS   ids of draft extensions divided by |
#
# Rationale for assembly: only there a section gets the type SHT_NOTE from every compiler, and with -flto too.

cmake_minimum_required(VERSION 3.25)

foreach(key ID VERSION ABI)
  if(NOT "${${key}}" MATCHES "^[A-Za-z0-9.+-]+$")
    message(FATAL_ERROR "plugin.toml: `${key}` was `${${key}}`, must be of letters, digits, dots, plus and hyphens")
  endif()
endforeach()

string(REPLACE "|" ";" names "${FILES}")
list(FILTER names INCLUDE REGEX "^knowledge(\\.toml$|/)")
list(SORT names)
set(list "")
foreach(name IN LISTS names)
  file(SHA256 "${SOURCE}/${name}" hash)
  string(APPEND list "${hash}  ${name}\n")
endforeach()
string(SHA256 knowledge "${list}")

set(lines "id=${ID}" "version=${VERSION}" "abi=${ABI}" "knowledge=${knowledge}")
string(REPLACE "|" ";" drafts "${DRAFTS}")
foreach(draft IN LISTS drafts)
  if(NOT draft MATCHES "^[a-z0-9-]+(\\.[a-z0-9-]+)+/[1-9][0-9]*$")
    message(FATAL_ERROR "DRAFTS: extension `${draft}` was given, must read posterior.<name>/<revision>")
  endif()
  list(APPEND lines "draft=${draft}")
endforeach()

set(text "")
foreach(line IN LISTS lines)
  string(APPEND text "        \".ascii \\\"${line}\\\\n\\\"\\n\"\n")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT
[=[/* What the library says of itself without being run; written by the build from plugin.toml. */
typedef int posterior_note; /* C wants a declaration in every file */

__asm__(".pushsection .note.posterior,\"a\",%note\n"
        ".balign 4\n"
        ".long 10\n"
        ".long 2f - 1f\n"
        ".long 1\n"
        ".asciz \"Posterior\"\n"
        ".balign 4\n"
        "1:\n"
@text@        "2:\n"
        ".balign 4\n"
        ".popsection\n");
]=])
