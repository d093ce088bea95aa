# The libraries we build on. Each is found once, here; a missing one is named with the package that has it.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# Boost: headers only (DLL, Asio, Beast, JSON).
find_path(POSTERIOR_BOOST_INCLUDE boost/json.hpp HINTS "${POSTERIOR_DEPS}/include"
          DOC "Folder that holds boost/, 1.81 or newer")
if(NOT POSTERIOR_BOOST_INCLUDE)
  message(FATAL_ERROR "Boost >= 1.81 was not found: run packaging/deps (Debian 12), or install libboost-dev")
endif()
file(STRINGS "${POSTERIOR_BOOST_INCLUDE}/boost/version.hpp" boost_line REGEX "define BOOST_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+$" boost_number "${boost_line}")
if(boost_number LESS 108100)
  message(FATAL_ERROR "Boost in ${POSTERIOR_BOOST_INCLUDE} is ${boost_number}, must be at least 108100: run packaging/deps")
endif()
add_library(posterior_boost INTERFACE)
target_include_directories(posterior_boost SYSTEM INTERFACE "${POSTERIOR_BOOST_INCLUDE}")
target_compile_definitions(posterior_boost INTERFACE BOOST_DLL_USE_STD_FS)

find_package(spdlog REQUIRED)
find_package(SQLiteCpp QUIET)
find_library(POSTERIOR_SQLITECPP SQLiteCpp REQUIRED)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)
add_library(posterior_sqlite INTERFACE)
target_link_libraries(posterior_sqlite INTERFACE "${POSTERIOR_SQLITECPP}" PkgConfig::SQLITE3 Threads::Threads)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
# The archive where there is one: a command starts faster without one more library to load.
find_library(POSTERIOR_ZLIB NAMES libz.a z REQUIRED)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
find_package(CLI11 REQUIRED)

if(POSTERIOR_TESTS)
  find_package(Catch2 3 REQUIRED)
endif()
if(POSTERIOR_BENCH)
  find_package(benchmark REQUIRED)
endif()
