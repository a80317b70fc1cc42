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
  berth::test::Folder m_outside;
  Host m_host;
};

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
