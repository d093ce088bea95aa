#include "engine/service/local/exchange.hpp"

#include <algorithm>

#include "engine/service/local/overlay_text.hpp"
#include "engine/service/local/parcel.hpp"
#include "engine/service/local/plugin_home.hpp"
#include "engine/service/local/swap.hpp"
#include "engine/service/version.hpp"
#include "engine/trust/archive.hpp"
#include "engine/trust/layout.hpp"
#include "kb/canonical.hpp"
#include "kb/catalogue.hpp"
#include "kb/merge.hpp"
#include "kb/overlay_files.hpp"
#include "kb/places.hpp"
#include "kb/values/digest.hpp"

namespace posterior::service {
namespace {

constexpr const char* texts_name = "statements.jsonl";

diagnostic problem(std::string text, std::string hint = {}) {
  return {severity::error, "exchange", {}, std::move(text), std::move(hint)};
}

std::string statement_texts(const kb::snapshot& k) {
  std::string out;
  for (const kb::canonical_line& l : kb::canonical_lines(k.all, k.words))
    if (kb::reasons(l.kind))
      out += l.text + "\n";
  return out;
}

// A suspension is what one clinic answers for with its own patients, so it does not travel.
std::string without_suspensions(std::string overlay, const std::string& name,
                                std::vector<std::string>& notes) {
  const kb::overlay_document said = kb::read_overlay(overlay, name);
  for (auto e = said.entries.rbegin(); e != said.entries.rend(); ++e)
    if (e->deed == kb::overlay_deed::suspend) {
      overlay = without_entry(overlay, *e);
      notes.push_back("the suspension of " + e->statement +
                      " by the clinic that exported this is left out: " +
                      "`posterior kb suspend` says it here, with a name of this clinic");
    }
  return overlay;
}

// --- exporting --------------------------------------------------------------------

bool is_table(std::string_view line, std::string_view name) {
  return line.starts_with("[" + std::string(name) + "]") || line.starts_with("[" + std::string(name) + ".");
}

// A manifest without the tables of its code; the entries of its files are written anew.
std::string without_code(const std::string& manifest) {
  std::string out;
  bool skip = false;
  for (std::size_t at = 0; at < manifest.size();) {
    const std::size_t end = std::min(manifest.find('\n', at), manifest.size() - 1);
    const std::string_view line = std::string_view(manifest).substr(at, end + 1 - at);
    if (line.starts_with('['))
      skip = is_table(line, "detector") || is_table(line, "limits");
    if (!skip)
      out += line;
    at = end + 1;
  }
  return out;
}

class exporter {
public:
  exporter(trust::disk& d, const kb::snapshot& knowledge, const std::string& home, export_outcome& out)
      : disk_(d)
      , knowledge_(knowledge)
      , home_(home)
      , out_(out) {}

  void run() {
    what_.schema = export_schema;
    what_.program = engine_version();
    what_.knowledge = out_.digest = knowledge_.digest;
    what_.files.push_back({texts_name, statement_texts(knowledge_), 0644});
    for (const kb::plugin_entry& p : knowledge_.plugins)
      add(p);
    for (const std::string& name : kb::overlay_names(disk_, home_))
      if (auto overlay = disk_.read(home_ + "/" + name, kb::overlay_bytes_limit))
        what_.files.push_back({name, std::move(*overlay), 0644});
    if (!out_.problems.empty())
      return;
    out_.bundles = knowledge_.plugins.size();
    out_.bytes = write_parcel(std::move(what_));
  }

private:
  void add(const kb::plugin_entry& p) {
    std::string reason;
    auto files = trust::read_bundle(disk_, p.location, reason);
    if (files.empty())
      return out_.problems.push_back(
          problem(p.location + ": " + reason, "`posterior doctor` looks at the plugins"));
    if (trust::digest_of(files) != p.digest)
      return out_.problems.push_back(problem(
          fault("the bundle " + p.location, "changed since it was read", "what is in force"), "try again"));
    if (p.about.has_detector)
      take_code_away(p, files);
    const std::string folder =
        (p.origin == kb::bundle_origin::program ? "program/" : "home/") + p.about.id + "/";
    for (trust::archive_file& f : files)
      what_.files.push_back({folder + f.name, std::move(f.bytes), 0644});
  }

