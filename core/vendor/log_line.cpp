// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/log_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hefstudio {
namespace {

using enum LogMeaning;

constexpr std::string_view rule = "a rule or the head of a table";
constexpr std::string_view inner = "an inner detail of the compiler";
constexpr std::string_view library = "a library's own message";
constexpr std::string_view announced = "announces the step that follows";

// Order matters: the first row that matches counts.
constexpr auto rows = std::to_array<LogLineRow>({
    // Tables first: they are most of the lines.
    {"| Cluster {}", harmless, rule},
    {"| {} | {}%{}| {}%{}| {}%*", utilisationRow}, // the columns are padded with blanks
    {"+--*", harmless, rule},
    {"|*", harmless, inner},
    {"cluster_0 *", harmless, rule},
    {"worker{} {}", workerRow},

    {"First time Hailo Dataflow Compiler is being used. Checking system requirements*", systemCheck},
    {"It is recommended to have {} GB of RAM, while this system has only {} GB*", memory,
     "recommended"},
    {"No GPU connected*", gpu},
    {"System requirements check failed*Continue? [Y/n]*", question},
    {"{}Continue? [Y/n]*", question},
    {"Component {}Requirement {}Found*", harmless, rule},
    {"==========*", harmless, rule},
    {"OS {} Required", harmless, "a row of the system check"},
    {"Package {}", harmless, "a row of the system check"},
    {"RAM(GB) {}", harmless, "a row of the system check"},
    {"CPU-Arch {}", harmless, "a row of the system check"},
    {"CPU-flag {}", harmless, "a row of the system check"},
    {"Var {}", harmless, "a row of the system check"},
    {"Cannot use graphviz*", harmless, "only the compiler's own pictures need it"},
    {"Current Time: {}", harmless, "the banner's clock; lines are stamped as they arrive"},
    {"CPU: Architecture: {}", harmless, "the banner's processor"},
    {"Memory: Total: {}GB, Available: {}GB*", memory, "available"},
    {"System info: {}", harmless, "the banner's system"},
    {"Hailo DFC Version: {}", toolVersion},
    {"HailoRT Version: {}", harmless, "the runtime beside the compiler is not used"},
    {"PCIe: {}", harmless, "no device is needed for compiling"},
    {"Running `{}`", harmless, "the banner's command"},
    {"No GPU chosen and no suitable GPU found, falling back to CPU*", gpu, "none"},
    {"No GPU chosen, Selected GPU {}", gpu, "chosen"},
    {"Forcing selection of GPU {} for*", gpu, "chosen"},

    {"Translation started on {} model {}", parseStarted},
    {"Restored ONNX model {} (completion time: {})", parseStep, "restored"},
    {"Extracted ONNXRuntime meta-data for Hailo model (completion time: {})", parseStep,
     "shapes read"},
    {"Simplified ONNX model for a parsing retry attempt (completion time: {})", parseSimplified},
    {"ONNX shape inference failed: {}", parseShapesDiffer},
    {"According to recommendations, retrying parsing with end node names: [{}]*", parseRetried},
    {"NMS structure of {} (or equivalent architecture) was detected*", nmsDetected},
    {"In order to use HailoRT post-processing capabilities, these end node names should be used: "
     "{}",
     nmsEndNodes},
    {"Please try to parse the model again, using these end node names: {}", endNodesRecommended},
    {"Start nodes mapped from original model: {}", startNodes},
    {"End nodes mapped from original model: {}", endNodes},
    {"Translation completed on {} model {} (completion time: {})", parseFinished},
    {"Unable to export parsing report: {}", harmless, "the report is not used"},
    {"Saved parsing report to: {}", saved, "report"},
    {"Added nms postprocess command to model script*", harmless, announced},
    {"Appending model script commands to {} from {}", scriptLoaded},
    {"hw_arch parameter not given, using the default hw_arch {}*", warnedDefault, "arch"},
    {"hw_arch from HAR is {} but client runner was initialized with {}. Using {}", warnedDefault,
     "arch"},

    {"Loading model script commands to {} from {}", scriptLoaded},
    {"ParsedPerformanceParam command, setting {}", harmless, "repeats the script"},
    {"For NMS architecture {} the default engine is {}", harmless, "repeats the script"},
    {"The layer {} was detected as {}.", harmless, "the compiler found the layer of the script"},
    {"Using the default score threshold of {}", warnedDefault, "nms thresholds"},
    {"The activation function of layer {} was replaced by a {}", activationReplaced},
    {"Found model with {} input channels, using real RGB images*", harmless,
     "printed with the user's own pictures too"},
    {"Starting Model Optimization", optimiseStarted},
    {"Using default optimization level of {}", levelDefault},
    {"Reducing optimization level to {} ({}) because {}", levelReduced},
    {"Running model optimization with zero level of optimization is not recommended*", harmless,
     "follows the lowered level, which is in the ledger"},
    {"Model received quantization params from the hn", harmless, inner},
    {"Starting Hailo allocation and compilation flow", compileStarted},
    {"Starting Hailo context-partitioner flow*", compileStarted},
    {"Starting {}", algorithmStarted},
    {"Model Optimization Algorithm {} is done (completion time is {})", algorithmFinished},
    {"Model Optimization is done", optimiseFinished},
    {"Auto-Merger is done*", harmless, inner},
    {"{} is done (completion time is {})", algorithmFinished},
    {"{} skipped", algorithmSkipped},
    {"Using dataset with {} entries for {}", dataset},
    {"Using calibration set of {} entries*", dataset},
    {"The algorithm {} will use up to {} GB of storage space*", diskNeeded},
    {"Dataset is larger than expected size*", harmless, "a hint about the script"},
    {"Output layer {} with sigmoid activation was detected. Forcing its output range to be {}",
     rangeForced},
    {"activation fitting started for {}", harmless, inner},
    {"No shifts available for layer {}, using max shift instead. delta={}", shiftMissing},
    {"Reducing output bits of {} by {} bits*", bitsReduced},
    {"Output layers signal-to-noise ratio (SNR){}", harmless, "head of the figures that follow"},
    {"{} SNR:{} dB", noise},
    {"The calibration set seems to not be normalized, because the values range is [{}]*",
     calibrationRange},
    {"Layer {} has implicit precision config during compilation{}", harmless, inner},
    {"Assigning 4bit weight{}", harmless, "repeats the compression level"},
    {"Training cut by the user*", trainingCut},
    {"Epoch {}/{}", epoch},
    {"{}: {}%|{}| {}/{} [{}", bar},

    {"To achieve optimal performance, set the compiler_optimization_level*", harmless,
     "the level was chosen in the script"},
    {"Compiling network", harmless, announced},
    {"Loading network parameters", harmless, announced},
    {"Model name: {}", harmless, "the name is known"},
    {"Ran from command: {}", harmless, "holds paths of the machine"},
    {"Adding an output layer after {}", harmless, inner},
    {"Building optimization options for network layers*", harmless, announced},
    {"Successfully built optimization options - {}", optionsBuilt},
    {"Trying to compile the network in a single context", singleContextTried},
    {"Trying to solve in single context", singleContextTried},
    {"Model fits in single context*", harmless, inner},
    {"Initial resources counter with: {}", harmless, inner},
    {"Converged after {} iterations", harmless, inner},
    {"Final resources: {}", harmless, inner},
    {"Trying to apply higher utilization solution*", harmless, inner},
    {"Higher utilization solution {}", harmless, inner},
    {"Running Auto-Merger*", harmless, inner},
    {"Single context flow failed: {}", singleContextFailed},
    {"Using {}-context flow", flow},
    {"Resources optimization params: max_control_utilization={}%, {}", caps},
    {"Resources optimization guidelines: {}", harmless, inner},
    {"Post update resources utilization[Step - {}]: {}", attemptFinished},
    {"Performry Iteration #{}*", harmless, "the attempt's figures stand on the next line"},
    {"Status: {}", harmless, "the attempt's figures stand on the next line"},
    {"Finding the best partition to contexts*", partitionStarted},
    {"Searching for a better partition*", harmless, "the search goes on"},
    {"Iteration #{} - Contexts: {}", partitionIteration},
    {"Iteration #{} - {} contexts*", partitionIteration},
    {"Partition iteration #{}:", partitionIteration},
    {"Found valid partition to {} contexts, Performance improved by {}%*", partitionFound},
    {"Found valid partition to {} contexts", partitionFound},
    {"Partition to contexts finished successfully", harmless, "the next line has the figures"},
    {"Partitioner finished after {} iterations, Time it took: {}", partitionFinished},
    {"Applying selected partition to {} contexts*", partitionApplied},
    {"[{}] Duration: {}", partitionSpinner},
    {"[{}] Elapsed: {}", partitionSpinner},
    {"[{}<==>{}]", partitionSpinner},
    {"Iteration failed on: {}", harmless, "one candidate of the search, not the search"},
    {"Partition failed on: {}", harmless, "one candidate of the search, not the search"},
    {"Partition is Valid", harmless, inner},
    {"Partition passed at {}", harmless, inner},
    {"Unikorn FPS: {}", harmless, inner},
    {"Fast Unikorn FPS: {}", harmless, inner},
    {"Contexts Info:", harmless, inner},
    {"Microcode violation: {}", harmless, "seen in every successful multi-context run"},
    {"Kernels with microcoder violation: {}", harmless,
     "seen in every successful multi-context run"},
    {"Error has occured during the layer latency calculation", harmless, "the HEF still comes"},
    {"argument of type 'DefuseParams' is not iterable", harmless, "the HEF still comes"},
    {"Validating layers feasibility", harmless, announced},
    {"Validating {} layer by layer ({}%)", layerPassed},
    {"+  +*", harmless, "a picture of layers that passed"},
    {"● Finished*", harmless, "a picture of layers that passed"},
    {"Layers feasibility validated successfully", feasibilityFinished},
    {"{}: Pass", layerPassed},
    {"Running resources allocation (mapping) flow, time per context: {}", mappingStarted},
    {"Solving the allocation (Mapping), {}: {}", mappingStarted},
    {"Context:{}/{} Iteration {}: {}", mappingWorker},
    {"Iterations: {}", mappingIterations},
    {"Reverts on {}: {}", harmless, inner},
    {"Resolver {}", harmless, inner},
    {"{} utilization:", utilisationOf},
    {"{} Successful Partition and Allocation (duration: {})", stageFinished5, "map"},
    {"{} Successful Kernel Compilation (duration: {})", stageFinished5, "kernels"},
    {"{} Successful Compilation (duration: {})", stageFinished5, "write"},
    {"Successful Mapping (allocation time: {})", mappingFinished},
    {"Compiling kernels of {}...", kernels},
    {"Compiling kernels...", kernels},
    {"Compiling {}...", kernels},
    {"Bandwidth of model inputs: {} Mbps, outputs: {} Mbps*", bandwidthStreams},
    {"Bandwidth of DDR buffers: {} Mbps*", bandwidthDdr},
    {"Bandwidth of inter context tensors: {} Mbps*", bandwidthContexts},
    {"Building HEF*", hefStarted},
    {"Builder successful", harmless, "the line before says it"},
    {"Successful Compilation (compilation time: {})", compileFinished},
    {"Compilation complete", harmless, "the line before says it"},
    {"Saved HEF to: {}", saved, "hef"},
    {"Saved HAR to: {}", saved, "har"},

    {"Start run for network {} ...", zooStarted},
    {"Initializing the {} runner...", zooRunner},
    {"Preparing calibration data...", harmless, announced},
    {"Using generic alls script found in {} because {}", zooScript},
    {"HEF file written to {}", zooHef},

    // Failures. The row's note is the diagnostic that explains it.
    {"No response - exitting*", failure, "vendor.no-answer"},
    {"{}BadInputsShape: Data shape {} for layer {} doesn't match network's input shape {}", failure,
     "vendor.calibration-shape"},
    {"{}BadInputsShape: {}", failure, "vendor.calibration-shape"},
    {"{}NegativeSlopeExponentNonFixable: Quantization failed in layer {} due to {}", failure,
     "vendor.unbalanced-ranges"},
    {"{}ParsingWithRecommendationException: {}", failure, "vendor.parse-failed"},
    {"UnsupportedShuffleLayerError*", failure, "vendor.unsupported-shuffle"},
    {"UnsupportedModelError*", failure, "vendor.parse-failed"},
    {"UnexpectedNodeError in op {}: {}", failure, "vendor.unsupported-operator"},
    {"UnsupportedOperationError in op {}: {}", failure, "vendor.unsupported-operator"},
    {"Unsupported{}LayerError in op {}: {}", failure, "vendor.unsupported-operator"},
    {"IndexError: list index out of range*", failure, "vendor.axes-unknown"},
    {"ValueError: Unspecified inputs: {}", failure, "vendor.dynamic-input"},
    {"{}MisspellNodeError{}", failure, "vendor.node-unknown"},
    {"Unable to find node {}", failure, "vendor.node-unknown"},
    {"{}NMSConfigPostprocessException{}", failure, "vendor.nms-configuration"},
    {"Cannot infer bbox conv layers automatically*", failure, "vendor.nms-configuration"},
    {"{}AllocatorScriptParserException{}", failure, "vendor.script-of-another-model"},
    {"Context switch is disabled, but model could not fit in single context*", failure,
     "vendor.single-context-only"},
    {"Detailed error is: {}", failure, "vendor.single-context-only"},
    {"{}No successful assignments: {} errors:*", failure, "vendor.layer-not-placed"},
    {"{}No successful assignments: {}", failure, "vendor.layer-not-placed"},
    {"No successful assignment for {}", harmless, "one way of building a layer, not the layer"},
    {"Agent infeasible", failure, "vendor.layer-not-placed"},
    {"{} failed on kernel validation: {}", failure, "vendor.kernel-invalid"},
    {"DW resources calculation failed: {}", failure, "vendor.kernel-invalid"},
    {"{}Compiler could not find a valid partition to contexts*", failure, "vendor.no-partition"},
    {"{}No valid partition found*", failure, "vendor.no-partition"},
    {"{}buffers key {} doesn't exist*", failure, "vendor.script-of-another-model"},
    {"{}Performance Flow requires automatic resource utilization*", failure,
     "vendor.script-caps-with-max"},
    {"{}More than one output is not supported for layer {}", failure, "vendor.compiler-fault"},
    {"{}Assertion `{}", failure, "vendor.compiler-fault"},
    {"{}Compilation failed with unexpected crash*", failure, "vendor.compiler-fault"},
    {"{}one output isn't supported*", failure, "vendor.split-output"},
    {"Mapping Failed (Timeout*", failure, "vendor.time-limit"},
    {"Mapping Failed*", failure, "vendor.mapping-failed"},
    {"{}Partition and Allocation Failed (Timeout{}", failure, "vendor.time-limit"},
    {"Splitter failed to find a possible solution*", failure, "vendor.time-limit"},
    {"lcus=({}/{})*", failure, "vendor.no-partition"},
    {"{}std::bad_alloc*", failure, "vendor.out-of-memory"},
    {"{}MemoryError*", failure, "vendor.out-of-memory"},
    {"{}No space left on device*", failure, "vendor.disk-full"},
    {"{}KeyError: 'USER'*", failure, "vendor.user-unset"},
    {"Interrupted by user*", failure, "vendor.interrupted"},
    {"KeyboardInterrupt*", failure, "vendor.interrupted"},
    {"Failed to produce compiled graph", failure, "vendor.compile-failed"},
    {"{}BackendAllocatorException: {}", failure, "vendor.compile-failed"},
    {"Builder fail with status {}", failure, "vendor.compile-failed"},
    {"Compilation failed with exception: {}", failure, "vendor.compile-failed"},

    {"WARNING: All log messages before absl::InitializeLog{}", harmless, library},
    {"{}Unable to register cu{}", harmless, library},
    {"{}tensorflow{}", harmless, library},
    {"INFO: Created TensorFlow Lite{}", harmless, library},
});

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "[info] ", "[Warning] ": takes the level off the front.
std::optional<LogLevel> takeBracketLevel(std::string_view &line)
{
    struct Level {
        std::string_view prefix;
        LogLevel level;
    };
    for (const auto &[prefix, level] :
         {Level{"[info]", LogLevel::info}, Level{"[Info]", LogLevel::info},
          Level{"[warning]", LogLevel::warning}, Level{"[Warning]", LogLevel::warning},
          Level{"[error]", LogLevel::error}, Level{"[Error]", LogLevel::error},
          Level{"[critical]", LogLevel::error}}) {
        if (line.starts_with(prefix)) {
            line.remove_prefix(prefix.size());
            return level;
        }
    }
    return std::nullopt;
}

bool startsWithDate(std::string_view text)
{
    return text.size() > 19 && isDigit(text[0]) && isDigit(text[3]) && text[4] == '-' &&
           text[7] == '-' && text[10] == ' ' && text[13] == ':';
}

// "2025-10-01 12:00:00,123 - WARNING - parser.py:158 - ": the client's and the quantiser's files.
void takeFilePrefix(std::string_view &line, LogLevel &level)
{
    if (!startsWithDate(line))
        return;
    const auto afterDate = line.find(" - ");
    const auto afterLevel = line.find(" - ", afterDate + 3);
    const auto afterFile = line.find(" - ", afterLevel + 3);
    if (afterDate == line.npos || afterLevel == line.npos || afterFile == line.npos)
        return;
    const auto name = line.substr(afterDate + 3, afterLevel - afterDate - 3);
    if (name == "WARNING" || name == "DEPRECATION_WARNING")
        level = LogLevel::warning;
    else if (name == "ERROR" || name == "CRITICAL")
        level = LogLevel::error;
    line.remove_prefix(afterFile + 3);
}

// "[2025-10-01 12:00:00.123] [default] [info] ": the allocator's file.
void takeCorePrefix(std::string_view &line)
{
    if (!line.starts_with('[') || !startsWithDate(line.substr(1)))
        return;
    const auto marker = line.find("] [default] ");
    if (marker != line.npos)
        line.remove_prefix(marker + 12);
}

// "24/417 ━━━ 2:18:40 21s/step - …" and "500/500 [====] - 233s …", as Keras draws its bar.
bool isTrainingBar(std::string_view text, std::array<std::string_view, 6> &captured)
{
    const auto slash = text.find('/');
    const auto blank = text.find(' ', slash);
    if (slash == text.npos || blank == text.npos || text.find("step") == text.npos)
        return false;
    const auto done = trimmed(text.substr(0, slash));
    const auto total = text.substr(slash + 1, blank - slash - 1);
    if (done.empty() || total.empty() || !std::ranges::all_of(done, isDigit) ||
        !std::ranges::all_of(total, isDigit))
        return false;
    captured = {done, total};
    return true;
}

bool isClock(std::string_view text)
{
    return text.size() >= 4 && text.size() <= 8 && std::ranges::all_of(text, [](char c) {
               return isDigit(c) || c == ':';
           }) && text.find(':') != text.npos;
}

} // namespace

