#include "tests/support/redis_server.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hourglass::test {

RedisServer::RedisServer(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
    auto directory = (std::filesystem::temp_directory_path() / "hourglass-test-XXXXXX").string();
    if (!::mkdtemp(directory.data())) throw std::runtime_error("no temporary directory");
    directory_ = directory;
    start();
}

RedisServer::~RedisServer() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void RedisServer::start() {
    std::vector<std::string> command{"redis-server",
                                     "--port",
                                     "0",
                                     "--unixsocket",
                                     directory_ + "/redis.sock",
                                     "--dir",
                                     directory_,
                                     "--save",
                                     "",
                                     "--appendonly",
                                     "yes",
                                     "--appendfsync",
                                     "always",
                                     "--logfile",
                                     directory_ + "/redis.log"};
    command.insert(command.end(), arguments_.begin(), arguments_.end());
    std::vector<char*> argv;
    for (auto& argument : command)
        argv.push_back(argument.data());
    argv.push_back(nullptr);

    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("no process for redis-server");
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
}

void RedisServer::kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

void RedisServer::freeze() {
    ::kill(process_, SIGSTOP);
}
void RedisServer::unfreeze() {
    ::kill(process_, SIGCONT);
}

}  // namespace hourglass::test
