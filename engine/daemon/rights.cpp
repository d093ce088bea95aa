#include "engine/daemon/rights.hpp"

#include <algorithm>

#include <sys/socket.h>

namespace posterior::daemon {
namespace {

std::vector<gid_t> supplementary(int fd) {
  std::vector<gid_t> groups(64);
  for (;;) {
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
      groups.resize(size / sizeof(gid_t));
      return groups;
    }
    if (size <= groups.size() * sizeof(gid_t))
      return {};
    groups.resize(size / sizeof(gid_t));
  }
}

bool member(const peer& who, gid_t group) {
  return std::find(who.groups.begin(), who.groups.end(), group) != who.groups.end();
}

} // namespace

std::optional<peer> peer_of(int fd) {
  ucred kernel_says{};
  socklen_t size = sizeof kernel_says;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &kernel_says, &size) != 0)
    return std::nullopt;
  peer who{kernel_says.uid, supplementary(fd)};
  who.groups.insert(who.groups.begin(), kernel_says.gid);
  return who;
}

rights rights_of(const peer& who, const door& at) {
  if (who.user == 0 || who.user == at.service_user)
    return rights::administer;
  if (at.admin_group && member(who, *at.admin_group))
    return rights::administer;
  return at.group_may_ask && member(who, at.socket_group) ? rights::ask : rights::none;
}

} // namespace posterior::daemon
