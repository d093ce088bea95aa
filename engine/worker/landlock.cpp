#include "engine/worker/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace posterior::worker {
namespace {

// The headers of Debian 12 know the first version of the interface only; the rest is of
// linux/landlock.h 6.12.
struct ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scopes = 0;
};

constexpr std::uint64_t all_of_abi_1 = (std::uint64_t{LANDLOCK_ACCESS_FS_MAKE_SYM} << 1) - 1;
constexpr std::uint64_t files_refer = 1U << 13;        // 2: move to another folder
constexpr std::uint64_t files_truncate = 1U << 14;     // 3
constexpr std::uint64_t files_ioctl_device = 1U << 15; // 5
constexpr std::uint64_t network_tcp = 1U | 1U << 1;    // 4: bind, connect
constexpr std::uint64_t scopes_both = 1U | 1U << 1;    // 6: abstract sockets, signals

struct readable {
  const char* path;
  std::uint64_t rights;
};
constexpr std::uint64_t content = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr readable libraries[] = {
    {"/etc/ld.so.cache", content},
    {"/lib", content},
    {"/lib64", content},
    {"/usr/lib", content},
    {"/usr/lib64", content},
    {"/usr/local/lib", content},
    {"/usr/lib/locale", content | LANDLOCK_ACCESS_FS_READ_DIR}, // setlocale() opens a folder of it
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    {"/proc/self", content}, // a sanitizer reads its maps when it reports and when it starts a thread
#endif
};

ruleset rules_of(int abi) {
  ruleset all{all_of_abi_1, 0, 0};
  if (abi >= 2)
    all.files |= files_refer;
  if (abi >= 3)
    all.files |= files_truncate;
  if (abi >= 4)
    all.network = network_tcp;
  if (abi >= 5)
    all.files |= files_ioctl_device;
  if (abi >= 6)
    all.scopes = scopes_both;
  return all;
}

// The kernel refuses a size that holds fields it does not know.
std::size_t size_of(int abi) {
  return abi >= 6 ? sizeof(ruleset) : abi >= 4 ? offsetof(ruleset, scopes) : offsetof(ruleset, network);
}

// A path that is not there needs no rule.
bool let_read(int rules, const readable& one) {
  const int file = open(one.path, O_PATH | O_CLOEXEC);
  if (file < 0)
    return true;
  landlock_path_beneath_attr beneath{};
  beneath.allowed_access = one.rights;
  beneath.parent_fd = file;
  const bool added = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
  close(file);
  return added;
}

bool add_rules(int rules) {
  for (const readable& one : libraries)
    if (!let_read(rules, one))
      return false;
  return true;
}

} // namespace

bool restrict_files(int abi) {
  if (abi < 1)
    return false;
  const ruleset all = rules_of(abi);
  const auto rules = static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, size_of(abi), 0));
  if (rules < 0)
    return false;
  const bool holds = add_rules(rules) && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  close(rules);
  return holds;
}

} // namespace posterior::worker
