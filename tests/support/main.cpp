// Each test program is one Boost.Test module; the suites register themselves.
#define BOOST_TEST_MODULE hourglass
#include <boost/test/included/unit_test.hpp>
