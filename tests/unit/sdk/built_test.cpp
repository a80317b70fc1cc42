// The libraries as they were built: what they export, that their manifests are theirs, that they load and answer, and
// what berth-manifest says of those that are none.
#include <berth/abi.h>
#include <dlfcn.h>
#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "../service/folder.hpp"
#include "loader/manifest.hpp"
#include "seat.hpp"
#include "service/text.hpp"

namespace berth {
namespace {

using test::content_of;
using test::Seat;

const std::string build = BERTH_BUILD_DIR;

// Stays loaded: a test ends with its process.
const berth_plugin* load(const std::string& file) {
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(::dlerror());
  return reinterpret_cast<berth_plugin_entry_fn>(::dlsym(library, "berth_plugin_entry"))();
}

struct Printed {
  int code;
  std::string out, err;
};
Printed berth_manifest(const std::string& arguments, const test::Folder& folder = {}) {
  const std::string command = "cd '" + folder.path() + "' && ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0 '" +
                              build + "/bin/berth-manifest' " + arguments + " >out 2>err";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(folder.file("out")), content_of(folder.file("err"))};
}

template <class Header>
const Header* at(const std::string& image, std::size_t place) {
  return reinterpret_cast<const Header*>(image.data() + place);
}

// Names that the library offers to others; those of C++ templates, which compilers mark weak, begin with _Z.
std::vector<std::string> exported(const std::string& file) {
  const std::string image = content_of(file);
  std::vector<std::string> names;
  const auto* head = at<ElfW(Ehdr)>(image, 0);
  const auto* sections = at<ElfW(Shdr)>(image, head->e_shoff);
  for (int i = 0; i < head->e_shnum; ++i) {
    if (sections[i].sh_type != SHT_DYNSYM) continue;
    const auto* symbols = at<ElfW(Sym)>(image, sections[i].sh_offset);
    const char* text = image.data() + sections[sections[i].sh_link].sh_offset;
    for (std::size_t n = 0; n < sections[i].sh_size / sizeof(ElfW(Sym)); ++n) {
      const std::string name = text + symbols[n].st_name;
      const bool foreign = symbols[n].st_shndx == SHN_UNDEF;
      const bool hidden = ELF64_ST_VISIBILITY(symbols[n].st_other) != STV_DEFAULT;
      if (!foreign && !hidden && name.rfind("_Z", 0) != 0) names.push_back(name);
    }
  }
  return names;
}
bool instruments_own(const std::string& name) {
  return name.rfind("__asan", 0) == 0 || name.rfind("__odr_asan", 0) == 0 || name.rfind("___asan", 0) == 0 ||
         name.rfind("__ubsan", 0) == 0 || name.rfind("__gcov", 0) == 0 || name.rfind("mangle_path", 0) == 0;
}

struct BuiltTest : testing::TestWithParam<const char*> {
  const std::string library = build + "/lib/berth/plugins/" + GetParam() + ".so";
};

TEST_P(BuiltTest, ExportsItsEntryAndNothingElseOfItsOwn) {
  auto names = exported(library);
  names.erase(std::remove_if(names.begin(), names.end(), instruments_own), names.end());
  EXPECT_EQ(names, std::vector<std::string>{"berth_plugin_entry"});
}

TEST_P(BuiltTest, ItsManifestIsTheOneBesideItWithTheDigestOfTheLibrary) {
  const auto* plugin = load(library);
  ASSERT_NE(plugin, nullptr);
  const std::string_view inside(plugin->manifest.data, plugin->manifest.size);
  const std::string text = loader::text_with_digest(inside, service::hex(service::sha256(content_of(library))));
  EXPECT_EQ(text, content_of(library.substr(0, library.size() - 3) + ".berth.json"));
  const auto printed = berth_manifest("'" + library + "'");
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_EQ(printed.out, text);
}

TEST_P(BuiltTest, StartsAndEndsOnAHostWithoutServices) {
  Seat seat(load(library));
  EXPECT_TRUE(seat.started());
}

INSTANTIATE_TEST_SUITE_P(Examples, BuiltTest, testing::Values("clock", "ticker", "echo_c", "shelf"),
                         [](const auto& each) { return std::string(each.param); });

TEST(BuiltPluginTest, ThePlainCExampleEchoes) {
  Seat seat(load(build + "/lib/berth/plugins/echo_c.so"));
  ASSERT_TRUE(seat.started());
  EXPECT_EQ(seat.json("echo_c.echo", R"({"text":"ü"})"), (Json{{"echo", {{"text", "ü"}}}, {"session", "main"}}));
}

TEST(BuiltPluginTest, TheClockTellsTheTimeThere) {
  Seat seat(load(build + "/lib/berth/plugins/clock.so"));
  const Json here = seat.json("clock.now");
  EXPECT_EQ(here.at("offset"), 0);
  EXPECT_EQ(here.at("time").get<std::string>().size(), std::string("2026-01-31T12:00:00").size());
  EXPECT_EQ(seat.json("clock.now", R"({"offset":540})").at("offset"), 540);
}

TEST(BuiltPluginTest, TheSmallestExampleHasAtMost25Lines) {
  const std::string text = content_of(std::string(BERTH_SOURCE_DIR) + "/sdk/examples/clock/clock.cpp");
  ASSERT_FALSE(text.empty());
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 25);
}

