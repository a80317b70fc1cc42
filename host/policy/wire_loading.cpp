// The frames of a policy's beginning, of its tests, and of plain lists.
#include "policy/wire.hpp"
#include "policy/wire_parts.hpp"

namespace berth::policy {

namespace {

void put_name(Packer& to, const std::string& text) { to.text(text); }
std::string take_name(Unpacker& from) { return from.text(); }

void put_hook(Packer& to, const Hook& hook) {
  to.number(static_cast<std::uint64_t>(hook.kind)).number(hook.every_ms).number(hook.line);
  put_all(to, hook.match, put_name);
}
Hook take_hook(Unpacker& from) {
  Hook hook;
  hook.kind = static_cast<HookKind>(from.number());
  hook.every_ms = from.number();
  hook.line = from.number();
  hook.match = take_all<std::string>(from, take_name);
  return hook;
}

void put_facts(Packer& to, const Facts& facts) {
  to.text(facts.failed).number(facts.tests);
  put_all(to, facts.hooks, put_hook);
  put_all(to, facts.needs, [](Packer& p, const Need& need) { p.text(need.operation).text(need.otherwise); });
}
Facts take_facts(Unpacker& from) {
  Facts facts;
  facts.failed = from.text();
  facts.tests = from.number();
  facts.hooks = take_all<Hook>(from, take_hook);
  facts.needs = take_all<Need>(from, [](Unpacker& u) {
    Need need;
    need.operation = u.text();
    need.otherwise = u.text();
    return need;
  });
  return facts;
}

}  // namespace

namespace {

std::string pack_as(FrameKind kind, const Loading& loading) {
  auto to = begun(kind);
  put_all(to, loading.sources,
          [](Packer& p, const Source& one) { p.text(one.name).text(one.text).text(one.settings).text(one.tests); });
  to.number(loading.memory);
  put_all(to, loading.kept, put_kept);
  return to.done();
}

}  // namespace

std::string pack(const Loading& loading) { return pack_as(FrameKind::load, loading); }
std::string pack_test(const Loading& loading) { return pack_as(FrameKind::test, loading); }

std::string pack_kept(const std::vector<Kept>& kept) {
  auto to = begun(FrameKind::keep);
  put_all(to, kept, put_kept);
  return to.done();
}

std::optional<std::vector<Kept>> unpack_kept(std::string_view frame) {
  return whole<std::vector<Kept>>(frame, [](Unpacker& from) { return take_all<Kept>(from, take_kept); });
}

std::optional<Loading> unpack_loading(std::string_view frame) {
  return whole<Loading>(frame, [](Unpacker& from) {
    Loading loading;
    loading.sources = take_all<Source>(from, [](Unpacker& u) {
      Source one;
      one.name = u.text();
      one.text = u.text();
      one.settings = u.text();
      one.tests = u.text();
      return one;
    });
    loading.memory = from.number();
    loading.kept = take_all<Kept>(from, take_kept);
    return loading;
  });
}

std::string pack(const Loaded& loaded) {
  auto to = begun(FrameKind::loaded);
  put_all(to, loaded.facts, put_facts);
  put_all(to, loaded.layers, put_name);
  return to.done();
}

std::optional<Loaded> unpack_loaded(std::string_view frame) {
  return whole<Loaded>(frame, [](Unpacker& from) {
    Loaded loaded;
    loaded.facts = take_all<Facts>(from, take_facts);
    loaded.layers = take_all<std::string>(from, take_name);
    return loaded;
  });
}

std::string pack(const std::vector<Tested>& tested) {
  auto to = begun(FrameKind::tested);
  put_all(to, tested, [](Packer& p, const Tested& one) { p.text(one.name).text(one.failed); });
  return to.done();
}

std::optional<std::vector<Tested>> unpack_tested(std::string_view frame) {
  return whole<std::vector<Tested>>(frame, [](Unpacker& from) {
    return take_all<Tested>(from, [](Unpacker& u) {
      Tested one;
      one.name = u.text();
      one.failed = u.text();
      return one;
    });
  });
}

std::string pack_texts(FrameKind kind, const std::vector<std::string>& texts) {
  auto to = begun(kind);
  put_all(to, texts, put_name);
  return to.done();
}

std::optional<std::vector<std::string>> unpack_texts(std::string_view frame) {
  return whole<std::vector<std::string>>(frame, [](Unpacker& from) { return take_all<std::string>(from, take_name); });
}

}  // namespace berth::policy