bool matchesPattern(std::string_view pattern, std::string_view line,
                    std::array<std::string_view, 6> &captured)
{
    std::size_t count = 0;
    while (!pattern.empty()) {
        if (pattern == "*")
            return true;
        if (pattern.starts_with("{}")) {
            pattern.remove_prefix(2);
            const auto next = std::min(pattern.find("{}"), pattern.find('*'));
            const auto literal = pattern.substr(0, next);
            const auto end = literal.empty() ? line.size() : line.find(literal);
            if (end == line.npos)
                return false;
            // A pattern that ends in a literal means the end of the line.
            const bool isLast = !literal.empty() && literal.size() == pattern.size();
            const auto at = isLast ? line.rfind(literal) : end;
            if (count < captured.size())
                captured[count++] = trimmed(line.substr(0, at));
            line.remove_prefix(at);
            continue;
        }
        if (line.empty() || line.front() != pattern.front())
            return false;
        line.remove_prefix(1);
        pattern.remove_prefix(1);
        // A star in the middle stands for anything that is not of interest.
        if (pattern.size() > 1 && pattern.front() == '*') {
            pattern.remove_prefix(1);
            const auto at = line.find(pattern.substr(0, pattern.find_first_of("{*")));
            if (at == line.npos)
                return false;
            line.remove_prefix(at);
        }
    }
    return line.empty();
}