TEST(BerthManifestTest, NamesWhatIsWrong) {
  const auto says = [](const Printed& run, const std::string& words) {
    EXPECT_EQ(run.code, 1) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(words), std::string::npos) << run.err;
  };
  const std::string broken = build + "/tests/broken/";
  says(berth_manifest("none.so"), "none.so: No such file");
  says(berth_manifest("/etc/passwd"), "/etc/passwd");
  says(berth_manifest(broken + "no_entry.so"), "does not export berth_plugin_entry");
  says(berth_manifest(broken + "null_entry.so"), "its entry returned nothing");
  says(berth_manifest(broken + "no_manifest.so"), "carries no manifest");
  says(berth_manifest(broken + "small_table.so"), "too small");
  says(berth_manifest(broken + "other_major.so"),
       "was built for ABI " + std::to_string(BERTH_ABI_MAJOR + 1) + ".7, and this program speaks");
}

TEST(BerthManifestTest, ALibraryInThisFolderNeedsNoSlash) {
  const test::Folder folder;
  std::filesystem::copy_file(build + "/lib/berth/plugins/clock.so", folder.file("clock.so"));
  const auto run = berth_manifest("clock.so", folder);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("clock.now"), std::string::npos);
}

// Whoever watches the folder sees the old one, the new one, or none.
TEST(BerthManifestTest, IntoAFileItComesWholeOrNotAtAll) {
  const test::Folder folder;
  const std::string plugins = build + "/lib/berth/plugins/";
  test::put(folder.file("it.berth.json"), "what was there before");
  std::filesystem::create_hard_link(folder.file("it.berth.json"), folder.file("before"));
  const auto run = berth_manifest(plugins + "clock.so it.berth.json", folder);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(content_of(folder.file("it.berth.json")), content_of(plugins + "clock.berth.json"));
  EXPECT_EQ(content_of(folder.file("before")), "what was there before") << "it was written in place";
  EXPECT_FALSE(std::filesystem::exists(folder.file("it.berth.json.new")));

  EXPECT_EQ(berth_manifest(build + "/tests/broken/null_entry.so it.berth.json", folder).code, 1);
  EXPECT_FALSE(std::filesystem::exists(folder.file("it.berth.json")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("it.berth.json.new")));
  const auto full = berth_manifest(plugins + "clock.so nowhere/it.berth.json", folder);
  EXPECT_EQ(full.code, 1);
  EXPECT_NE(full.err.find("No such file"), std::string::npos) << full.err;
}

TEST(BerthManifestTest, TellsHowItIsUsed) {
  EXPECT_EQ(berth_manifest("").code, 2);
  EXPECT_EQ(berth_manifest("one.so two.so").code, 2);
  EXPECT_EQ(berth_manifest("-x").code, 2);
  const auto help = berth_manifest("--help");
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("usage: berth-manifest"), std::string::npos);
}

}  // namespace
}  // namespace berth
