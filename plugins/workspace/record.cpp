// The digest is over bytes and not over JSON, so that there is nothing to argue about.
#include "record.hpp"

#include <openssl/evp.h>

#include <utility>

namespace workspace {

using berth::Json;

namespace {

constexpr std::string_view seal = ",\"sha256\":\"", end = "\"}";
constexpr std::size_t tail = seal.size() + 64 + end.size();

}  // namespace

std::string sha256_of(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1)
    throw berth::Error(500, "no_digest", "SHA-256 cannot be computed");
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

void check_record(const Json& record) {
  if (berth::json_text(record).size() <= most_record) return;
  throw berth::Error(413, "record_too_large", "a record has at most " + std::to_string(most_record) + " bytes of JSON",
                     "keep the rest in a file, and its path and digest in the record");
}

std::string record_line(const std::string& store, const ChainHead& before, const std::string& at, const std::string& by,
                        const Json& record) {
  const std::string json = berth::json_text(record);
  std::string line = "{\"store\":" + berth::json_text(store) + ",\"n\":" + std::to_string(before.number + 1) +
                     ",\"at\":" + berth::json_text(at) + ",\"by\":" + berth::json_text(by) + ",\"before\":\"" +
                     before.sha256 + "\",\"record\":" + json;
  const std::string digest = sha256_of(line);
  return line.append(seal).append(digest).append(end).append("\n");
}

std::optional<Record> record_of(std::string_view line) {
  if (line.size() < tail || line.substr(line.size() - end.size()) != end) return std::nullopt;
  const auto body = line.substr(0, line.size() - tail);
  const auto sealed = line.substr(body.size());
  if (sealed.substr(0, seal.size()) != seal) return std::nullopt;
  Record record;
  record.sha256 = sealed.substr(seal.size(), 64);
  if (sha256_of(body) != record.sha256) return std::nullopt;
  auto all = berth::read_json(line);
  if (!all || !all->is_object()) return std::nullopt;
  const auto n = all->find("n");
  if (n == all->end() || !n->is_number_unsigned()) return std::nullopt;
  record.number = n->get<std::uint64_t>();
  for (const auto& [field, text] : {std::pair("store", &record.store), std::pair("before", &record.before)}) {
    const auto found = all->find(field);
    if (found == all->end() || !found->is_string()) return std::nullopt;
    *text = found->get<std::string>();
  }
  record.all = std::move(*all);
  return record;
}

}  // namespace workspace
