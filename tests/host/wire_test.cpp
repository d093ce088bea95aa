#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <limits>
#include <random>

#include "engine/wire/frames.hpp"

using namespace posterior;

namespace {

wire::observation slump(std::string_view finding, std::uint32_t side) {
  return {finding, 1, side, 0, 0.9, 0xFFFFFFFFu, 20'000};
}

wire::bytes sample_load() {
  return *wire::encode(wire::load_order{"/opt/p/detector.so", "org.example.p", "0.1.0", "org.example.p", "",
                                        256, 100, wire::confinement_full});
}
wire::bytes sample_evaluate() {
  return wire::encode_evaluate(7, 250, {slump("slump", 1), slump("slump", 2), slump("slr-passive", 1)})
      ->front();
}
wire::bytes sample_findings() {
  wire::findings_part all{7, wire::outcome::done, 0, "some-key", true, {}};
  all.findings.push_back({"slr-difference", "difference-large", 3, 1, -4.5, 1, 0xFFFFFFFFu});
  all.findings.push_back({"neural-sign", "difference-large", 1, 2, 0, 0.8, 0xFFFFFFFFu});
  return wire::encode_findings(all)->front();
}

struct sample {
  const char* name;
  wire::bytes frame;
};
std::vector<sample> samples() {
  return {{"load", sample_load()},
          {"loaded", wire::encode_loaded()},
          {"hello", wire::encode(wire::greeting{wire::protocol, 0, 7})},
          {"ready", wire::encode_ready()},
          {"refused", wire::encode(wire::refusal{wire::refusal_step::symbol, "no symbol"})},
          {"evaluate", sample_evaluate()},
          {"findings", sample_findings()}};
}

// Decodes as every type and touches every byte that a decoded value points to, so that a sanitizer sees a bad
// pointer.
std::size_t decode_all(wire::byte_view frame) {
  std::size_t touched = 0;
  auto touch = [&](std::string_view text) {
    for (const char c : text)
      touched += static_cast<unsigned char>(c);
  };
  if (auto load = wire::decode_load(frame))
    for (const auto text :
         {load.value->library, load.value->plugin, load.value->version, load.value->class_id})
      touch(text);
  if (auto no = wire::decode_refused(frame))
    touch(no.value->reason);
  if (auto part = wire::decode_evaluate(frame))
    for (const auto& one : part.value->observations)
      touch(one.finding);
  if (auto part = wire::decode_findings(frame))
    for (const auto& one : part.value->findings) {
      touch(one.finding);
      touch(one.rule);
    }
  return touched + (wire::decode_hello(frame) ? 1 : 0);
}

bool decodes_as_itself(wire::byte_view frame) {
  const auto type = wire::type_of(frame);
  if (!type)
    return false;
  switch (*type.value) {
  case wire::frame_type::load:
    return wire::decode_load(frame).value.has_value();
  case wire::frame_type::loaded:
  case wire::frame_type::ready:
    return true;
  case wire::frame_type::hello:
    return wire::decode_hello(frame).value.has_value();
  case wire::frame_type::refused:
    return wire::decode_refused(frame).value.has_value();
  case wire::frame_type::evaluate:
    return wire::decode_evaluate(frame).value.has_value();
  case wire::frame_type::findings:
    return wire::decode_findings(frame).value.has_value();
  }
  return false;
}

void put_u32(wire::bytes& frame, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i)
    frame[at + i] = static_cast<std::byte>(value >> (8 * i));
}

} // namespace

TEST_CASE("every kind of frame reads back as it was written") {
  const auto load_frame = sample_load();
  const auto load = wire::decode_load(load_frame);
  REQUIRE(load);
  CHECK(load.value->library == "/opt/p/detector.so");
  CHECK(load.value->class_id == "org.example.p");
  CHECK(load.value->config.empty());
  CHECK(load.value->memory_mib == 256);
  CHECK(load.value->records == 100);

  const auto no_frame = wire::encode(wire::refusal{wire::refusal_step::init, "because"});
  const auto no = wire::decode_refused(no_frame);
  REQUIRE(no);
  CHECK(no.value->step == wire::refusal_step::init);
  CHECK(no.value->reason == "because");

  const auto evaluate_frame = sample_evaluate();
  const auto part = wire::decode_evaluate(evaluate_frame);
  REQUIRE(part);
  CHECK(part.value->request == 7);
  CHECK(part.value->deadline_ms == 250);
  CHECK(part.value->last);
  REQUIRE(part.value->observations.size() == 3);
  CHECK(part.value->observations[1].finding == "slump");
  CHECK(part.value->observations[1].side == 2);
  CHECK(part.value->observations[2].finding == "slr-passive");
  CHECK(part.value->observations[2].certainty == 0.9);
  CHECK(part.value->observations[2].day == 20'000);

  const auto findings_frame = sample_findings();
  const auto answer = wire::decode_findings(findings_frame);
  REQUIRE(answer);
  CHECK(answer.value->error_key == "some-key");
  REQUIRE(answer.value->findings.size() == 2);
  CHECK(answer.value->findings[0].value == -4.5);
  CHECK(answer.value->findings[1].rule == "difference-large");
}

TEST_CASE("an answer without findings is one last frame") {
  const auto frames = wire::encode_findings({3, wire::outcome::detector_failed, -1, "", false, {}});
  REQUIRE(frames);
  REQUIRE(frames->size() == 1);
  const auto part = wire::decode_findings(frames->front());
  REQUIRE(part);
  CHECK(part.value->last);
  CHECK(part.value->result == wire::outcome::detector_failed);
  CHECK(part.value->status == -1);
}

TEST_CASE("what does not fit into one frame is sent as several, and only the last says so") {
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i)
    names.push_back("a-finding-with-a-long-name-" + std::to_string(i));
  std::vector<wire::observation> all;
  for (const auto& name : names)
    all.push_back(slump(name, 1));
  const auto frames = wire::encode_evaluate(9, 1, all);
  REQUIRE(frames);
  REQUIRE(frames->size() > 2);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < frames->size(); ++i) {
    CHECK((*frames)[i].size() <= wire::frame_bytes_max);
    const auto part = wire::decode_evaluate((*frames)[i]);
    REQUIRE(part);
    CHECK(part.value->last == (i + 1 == frames->size()));
    for (const auto& one : part.value->observations)
      CHECK(one.finding == names[seen++]);
  }
  CHECK(seen == names.size());
}

