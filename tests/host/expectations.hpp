// What each fixture of faults/ must come to: named with its reason, or answering as if nothing were, because
// what it tried was denied.
#pragma once

#include "tests/host/detectors.hpp"

namespace posterior::host_tests {

using host::failure;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

struct expectation {
  const char* fixture;
  failure why;
  const char* reason; // part of what the operator is told
};

// Those that give no answer.
inline const std::vector<expectation> expectations = {
    {"segfault", failure::died_evaluating, sanitized ? "" : "signal 11 (SEGV)"},
    {"abort_call", failure::died_evaluating, "signal 6 (ABRT)"},
    {"stack_overflow", failure::died_evaluating, sanitized ? "" : "signal 11 (SEGV)"},
#if !defined(__SANITIZE_THREAD__) // whose allocator passes over it
    {"double_free", failure::died_evaluating, ""},
#endif
    {"heap_overflow", failure::died_evaluating, ""},
    {"endless_loop", failure::evaluate_late, "more than 300 ms"},
    {"wait_for_ever", failure::evaluate_late, "more than 300 ms"},
    {"exit_0", failure::died_evaluating, sanitized ? "exit" : "exit 0"},
    {"quick_exit_0", failure::died_evaluating, "exit 0"},
    {"closes_all", failure::died_evaluating, "closed its socket, or was killed"},
    {"throws_across", failure::died_evaluating, "signal 6 (ABRT)"},
    {"changes_rounding", failure::left_environment, ""},
    {"changes_locale", failure::left_environment, ""},
    {"stops_itself", failure::evaluate_late, ""},
    {"ignores_signals", failure::evaluate_late, ""},
    {"sends_garbage", failure::bad_frame, "shorter than its head"},
    {"sends_other_answer", failure::bad_frame, "another request"},
    // attacks that the kernel ends
    {"executes", failure::forbidden_call, "signal 31 (SYS)"},
    {"kills_parent", failure::forbidden_call, "signal 31 (SYS)"},
    {"signals_group", failure::forbidden_call, "signal 31 (SYS)"},
    {"signals_all", failure::forbidden_call, "signal 31 (SYS)"},
    {"traces_parent", failure::forbidden_call, "signal 31 (SYS)"},
    {"reads_parent", failure::forbidden_call, "signal 31 (SYS)"},
    {"uses_ring", failure::forbidden_call, "signal 31 (SYS)"},
    {"loads_bpf", failure::forbidden_call, "signal 31 (SYS)"},
    {"asks_for_keys", failure::forbidden_call, "signal 31 (SYS)"},
    {"mounts", failure::forbidden_call, "signal 31 (SYS)"},
    {"unshares", failure::forbidden_call, "signal 31 (SYS)"},
    {"calls_32_bit", failure::forbidden_call, "signal 31 (SYS)"},
    {"constructor_executes", failure::forbidden_call, "signal 31 (SYS)"},
    {"constructor_kills_parent", failure::forbidden_call, "signal 31 (SYS)"},
    {"constructor_signals_group", failure::forbidden_call, "signal 31 (SYS)"},
    {"constructor_traces_parent", failure::forbidden_call, "signal 31 (SYS)"},
    // what it says
    {"nan_value", failure::not_finite, ":value"},
    {"infinite_value", failure::not_finite, ":value"},
    {"huge_value", failure::out_of_range, ":value"},
    {"endless_push", failure::evaluate_late, ""},
    {"short_record", failure::unreadable_record, ""},
    {"vast_record", failure::unreadable_record, ""},
    {"wild_pointer", failure::died_evaluating, ""},
    {"vast_string", failure::unreadable_record, ""},
    {"no_record", failure::unreadable_record, ""},
    {"reserved_set", failure::unreadable_record, ""},
    {"undeclared", failure::undeclared_finding, "slump"},
    {"undeclared_rule", failure::undeclared_rule, ":value"},
    {"no_side", failure::wrong_side, ""},
    {"both_sides", failure::wrong_side, ""},
    {"side_of_midline", failure::wrong_side, ""},
    {"value_without_unit", failure::wrong_reading, ""},
    {"unknown_state", failure::wrong_reading, ""},
    {"level_too_high", failure::wrong_reading, ""},
    {"wrong_certainty", failure::wrong_certainty, ""},
    {"nan_certainty", failure::wrong_certainty, ""},
    {"twice", failure::repeated_finding, ""},
    {"reports_key", failure::reported, "status -1"},
    {"reports_text", failure::reported, "status -1"},
    {"heeds_deadline", failure::cancelled, "status -6"},
    {"constructor_segfault", failure::died_loading, ""},
    {"constructor_loop", failure::load_late, ""},
    {"constructor_exit", failure::died_loading, sanitized ? "exit" : "exit 0"},
    {"constructor_throw", failure::died_loading, "signal 6 (ABRT)"},
    {"init_fails", failure::init_failed, "init returned -1: no licence?[31m"},
    {"init_loop", failure::load_late, ""},
    {"create_fails", failure::create_failed, "create returned -1: cannot be made today"},
    {"create_loop", failure::create_late, ""},
    {"create_nothing", failure::create_failed, "made no detector"},
    {"size_0", failure::bad_descriptor, "the descriptor's size was 0, must be at least 64"},
    {"wrong_major", failure::abi_major, "the plugin was built for ABI 2, this engine speaks 1"},
    {"newer_minor", failure::abi_minor, "the plugin needs ABI 1.99, this engine speaks 1.0"},
    {"null_id", failure::other_id, "id was nothing"},
    {"other_id", failure::other_id, "`org.example.somebody`"},
    {"other_version", failure::other_version, "`9.9.9`"},
    {"no_classes", failure::bad_class, "number of classes was 0"},
    {"null_classes", failure::bad_descriptor, "is NULL"},
    {"null_class", failure::bad_class, "is NULL"},
    {"other_class", failure::bad_class, "no class is called `org.example.fault-other-class`"},
    {"null_evaluate", failure::bad_class, "is NULL"},
    {"null_init", failure::bad_descriptor, "is NULL"},
    {"reserved_field", failure::bad_descriptor, "reserved field"},
    {"no_symbol", failure::file, "defines 0 symbols, one must be posterior_plugin_v1"},
    {"borrowed_symbol", failure::file, "defines 0 symbols, one must be posterior_plugin_v1"},
    {"missing_symbol", failure::not_loadable, "posterior_nobody_defines_this"},
    {"missing_library", failure::not_loadable, "libfault-lender.so"},
    {"rpath", failure::file, "RPATH was `/tmp/posterior-somewhere`, must not be there"},
    {"runpath", failure::file, "RUNPATH was `/tmp/posterior-somewhere`, must not be there"},
    {"exec_stack", failure::file, "must be linked with -z noexecstack"},
    {"other_note", failure::file, "the note's id was `org.example.somebody`"},
};

// Those that try what is denied without harm to them, or do what harms themselves only; they answer 1.
inline const std::vector<std::string> contained = {"none",
                                                   "prints",
                                                   "leaves_thread",
                                                   "changes_environment",
                                                   "reads_secret",
                                                   "lists_folder",
                                                   "writes_file",
                                                   "appends_to_secret",
                                                   "truncates_secret",
                                                   "removes_secret",
                                                   "makes_folder",
                                                   "makes_link",
                                                   "opens_socket",
                                                   "makes_socket_pair",
                                                   "connects_by_name",
                                                   "forks",
                                                   "clones_process",
                                                   "clones_anew",
                                                   "spawns",
                                                   "looks_for_parent",
                                                   "limits_parent",
                                                   "raises_limits",
                                                   "owns_signals",
                                                   "makes_memory_file",
                                                   "changes_directory",
                                                   "changes_umask",
                                                   "becomes_dumpable",
                                                   "has_descriptors",
                                                   "constructor_reads_secret",
                                                   "constructor_writes_file",
                                                   "constructor_opens_socket",
                                                   "constructor_forks"};

} // namespace posterior::host_tests
