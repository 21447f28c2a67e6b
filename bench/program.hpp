// How every program of the benchmark begins and ends.
#pragma once

#include <CLI/CLI.hpp>

#include <exception>
#include <functional>
#include <iostream>
#include <string_view>

namespace hourglass::bench {

// Parses the command line, and runs. What goes wrong is a sentence and exit status 1.
inline int run_program(std::string_view name, CLI::App& line, int argc, char** argv,
                       const std::function<int()>& run) {
    try {
        line.parse(argc, argv);
        return run();
    } catch (const CLI::ParseError& error) {
        return line.exit(error);
    } catch (const std::exception& error) {
        std::cerr << name << ": " << error.what() << '\n';
        return 1;
    }
}

}  // namespace hourglass::bench
