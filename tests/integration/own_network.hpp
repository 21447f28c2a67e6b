// A network of a story's own, with nothing in it but loopback, where programs may make interfaces and routes.
#pragma once

namespace hourglass::test {

// As long as it lives, this thread and all that it starts are in there. Ports of the system's choice have
// four digits: OpenVPN's radiusplugin cuts off the fifth.
class OwnNetwork {
public:
    // Throws std::system_error where the kernel does not let us; it takes root.
    OwnNetwork();
    ~OwnNetwork();
    OwnNetwork(const OwnNetwork&) = delete;
    OwnNetwork& operator=(const OwnNetwork&) = delete;

private:
    int outside_;
};

}  // namespace hourglass::test
