// A command as data: its words, arguments and options, and the function that runs it. The parser, `help`, the
// hints after mistakes and the completions all read this. Values; any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cli/context.hpp"

namespace posterior::cli {

struct argument_spec {
  std::string_view name; // "CASE"
  std::string_view help;
  bool required = true;
  bool many = false; // the last one only: any number of them
};

struct option_spec {
  std::string_view name;  // "--html"
  std::string_view value; // "FILE"; empty: a switch
  std::string_view help;
};

// What was given on the command line for one command.
struct arguments {
  std::vector<std::string> words;                          // in the order of the specs
  std::map<std::string, std::string, std::less<>> options; // "--html" to its value; a switch to "1"

  const std::string& word(std::size_t index) const { return words.at(index); }
  std::string option(std::string_view name) const {
    const auto it = options.find(name);
    return it == options.end() ? std::string() : it->second;
  }
};

struct command {
  std::string_view group; // "kb"; empty for a command of its own
  std::string_view name;
  std::string_view summary;
  std::vector<argument_spec> words;
  std::vector<option_spec> options;
  int (*run)(context&, const arguments&);
};

// One function per file.
command assess_command();
command next_command();
command whatif_command();
command sensitivity_command();
command why_not_command();
command why_command();
command compare_command();
command case_check_command();
command case_new_command();
command kb_search_command();
command kb_show_command();
command kb_list_command();
command kb_graph_command();
command kb_claims_command();
command kb_sources_command();
command kb_tensions_command();
command kb_overlaps_command();
command kb_log_command();
command kb_diff_command();
command kb_verify_command();
command kb_check_command();
command kb_test_command();
command kb_export_command();
command kb_import_command();
command kb_overlay_command();
command kb_drafts_command();
command kb_override_command();
command kb_disable_command();
command kb_suspend_command();
command kb_review_command();
command kb_reset_command();
command plugin_list_command();
command plugin_info_command();
command plugin_pack_command();
command plugin_key_command();
command plugin_install_command();
command plugin_remove_command();
command plugin_enable_command();
command plugin_disable_command();
command plugin_trust_command();
command plugin_reload_command();
command daemon_status_command();
command daemon_reload_command();
command daemon_stop_command();
command plugin_check_command();
command plugin_new_command();
command debug_infer_command();
command debug_network_command();
command debug_evidence_command();
command debug_timings_command();
command backup_command();
command restore_command();
command doctor_command();
command help_command();
command version_command();

// All of them, in the order in which help lists them.
std::vector<command> all_commands();

// "kb show".
std::string full_name(const command& c);

// The overview, or one command's page; at most 80 columns.
std::string help_text(const std::vector<command>& all);
std::string help_text(const command& c);

} // namespace posterior::cli
