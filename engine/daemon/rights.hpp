// What the other end of a connection may do, by who the kernel says it is. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace posterior::daemon {

enum class rights : std::uint8_t { none, ask, administer };

struct peer {
  uid_t user = static_cast<uid_t>(-1);
  std::vector<gid_t> groups; // first and supplementary
};

// Nothing if the kernel does not say.
std::optional<peer> peer_of(int connected_socket);

struct door {
  uid_t service_user = 0;
  gid_t socket_group = 0;           // may ask
  std::optional<gid_t> admin_group; // posterior-admin, where there is such a group
  bool group_may_ask = false;       // the socket's mode lets its group in
};

// Administer: root, the service's user, members of posterior-admin. Ask: members of the socket's group.
rights rights_of(const peer& who, const door& at);

} // namespace posterior::daemon
