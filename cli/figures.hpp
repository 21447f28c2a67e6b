// Figures as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hourglass::cli {

// 1,234,567
std::string with_commas(std::uint64_t number);

// "512 B", "1.2 GiB": three digits or so, by powers of 1,024.
std::string format_octets(std::uint64_t octets);

// "0.34 ms", "12 ms", "1.5 s"
std::string format_latency(std::chrono::duration<double> latency);

// "0.4/s", "12/s", "1,234/s"
std::string format_rate(double a_second);

}  // namespace hourglass::cli
