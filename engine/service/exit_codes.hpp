// How commands end (kept for good).
#pragma once

namespace posterior::service::exit_code {

inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int in_part = 3;
inline constexpr int case_refused = 4;
inline constexpr int no_daemon = 10;
inline constexpr int no_knowledge = 11;
inline constexpr int check_faults = 12;
inline constexpr int red_flag = 20;
inline constexpr int interrupted = 130;

} // namespace posterior::service::exit_code