  void take_code_away(const kb::plugin_entry& p, std::vector<trust::archive_file>& files) {
    std::erase_if(files, [&](const trust::archive_file& f) {
      return f.name == p.about.detector_file || f.name == "plugin.sig";
    });
    for (trust::archive_file& f : files)
      if (f.name == "plugin.toml")
        f.bytes = trust::with_files(without_code(f.bytes), {});
  }

  trust::disk& disk_;
  const kb::snapshot& knowledge_;
  const std::string& home_;
  export_outcome& out_;
  parcel what_;
};

// --- importing --------------------------------------------------------------------

struct handed_bundle {
  std::string id;
  std::vector<trust::archive_file> files;
  bool pack = false;
  bool program = false;
};

class importer {
public:
  importer(trust::disk& d, const change_tools& tools, import_outcome& out)
      : disk_(d)
      , tools_(tools)
      , home_(tools.at.home.string())
      , out_(out) {}

  void run(std::string_view bytes, const std::string& name) {
    std::string why;
    auto what = read_parcel(bytes, name, export_schema, why);
    if (!what)
      return out_.problems.push_back(problem(why, "`posterior kb export FILE` writes one"));
    out_.digest = what->knowledge;
    if (!is_what_it_says(*what, name) || !sort_out(*what, name) || !merges_with_ours())
      return;
    const trust::lock held = lock_plugins(disk_, home_, out_.problems);
    if (held && !all_at_once(*what)) {
      drop_swap(disk_, home_);
      out_.bundles.clear();
      out_.notes.push_back(swap_decided(disk_, home_)
                               ? "the import is decided; the next command that opens this home completes it"
                               : "nothing was installed");
    }
  }

private:
  bool is_what_it_says(const parcel& what, const std::string& name) {
    const parcel_file* texts = find_file(what, texts_name);
    if (texts != nullptr && sha256_hex(texts->bytes) == what.knowledge)
      return true;
    out_.problems.push_back(problem(
        fault("the knowledge in " + name, "with another digest than its statements", "as it was exported")));
    return false;
  }

  bool sort_out(const parcel& what, const std::string& name) {
    for (const parcel_file& f : what.files) {
      if (f.path == texts_name || kb::is_overlay_name(f.path))
        continue;
      const bool program = f.path.starts_with("program/"), home = f.path.starts_with("home/");
      const std::size_t id = f.path.find('/') + 1, inner = f.path.find('/', id);
      if ((!program && !home) || inner == std::string::npos) {
        out_.problems.push_back(
            problem(fault("the name \"" + f.path + "\" in " + name, "unknown", "one that an export holds")));
        return false;
      }
      add({f.path.substr(id, inner - id), {{f.path.substr(inner + 1), f.bytes}}, false, program});
    }
    return true;
  }

  void add(handed_bundle one) {
    if (bundles_.empty() || bundles_.back().id != one.id || bundles_.back().program != one.program) {
      one.pack = one.files.front().name.ends_with(".pack.toml");
      bundles_.push_back(std::move(one));
    } else {
      bundles_.back().files.push_back(std::move(one.files.front()));
    }
  }

  // --- before anything changes --------------------------------------------------------

  bool merges_with_ours() {
    const std::string made = home_ + "/.import-" + disk_.fresh_word();
    const bool good = !disk_error(made, write_all(home_, made)) && judge(made);
    trust::remove_tree(disk_, made);
    return good;
  }

  bool disk_error(const std::string& path, int error) {
    if (error != 0)
      out_.problems.push_back(problem(path + ": " + fault("the folder", kb::error_text(error), "writable")));
    return error != 0;
  }

  int write_all(const std::string& home, const std::string& made) {
    int error = disk_.make_folder(home, 0700);
    error = error != 0 ? error : disk_.create_folder(made, 0700);
    for (const handed_bundle& b : bundles_) {
      if (b.program || error != 0)
        continue;
      const std::string folder = b.pack ? made : made + "/" + b.id;
      if (!b.pack)
        error = disk_.create_folder(folder, 0700);
      std::vector<trust::named_bytes> files;
      for (const trust::archive_file& f : b.files)
        files.push_back({b.pack ? b.id + ".pack.toml" : f.name, f.bytes});
      error = error != 0 ? error : trust::create_tree(disk_, folder, files, 0644, 0755);
    }
    return error;
  }