ParsedLogLine parseLogLine(std::string_view line)
{
    ParsedLogLine parsed;
    takeFilePrefix(line, parsed.level);
    takeCorePrefix(line);
    if (const auto level = takeBracketLevel(line))
        parsed.level = *level;
    line = trimmed(line);
    if (line.starts_with("<Hailo Model Zoo ")) {
        const auto end = line.find("> ");
        if (end != line.npos)
            line.remove_prefix(end + 2);
    }
    parsed.text = line;
    if (line.empty()) {
        parsed.meaning = harmless;
        parsed.note = "a blank line";
        return parsed;
    }
    if (isClock(line)) {
        parsed.meaning = workerClock;
        return parsed;
    }
    if (isTrainingBar(line, parsed.captured)) {
        parsed.meaning = trainingBar;
        return parsed;
    }
    for (const auto &row : rows) {
        parsed.captured = {};
        if (matchesPattern(row.pattern, line, parsed.captured)) {
            parsed.meaning = row.meaning;
            parsed.note = row.note;
            return parsed;
        }
    }
    parsed.captured = {};
    // "net_context_0 (net_context_0):" stands above the figures of that context.
    const auto bracket = line.find(" (");
    if (bracket != line.npos && line.ends_with("):") &&
        line.substr(0, bracket) == line.substr(bracket + 2, line.size() - bracket - 4)) {
        parsed.meaning = utilisationOf;
        parsed.captured[0] = line.substr(0, bracket);
    }
    return parsed;
}

