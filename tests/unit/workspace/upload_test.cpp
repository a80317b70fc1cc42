// While an archive is extracted others write, too: it takes what it needs, each byte counts once, and whoever is
// refused for it leaves nothing.
#include "upload_operation.hpp"

#include <berth/plugin.hpp>

#include "pack.hpp"
#include "seat.hpp"

namespace workspace {
namespace {

constexpr std::uint64_t MiB = 1u << 20;

class UploadTest : public SeatTest {
 protected:
  // Asked all the time whether the client has left.
  struct Host {
    berth_host raw{};  // first: what the call hands back is this
    std::function<void()> meanwhile;
  };
  UploadTest() {
    m_host.raw.size = sizeof m_host.raw;
    m_host.raw.cancelled = [](const berth_host* host, berth_call) {
      reinterpret_cast<const Host*>(host)->meanwhile();
      return 0;
    };
  }
  std::string refusal_of(std::uint64_t more) {
    return refusal([&] {
      const auto promise = m_usage.demand(*m_root, more);
      return std::string();
    });
  }
  std::string archive_of(const std::vector<std::size_t>& sizes) {
    for (std::size_t i = 0; i < sizes.size(); ++i)
      berth::test::put(m_outside.file(std::to_string(i)), std::string(sizes[i], 'x'));
    const berth::Fd from(::open(m_outside.path().c_str(), O_RDONLY | O_DIRECTORY));
    std::string all;
    pack(from.get(), "top", ArchiveKind::tar, [&all](std::string_view bytes) { return all += bytes, true; });
    berth::test::put(m_outside.file("archive"), all);
    return m_outside.file("archive");
  }
  Json extract(const std::string& archive, const std::function<void()>& meanwhile) {
    m_host.meanwhile = meanwhile;
    const berth::Fd body(::open(archive.c_str(), O_RDONLY));
    berth_request request{};
    request.size = sizeof request;
    request.input = {"{}", 2};
    request.body_fd = body.get();
    request.body_size = std::filesystem::file_size(archive);
    const berth::Call call(std::make_shared<berth::detail::CallState>(&m_host.raw, request));
    call.hand_over();
    const Json input{{"path", "x"}, {"extract", true}};
    return upload({*m_root, m_usage, m_changing, m_proven, input, "admin"}, call);
  }
  std::string announced(const Json& input, std::uint64_t size, const std::string& scope = "admin") {
    berth_request request{};
    request.size = sizeof request;
    request.input = {"{}", 2};
    request.body_fd = -1;
    request.body_size = size;
    const berth::Call call(std::make_shared<berth::detail::CallState>(&m_host.raw, request));
    call.hand_over();
    return refusal([&] { return upload({*m_root, m_usage, m_changing, m_proven, input, scope}, call).dump(); });
  }
  berth::test::Folder m_outside;
  Host m_host;
};

// What is refused of a body that is yet to come is what would be refused of it, and nothing is made before it is here.
TEST_F(UploadTest, WhatIsAnnouncedIsRefusedOrMakesNothing) {
  reopen(MiB);
  EXPECT_EQ(announced({{"path", "a/b"}}, 1000), "null");
  EXPECT_EQ(count("upload"), 0u);
  EXPECT_EQ(announced({{"path", "a"}}, MiB + 1), "413 quota_exceeded");
  EXPECT_EQ(announced(Json::object(), 10), "422 no_name");
  for (const char* path : {"/workspace/output/a", "/workspace/upload", "/workspace/.todo.jsonl"})
    EXPECT_EQ(announced({{"path", path}}, 10), "422 not_in_upload") << path;
  EXPECT_EQ(announced({{"path", "a"}}, 10, "run"), "403 read_only");
  put("upload/f", std::string(600'000, 'x'));
  m_usage.forget();  // it was written by somebody else
  std::filesystem::create_directory(at("upload/d"));
  link("f", "upload/l");
  EXPECT_EQ(announced({{"path", "f"}}, 10), "409 exists");
  EXPECT_EQ(announced({{"path", "f"}, {"extract", true}}, 10), "409 exists");
  EXPECT_EQ(announced({{"path", "d"}}, 10), "422 is_a_folder");
  EXPECT_EQ(announced({{"path", "l"}, {"overwrite", true}}, 10), "403 is_a_link");
  EXPECT_EQ(announced({{"path", "f/x"}}, 10), "422 not_a_folder");
  EXPECT_EQ(announced({{"path", "more"}}, 600'000), "507 quota_exceeded");
  EXPECT_EQ(announced({{"path", "x/y/more"}}, 600'000), "507 quota_exceeded");
  // What it replaces makes room; and how much an archive needs nobody knows.
  EXPECT_EQ(announced({{"path", "f"}, {"overwrite", true}}, 600'000), "null");
  EXPECT_EQ(announced({{"path", "more"}, {"extract", true}}, 600'000), "null");
  // Nothing stays promised to it.
  EXPECT_EQ(announced({{"path", "more"}}, 300'000), "null");
  EXPECT_EQ(announced({{"path", "more"}}, 300'000), "null");
  EXPECT_EQ(count("upload"), 3u);
}

TEST_F(UploadTest, AnArchiveLeavesRoomForOthers) {
  reopen(64 * MiB);
  int asked = 0, refused = 0;
  const auto other = [&] {
    ++asked;
    m_usage.forget();  // so that all is counted, with what is half extracted
    refused += !refusal_of(40 * MiB).empty();
  };
  EXPECT_EQ(extract(archive_of({10 * MiB, 10 * MiB}), other).at("bytes"), 20 * MiB);
  EXPECT_GT(asked, 2);
  EXPECT_EQ(refused, 0);
}

TEST_F(UploadTest, AnArchiveThatDoesNotFitLeavesNothing) {
  reopen(32 * MiB);
  const std::string archive = archive_of({20 * MiB, 20 * MiB});
  try {
    extract(archive, [] {});
    FAIL();
  } catch (const berth::Error& error) {
    EXPECT_EQ(error.status(), 507);
    EXPECT_EQ(error.hint(), "nothing was extracted; delete what is not needed any more");
  }
  EXPECT_EQ(count("upload"), 0u);
  EXPECT_EQ(refusal_of(31 * MiB), "");
}

}  // namespace
}  // namespace workspace