  bool judge(const std::string& made) {
    auto places = kb::search_places(tools_.at.variables, tools_.at.home.string(), tools_.at.prefix.string());
    std::erase_if(places, [](const auto& p) { return p.origin == kb::bundle_origin::path_variable; });
    places.insert(places.begin(), {made, kb::bundle_origin::home});
    diagnostics of_places;
    kb::merge_result merged = kb::merge(kb::discover(disk_, places, of_places));
    for (const kb::bundle& b : merged.bundles) {
      if (b.origin == kb::bundle_origin::program)
        compare_program(b);
      if (!b.location.starts_with(made + "/"))
        continue;
      if (b.about.has_detector)
        out_.problems.push_back(problem(
            fault("the bundle " + b.about.id, "one with code", "data alone: code is never exchanged")));
      for (diagnostic d : b.problems)
        if (d.level == severity::error) {
          d.where.file = b.about.id + d.where.file.substr(std::min(d.where.file.size(), b.location.size()));
          out_.problems.push_back(std::move(d));
        }
    }
    if (!merged.usable)
      out_.problems.push_back(
          problem("there is no sound core to install beside", "`posterior doctor` says why"));
    return out_.problems.empty();
  }

  // The program's own bundles are those of this program; what the export was made with is only compared.
  void compare_program(const kb::bundle& ours) {
    for (const handed_bundle& b : bundles_) {
      if (!b.program || b.id != ours.about.id || ours.shadowed)
        continue;
      const bool same = std::all_of(b.files.begin(), b.files.end(), [&](const trust::archive_file& f) {
        const auto here = disk_.read(ours.location + "/" + f.name, kb::bundle_bytes_limit);
        return f.name == "plugin.toml" || (here && *here == f.bytes);
      });
      out_.bundles.push_back({b.id, ours.about.version, same ? "bundled" : "differs"});
    }
  }

  // --- changing ---------------------------------------------------------------------------

  // Every bundle goes through the door of every plugin in a home of its own, where only earlier builds of the
  // same plugins are; what is there then is exchanged at once.
  bool all_at_once(const parcel& what) {
    if (disk_error(home_, complete_swap(disk_, home_)) || disk_error(home_, begin_swap(disk_, home_)) ||
        !bring_earlier())
      return false;
    for (const handed_bundle& b : bundles_)
      if (!b.program && !install(b))
        return false;
    if (!add_trust() || !add_overlay(what))
      return false;
    if (plan_.come.empty() && plan_.go.empty())
      return drop_swap(disk_, home_), true;
    return !disk_error(home_, decide_swap(disk_, home_, plan_)) &&
           !disk_error(home_, complete_swap(disk_, home_));
  }

  bool is_handed(const std::string& id) const {
    return std::any_of(bundles_.begin(), bundles_.end(),
                       [&](const handed_bundle& b) { return !b.program && b.id == id; });
  }

  bool bring_earlier() {
    diagnostics of_places;
    const std::string plugins = home_ + "/plugins", made = swap_folder(home_);
    if (disk_error(made, disk_.create_folder(made + "/plugins", 0700)))
      return false;
    for (const kb::bundle& b : kb::discover(disk_, {{plugins, kb::bundle_origin::home}}, of_places))
      if (!was_read(b) || (is_handed(b.about.id) && (!lies_in(plugins, b) || !copy(b, made + "/plugins"))))
        return false;
    const auto trust = disk_.read(home_ + "/trust.toml", kb::bundle_bytes_limit);
    return !trust || !disk_error(made, disk_.write(made + "/trust.toml", *trust, 0600));
  }

  // What cannot be read might be an earlier build of one of them.
  bool was_read(const kb::bundle& b) {
    if (b.digest.empty())
      out_.problems.push_back(problem(fault("the bundle " + b.location, "not readable", "readable"),
                                      "`posterior doctor` looks at the plugins"));
    return !b.digest.empty();
  }

  bool lies_in(const std::string& plugins, const kb::bundle& b) {
    const auto real = disk_.resolve(plugins);
    const std::string folder = b.location.substr(0, b.location.rfind('/'));
    if (folder == plugins || (real && folder == *real))
      return true;
    out_.problems.push_back(
        problem(fault("the plugin " + b.about.id, "there already, in " + b.location + " outside the home",
                      "in the home, or not there"),
                "remove the link in " + plugins + " that leads there"));
    return false;
  }