std::string withoutColourCodes(std::string_view line)
{
    std::string clean;
    clean.reserve(line.size());
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\x1b') {
            // Other control characters would reach a terminal or a widget.
            if (static_cast<unsigned char>(line[i]) >= 0x20 || line[i] == '\t')
                clean += line[i];
            continue;
        }
        if (i + 1 >= line.size() || line[i + 1] != '[')
            continue;
        i += 2;
        while (i < line.size() && (isDigit(line[i]) || line[i] == ';' || line[i] == '?'))
            ++i;
    }
    return clean;
}

std::optional<double> logNumber(std::string_view text)
{
    text = trimmed(text);
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != ',') {
            plain += text[i];
            continue;
        }
        std::size_t digits = 0;
        while (i + 1 + digits < text.size() && isDigit(text[i + 1 + digits]))
            ++digits;
        const bool isThousands = digits == 3 && i + 4 < text.size() &&
                                 (text[i + 4] == '.' || text[i + 4] == ',');
        if (!isThousands)
            plain += '.';
    }
    double value = 0;
    const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
    if (error != std::errc() || end != plain.data() + plain.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<double> logSeconds(std::string_view text)
{
    text = trimmed(text);
    if (text.find(':') != text.npos) {
        double total = 0;
        while (!text.empty()) {
            const auto colon = text.find(':');
            const auto part = logNumber(text.substr(0, colon));
            if (!part)
                return std::nullopt;
            total = total * 60 + *part;
            text = colon == text.npos ? std::string_view() : text.substr(colon + 1);
        }
        return total;
    }
    struct Unit {
        std::string_view name;
        double seconds;
    };
    double total = 0;
    bool isAny = false;
    while (!(text = trimmed(text)).empty()) {
        const auto end = text.find_first_not_of("0123456789.,");
        if (end == 0 || end == text.npos)
            return std::nullopt;
        const auto value = logNumber(text.substr(0, end));
        text.remove_prefix(end);
        const auto unitEnd = std::min(text.find(' '), text.size());
        bool isKnown = false;
        for (const auto &unit : {Unit{"ms", 0.001}, Unit{"s", 1}, Unit{"m", 60}, Unit{"h", 3600}}) {
            if (text.substr(0, unitEnd) == unit.name && value) {
                total += *value * unit.seconds;
                isKnown = true;
                break;
            }
        }
        if (!isKnown)
            return std::nullopt;
        isAny = true;
        text.remove_prefix(unitEnd);
    }
    return isAny ? std::optional(total) : std::nullopt;
}

} // namespace hefstudio
