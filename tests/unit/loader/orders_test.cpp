// Orders for programs that cannot be carried out: too large, with a descriptor that is none or was lost, or of an
// instance that has gone.
#include <gtest/gtest.h>

#include <future>

#include "loader/desk/starts.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "unit/loader/processes_kit.hpp"

namespace berth::loader {
namespace {

using OrdersTest = ProcessesDeskTest;

TEST_F(OrdersTest, ADescriptorThatIsNotOpenIsSaid) {
  auto plan = shell("true");
  plan.order.files.push_back({service::UniqueFd(), 5});
  const auto child = Child::spawn(loop, launcher, std::move(plan), {});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, "not_started");
  EXPECT_EQ(child.error().message, "cannot start sh: a descriptor that it is to inherit is not open");
}

TEST_F(OrdersTest, ADescriptorThatWasLostIsSaid) {
  auto order = shell("true").order;
  order.files.push_back({service::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)), 5});
  desk->start(std::move(pack_order(1, std::move(order)).back()));  // and not what comes before it
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(unpack_error(said[0].fields).code, "not_started");
  EXPECT_EQ(unpack_error(said[0].fields).message, "cannot start sh: a descriptor was lost on the way");
}

TEST_F(OrdersTest, AnOrderHasABound) {
  auto plan = shell("true");
  plan.order.arguments.push_back(std::string(most_order, 'x'));
  auto large = pack_order(1, std::move(plan.order));
  desk->start(large.back());
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(unpack_error(said[0].fields).code, "bad_plan");
  plan = shell("true");
  plan.order.environment.push_back("X=" + std::string(most_order, 'x'));
  const auto child = Child::spawn(loop, launcher, std::move(plan), {});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, "bad_plan");
}

// Orders that are in line when the plugin ends are the old instance's: nothing is started for the next.
TEST_F(OrdersTest, OrdersEndWithTheInstanceThatGaveThem) {
  service::Pool one{{1, 64}};
  std::promise<void> go;
  one.run([held = go.get_future().share()] { held.wait(); });
  const auto starts = std::make_shared<Starts>(Jailing{loop, one, seat.jails(), places}, "p", "");
  std::vector<Starts::Started> heard;
  const auto begin = [&] {
    starts->begin(shell("true").order,
                  [&heard](Starts::Started started, service::UniqueFd) { heard.push_back(std::move(started)); });
  };
  begin();
  starts->end();
  begin();
  go.set_value();
  EXPECT_TRUE(until([&] { return heard.size() == 2; }));
  ASSERT_FALSE(heard[0]);
  EXPECT_EQ(heard[0].error().code, "plugin_down");
  EXPECT_TRUE(heard[1]) << heard[1].error().message;
  starts->end();
  one.end();
}

}  // namespace
}  // namespace berth::loader
