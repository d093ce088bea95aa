// posterior-worker: the process that holds one detector's code, and nothing else of value. The host starts it
// with a socket as descriptor 3 and everything else closed or /dev/null; it answers until the socket closes.
#include "engine/worker/run.hpp"

int main() {
  return posterior::worker::run(posterior::wire::ask_kernel());
}
