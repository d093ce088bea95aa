# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P) that a test runs: `posterior plugin check BUNDLE`, in this process and not through a daemon.
#   PROGRAM   the program posterior
#   BUNDLE    folder of the laid-out bundle
#   HOME      folder for what the program keeps, so that the test neither reads nor writes that of who runs it;
#             bundles that this one requires are found through POSTERIOR_PLUGIN_PATH
# Says `skipped: ...` where the program is not there or has no such command.

cmake_minimum_required(VERSION 3.25)

if(NOT EXISTS "${PROGRAM}")
  message("skipped: ${PROGRAM} was not found, must be the program posterior")
  return()
endif()
execute_process(COMMAND "${PROGRAM}" --help OUTPUT_VARIABLE commands ERROR_QUIET)
if(NOT commands MATCHES "\n *plugin check")
  message("skipped: ${PROGRAM} has no command `plugin check`")
  return()
endif()
set(ENV{POSTERIOR_HOME} "${HOME}")
execute_process(COMMAND "${PROGRAM}" plugin check --local "${BUNDLE}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${BUNDLE}: posterior plugin check ended with ${status}, must be 0")
endif()
