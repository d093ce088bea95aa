// Layout of the head, 24 bytes:
//   0 magic u32 · 4 type u16 · 6 flags u16 · 8 bytes u32 · 12 request u32 · 16 count u32 · 20 text u32
// `text` is where the text area begins: right behind head, fixed fields and entries. Every text must lie in
// it. Tests: tests/host/wire_test.cpp.
#include "engine/wire/frames.hpp"

#include <algorithm>

namespace posterior::wire {
namespace {

constexpr std::uint32_t magic = 0x31575350; // "PSW1"
constexpr std::size_t head_bytes = 24;
constexpr std::uint16_t flag_last = 1;
constexpr std::size_t load_bytes = 5 * 8 + 3 * 4;
constexpr std::size_t hello_bytes = 3 * 4;
constexpr std::size_t refused_bytes = 4 + 8;
constexpr std::size_t evaluate_bytes = 4;
constexpr std::size_t findings_bytes = 4 + 4 + 8;
constexpr std::size_t entry_bytes = 48; // of an observation and of a finding
constexpr std::size_t expected_text_bytes = 512;

// --- writing ----------------------------------------------------------------

struct head {
  frame_type type = frame_type::load;
  std::uint32_t request = 0;
  std::uint32_t count = 0;
  std::size_t fixed_bytes = 0; // between head and text
  bool last = true;
};

// Builds one frame: numbers go to `fields`, texts to the area behind them.
class frame_writer {
public:
  explicit frame_writer(const head& of)
      : fields(head_bytes + of.fixed_bytes + expected_text_bytes)
      , text_begin_{head_bytes + of.fixed_bytes} {
    fields.u32(magic);
    fields.u16(static_cast<std::uint16_t>(of.type));
    fields.u16(of.last ? flag_last : 0);
    fields.u32(0); // the length, once it is known
    fields.u32(of.request);
    fields.u32(of.count);
    fields.u32(static_cast<std::uint32_t>(text_begin_));
  }

  writer fields;

  // Adds a text. The one before is pointed to again if it is the same: observations of a finding follow each
  // other.
  void text(std::string_view value) {
    if (value != before_) {
      before_at_ = text_.size();
      before_ = value;
      text_.text(value);
    }
    fields.u32(static_cast<std::uint32_t>(text_begin_ + before_at_));
    fields.u32(static_cast<std::uint32_t>(value.size()));
  }

  bytes finish() && {
    fields.text(text_.written());
    fields.patch_u32(8, static_cast<std::uint32_t>(fields.size()));
    return std::move(fields).take();
  }

private:
  writer text_;
  std::size_t text_begin_;
  std::size_t before_at_ = 0;
  std::string_view before_;
};

std::size_t text_bytes(const observation& one) {
  return one.finding.size();
}
std::size_t text_bytes(const finding& one) {
  return one.finding.size() + one.rule.size();
}
bool fits(const observation& one) {
  return one.finding.size() <= id_bytes_max;
}
bool fits(const finding& one) {
  return one.finding.size() <= id_bytes_max && one.rule.size() <= id_bytes_max;
}

// How many entries from `begin` on fit into one frame, at least one.
template <class Entry>
std::size_t entries_of_frame(const std::vector<Entry>& all, std::size_t begin, std::size_t used) {
  std::size_t end = begin;
  while (end < all.size() && used + entry_bytes + text_bytes(all[end]) <= frame_bytes_max) {
    used += entry_bytes + text_bytes(all[end]);
    ++end;
  }
  return end - begin;
}

// Splits entries over frames. `write_fixed` writes what stands before the entries of each frame.
template <class Entry, class WriteFixed, class WriteEntry>
std::optional<std::vector<bytes>> encode_entries(frame_type type, std::uint32_t request, std::size_t fixed,
                                                 std::size_t fixed_text, const std::vector<Entry>& all,
                                                 WriteFixed write_fixed, WriteEntry write_entry) {
  if (all.size() > records_max ||
      !std::all_of(all.begin(), all.end(), [](const Entry& e) { return fits(e); }))
    return std::nullopt;
  std::vector<bytes> frames;
  std::size_t begin = 0;
  do {
    const std::size_t count = entries_of_frame(all, begin, head_bytes + fixed + fixed_text);
    frame_writer out{{type, request, static_cast<std::uint32_t>(count), fixed + count * entry_bytes,
                      begin + count == all.size()}};
    write_fixed(out);
    for (std::size_t i = begin; i < begin + count; ++i)
      write_entry(out, all[i]);
    frames.push_back(std::move(out).finish());
    begin += count;
  } while (begin < all.size());
  return frames;
}

void write(frame_writer& out, const observation& one) {
  out.text(one.finding);
  out.fields.u32(one.state);
  out.fields.u32(one.side);
  out.fields.f64(one.value);
  out.fields.f64(one.certainty);
  out.fields.u32(one.level);
  out.fields.u32(0);
  out.fields.i64(one.day);
}

void write(frame_writer& out, const finding& one) {
  out.text(one.finding);
  out.text(one.rule);
  out.fields.u32(one.state);
  out.fields.u32(one.side);
  out.fields.f64(one.value);
  out.fields.f64(one.certainty);
  out.fields.u32(one.level);
  out.fields.u32(0);
}

// --- reading ----------------------------------------------------------------

// Reads one frame whose head was found sound. A fault stays; the first one is kept.
class frame_reader {
public:
  // `fixed` counts the bytes between head and entries, `entry` those of one entry.
  frame_reader(byte_view frame, frame_type wanted, std::size_t fixed, std::size_t entry)
      : fields{frame.size() < head_bytes ? byte_view{} : frame}
      , frame_{frame} {
    const decoded<frame_type> type = type_of(frame);
    if (!type)
      fail(type.fault);
    else if (*type.value != wanted)
      fail("the frame is of another type");
    else
      read_head(fixed, entry);
  }

