#include "engine/cli/command.hpp"

namespace posterior::cli {

std::vector<command> all_commands() {
  // clang-format off
  return {
      assess_command(),
      why_command(),
      why_not_command(),
      next_command(),
      compare_command(),
      whatif_command(),
      sensitivity_command(),
      case_check_command(),
      case_new_command(),
      kb_search_command(),
      kb_show_command(),
      kb_list_command(),
      kb_graph_command(),
      kb_claims_command(),
      kb_sources_command(),
      kb_tensions_command(),
      kb_overlaps_command(),
      kb_log_command(),
      kb_diff_command(),
      kb_verify_command(),
      kb_check_command(),
      kb_test_command(),
      kb_export_command(),
      kb_import_command(),
      plugin_list_command(),
      plugin_info_command(),
      plugin_install_command(),
      plugin_remove_command(),
      plugin_enable_command(),
      plugin_disable_command(),
      plugin_trust_command(),
      plugin_pack_command(),
      plugin_key_command(),
      plugin_reload_command(),
      daemon_status_command(),
      daemon_reload_command(),
      daemon_stop_command(),
      plugin_new_command(),
      plugin_check_command(),
      debug_infer_command(),
      debug_network_command(),
      debug_evidence_command(),
      debug_timings_command(),
      backup_command(),
      restore_command(),
      doctor_command(),
      help_command(),
      version_command(),
  };
  // clang-format on
}

} // namespace posterior::cli
