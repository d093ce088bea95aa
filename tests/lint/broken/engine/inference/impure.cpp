#include <chrono>
#include <random>
std::random_device seed;
