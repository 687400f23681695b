// Opens a HEF of any header version and both schema lines (4.x, 5.x) and says what is in it as
// plain values: network groups, contexts, streams, quantisation, host operations, blobs. Opening
// maps the file and goes once over its message; it fails only when the container or the message
// cannot be read. Everything else is read when it is first asked for (thread-safe), and what
// HailoRT would refuse is listed by checks(), so that a broken file can still be looked at. A Hef
// is a handle: copies share the file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "hef/hef_container.h"
#include "hef/hef_types.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hefstudio {

namespace proto {
class ProtoHEFHef;
}

enum class HefDirection { input, output };

// A stream as the device moves it.
struct HefStream {
    std::string name;
    HefDirection direction = HefDirection::input;
    std::size_t network = 0; // index into HefNetworkGroupView::networks
    std::size_t context = 0;
    HefDataType type = HefDataType::uint8;
    HefOrder order = HefOrder::nhwc;
    HefShape userShape;
    HefShape paddedShape;
    HefShape unpaddedShape; // as stored, before a transposition swaps the user shape
    HefQuantisation quantisation;
    std::optional<HefNmsShape> nms; // on-chip lists
    std::uint32_t index = 0;
    std::uint32_t engine = 0;
    std::uint32_t coreBytesPerBuffer = 0;
    std::uint32_t coreBuffersPerFrame = 0;
    std::uint32_t maxFifoBytes = 0;
    std::vector<std::string> originalNames;
    // The runtime may pad itself, then shape and frame size are the unpadded ones: the rule needs
    // a byte limit that differs between releases.
    bool runtimeMayPad = false;

    // `fifoLimit` of the release: 65536 for Hailo-8 in 4.x, 8192 else.
    HefShape hardwareShape(std::uint32_t fifoLimit) const;
    std::uint64_t frameBytes(std::uint32_t fifoLimit) const;
};

// A stream as the host program sees it.
struct HefVStream {
    std::string name;
    HefDirection direction = HefDirection::input;
    std::size_t network = 0;
    HefDataType type = HefDataType::uint8;
    HefOrder order = HefOrder::nhwc;
    HefShape shape;
    HefQuantisation quantisation;
    std::optional<HefNmsShape> nms;
    bool fromHostOp = false;

    std::uint64_t frameBytes() const; // as 4.x counts
};

// A step the library runs on the host after the chip.
struct HefHostOp {
    std::string kind;              // "YOLOV8", "ARGMAX"
    std::string name;              // "YOLOV8-Post-Process"
    std::vector<std::string> text; // parse-hef's lines, without indent
    std::vector<std::string> inputs;
    std::string output;
};

// A value that leaves one context and enters another (or the same one through host memory).
struct HefTransfer {
    enum class Kind { interContext, ddr, cache };
    Kind kind = Kind::interContext;
    std::string name;
    HefDirection direction = HefDirection::output; // seen from the context that lists it
    std::size_t context = 0;
    std::vector<std::size_t> connectedContexts;
    HefDataType type = HefDataType::uint8;
    HefOrder order = HefOrder::nhcw;
    HefShape userShape;
    HefShape paddedShape;
    std::uint64_t frameBytes = 0;
    std::uint32_t index = 0;
    std::uint32_t coreBytesPerBuffer = 0;
    std::uint32_t coreBuffersPerFrame = 0;
    std::uint32_t hostRows = 0; // DDR: rows held in host memory
};

// What one configuration channel carries in a context.
struct HefChannelUse {
    std::size_t actions = 0;
    std::uint64_t bytes = 0;
};

struct HefContextView {
    std::string name;
    std::size_t operations = 0;
    std::map<std::string, std::size_t> actions;      // count by kind
    std::uint64_t configBytes = 0;                   // words named by actions
    std::map<std::uint32_t, HefChannelUse> channels; // configuration channels with words
    std::size_t boundaryInputs = 0;
    std::size_t boundaryOutputs = 0;
};

struct HefConfigChannel {
    std::uint32_t index = 0;
    std::optional<std::uint32_t> engine; // nothing: the runtime's default engine
};

struct HefNetworkGroupView {
    std::string name;
    std::vector<std::string> networks;  // full names "group/network"
    std::vector<std::uint32_t> layouts; // cluster bitmaps; empty on single-layout chips
    bool isNetFlow = false;             // operations and pads instead of the legacy fields
    HefContextView preliminary;
    std::vector<HefContextView> contexts; // of layout 0 where there are several
    std::vector<HefStream> streams;       // inputs first, file order
    std::vector<HefVStream> inputs;
    std::vector<HefVStream> outputs; // in the group's output order
    std::vector<HefTransfer> transfers;
    std::vector<HefHostOp> hostOps;
    std::vector<HefConfigChannel> configChannels;
    std::vector<std::string> sortedOutputs;
    double framesPerSecond = 0; // the compiler's estimates
    double latencySeconds = 0;
};

struct HefResource {
    std::string name;
    std::uint64_t offset = 0; // in the file
    std::uint64_t size = 0;
    std::uint64_t storedHash = 0; // 0: none
    bool isInside = false;        // lies within the bytes after the configuration origin
};

struct HefExtension {
    std::uint32_t type = 0;
    std::string name;
    bool isOptional = false;
};

class Hef {
public:
    // Diagnostics: those of file.h and hef_container.h, hef.proto-invalid.
    static Result<Hef> open(const std::filesystem::path &file);
    static Result<Hef> fromBytes(Bytes bytes, const std::string &name);

    const std::string &name() const { return container().name; }
    const HefFile &container() const;
    // The message, fit for the windows of message_view.h: the bytes of the file, except where it
    // gives fields twice, which are merged then.
    std::span<const std::byte> messageBytes() const;
    proto::ProtoHEFHef message() const; // hef/message_view.h
    HefArch arch() const;
    std::string sdkVersion() const; // as the file states it, control characters removed
    std::uint64_t timestampMs() const;
    const std::vector<HefNetworkGroupView> &groups() const; // in file order
    const std::vector<HefExtension> &extensions() const;
    bool hasExtension(std::uint32_t type) const; // mandatory list

    // Errors: what HailoRT refuses (or crashes on) when it loads the file. Warnings: what it lets
    // pass and a careful reader does not.
    const Diagnostics &checks() const;
    // The checksums of the file that do not hold; computed once, when first asked for. Safe to ask
    // from a thread of its own while others read on.
    const Diagnostics &hashFaults() const;
    bool loads() const; // no error among checks()

    const std::vector<HefResource> &resources() const;
    // Diagnostics: hef.no-such-resource, hef.resource-out-of-range, hef.resource-hash.
    Result<std::span<const std::byte>> resource(std::string_view name) const;

    bool hasProgram() const;  // carries the kernel program of our back end
    bool isEmulation() const; // carries it, and every lock of fence.h holds

private:
    struct State;
    explicit Hef(std::shared_ptr<const State> state) : m_state(std::move(state)) {}
    static Result<Hef> parse(std::shared_ptr<State> state, std::span<const std::byte> bytes,
                             const std::string &name);
    std::shared_ptr<const State> m_state;
};

// The blob that makes a file one of ours; its content is core/program's business.
inline constexpr std::string_view hefProgramResourceName = "hefstudio.program";

} // namespace hefstudio
