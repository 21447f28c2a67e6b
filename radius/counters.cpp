#include "radius/counters.hpp"

#include "radius/error.hpp"

#include <boost/assert.hpp>

#include <array>

namespace hourglass::radius {
namespace {

constexpr std::array drop_counters{
#define DROP(reason, sentence) &Counters::drop_##reason,
#include "radius/drops.def"
#undef DROP
};

}  // namespace

Counter& drop_counter(Counters& counters, error_code reason) {
    BOOST_ASSERT(reason.category() == error_category());
    return counters.*drop_counters[static_cast<std::size_t>(reason.value()) - 1];
}

}  // namespace hourglass::radius
