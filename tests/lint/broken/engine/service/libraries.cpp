#include <boost/dll/shared_library.hpp>
#include <toml++/toml.h>
#include <boost/json.hpp>
#include <SQLiteCpp/SQLiteCpp.h>
  #  include <sys/un.h>
#include <boost/beast/http.hpp>
#include <systemd/sd-daemon.h>
#include <CLI/CLI.hpp>
#include <iostream>
#include <zlib.h>
#include <sodium.h>
#include <seccomp.h>