  reader fields;
  std::uint32_t request = 0;
  std::uint32_t count = 0;
  bool last = false;

  std::string_view text(std::size_t bytes_max) {
    const std::size_t at = fields.u32();
    const std::size_t length = fields.u32();
    if (!fields.ok() || at < text_begin_ || at > frame_.size() || length > frame_.size() - at) {
      fail("a text lies outside the frame's text");
      return {};
    }
    if (length > bytes_max) {
      fail("a text is longer than allowed");
      return {};
    }
    return {reinterpret_cast<const char*>(frame_.data()) + at, length};
  }
  void zero(std::uint32_t value) {
    if (value != 0)
      fail("a reserved field is not 0");
  }
  void at_most(std::uint32_t value, std::uint32_t most, const char* fault) {
    if (value > most)
      fail(fault);
  }
  void fail(const char* fault) {
    if (fault_ == nullptr)
      fault_ = fault;
  }
  bool ok() const noexcept { return fault_ == nullptr; }

  template <class Value>
  decoded<Value> give(Value value) const {
    if (!ok())
      return {std::nullopt, fault_};
    if (!fields.ok())
      return {std::nullopt, "the frame ends too early"};
    return {std::move(value), nullptr};
  }

private:
  void read_head(std::size_t fixed, std::size_t entry) {
    fields.u32();
    fields.u16();
    const std::uint16_t flags = fields.u16();
    fields.u32();
    request = fields.u32();
    count = fields.u32();
    text_begin_ = fields.u32();
    last = (flags & flag_last) != 0;
    if ((flags & ~flag_last) != 0)
      fail("an unknown flag is set");
    if (count > records_max || (entry == 0 && count != 0))
      return fail("there are more entries than allowed");
    if (text_begin_ != head_bytes + fixed + count * entry || text_begin_ > frame_.size())
      fail("the text does not begin behind the entries");
  }

