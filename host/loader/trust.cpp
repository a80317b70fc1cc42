// Signatures are read with the suspicion that manifests are: whoever could replace a plugin wrote this file, too.
#include "loader/trust.hpp"

#include <berth/base64.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Error;

namespace {

constexpr std::size_t most_signature = 4096;

struct Given {
  std::string key;    // the id of the key that is said to have made it
  std::string bytes;  // 64
};

std::optional<Given> parse(std::string_view text) {
  const json all = json::parse(text.begin(), text.end(), nullptr, false);
  if (!all.is_object() || all.size() != 2 || !all.contains("key") || !all.contains("signature")) return std::nullopt;
  if (!all["key"].is_string() || !all["signature"].is_string()) return std::nullopt;
  const auto bytes = berth::from_base64(all["signature"].get_ref<const std::string&>());
  const auto& key = all["key"].get_ref<const std::string&>();
  const bool id = key.size() == 16 && key.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!id || !bytes || bytes->size() != 64) return std::nullopt;
  return Given{key, *bytes};
}

Signature without(std::string why) { return {{}, std::move(why)}; }

}  // namespace

std::string signature_file(const Found& found) {
  return (std::filesystem::path(found.manifest_file).parent_path() / (found.name + ".berth.sig")).string();
}

std::string make_signature(std::string_view manifest_text, const service::PrivateKey& key) {
  return json{{"key", key.public_key().id()}, {"signature", berth::base64(key.sign(manifest_text))}}.dump() + "\n";
}

Signature read_signature(const Found& found, const std::vector<TrustedKey>& keys) {
  const std::string file = signature_file(found);
  const auto text = service::read_regular_file(file, most_signature);
  if (!text) return without("no signature: " + text.error().message);
  const auto given = parse(*text);
  if (!given) return without("no signature: " + file + " is none that berth plugin sign wrote");
  const auto signer =
      std::find_if(keys.begin(), keys.end(), [&](const auto& one) { return one.key.id() == given->key; });
  if (signer == keys.end()) return without("unknown key: it is signed with " + given->key);
  const std::string name = signer->name + " " + given->key;
  if (!signer->key.verifies(found.manifest_text, given->bytes))
    return without("wrong signature: " + file + " is not what " + name + " signs this manifest with");
  return {name, {}};
}

std::optional<std::string> not_allowed(const Found& found, const TrustRules& rules) {
  if (!rules.allow || rules.allow->contains(found.name)) return std::nullopt;
  if (found.manifest && rules.allow->contains("sha256:" + found.manifest->sha256)) return std::nullopt;
  return "neither its name nor its digest is in allow, " + rules.where;
}

std::optional<Error> not_trusted(const Found& found, const Signature& signature, const TrustRules& rules) {
  using Signed = TrustRules::Signed;
  const bool free =
      rules.must_be_signed == Signed::none || (rules.must_be_signed == Signed::third_party && found.first_party);
  if (free || !signature.by.empty()) return std::nullopt;
  return Error{500, "not_trusted", found.name + ": must be signed, " + rules.where + "; " + signature.why_not,
               "berth plugin sign signs it; whose signatures are good, trust { keys = … } in berth.lua says"};
}

}  // namespace berth::loader
