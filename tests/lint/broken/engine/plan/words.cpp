// TODO: more
// a Stub, good enough for now
// FixMe, xxx
void stop() { std::exit(1); std::abort(); }
// stubborn XXXX todos are other words