  byte_view frame_;
  std::size_t text_begin_ = 0;
  const char* fault_ = nullptr;
};

observation read_observation(frame_reader& in) {
  observation one;
  one.finding = in.text(id_bytes_max);
  one.state = in.fields.u32();
  one.side = in.fields.u32();
  one.value = in.fields.f64();
  one.certainty = in.fields.f64();
  one.level = in.fields.u32();
  in.zero(in.fields.u32());
  one.day = in.fields.i64();
  in.at_most(one.state, 4, "a state is unknown");
  in.at_most(one.side, 2, "a side is unknown");
  return one;
}

finding read_finding(frame_reader& in) {
  finding one;
  one.finding = in.text(id_bytes_max);
  one.rule = in.text(id_bytes_max);
  one.state = in.fields.u32();
  one.side = in.fields.u32();
  one.value = in.fields.f64();
  one.certainty = in.fields.f64();
  one.level = in.fields.u32();
  in.zero(in.fields.u32());
  return one;
}

} // namespace

decoded<frame_type> type_of(byte_view frame) {
  reader in{frame};
  const std::uint32_t mark = in.u32();
  const std::uint16_t type = in.u16();
  in.u16();
  const std::uint32_t length = in.u32();
  if (!in.ok() || frame.size() < head_bytes)
    return {std::nullopt, "the frame is shorter than its head"};
  if (mark != magic)
    return {std::nullopt, "the frame does not begin as one"};
  if (length != frame.size() || frame.size() > frame_bytes_max)
    return {std::nullopt, "the frame has another length than it says"};
  if (type < static_cast<std::uint16_t>(frame_type::load) ||
      type > static_cast<std::uint16_t>(frame_type::findings))
    return {std::nullopt, "the frame is of an unknown type"};
  return {static_cast<frame_type>(type), nullptr};
}

std::optional<bytes> encode(const load_order& order) {
  for (const std::string_view text :
       {order.library, order.plugin, order.version, order.class_id, order.config})
    if (text.size() > text_bytes_max)
      return std::nullopt;
  frame_writer out{{frame_type::load, 0, 0, load_bytes}};
  for (const std::string_view text :
       {order.library, order.plugin, order.version, order.class_id, order.config})
    out.text(text);
  out.fields.u32(order.memory_mib);
  out.fields.u32(order.records);
  out.fields.u32(order.required);
  return std::move(out).finish();
}

bytes encode_loaded() {
  return frame_writer{{frame_type::loaded, 0, 0, 0}}.finish();
}

bytes encode_ready() {
  return frame_writer{{frame_type::ready, 0, 0, 0}}.finish();
}

bytes encode(const greeting& hello) {
  frame_writer out{{frame_type::hello, 0, 0, hello_bytes}};
  out.fields.u32(hello.protocol);
  out.fields.u32(hello.abi_minor);
  out.fields.u32(hello.confinement);
  return std::move(out).finish();
}

bytes encode(const refusal& no) {
  frame_writer out{{frame_type::refused, 0, 0, refused_bytes}};
  out.fields.u32(static_cast<std::uint32_t>(no.step));
  out.text(no.reason.substr(0, text_bytes_max));
  return std::move(out).finish();
}

std::optional<std::vector<bytes>> encode_evaluate(std::uint32_t request, std::uint32_t deadline_ms,
                                                  const std::vector<observation>& observations) {
  return encode_entries(
      frame_type::evaluate, request, evaluate_bytes, 0, observations,
      [&](frame_writer& out) { out.fields.u32(deadline_ms); },
      [](frame_writer& out, const observation& one) { write(out, one); });
}

std::optional<std::vector<bytes>> encode_findings(const findings_part& all) {
  if (all.error_key.size() > id_bytes_max)
    return std::nullopt;
  return encode_entries(
      frame_type::findings, all.request, findings_bytes, all.error_key.size(), all.findings,
      [&](frame_writer& out) {
        out.fields.u32(static_cast<std::uint32_t>(all.result));
        out.fields.i32(all.status);
        out.text(all.error_key);
      },
      [](frame_writer& out, const finding& one) { write(out, one); });
}

decoded<load_order> decode_load(byte_view frame) {
  frame_reader in{frame, frame_type::load, load_bytes, 0};
  load_order order;
  for (std::string_view* text :
       {&order.library, &order.plugin, &order.version, &order.class_id, &order.config})
    *text = in.text(text_bytes_max);
  order.memory_mib = in.fields.u32();
  order.records = in.fields.u32();
  order.required = in.fields.u32();
  in.at_most(order.records, records_max, "there are more records than allowed");
  return in.give(order);
}

decoded<greeting> decode_hello(byte_view frame) {
  frame_reader in{frame, frame_type::hello, hello_bytes, 0};
  greeting hello;
  hello.protocol = in.fields.u32();
  hello.abi_minor = in.fields.u32();
  hello.confinement = in.fields.u32();
  if (hello.protocol != protocol)
    in.fail("the worker is of another build");
  return in.give(hello);
}

decoded<refusal> decode_refused(byte_view frame) {
  frame_reader in{frame, frame_type::refused, refused_bytes, 0};
  const std::uint32_t step = in.fields.u32();
  const std::string_view reason = in.text(text_bytes_max);
  in.at_most(step, refusal_step_last, "the step is unknown");
  if (step == 0)
    in.fail("the step is unknown");
  return in.give(refusal{static_cast<refusal_step>(step), reason});
}

decoded<evaluate_part> decode_evaluate(byte_view frame) {
  frame_reader in{frame, frame_type::evaluate, evaluate_bytes, entry_bytes};
  evaluate_part part;
  part.request = in.request;
  part.last = in.last;
  part.deadline_ms = in.fields.u32();
  for (std::uint32_t i = 0; i < in.count && in.ok(); ++i)
    part.observations.push_back(read_observation(in));
  return in.give(std::move(part));
}

decoded<findings_part> decode_findings(byte_view frame) {
  frame_reader in{frame, frame_type::findings, findings_bytes, entry_bytes};
  findings_part part;
  part.request = in.request;
  part.last = in.last;
  const std::uint32_t result = in.fields.u32();
  in.at_most(result, outcome_last, "the outcome is unknown");
  part.result = static_cast<outcome>(result);
  part.status = in.fields.i32();
  part.error_key = in.text(id_bytes_max);
  for (std::uint32_t i = 0; i < in.count && in.ok(); ++i)
    part.findings.push_back(read_finding(in));
  return in.give(std::move(part));
}

} // namespace posterior::wire
