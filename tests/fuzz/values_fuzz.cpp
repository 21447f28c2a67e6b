// libFuzzer's door to the entry point values.
#include "tests/fuzz/entry_points.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    hourglass::fuzz::read_values({data, size});
    return 0;
}