  bool copy(const kb::bundle& b, const std::string& to) {
    std::string reason;
    const auto files = trust::read_bundle(disk_, b.location, reason);
    if (files.empty()) {
      out_.problems.push_back(problem(b.location + ": " + reason, "`posterior doctor` looks at the plugins"));
      return false;
    }
    const std::string name = name_of(b.location);
    const bool pack = b.form == kb::bundle_form::pack_file;
    std::vector<trust::named_bytes> copied;
    for (const trust::archive_file& f : files)
      copied.push_back({pack ? name : f.name, f.bytes});
    earlier_.push_back({b.about.id, name});
    if (!pack && disk_error(to, disk_.create_folder(to + "/" + name, 0700)))
      return false;
    return !disk_error(to, trust::create_tree(disk_, pack ? to : to + "/" + name, copied, 0644, 0755));
  }

  static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

  bool install(const handed_bundle& b) {
    change_tools there = tools_;
    there.at.home = swap_folder(home_);
    there.plugin_path = false;
    there.disk = &disk_;
    change_request asked;
    asked.bytes = b.pack ? b.files.front().bytes : packed(b);
    const change_outcome done = change_plugins(there, asked);
    if (done.how != change_verdict::done) {
      out_.problems = done.problems;
      if (out_.problems.empty())
        out_.problems.push_back(problem("the bundle " + b.id + " could not be installed"));
      return false;
    }
    out_.bundles.push_back({done.plugin, done.version, done.change});
    const std::string name = name_of(done.location);
    bool same = false;
    for (const auto& [id, other] : earlier_)
      if (id == done.plugin && other == name)
        same = done.change == "unchanged";
      else if (id == done.plugin)
        plan_.go.push_back("plugins/" + other);
    if (!same)
      plan_.come.push_back("plugins/" + name);
    return true;
  }

  std::string packed(const handed_bundle& b) { return trust::write_archive({b.id, b.files}, b.id).bytes; }

  // Replacing a build takes back the word that was given for it.
  bool add_trust() {
    const auto here = disk_.read(home_ + "/trust.toml", kb::bundle_bytes_limit);
    const auto then = disk_.read(swap_folder(home_) + "/trust.toml", kb::bundle_bytes_limit);
    if (then && (!here || *here != *then))
      plan_.come.push_back("trust.toml");
    return true;
  }

  bool add_overlay(const parcel& what) {
    std::vector<parcel_file> theirs;
    for (const parcel_file& f : what.files)
      if (kb::is_overlay_name(f.path))
        theirs.push_back({f.path, without_suspensions(f.bytes, f.path, out_.notes), f.mode});
    bool own = false, same = true;
    for (const std::string& name : kb::overlay_names(disk_, home_))
      own = own || disk_.status(home_ + "/" + name);
    for (const parcel_file& f : theirs) {
      const auto here = disk_.read(home_ + "/" + f.path, kb::overlay_bytes_limit);
      same = same && here && *here == f.bytes;
    }
    if (same)
      return true;
    for (const parcel_file& f : theirs)
      if (!add_document(f.path + (own ? ".imported" : ""), f.bytes))
        return false;
    out_.notes.push_back(own ? "this clinic has an overlay of its own, which stays; the other one lies in " +
                                   home_ + "/" + theirs.front().path + ".imported"
                             : "the overlay of the clinic that exported this is in force here now: "
                               "`posterior kb overlay` lists it");
    return true;
  }

  bool add_document(const std::string& name, const std::string& bytes) {
    const std::string path = swap_folder(home_) + "/" + name;
    if (disk_error(home_, disk_.make_folder(path.substr(0, path.rfind('/')), 0700)) ||
        disk_error(home_, disk_.write(path, bytes, 0600)))
      return false;
    plan_.come.push_back(name);
    return true;
  }

  trust::disk& disk_;
  const change_tools& tools_;
  std::string home_;
  import_outcome& out_;
  std::vector<handed_bundle> bundles_;
  std::vector<std::pair<std::string, std::string>> earlier_; // id, and its name in plugins/
  swap_plan plan_;
};

} // namespace

export_outcome export_knowledge(trust::disk& d, const kb::snapshot& knowledge, const std::string& home) {
  export_outcome out;
  exporter(d, knowledge, home, out).run();
  return out;
}

import_outcome import_knowledge(trust::disk& d, const change_tools& tools, std::string_view bytes,
                                const std::string& name) {
  import_outcome out;
  importer(d, tools, out).run(bytes, name);
  return out;
}

} // namespace posterior::service