TEST_CASE("an encoder refuses what a decoder would not take") {
  const std::string long_id(wire::id_bytes_max + 1, 'a');
  CHECK_FALSE(wire::encode_evaluate(1, 1, {slump(long_id, 1)}));
  CHECK_FALSE(
      wire::encode_evaluate(1, 1, std::vector<wire::observation>(wire::records_max + 1, slump("a", 1))));
  CHECK_FALSE(
      wire::encode(wire::load_order{std::string(wire::text_bytes_max + 1, 'a'), "", "", "", "", 1, 1, 0}));
  const auto cut = wire::encode(wire::refusal{wire::refusal_step::open, std::string(9999, 'x')});
  CHECK(wire::decode_refused(cut).value->reason.size() == wire::text_bytes_max);
}

TEST_CASE("no frame that was cut short is taken") {
  for (const auto& [name, frame] : samples()) {
    CAPTURE(name);
    REQUIRE(decodes_as_itself(frame));
    for (std::size_t length = 0; length < frame.size(); ++length) {
      wire::bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length));
      CAPTURE(length);
      CHECK_FALSE(decodes_as_itself(cut));
      if (length >= 24) { // also when the head claims the shorter length
        put_u32(cut, 8, static_cast<std::uint32_t>(length));
        decode_all(cut);
      }
    }
  }
}

TEST_CASE("each field of a frame is checked, and the fault is named") {
  auto frame = sample_evaluate();
  SECTION("magic") {
    put_u32(frame, 0, 1);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"the frame does not begin as one"});
  }
  SECTION("type") {
    frame[4] = std::byte{77};
    CHECK(wire::decode_evaluate(frame).fault == std::string{"the frame is of an unknown type"});
  }
  SECTION("another type") {
    CHECK(wire::decode_findings(frame).fault == std::string{"the frame is of another type"});
  }
  SECTION("flags") {
    frame[6] = std::byte{0xFF};
    CHECK(wire::decode_evaluate(frame).fault == std::string{"an unknown flag is set"});
  }
  SECTION("length") {
    put_u32(frame, 8, 0xFFFFFFFFu);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"the frame has another length than it says"});
  }
  SECTION("count") {
    put_u32(frame, 16, 0xFFFFFFFFu);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"there are more entries than allowed"});
  }
  SECTION("a count that the entries do not have") {
    put_u32(frame, 16, 4);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"the text does not begin behind the entries"});
  }
  SECTION("text offset before the text") {
    put_u32(frame, 28, 0);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"a text lies outside the frame's text"});
  }
  SECTION("text length past the end") {
    put_u32(frame, 32, 0xFFFFFFFFu);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"a text lies outside the frame's text"});
  }
  SECTION("state") {
    put_u32(frame, 36, 5);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"a state is unknown"});
  }
  SECTION("side") {
    put_u32(frame, 40, 3);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"a side is unknown"});
  }
  SECTION("reserved") {
    put_u32(frame, 64, 1);
    CHECK(wire::decode_evaluate(frame).fault == std::string{"a reserved field is not 0"});
  }
}

TEST_CASE("a worker of another build is refused") {
  const auto frame = wire::encode(wire::greeting{wire::protocol + 1, 0, 0});
  CHECK(wire::decode_hello(frame).fault == std::string{"the worker is of another build"});
}

TEST_CASE("mutated frames never crash a decoder, and never give more than they hold") {
  std::mt19937 random{20'261'121};
  const auto all = samples();
  std::size_t taken = 0;
  for (int round = 0; round < 60'000; ++round) {
    wire::bytes frame = all[random() % all.size()].frame;
    for (unsigned n = 1 + random() % 4; n > 0; --n)
      frame[random() % frame.size()] = static_cast<std::byte>(random());
    if (random() % 4 == 0) {
      frame.resize(random() % (frame.size() + 40));
      if (frame.size() >= 24)
        put_u32(frame, 8, static_cast<std::uint32_t>(frame.size()));
    }
    taken += decode_all(frame) > 0 ? 1 : 0;
  }
  CHECK(taken > 1'000); // otherwise the mutations only ever hit the head
}
