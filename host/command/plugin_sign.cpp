// A signature is made over the manifest, whose sha256 covers the library; so both are looked at here, always.
#include "command/plugin_sign.hpp"

#include <filesystem>
#include <iostream>

#include "command/client.hpp"
#include "command/config_statements.hpp"
#include "command/serve.hpp"
#include "loader/library_copy.hpp"
#include "loader/trust.hpp"
#include "service/files.hpp"
#include "service/signing.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using loader::Found;
using service::Error;
using service::Result;

namespace {

constexpr std::uint64_t largest_key = 4096;

std::optional<Error> is_there(const std::string& file) {
  std::error_code none;
  if (!fs::exists(fs::symlink_status(file, none))) return std::nullopt;
  return Error{0, "is_there", file + " is there already, and a key that is lost cannot be made again",
               "choose another name, or remove it yourself"};
}

int keygen(const std::string& file) {
  const std::string open = file + ".pub";
  if (auto taken = is_there(file)) return report(*taken);
  if (auto taken = is_there(open)) return report(*taken);
  const auto key = service::PrivateKey::make();
  if (auto error = service::write_file(file, key.pem(), 0600)) return report(*error);
  if (auto error = service::write_file(open, key.public_key().pem(), 0644)) return report(*error);
  std::cout << key.public_key().id() << std::endl;
  std::cerr << "to sign with, for nobody else: " << file << "\nfor trust { keys = … }: " << open << "\n";
  return done;
}

// A plugin whose manifest is good and whose library is the one that it describes.
Result<Found> fitting(const std::string& library) {
  if (!library.ends_with(".so")) return Error{0, "bad_name", library + " is no NAME.so", "name the plugin's library"};
  Found found = loader::find_plugin_at(library);
  if (!found.manifest) return found.manifest.error();
  if (auto wrong = loader::check_library(found)) return *wrong;
  return found;
}

// A key that others can read signs for them, too.
std::optional<Error> read_by_others(const std::string& file) {
  std::error_code none;
  const auto open = fs::status(file, none).permissions() & (fs::perms::group_all | fs::perms::others_all);
  if (none || open == fs::perms::none) return std::nullopt;
  return Error{0, "open_key", file + " can be read or written by others than its owner", "chmod 600 " + file};
}

Result<service::PrivateKey> read_private_key(const std::string& file) {
  const auto text = service::read_regular_file(file, largest_key);
  if (!text) return text.error();
  auto key = service::PrivateKey::from_pem(*text);
  if (key) {
    if (auto open = read_by_others(file)) return *open;
    return *key;
  }
  return Error{0, "bad_key", file + " is no Ed25519 private key in PEM, or one under a passphrase",
               "berth plugin keygen makes one"};
}

int sign(const std::string& library, const std::string& key_file) {
  const auto found = fitting(library);
  if (!found) return report(found.error());
  const auto key = read_private_key(key_file);
  if (!key) return report(key.error());
  const std::string file = loader::signature_file(*found);
  if (auto error = service::write_file(file, loader::make_signature(found->manifest_text, *key), 0644))
    return report(*error);
  std::cerr << "signed with " << key->public_key().id() << ": " << file << "\n";
  return done;
}

// That of --key, or those of the configuration.
Result<std::vector<loader::TrustedKey>> keys_of(const Arguments& arguments) {
  std::vector<loader::TrustedKey> keys;
  for (const auto& file : arguments.values("--key")) {
    auto key = read_public_key(file);
    if (!key) return key.error();
    keys.push_back(std::move(*key));
  }
  if (!keys.empty()) return keys;
  const std::string file = arguments.value("--config", default_config());
  if (file.empty()) return keys;
  auto checked = load_config(file);
  if (!checked.errors.empty()) return Error{0, "bad_config", checked.errors.front()};
  return std::move(checked.config.trust.keys);
}

int verify(const Arguments& arguments, const std::string& library) {
  const auto keys = keys_of(arguments);
  if (!keys) return report(keys.error());
  const auto found = fitting(library);
  if (!found) return report(found.error());
  const auto signature = loader::read_signature(*found, *keys);
  if (signature.by.empty())
    return report({0, "not_trusted", signature.why_not,
                   keys->empty() ? "no key is known: give one with --key, or in trust { keys = … } of berth.lua" : ""});
  std::cout << "good: " << found->name << " " << found->manifest->version << ", signed by " << signature.by << "\n";
  return done;
}

}  // namespace

bool is_signing(const Arguments& arguments) {
  const auto& words = arguments.rest();
  if (words.size() != 2) return false;
  return words[0] == "keygen" || words[0] == "verify" || (words[0] == "sign" && arguments.has("--key"));
}

int run_signing(const Arguments& arguments) {
  const auto& words = arguments.rest();
  if (words[0] == "keygen") return keygen(words[1]);
  return words[0] == "sign" ? sign(words[1], arguments.value("--key")) : verify(arguments, words[1]);
}

}  // namespace berth::command
