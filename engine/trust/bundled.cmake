# Script (cmake -P) that writes the digests of the program's own bundles with code into a source file.
#   BUNDLES  folders of packed bundles, divided by |
#   OUTPUT   the source file to write
# The digest is that of kb/catalogue.hpp: SHA-256 over one line "SHA256  NAME" for each file, sorted by name.
cmake_minimum_required(VERSION 3.25)

string(REPLACE "|" ";" folders "${BUNDLES}")
set(digests "")
foreach(folder IN LISTS folders)
  file(GLOB_RECURSE names RELATIVE "${folder}" LIST_DIRECTORIES false "${folder}/*")
  list(REMOVE_ITEM names plugin.sig)
  list(SORT names)
  set(lines "")
  foreach(name IN LISTS names)
    file(SHA256 "${folder}/${name}" hash)
    string(APPEND lines "${hash}  ${name}\n")
  endforeach()
  string(SHA256 digest "${lines}")
  list(APPEND digests "${digest}")
endforeach()
list(SORT digests)
list(LENGTH digests count)

set(text "// Written by the build from the bundles that it laid out.\n#include \"engine/trust/policy.hpp\"\n\n")
string(APPEND text "namespace posterior::trust {\n\nstd::span<const std::string_view> bundled_digests() {\n")
if(count EQUAL 0)
  string(APPEND text "  return {};\n")
else()
  list(JOIN digests "\",\n      \"" joined)
  string(APPEND text "  static constexpr std::string_view list[] = {\n      \"${joined}\"};\n  return list;\n")
endif()
string(APPEND text "}\n\n} // namespace posterior::trust\n")
file(WRITE "${OUTPUT}" "${text}")
