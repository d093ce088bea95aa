// Cases and assessments taken apart, changed, and written again. Values; any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kb/values/document.hpp"

namespace posterior::determinism {

// The JSON text of a document; what was TOML becomes the same case in JSON.
std::string to_json(const node& document);

// Throws std::runtime_error for what cannot be read.
node read_toml(const std::string& text);
node read_json(const std::string& text);

// Of a table; nullptr if it has no such key.
node* member_of(node& table, std::string_view key);
// A table's key set to a text or a number, or taken out.
void set(node& table, std::string_view key, const std::string& text);
void set(node& table, std::string_view key, double number);
void erase(node& table, std::string_view key);

std::vector<node>& observations(node& one_case);

// An assessment's bytes with the number of the revision taken out, which counts what a home has seen.
std::string without_revision(std::string assessment);
// A TOML case with its [[observation]] blocks in the order that `order` gives them.
std::string reordered(const std::string& toml, const std::function<void(std::vector<std::string>&)>& order);

} // namespace posterior::determinism
